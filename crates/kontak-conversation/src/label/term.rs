use super::WordList;
use super::fold::{Folded, Marks};
use super::word_list::FoldedList;
use kontak_types::Language;
use std::collections::BTreeSet;
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;

/// The words of one text that may be counted. `Debug` shows how many, not which.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Terms(BTreeSet<Box<str>>);

impl Terms {
    /// The words, each once, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|term| &**term)
    }
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} terms)", self.0.len())
    }
}

/// Reads the words of a text, and leaves out what may tell who somebody is.
///
/// A term is a word by the rules of Unicode (UAX #29), in lower case and with its marks, of 2 to 32
/// letters. Left out are:
/// - whatever has a digit: numbers, phones, order numbers, plates;
/// - whatever has `@`, `://` or a dot inside: e-mails, handles, links;
/// - what looks like a name: a word with a capital inside a sentence, and the one before it if that
///   has a capital too; the word after a title (`pak`, `mr`); four words after an introduction
///   (`nama saya`, `tên tôi là`, `my name is`), up to a comma or the end of the sentence;
/// - stop words, of the text's language, or of all lists where it is not known.
///
/// Brands that are written with a capital are lost with the names. A name in small letters, in
/// capitals throughout, or as the first word, with nothing before it that says so, is *not*
/// recognised: show only words that several texts have
/// ([`TermCell::frequent`](super::TermCell::frequent)).
///
/// ```
/// use kontak_conversation::label::TermReader;
///
/// let reader = TermReader::starter();
/// let text = "My name is Siti Rahma, the washing machine from order 8812 leaks. siti@example.com";
/// let terms = reader.read(text, Some(&"en".parse()?));
/// assert_eq!(terms.iter().collect::<Vec<_>>(), ["leaks", "machine", "order", "washing"]);
/// # Ok::<(), kontak_types::LanguageError>(())
/// ```
#[derive(Clone)]
pub struct TermReader {
    lists: Vec<FoldedList>,
}

impl TermReader {
    const MAX_LETTERS: usize = 32;
    const WORDS_IN_A_NAME: u8 = 4;

    /// A reader that leaves out the words of these lists.
    #[must_use]
    pub fn new(lists: impl IntoIterator<Item = WordList>) -> Self {
        Self { lists: lists.into_iter().map(FoldedList::from).collect() }
    }

    /// A reader with the lists that are shipped.
    #[must_use]
    pub fn starter() -> Self {
        Self::new(WordList::starters())
    }

    /// The words of a text. O(n log m) for m words.
    #[must_use]
    pub fn read(&self, text: &str, language: Option<&Language>) -> Terms {
        let mut terms = BTreeSet::new();
        for line in text.lines() {
            let mut clause = Clause::default();
            for chunk in line.split_whitespace() {
                if is_address_or_number(chunk) {
                    clause.skip();
                } else {
                    for word in chunk.unicode_words() {
                        self.step(&mut clause, word, &mut terms);
                    }
                }
                if chunk.ends_with(['.', '!', '?', '…', ':', ';', ',']) {
                    clause.end(!chunk.ends_with(','), &mut terms);
                }
            }
            clause.end(true, &mut terms);
        }
        terms.retain(|term| self.is_kept(term, language));
        Terms(terms)
    }

    fn step(&self, clause: &mut Clause, word: &str, terms: &mut BTreeSet<Box<str>>) {
        let folded = Folded::new(word, Marks::Keep).text;
        let has_capital = has_small_letters_after_a_capital(word);
        let is_name = clause.names_to_come > 0 || (has_capital && !clause.at_start);
        // Two capitals at the start of a sentence are a name and its second word.
        if is_name && has_capital {
            clause.held = None;
        }
        terms.extend(clause.held.take());
        clause.names_to_come = clause.names_to_come.saturating_sub(1);
        if self.lists.iter().any(|list| list.titles.contains(&folded)) {
            clause.names_to_come = clause.names_to_come.max(1);
        }
        clause.said.push(folded.clone());
        if self.introduces(&clause.said) {
            clause.names_to_come = Self::WORDS_IN_A_NAME;
        }
        if !is_name {
            if has_capital {
                clause.held = Some(folded.into());
            } else {
                terms.insert(folded.into());
            }
        }
        clause.at_start = false;
    }

    /// Whether the last two to four words are an introduction.
    fn introduces(&self, said: &[String]) -> bool {
        (1..=4).filter_map(|count| said.len().checked_sub(count)).any(|from| {
            let phrase = said[from..].join(" ");
            self.lists.iter().any(|list| list.introductions.contains(&phrase))
        })
    }

    fn is_kept(&self, term: &str, language: Option<&Language>) -> bool {
        let letters = term.chars().count();
        let is_word = term.chars().all(|it| it.is_alphabetic() || it == '\'');
        let is_stopped = self
            .lists
            .iter()
            .filter(|list| language.is_none_or(|known| list.language.takes(known)))
            .any(|list| list.stop_words.contains(term));
        (2..=Self::MAX_LETTERS).contains(&letters) && is_word && !is_stopped
    }
}

impl fmt::Debug for TermReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TermReader({} lists)", self.lists.len())
    }
}

/// Where the reader stands within a sentence.
struct Clause {
    at_start: bool,
    said: Vec<String>,
    /// How many of the next words are a name.
    names_to_come: u8,
    /// The first word, with a capital: a name if the second has one too.
    held: Option<Box<str>>,
}

impl Default for Clause {
    fn default() -> Self {
        Self { at_start: true, said: Vec::new(), names_to_come: 0, held: None }
    }
}

impl Clause {
    fn skip(&mut self) {
        self.at_start = false;
        self.said.clear();
    }

    fn end(&mut self, is_sentence: bool, terms: &mut BTreeSet<Box<str>>) {
        terms.extend(self.held.take());
        // `Mr.` ends no sentence, and a title still waits for its name.
        let waits = is_sentence && self.names_to_come == 1;
        let names_to_come = if waits { 1 } else { 0 };
        *self = Self { at_start: is_sentence, names_to_come, ..Self::default() };
    }
}

fn is_address_or_number(chunk: &str) -> bool {
    let inside = chunk.trim_matches(|it: char| !it.is_alphanumeric());
    chunk.contains('@')
        || chunk.contains("://")
        || inside.contains('.')
        || chunk.chars().any(char::is_numeric)
}

fn has_small_letters_after_a_capital(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
}
