use super::fold::{Folded, Marks};
use super::pattern::{PatternSet, Patterns};
use super::{
    Label, LabelSource, LanguageRange, PatternField, Proposal, Rule, RuleSet, RuleSetError,
    TextSpan,
};
use kontak_types::Language;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Rule sets, compiled once and used for every message.
///
/// All rules of a language are looked for in one pass, in time linear in the text, whatever the
/// patterns are; the rules that match are run once more for their places. A labeller is `Sync`:
/// share one. It keeps up to 16 MiB of search states per language and per thread that uses it at the
/// same time. `\b` in a pattern is right and takes it off the fast path over text outside ASCII:
/// patterns match whole words without it.
#[derive(Clone)]
pub struct Labeller {
    groups: Vec<Group>,
}

impl Labeller {
    const MAX_SPANS: usize = 16;

    /// Compiles rule sets.
    ///
    /// # Errors
    /// Where a pattern is not usable, a rule has none, or two rules or sets have one name. The error
    /// names the rule, and the position within its pattern.
    pub fn new(sets: &[RuleSet]) -> Result<Self, RuleSetError> {
        let mut ids = BTreeSet::new();
        let mut by_range = BTreeMap::<&LanguageRange, Vec<Compiled>>::new();
        for set in sets {
            if !ids.insert(&set.id) {
                return Err(RuleSetError::DuplicateSet { set: set.id.clone() });
            }
            let mut rules = BTreeSet::new();
            for rule in &set.rules {
                if !rules.insert(&rule.id) {
                    let (set, rule) = (set.id.clone(), rule.id.clone());
                    return Err(RuleSetError::DuplicateRule { set, rule });
                }
                let range = rule.language.as_ref().unwrap_or(&set.language);
                by_range.entry(range).or_default().push(Compiled::new(set, rule)?);
            }
        }
        let groups = by_range.into_iter().map(|(range, rules)| Group::new(range, rules));
        Ok(Self { groups: groups.collect::<Result<_, _>>()? })
    }

    /// The labels that the rules propose for a text: by label, the surest first. Each rule proposes
    /// once, with its weight, and names the first 16 places that spoke for it.
    ///
    /// Rules of every language are asked where the language is not known.
    #[must_use]
    pub fn propose(&self, text: &str, language: Option<&Language>) -> Vec<Proposal> {
        let marks = Marks::as_typed(text);
        let folded = Folded::new(text, marks);
        let groups =
            self.groups.iter().filter(|it| language.is_none_or(|known| it.range.takes(known)));
        let mut proposals: Vec<Proposal> =
            groups.flat_map(|group| group.propose(&folded, marks)).collect();
        proposals.sort_by(|a, b| {
            (&a.label, Reverse(a.confidence), &a.source).cmp(&(
                &b.label,
                Reverse(b.confidence),
                &b.source,
            ))
        });
        proposals
    }

    /// The labels that some rule can propose, in order.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        let rules = self.groups.iter().flat_map(|group| &group.rules);
        rules.map(|rule| &rule.proposal.label).collect::<BTreeSet<_>>().into_iter()
    }
}

impl fmt::Debug for Labeller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules: usize = self.groups.iter().map(|group| group.rules.len()).sum();
        write!(f, "Labeller({rules} rules)")
    }
}

/// The rules of one language range.
#[derive(Clone)]
struct Group {
    range: LanguageRange,
    rules: Vec<Compiled>,
    /// The patterns of each rule, in the order of the rules.
    all: PatternSet,
}

#[derive(Clone)]
struct Compiled {
    /// What it proposes, without spans.
    proposal: Proposal,
    patterns: Patterns,
    unless: Option<Patterns>,
}

impl Compiled {
    fn new(set: &RuleSet, rule: &Rule) -> Result<Self, RuleSetError> {
        if rule.patterns.is_empty() {
            return Err(RuleSetError::NoPattern { set: set.id.clone(), rule: rule.id.clone() });
        }
        let compile = |field: PatternField, sources: &[String]| {
            Patterns::new(&set.id, &rule.id, field, sources)
        };
        let patterns = compile(PatternField::Patterns, &rule.patterns)?;
        let unless = match rule.unless.as_slice() {
            [] => None,
            sources => Some(compile(PatternField::Unless, sources)?),
        };
        let source =
            LabelSource::Rule { rule: rule.id.clone(), set: set.id.clone(), version: set.version };
        let proposal = Proposal::new(rule.label.clone(), source, rule.weight);
        Ok(Self { proposal, patterns, unless })
    }

    fn propose(&self, folded: &Folded, marks: Marks) -> Option<Proposal> {
        let excepted = self.unless.iter().flat_map(|it| it.places(&folded.text, marks));
        let mut excepted = excepted.peekable();
        let spans: Vec<TextSpan> = self
            .patterns
            .places(&folded.text, marks)
            .filter(|span| {
                while excepted.next_if(|it| it.end <= span.start).is_some() {}
                !excepted.peek().is_some_and(|it| it.overlaps(*span))
            })
            .map(|span| folded.origin(span.start..span.end))
            .take(Labeller::MAX_SPANS)
            .collect();
        (!spans.is_empty()).then(|| self.proposal.clone().with_spans(spans))
    }
}

impl Group {
    fn new(range: &LanguageRange, rules: Vec<Compiled>) -> Result<Self, RuleSetError> {
        let lists: Vec<&Patterns> = rules.iter().map(|rule| &rule.patterns).collect();
        let all = PatternSet::new(range, &lists)?;
        Ok(Self { range: range.clone(), rules, all })
    }

    fn propose(&self, folded: &Folded, marks: Marks) -> impl Iterator<Item = Proposal> {
        let hits = self.all.matches(&folded.text, marks);
        hits.filter_map(move |hit| self.rules.get(hit)?.propose(folded, marks))
    }
}
