//! Which column of a table holds what.

mod headings;

use crate::Row;
use headings::{Heading, NamePart};
use std::fmt;

/// What a column can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The record's id in its source.
    Id,
    /// The system that the record comes from.
    Source,
    /// A phone number; several columns may be.
    Phone,
    /// An e-mail address; several columns may be.
    Email,
    /// A name or a part of one; several columns may be.
    Name,
    /// The kind of channel.
    Channel,
    /// When the record was true.
    SeenAt,
    /// How it was verified.
    Verified,
    /// Who it really is, for measuring.
    Truth,
}

impl Role {
    /// Every role, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Id,
        Self::Source,
        Self::Phone,
        Self::Email,
        Self::Name,
        Self::Channel,
        Self::SeenAt,
        Self::Verified,
        Self::Truth,
    ];

    /// The name of its flag on the command line, without the dashes.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Source => "source",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Name => "name",
            Self::Channel => "channel",
            Self::SeenAt => "seen-at",
            Self::Verified => "verified",
            Self::Truth => "truth",
        }
    }

    fn takes_several(self) -> bool {
        matches!(self, Self::Phone | Self::Email | Self::Name)
    }
}

/// Which columns of a table hold what: as named, and guessed from the headings otherwise.
///
/// English, Indonesian and Vietnamese headings are known, Vietnamese also without its marks. Only
/// headings are looked at, never values, and a heading that may mean something else (a bare
/// `date`, the name of a company) is left alone.
///
/// `Display` tells the choice, one line per role.
///
/// ```
/// use kontak_examples::{Columns, Role};
///
/// let headings = ["Mã KH", "Họ tên", "Số điện thoại", "email_pribadi"].map(String::from);
/// let columns = Columns::choose(&headings, &[])?;
/// assert_eq!(columns.one(Role::Id), Some(0));
/// assert_eq!(columns.of(Role::Phone), [2]);
/// assert_eq!(
///     columns.to_string(),
///     "id        Mã KH (guessed)\n\
///      phone     Số điện thoại (guessed)\n\
///      email     email_pribadi (guessed)\n\
///      name      Họ tên (guessed)\n",
/// );
///
/// let named = Columns::choose(&headings, &[(Role::Name, "email_pribadi".into())])?;
/// assert!(named.of(Role::Email).is_empty(), "the column has a role already");
/// # Ok::<(), kontak_examples::ColumnsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Columns {
    headings: Vec<String>,
    chosen: [Choice; Role::ALL.len()],
    /// How many of the columns chosen for the name are whole names: the first of these that is
    /// not empty is taken. The others are parts, to be joined.
    whole_names: usize,
}

#[derive(Clone, Debug, Default)]
struct Choice {
    columns: Vec<usize>,
    named: bool,
}

/// Why the columns cannot be chosen.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// A named column is not there.
    #[error("there is no column \"{column}\" for --{}; the columns are: {}", .role.flag(), list(.columns))]
    Missing {
        /// What it was to be for.
        role: Role,
        /// The name that was given.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Several columns are named where one is meant.
    #[error("--{} takes one column, not {count}", .role.flag())]
    Several {
        /// What they were to be for.
        role: Role,
        /// How many were named.
        count: usize,
    },
    /// Nothing tells people apart or joins them.
    #[error(
        "no column looks like a phone number or an e-mail address: name one with --phone or \
         --email; the columns are: {}",
        list(.columns)
    )]
    NoIdentifier {
        /// The columns there are.
        columns: Vec<String>,
    },
}

impl Columns {
    /// Takes the columns that are `named` and guesses the roles that are not. A name may be a list
    /// parted by commas; an empty one says that no column has the role.
    ///
    /// # Errors
    ///
    /// A named column is missing, or there are several for a role that takes one.
    pub fn choose(headings: &[String], named: &[(Role, String)]) -> Result<Self, ColumnsError> {
        let mut columns =
            Self { headings: headings.to_vec(), chosen: Default::default(), whole_names: 0 };
        for (role, names) in named {
            let found = columns.named(*role, names)?;
            let choice = &mut columns.chosen[*role as usize];
            choice.named = true;
            choice.columns.extend(found);
            if choice.columns.len() > 1 && !role.takes_several() {
                return Err(ColumnsError::Several { role: *role, count: choice.columns.len() });
            }
        }
        columns.guess();
        Ok(columns)
    }

