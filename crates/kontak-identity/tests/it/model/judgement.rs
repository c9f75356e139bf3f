//! Which holders of one value it may join: tenancies, then people.

use super::{Fact, Model};
use kontak_identity::chrono::{DateTime, Duration, Utc};
use kontak_identity::name::{NameMatch, PersonName};
use kontak_identity::{
    EvidenceId, IdentifierClass, IdentifierKind, IdentifierValue, KindPolicy, Policy,
    WithheldReason,
};
use kontak_types::TouchpointKey;
use std::collections::{BTreeMap, BTreeSet};

/// Smaller is better: trust, first sighting, id.
pub(super) type Rank = (usize, DateTime<Utc>, EvidenceId);

/// The touchpoints that one value joins, for all that the value itself can tell.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: IdentifierValue,
    pub(super) holders: BTreeMap<TouchpointKey, Rank>,
}

#[derive(Debug, Default)]
pub(super) struct Judgement {
    pub(super) nodes: Vec<Node>,
    pub(super) withheld: BTreeMap<(TouchpointKey, IdentifierValue), WithheldReason>,
}

#[derive(Clone, Debug)]
struct Holder {
    touchpoint: TouchpointKey,
    rank: Rank,
    from: DateTime<Utc>,
    /// `None`: for ever.
    to: Option<DateTime<Utc>>,
    names: BTreeSet<String>,
}

impl Model {
    pub(super) fn judge(&self, live: &[Fact]) -> Judgement {
        let mut judgement = Judgement::default();
        let values: BTreeSet<&IdentifierValue> = live.iter().map(|fact| &fact.value).collect();
        for value in values {
            let of_value: Vec<&Fact> = live.iter().filter(|fact| fact.value == *value).collect();
            let holders = self.holders(&of_value, live);
            if let Some(reason) = self.barred(value, &of_value) {
                judgement.withhold(value, &holders, reason);
                continue;
            }
            for tenancy in tenancies(holders) {
                self.judge_people(value, &tenancy, &mut judgement);
            }
        }
        judgement
    }

    pub(super) fn kind(&self, kind: IdentifierKind) -> &KindPolicy {
        match kind {
            IdentifierKind::Phone => &self.policy.phone,
            IdentifierKind::Email => &self.policy.email,
            _ => unreachable!("a third kind needs a third policy"),
        }
    }

    fn barred(&self, value: &IdentifierValue, of_value: &[&Fact]) -> Option<WithheldReason> {
        let text = value.to_string();
        let is_never = |class: &IdentifierClass| self.policy.never_join.contains(class);
        if self.policy.blocked.iter().any(|pattern| matches(pattern.as_bytes(), text.as_bytes())) {
            Some(WithheldReason::Blocked)
        } else if of_value.iter().any(|fact| is_never(&fact.class)) {
            Some(WithheldReason::NeverPersonal)
        } else {
            None
        }
    }

    /// Best known first.
    fn holders(&self, of_value: &[&Fact], live: &[Fact]) -> Vec<Holder> {
        let touchpoints: BTreeSet<&TouchpointKey> =
            of_value.iter().map(|fact| &fact.touchpoint).collect();
        let mut holders: Vec<Holder> = touchpoints
            .into_iter()
            .map(|touchpoint| {
                let own = || of_value.iter().filter(|fact| fact.touchpoint == *touchpoint);
                let ends: Vec<Option<DateTime<Utc>>> = own().map(|fact| self.end(fact)).collect();
                Holder {
                    touchpoint: touchpoint.clone(),
                    rank: own().map(|fact| rank(&self.policy, fact)).min().unwrap(),
                    from: own().map(|fact| fact.first).min().unwrap(),
                    to: ends
                        .iter()
                        .copied()
                        .collect::<Option<Vec<_>>>()
                        .and_then(|ends| ends.into_iter().max()),
                    names: live
                        .iter()
                        .filter(|fact| fact.touchpoint == *touchpoint)
                        .filter_map(|fact| fact.name.clone())
                        .filter(|name| PersonName::parse(name).is_some())
                        .collect(),
                }
            })
            .collect();
        holders.sort_by_key(|holder| holder.rank);
        holders
    }

    fn end(&self, fact: &Fact) -> Option<DateTime<Utc>> {
        let validity = self.kind(fact.value.kind()).validity_days;
        let at_least = fact.last + Duration::microseconds(1);
        let end = fact.until.or_else(|| Some(fact.last + Duration::days(validity?.into())));
        end.map(|end| end.max(at_least))
    }

