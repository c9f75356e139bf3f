use std::sync::OnceLock;

/// Something in a row.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

/// An insert of many rows of one tenant, with `N` columns beside the tenant's.
pub(crate) struct Insert<const N: usize> {
    pub(crate) table: &'static str,
    pub(crate) columns: [&'static str; N],
    pub(crate) texts: Texts,
}

impl<const N: usize> Insert<N> {
    pub(crate) const fn new(table: &'static str, columns: [&'static str; N]) -> Self {
        Self { table, columns, texts: Texts::new() }
    }
}

/// A statement about the rows of a tenant that have one of many values in a column; no two have the
/// same.
pub(crate) struct Among {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    /// The column that is looked for, or what is set.
    pub(crate) what: &'static str,
    pub(crate) texts: Texts,
}

impl Among {
    pub(crate) const fn new(table: &'static str, column: &'static str, what: &'static str) -> Self {
        Self { table, column, what, texts: Texts::new() }
    }
}

/// The texts of a statement, by how many rows they take: few, so that each is prepared once.
pub(crate) struct Texts([OnceLock<&'static str>; Self::MOST]);

impl Texts {
    pub(crate) const MOST: usize = 4;

    const fn new() -> Self {
        Self([const { OnceLock::new() }; Self::MOST])
    }

    pub(crate) fn nth(&self, nth: usize, write: impl FnOnce() -> String) -> &'static str {
        self.0[nth].get_or_init(|| write().leak())
    }
}
