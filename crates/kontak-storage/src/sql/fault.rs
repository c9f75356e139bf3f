use crate::Fault;
use std::error::Error;
use std::fmt;

/// What a database said, without the values that it likes to repeat in its details.
#[derive(Debug)]
pub(crate) struct Spoken {
    code: Option<String>,
    message: String,
}

impl Spoken {
    pub(crate) fn boxed(error: &sqlx::Error) -> Box<dyn Error + Send + Sync> {
        let spoken = match error.as_database_error() {
            Some(error) => Self {
                code: error.code().map(std::borrow::Cow::into_owned),
                message: error.message().to_owned(),
            },
            None => Self { code: None, message: error.to_string() },
        };
        Box::new(spoken)
    }
}

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} (code {code})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl Error for Spoken {}

/// Damage that the database itself noticed.
pub(crate) fn corrupt(what: &str, error: &sqlx::Error) -> Fault {
    Fault::Corrupt { what: what.to_owned(), source: Some(Spoken::boxed(error)) }
}
