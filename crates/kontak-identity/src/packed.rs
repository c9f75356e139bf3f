//! Observations in words, packed: what a load of many rows fills again and again.

use crate::identifier::{Identifier, IdentifierClass, IdentifierRef};
use crate::observation::{Observation, Verification};
use chrono::{DateTime, Utc};
use kontak_address::{EmailAddress, PhoneNumber};
use kontak_types::{ChannelKind, TouchpointId};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// An [`Observation`] whose words are borrowed: from the row of a table, the fields of a message.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ObservationRef<'a> {
    /// The id that the account gets if this is the first record of it; otherwise ignored.
    pub id: TouchpointId,
    /// The kind of channel that the account is on.
    pub channel: &'a ChannelKind,
    /// The business's own account on that channel.
    pub scope: &'a str,
    /// The channel's id of the account.
    pub account: &'a str,
    /// Who says so.
    pub source: &'a str,
    /// The key of the record within the source.
    pub record: &'a str,
    /// Which writing of the record this is.
    pub revision: u32,
    /// When the account was seen to use the values.
    pub seen_at: DateTime<Utc>,
    /// When it ceased to, where the source says so.
    pub until: Option<DateTime<Utc>>,
    /// How the source knows.
    pub verification: Verification,
    /// The name on the record.
    pub name: Option<&'a str>,
    /// The values that are known already; more may be added one by one.
    pub identifiers: &'a [Identifier],
}

impl<'a> ObservationRef<'a> {
    /// An observation without identifiers, claimed, first revision. The account is its channel, the
    /// scope, and the channel's id.
    #[must_use]
    pub fn new(
        id: TouchpointId,
        (channel, scope, account): (&'a ChannelKind, &'a str, &'a str),
        source: &'a str,
        record: &'a str,
        seen_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            channel,
            scope,
            account,
            source,
            record,
            revision: 0,
            seen_at,
            until: None,
            verification: Verification::Claimed,
            name: None,
            identifiers: &[],
        }
    }
}

impl<'a> From<&'a Observation> for ObservationRef<'a> {
    fn from(observation: &'a Observation) -> Self {
        let key = &observation.touchpoint;
        Self {
            id: observation.id,
            channel: &key.channel,
            scope: &key.scope,
            account: &key.id,
            source: &observation.source,
            record: observation.record.as_str(),
            revision: observation.revision,
            seen_at: observation.seen_at,
            until: observation.until,
            verification: observation.verification,
            name: observation.name.as_deref(),
            identifiers: &observation.identifiers,
        }
    }
}

impl fmt::Debug for ObservationRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservationRef")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .field("source", &self.source)
            .field("revision", &self.revision)
            .field("seen_at", &self.seen_at)
            .field("until", &self.until)
            .field("verification", &self.verification)
            .field("identifiers", &self.identifiers)
            .finish_non_exhaustive()
    }
}

/// Many observations in one piece of memory, which is used again after [`clear`](Self::clear): the
/// way to load a table of any size without an allocation a row.
///
/// ```
/// use kontak_address::{Origin, PhoneParser};
/// use kontak_identity::{
///     IdentityGraph, ObservationRef, PackedObservations, Policy, TenantKey,
/// };
/// use kontak_types::{ChannelKind, TouchpointId, uuid::Uuid};
///
/// let table = "1,+62 812 9043 5517,rina@toko.example\n2,6281290435517,rina@toko.example\n";
/// let phones = PhoneParser::new(Origin::International);
/// let mut graph = IdentityGraph::new(TenantKey::new([7; 16]), Policy::default())?;
/// let (mut rows, mut batch) = (PackedObservations::new(), graph.batch());
/// for (number, row) in (1..).zip(table.lines()) {
///     let cells: Vec<&str> = row.split(',').collect();
///     let id = TouchpointId::new(Uuid::from_u128(number));
///     let account = (&ChannelKind::Crm, "", cells[0]);
///     let seen_at = "2026-01-05T08:30:00Z".parse()?;
///     rows.push(ObservationRef::new(id, account, "crm", cells[0], seen_at));
///     let phone = phones.parse(cells[1])?;
///     rows.push_phone(phone.number, phone.number_type.into());
///     rows.push_email(&cells[2].parse()?);
/// }
/// for registered in graph.register_packed(&rows, &mut batch) {
///     registered?;
/// }
/// graph.load(batch)?;
/// assert_eq!(graph.settle().customer_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct PackedObservations {
    text: String,
    pub(crate) rows: Vec<PackedRow>,
    values: Vec<PackedValue>,
}

type Text = Range<usize>;

#[derive(Clone)]
pub(crate) struct PackedRow {
    pub(crate) id: TouchpointId,
    pub(crate) channel: ChannelKind,
    scope: Text,
    account: Text,
    source: Text,
    record: Text,
    name: Option<Text>,
    pub(crate) revision: u32,
    pub(crate) seen_at: DateTime<Utc>,
    pub(crate) until: Option<DateTime<Utc>>,
    pub(crate) verification: Verification,
    values: Range<usize>,
}