    fn judge_people(&self, value: &IdentifierValue, tenancy: &[Holder], judgement: &mut Judgement) {
        let kind = self.kind(value.kind());
        let (named, nameless): (Vec<Holder>, Vec<Holder>) = tenancy
            .iter()
            .cloned()
            .partition(|holder| self.policy.compare_names && !holder.names.is_empty());
        let (mut groups, unclear) = groups(&named);
        let not_vouched_for = nameless.len().saturating_sub(named.len());
        let is_crowd = tenancy.len() > self.policy.touchpoints_per_customer.into()
            || groups.len() > kind.people as usize
            || not_vouched_for > kind.holders as usize;
        if is_crowd {
            judgement.withhold(value, tenancy, WithheldReason::Quarantined);
            return;
        }
        // The largest first, and of equals the one that was opened first.
        groups.sort_by_key(|group| tenancy.len() - group.len());
        let most = groups.first().map_or(0, Vec::len);
        let others: usize = groups.iter().skip(1).map(Vec::len).sum();
        let has_majority = most >= others * self.policy.majority as usize;

        let mut apart: Vec<Vec<Holder>> = Vec::new();
        for same in unclear {
            let open: Vec<usize> =
                (0..groups.len()).filter(|at| !contradicts(&groups[*at], &same[0])).collect();
            let agreeing = open.iter().copied().find(|at| agrees(&groups[*at], &same[0]));
            let home = match (agreeing, &open[..]) {
                (Some(home), _) => Some(home),
                (None, [only]) => Some(*only),
                (None, [0, ..]) if has_majority => Some(0),
                _ => None,
            };
            let suits =
                |group: &&mut Vec<Holder>| !contradicts(group, &same[0]) && agrees(group, &same[0]);
            match (home, apart.iter_mut().find(suits)) {
                (Some(home), _) => groups[home].extend(same),
                (None, Some(group)) => group.extend(same),
                (None, None) => apart.push(same),
            }
        }
        if groups.is_empty() {
            groups.push(nameless);
        } else if has_majority || groups.len() + apart.len() == 1 {
            groups[0].extend(nameless);
        } else {
            apart.extend(nameless.into_iter().map(|holder| vec![holder]));
        }
        for (place, group) in groups.into_iter().enumerate() {
            if place > 0 {
                judgement.withhold(value, &group, WithheldReason::NamesDiffer);
            }
            judgement.join(value, group);
        }
        for group in apart {
            judgement.withhold(value, &group, WithheldReason::NameUnclear);
            judgement.join(value, group);
        }
    }
}

impl Judgement {
    fn withhold(&mut self, value: &IdentifierValue, holders: &[Holder], reason: WithheldReason) {
        for holder in holders {
            self.withheld.insert((holder.touchpoint.clone(), value.clone()), reason);
        }
    }

    fn join(&mut self, value: &IdentifierValue, holders: Vec<Holder>) {
        let holders = holders.into_iter().map(|holder| (holder.touchpoint, holder.rank)).collect();
        self.nodes.push(Node { value: value.clone(), holders });
    }
}

fn rank(policy: &Policy, fact: &Fact) -> Rank {
    let place = policy.trust.iter().position(|way| *way == fact.verification).unwrap();
    (place * 2 + usize::from(fact.weaker), fact.first, fact.id)
}

/// Those who held the value at a time, transitively.
fn tenancies(mut holders: Vec<Holder>) -> Vec<Vec<Holder>> {
    holders.sort_by_key(|holder| holder.from);
    let mut tenancies: Vec<Vec<Holder>> = Vec::new();
    for holder in holders {
        let overlaps = |held: &Holder| held.to.is_none_or(|to| holder.from < to);
        match tenancies.last_mut() {
            Some(tenancy) if tenancy.iter().any(overlaps) => tenancy.push(holder),
            _ => tenancies.push(vec![holder]),
        }
    }
    for tenancy in &mut tenancies {
        tenancy.sort_by_key(|holder| holder.rank);
    }
    tenancies
}

/// Those who contradict each other, and those of whom that cannot be said; of the latter, all of the
/// same names together. The commonest names are heard first, and of equals the better known.
fn groups(named: &[Holder]) -> (Vec<Vec<Holder>>, Vec<Vec<Holder>>) {
    let mut same: Vec<Vec<Holder>> = Vec::new();
    for holder in named {
        match same.iter_mut().find(|same| same[0].names == holder.names) {
            Some(same) => same.push(holder.clone()),
            None => same.push(vec![holder.clone()]),
        }
    }
    same.sort_by_key(|same| named.len() - same.len());
    let (mut groups, mut unclear): (Vec<Vec<Holder>>, Vec<Vec<Holder>>) = Default::default();
    for same in same {
        let suits =
            |group: &&mut Vec<Holder>| !contradicts(group, &same[0]) && agrees(group, &same[0]);
        if let Some(group) = groups.iter_mut().find(suits) {
            group.extend(same);
        } else if groups.iter().all(|group| contradicts(group, &same[0])) {
            groups.push(same);
        } else {
            unclear.push(same);
        }
    }
    (groups, unclear)
}

fn contradicts(group: &[Holder], holder: &Holder) -> bool {
    group.iter().any(|member| compare(member, holder) == NameMatch::Differs)
}

fn agrees(group: &[Holder], holder: &Holder) -> bool {
    group.iter().any(|member| compare(member, holder) == NameMatch::Compatible)
}

/// What the names of two touchpoints say; `Same` counts as `Compatible`.
fn compare(a: &Holder, b: &Holder) -> NameMatch {
    let mut verdicts = Vec::new();
    for a in a.names.iter().filter_map(|name| PersonName::parse(name)) {
        for b in b.names.iter().filter_map(|name| PersonName::parse(name)) {
            verdicts.push(a.compare(&b));
        }
    }
    if verdicts.contains(&NameMatch::Same) || verdicts.contains(&NameMatch::Compatible) {
        NameMatch::Compatible
    } else if verdicts.contains(&NameMatch::CannotTell) {
        NameMatch::CannotTell
    } else {
        NameMatch::Differs
    }
}

/// `*` stands for any text.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        Some((first, rest)) => {
            text.split_first().is_some_and(|(c, text)| c == first && matches(rest, text))
        }
    }
}
