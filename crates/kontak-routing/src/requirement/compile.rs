//! From a tree to clauses over bits: an agent meets a requirement if one clause has all the bits it
//! needs and none that it forbids.

use super::Requirement;
use crate::{Agent, Level, Skill};
use fixedbitset::FixedBitSet;
use kontak_types::{AgentId, ChannelKind, Language};

/// What one bit says of an agent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// The skill at this level or higher.
    Skill(Skill, u8),
    /// The language, or a regional form of it.
    Language(Language),
    /// The channel, at least once.
    Channel(ChannelKind),
    /// Being this agent.
    Agent(AgentId),
}

/// Bits needed and bits forbidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) needs: Vec<u32>,
    pub(crate) forbids: Vec<u32>,
}

impl Clause {
    pub(crate) fn admits(&self, mask: &FixedBitSet) -> bool {
        self.needs.iter().all(|bit| mask.contains(*bit as usize))
            && !self.forbids.iter().any(|bit| mask.contains(*bit as usize))
    }
}

/// A requirement branches so often that it cannot be compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the requirement has more than {MOST} alternatives when written out; write it with fewer `or`"
)]
#[non_exhaustive]
pub struct TooComplex;

const MOST: usize = 256;

impl Requirement {
    /// Every way of meeting it, as clauses; `bit` knows the number of an atom.
    pub(crate) fn clauses(
        &self,
        bit: &mut impl FnMut(Atom) -> u32,
    ) -> Result<Vec<Clause>, TooComplex> {
        self.clauses_of(Sense::Is, bit)
    }

    /// # Errors
    /// Where [`Self::clauses`] has them.
    pub(crate) fn check(&self) -> Result<(), TooComplex> {
        let mut count = 0;
        let mut number = |_| {
            count += 1;
            count
        };
        self.clauses(&mut number).map(|_| ())
    }

    fn clauses_of(
        &self,
        sense: Sense,
        bit: &mut impl FnMut(Atom) -> u32,
    ) -> Result<Vec<Clause>, TooComplex> {
        match (self, sense) {
            (Self::Anyone, Sense::Is) | (Self::Nobody, Sense::IsNot) => Ok(vec![Clause::default()]),
            (Self::Anyone, Sense::IsNot) | (Self::Nobody, Sense::Is) => Ok(Vec::new()),
            (Self::Skill { skill, least, most }, _) => {
                let low = bit(Atom::Skill(skill.clone(), least.value()));
                let high = (*most < Level::MOST)
                    .then(|| bit(Atom::Skill(skill.clone(), most.value() + 1)));
                Ok(match sense {
                    Sense::Is => {
                        vec![Clause { needs: vec![low], forbids: high.into_iter().collect() }]
                    }
                    Sense::IsNot => {
                        let below = Clause { needs: Vec::new(), forbids: vec![low] };
                        let above =
                            high.map(|high| Clause { needs: vec![high], forbids: Vec::new() });
                        std::iter::once(below).chain(above).collect()
                    }
                })
            }
            (Self::Language(language), _) => {
                Ok(vec![sense.clause(bit(Atom::Language(language.clone())))])
            }
            (Self::Agent(agent), _) => Ok(vec![sense.clause(bit(Atom::Agent(*agent)))]),
            (Self::All(parts), Sense::Is) | (Self::Any(parts), Sense::IsNot) => {
                let mut product = vec![Clause::default()];
                for part in parts {
                    let more = part.clauses_of(sense, bit)?;
                    if product.len() * more.len() > MOST {
                        return Err(TooComplex);
                    }
                    product = product
                        .iter()
                        .flat_map(|left| more.iter().map(|right| joined(left, right)))
                        .collect();
                }
                Ok(product)
            }
            (Self::Any(parts), Sense::Is) | (Self::All(parts), Sense::IsNot) => {
                let mut sum = Vec::new();
                for part in parts {
                    sum.extend(part.clauses_of(sense, bit)?);
                    if sum.len() > MOST {
                        return Err(TooComplex);
                    }
                }
                Ok(sum)
            }
            (Self::Not(part), _) => part.clauses_of(sense.other(), bit),
        }
    }
}

fn joined(left: &Clause, right: &Clause) -> Clause {
    let both = |a: &[u32], b: &[u32]| {
        let mut bits = [a, b].concat();
        bits.sort_unstable();
        bits.dedup();
        bits
    };
    Clause { needs: both(&left.needs, &right.needs), forbids: both(&left.forbids, &right.forbids) }
}

#[derive(Clone, Copy)]
enum Sense {
    Is,
    IsNot,
}

impl Sense {
    fn other(self) -> Self {
        match self {
            Self::Is => Self::IsNot,
            Self::IsNot => Self::Is,
        }
    }

    fn clause(self, bit: u32) -> Clause {
        match self {
            Self::Is => Clause { needs: vec![bit], forbids: Vec::new() },
            Self::IsNot => Clause { needs: Vec::new(), forbids: vec![bit] },
        }
    }
}

/// All that the bits can say of an agent, whether or not anybody asks for it.
pub(crate) fn atoms_of(agent: &Agent) -> impl Iterator<Item = Atom> {
    let skills = agent.skills.iter().flat_map(|(skill, level)| {
        (1..=level.value()).map(|level| Atom::Skill(skill.clone(), level))
    });
    let languages = agent.languages.iter().flat_map(|language| {
        let whole = Atom::Language(language.clone());
        // A primary subtag alone is a language tag.
        let primary = language.primary().parse().ok().map(Atom::Language);
        std::iter::once(whole).chain(primary)
    });
    let channels = agent
        .channels
        .iter()
        .filter(|(_, most)| **most > 0)
        .map(|(channel, _)| Atom::Channel(channel.clone()));
    skills.chain(languages).chain(channels).chain([Atom::Agent(agent.id)])
}