    /// Asks for a column of phone numbers or e-mail addresses.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn require_identifier(&self) -> Result<(), ColumnsError> {
        if self.of(Role::Phone).is_empty() && self.of(Role::Email).is_empty() {
            return Err(ColumnsError::NoIdentifier { columns: self.headings.clone() });
        }
        Ok(())
    }

    /// The columns that have a role.
    #[must_use]
    pub fn of(&self, role: Role) -> &[usize] {
        &self.chosen[role as usize].columns
    }

    /// The column that has a role which only one has.
    #[must_use]
    pub fn one(&self, role: Role) -> Option<usize> {
        self.of(role).first().copied()
    }

    /// Writes the name in `row` to `name`: the first whole name, or else the parts in the order of
    /// [`of`](Self::of). Empty where the row has none.
    pub fn name(&self, row: &Row<'_>, name: &mut String) {
        name.clear();
        let (whole, parts) = self.of(Role::Name).split_at(self.whole_names);
        let filled = |column: &usize| {
            let cell = row.cell(*column);
            (!cell.is_empty()).then_some(cell)
        };
        if let Some(whole) = whole.iter().find_map(filled) {
            return name.push_str(whole);
        }
        for part in parts.iter().filter_map(filled) {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(part);
        }
    }

    fn named(&self, role: Role, names: &str) -> Result<Vec<usize>, ColumnsError> {
        // A heading may have a comma in it.
        if let Some(column) = self.find(names) {
            return Ok(vec![column]);
        }
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        names
            .map(|name| {
                self.find(name).ok_or_else(|| ColumnsError::Missing {
                    role,
                    column: name.into(),
                    columns: self.headings.clone(),
                })
            })
            .collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let lower = name.trim().to_lowercase();
        let exact = self.headings.iter().position(|heading| heading == name);
        exact.or_else(|| self.headings.iter().position(|heading| heading.to_lowercase() == lower))
    }

    fn guess(&mut self) {
        let taken = |column| self.chosen.iter().any(|choice| choice.columns.contains(&column));
        let headings: Vec<(usize, Heading)> = (0..self.headings.len())
            .filter(|column| !taken(*column))
            .map(|column| (column, Heading::new(&self.headings[column])))
            .collect();
        for role in Role::ALL {
            if self.chosen[role as usize].named {
                continue;
            }
            let mut found: Vec<(usize, usize)> = headings
                .iter()
                .filter_map(|(column, heading)| Some((heading.rank(role)?, *column)))
                .collect();
            if !role.takes_several() {
                found.sort_unstable();
                found.truncate(1);
            }
            self.chosen[role as usize].columns =
                found.into_iter().map(|(_, column)| column).collect();
        }
        if !self.chosen[Role::Name as usize].named {
            self.order_names(&headings);
        }
    }

    fn order_names(&mut self, headings: &[(usize, Heading)]) {
        let part = |column: &usize| {
            headings.iter().find(|(other, _)| other == column).map(|(_, heading)| heading.part())
        };
        let names = &mut self.chosen[Role::Name as usize].columns;
        let has = |wanted| names.iter().any(|name| part(name) == Some(wanted));
        // Beside a family name, a bare `name` is the given one.
        let family = has(NamePart::Last) || has(NamePart::Leading);
        let bare_is_first = family && !has(NamePart::First);
        let part = |column: &usize| match part(column) {
            Some(NamePart::Bare) if bare_is_first => NamePart::First,
            Some(NamePart::Bare) | None => NamePart::Whole,
            Some(part) => part,
        };
        names.sort_by_key(part);
        self.whole_names = names.iter().filter(|name| part(name) == NamePart::Whole).count();
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for role in Role::ALL {
            let Choice { columns, named } = &self.chosen[role as usize];
            if columns.is_empty() {
                continue;
            }
            let whole = if role == Role::Name { self.whole_names } else { columns.len() };
            let (whole, parts) = columns.split_at(whole);
            let names = |columns: &[usize], between: &str| {
                let names: Vec<&str> = columns.iter().map(|c| self.headings[*c].as_str()).collect();
                names.join(between).escape_debug().to_string()
            };
            let or = if whole.is_empty() || parts.is_empty() { "" } else { ", or " };
            let how = if *named { "" } else { " (guessed)" };
            let (whole, parts) = (names(whole, ", "), names(parts, " + "));
            writeln!(f, "{:<10}{whole}{or}{parts}{how}", role.flag())?;
        }
        Ok(())
    }
}

fn list(columns: &[String]) -> String {
    const SHOWN: usize = 50;
    let shown: Vec<String> =
        columns.iter().take(SHOWN).map(|column| column.escape_debug().to_string()).collect();
    let more = columns.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}
