//! What a conversation is about, what the customer wants, and how they put it.
//!
//! A [`Label`] has one of four dimensions: topic, intent, interaction state, style. Rules and
//! models *propose* labels ([`Proposal`]); what was decided is recorded as a [`Labelling`], which a
//! later one can replace ([`standing`]).
//!
//! ```
//! use kontak_conversation::label::{Label, Labeller, RetailRules};
//!
//! let labeller = Labeller::new(&[RetailRules::Indonesian.rule_set()])?;
//! let text = "Gan, ongkir ke Bandung brp?";
//! let proposals = labeller.propose(text, Some(&"id".parse()?));
//!
//! let delivery = proposals.iter().find(|p| p.label == Label::topic("delivery").unwrap());
//! let spoke_for_it = delivery.and_then(|p| p.spans.first()?.of(text));
//! assert_eq!(spoke_for_it, Some("ongkir"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A rule set is data ([`RuleSet`]): regular expressions per language, a weight, a label. They run
//! in linear time over the text without case, in compatibility form, and without the Vietnamese
//! marks where the customer typed none. [`RetailRules`] are starters in Indonesian, Vietnamese and
//! English. A [`Classifier`] of yours stands beside the rules, and [`combine`] makes one list of
//! what both say.
//!
//! [`TermCounts`] counts the words that customers use, for each label and day. Numbers, addresses
//! and what looks like a name are left out when the words are read ([`TermReader`]).
//!
//! # What it does not do
//! It detects no language, corrects no spelling and knows no grammar. The starters and the sentences
//! that test them were written by us: no native speaker has checked them. Measure them on
//! conversations of your own before something depends on them.

mod classifier;
mod combine;
mod confidence;
mod counts;
mod fold;
mod kind;
mod labeller;
mod name;
mod pattern;
mod phrase;
mod proposal;
mod retail;
mod rule_set;
mod standing;
mod term;
mod word_list;

pub use classifier::{Classifier, MessageText};
pub use combine::{Combined, combine};
pub use confidence::{Confidence, ConfidenceError};
pub use counts::{TermCell, TermCount, TermCounts};
pub use kind::{Dimension, Interaction, Label, Style};
pub use labeller::Labeller;
pub use name::{LabelName, LabelNameError, ModelId, ModelVersion, RuleId, RuleSetId};
pub use pattern::{PatternField, RuleSetError};
pub use proposal::{LabelSource, Proposal, TextSpan};
pub use retail::RetailRules;
pub use rule_set::{LanguageRange, Rule, RuleSet};
pub use standing::{LabelPolicy, Labelling, SetAside, SetAsideReason, Standing, standing};
pub use term::{TermReader, Terms};
pub use word_list::WordList;