#[derive(Clone)]
pub(crate) struct PackedValue {
    word: PackedWord,
    pub(crate) class: IdentifierClass,
    pub(crate) weaker: bool,
    pub(crate) data_version: Cow<'static, str>,
}

#[derive(Clone)]
enum PackedWord {
    Phone(u64),
    Email(Text),
}

impl PackedObservations {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an observation.
    pub fn push<'a>(&mut self, observation: impl Into<ObservationRef<'a>>) {
        let observation = observation.into();
        let row = PackedRow {
            id: observation.id,
            channel: observation.channel.clone(),
            scope: self.keep(observation.scope),
            account: self.keep(observation.account),
            source: self.keep(observation.source),
            record: self.keep(observation.record),
            name: observation.name.map(|name| self.keep(name)),
            revision: observation.revision,
            seen_at: observation.seen_at,
            until: observation.until,
            verification: observation.verification,
            values: self.values.len()..self.values.len(),
        };
        self.rows.push(row);
        for identifier in observation.identifiers {
            self.push_identifier(identifier);
        }
    }

    /// Adds a value to the observation that was pushed last. Without effect if there is none.
    pub fn push_identifier(&mut self, identifier: &Identifier) {
        let Identifier { value, weaker, class, data_version } = identifier;
        self.push_value(value.as_ref(), *class, false, data_version.clone());
        if let Some(weaker) = weaker {
            self.push_value(weaker.as_ref(), *class, true, data_version.clone());
        }
    }

    /// Adds a phone number to the observation that was pushed last, as
    /// [`Identifier::phone`] has it.
    #[inline]
    pub fn push_phone(&mut self, number: PhoneNumber, class: IdentifierClass) {
        let (digits, line) = (number.digits(), number.line_key().digits());
        let version = Identifier::phone_version();
        self.push_value(IdentifierRef::Phone(digits), class, false, version.clone());
        if line != digits {
            self.push_value(IdentifierRef::Phone(line), class, true, version);
        }
    }

    /// Adds a mailbox to the observation that was pushed last, as `Identifier::from` has it.
    #[inline]
    pub fn push_email(&mut self, address: &EmailAddress) {
        let (exact, canonical) = (address.exact_key(), address.canonical_key());
        let (class, version) = (address.kind().into(), Identifier::email_version(address));
        if exact != canonical {
            self.push_value(IdentifierRef::Email(exact), class, false, version.clone());
            self.push_value(IdentifierRef::Email(canonical), class, true, version);
        } else {
            self.push_value(IdentifierRef::Email(exact), class, false, version);
        }
    }

    #[inline]
    fn push_value(
        &mut self,
        value: IdentifierRef<'_>,
        class: IdentifierClass,
        weaker: bool,
        data_version: Cow<'static, str>,
    ) {
        let word = match value {
            IdentifierRef::Phone(digits) => PackedWord::Phone(digits),
            IdentifierRef::Email(key) => PackedWord::Email(self.keep(key)),
        };
        if let Some(row) = self.rows.last_mut() {
            self.values.push(PackedValue { word, class, weaker, data_version });
            row.values.end = self.values.len();
        }
    }

    /// How many observations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes all observations out; the memory stays for the next ones.
    pub fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
        self.values.clear();
    }

    #[inline]
    fn keep(&mut self, text: &str) -> Text {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    #[inline]
    fn text(&self, text: &Text) -> &str {
        self.text.get(text.clone()).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn scope(&self, row: &PackedRow) -> &str {
        self.text(&row.scope)
    }

    #[inline]
    pub(crate) fn account(&self, row: &PackedRow) -> &str {
        self.text(&row.account)
    }

    #[inline]
    pub(crate) fn source(&self, row: &PackedRow) -> &str {
        self.text(&row.source)
    }

    #[inline]
    pub(crate) fn record(&self, row: &PackedRow) -> &str {
        self.text(&row.record)
    }

    #[inline]
    pub(crate) fn name(&self, row: &PackedRow) -> Option<&str> {
        row.name.as_ref().map(|name| self.text(name))
    }

    #[inline]
    pub(crate) fn values(&self, row: &PackedRow) -> &[PackedValue] {
        &self.values[row.values.clone()]
    }

    #[inline]
    pub(crate) fn value(&self, value: &PackedValue) -> IdentifierRef<'_> {
        match &value.word {
            PackedWord::Phone(digits) => IdentifierRef::Phone(*digits),
            PackedWord::Email(key) => IdentifierRef::Email(self.text(key)),
        }
    }
}

impl<'a> FromIterator<&'a Observation> for PackedObservations {
    fn from_iter<I: IntoIterator<Item = &'a Observation>>(observations: I) -> Self {
        let mut packed = Self::new();
        observations.into_iter().for_each(|observation| packed.push(observation));
        packed
    }
}

impl fmt::Debug for PackedObservations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackedObservations({} of {} values)", self.rows.len(), self.values.len())
    }
}
