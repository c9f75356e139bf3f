use arrow_array::builder::{FixedSizeBinaryBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, RecordBatch};
use arrow_array::{TimestampMicrosecondArray, types::TimestampMicrosecondType};
use arrow_schema::extension::Uuid as UuidType;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns side by side, and what is said of all of them.
#[derive(Default)]
pub(super) struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    about: BTreeMap<String, String>,
}

impl Columns {
    /// Of a table of this kind.
    pub(super) fn of(table: &str) -> Self {
        Self::default().about("table", &table)
    }

    /// A line of metadata.
    pub(super) fn about(mut self, key: &str, value: &impl ToString) -> Self {
        self.about.insert(format!("kontak.{key}"), value.to_string());
        self
    }

    /// The same, where it is known.
    pub(super) fn about_instant(self, key: &str, at: Option<DateTime<Utc>>) -> Self {
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        match at {
            Some(at) => self.about(key, &text(at)),
            None => self,
        }
    }

    /// A column without gaps.
    pub(super) fn with(self, name: &str, array: impl Array + 'static) -> Self {
        let field = Field::new(name, array.data_type().clone(), false);
        self.field(field, array)
    }

    /// A column in which a value may be missing.
    pub(super) fn with_gaps(self, name: &str, array: impl Array + 'static) -> Self {
        let field = Field::new(name, array.data_type().clone(), true);
        self.field(field, array)
    }

    /// A column of ids, of Arrow's own type for them.
    pub(super) fn with_ids(self, name: &str, ids: FixedSizeBinaryArray) -> Self {
        let field = Field::new(name, DataType::FixedSizeBinary(16), false);
        self.field(field.with_extension_type(UuidType), ids)
    }

    fn field(mut self, field: Field, array: impl Array + 'static) -> Self {
        self.fields.push(field);
        self.arrays.push(Arc::new(array));
        self
    }

    pub(super) fn batch(self) -> Result<RecordBatch, ArrowError> {
        let schema = Schema::new(self.fields).with_metadata(self.about);
        RecordBatch::try_new(Arc::new(schema), self.arrays)
    }
}

/// Few texts, many times.
pub(super) fn labels<T: AsRef<str>>(
    values: impl IntoIterator<Item = Option<T>>,
) -> DictionaryArray<Int32Type> {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    values.into_iter().for_each(|value| builder.append_option(value));
    builder.finish()
}

/// Instants in UTC, to the microsecond.
pub(super) fn instants(
    values: impl IntoIterator<Item = Option<DateTime<Utc>>>,
) -> arrow_array::PrimitiveArray<TimestampMicrosecondType> {
    let values = values.into_iter().map(|at| at.map(|at| at.timestamp_micros()));
    values.collect::<TimestampMicrosecondArray>().with_timezone("UTC")
}

pub(super) fn ids(
    values: impl IntoIterator<Item = [u8; 16]>,
) -> Result<FixedSizeBinaryArray, ArrowError> {
    let mut builder = FixedSizeBinaryBuilder::new(16);
    for value in values {
        builder.append_value(value)?;
    }
    Ok(builder.finish())
}
