use crate::Language;

/// Phrases in several languages, one small text file a language.
///
/// A file has one phrase a line, `key = text`; a word in braces is filled in; a line that starts with
/// `#` is a comment. English is the reference: it answers for every language that has no file, and
/// [`differences`](Self::differences) says where another file does not say what English says.
///
/// ```
/// use kontak_types::{Language, PhraseTables};
///
/// const GREETINGS: PhraseTables = PhraseTables::new(
///     "morning = Good morning, {name}.",
///     &[("id", "morning = Selamat pagi, {name}."), ("vi", "morning = Chào buổi sáng, {name}.")],
/// );
///
/// let indonesian: Language = "id-ID".parse()?;
/// let text = GREETINGS.of(&indonesian).fill("morning", &[("name", "Sari")]);
/// assert_eq!(text, "Selamat pagi, Sari.");
/// assert!(GREETINGS.differences().is_empty());
/// # Ok::<(), kontak_types::LanguageError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PhraseTables {
    english: &'static str,
    others: &'static [(&'static str, &'static str)],
}

/// The phrases of one language, out of [`PhraseTables`].
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    table: &'static str,
}

impl PhraseTables {
    /// The English file, and the others by their primary language subtag.
    #[must_use]
    pub const fn new(
        english: &'static str,
        others: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { english, others }
    }

    /// The phrases of a language by its primary subtag; English where it has no file.
    #[must_use]
    pub fn of(&self, language: &Language) -> Phrases {
        self.named(language.primary())
    }

    /// As [`of`](Self::of), for a bare subtag such as `vi`.
    #[must_use]
    pub fn named(&self, primary: &str) -> Phrases {
        let known = self.others.iter().find(|(name, _)| *name == primary);
        Phrases { table: known.map_or(self.english, |(_, table)| table) }
    }

    /// The reference.
    #[must_use]
    pub const fn english(&self) -> Phrases {
        Phrases { table: self.english }
    }

    /// Every language that has a file, English first.
    pub fn languages(&self) -> impl Iterator<Item = (&'static str, Phrases)> {
        let others = self.others.iter().map(|(name, table)| (*name, Phrases { table }));
        std::iter::once(("en", self.english())).chain(others)
    }

    /// What each file says otherwise than English: a key that is missing, that is not in English, that
    /// stands twice, or whose words to fill in are others. For a test that asserts there are none.
    #[must_use]
    pub fn differences(&self) -> Vec<String> {
        let english = self.english().keys_with_words();
        let mut found = Vec::new();
        for (language, phrases) in self.languages() {
            let keys = phrases.keys_with_words();
            for pair in keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                found.push(format!("{language}: {} stands twice", pair[0].0));
            }
            for (key, words) in &english {
                match keys.iter().find(|(name, _)| name == key) {
                    None => found.push(format!("{language}: {key} is missing")),
                    Some((_, own)) if own != words => {
                        found.push(format!("{language}: {key} fills in {own:?}, not {words:?}"));
                    }
                    Some(_) => {}
                }
            }
            let unknown =
                keys.iter().filter(|(key, _)| !english.iter().any(|(name, _)| name == key));
            found.extend(unknown.map(|(key, _)| format!("{language}: {key} is not in English")));
        }
        found
    }
}

impl Phrases {
    /// The phrase, if the file has it. Takes time in the length of the file.
    #[must_use]
    pub fn find(self, key: &str) -> Option<&'static str> {
        self.lines().find(|(name, _)| *name == key).map(|(_, text)| text)
    }

    /// The phrase; the key itself where the file lacks it, which a test is to rule out.
    #[must_use]
    pub fn get(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// The phrase with its words filled in; a word that is not given is left empty. What is filled in
    /// is not read for braces again.
    #[must_use]
    pub fn fill<W: AsRef<str>>(self, key: &'static str, words: &[(&str, W)]) -> String {
        let mut text = String::new();
        let mut rest = self.get(key);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            let word = words.iter().find(|(word, _)| *word == name);
            text.push_str(word.map_or("", |(_, filled)| filled.as_ref()));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn lines(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let lines = self.table.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(" = "))
    }

    fn keys_with_words(self) -> Vec<(&'static str, Vec<&'static str>)> {
        let mut keys: Vec<_> = self
            .lines()
            .map(|(key, text)| {
                let words = text.split('{').skip(1);
                let mut words: Vec<_> =
                    words.filter_map(|rest| rest.split_once('}').map(|(word, _)| word)).collect();
                words.sort_unstable();
                (key, words)
            })
            .collect();
        keys.sort_unstable();
        keys
    }
}
