use arrow_array::RecordBatchReader;
use arrow_schema::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::io::Write;

/// How batches become a Parquet file: compressed by Snappy, in groups of rows; the metadata of the batches stands in the
/// file under its own keys, for readers that know nothing of Arrow.
///
/// The same batches give the same bytes.
///
/// ```
/// # use kontak_metrics::{Catalog, Filter, Grid, Metrics, Preset};
/// use kontak_report::{ParquetFile, ReportTable};
///
/// # let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
/// # let view = metrics.settle();
/// let mut table = ReportTable::new();
/// table.push("all", &view.report("kontak.csat", &view.all_time(), &Filter::all())?);
/// let mut file = Vec::new();
/// assert_eq!(ParquetFile::new().write(table.batches()?, &mut file)?, 1);
/// assert!(file.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ParquetFile {
    rows: usize,
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParquetFileError {
    /// A batch could not be made.
    #[error("a batch could not be made: {0}")]
    Batch(#[from] ArrowError),
    /// It could not be written, or not to where it should go.
    #[error("the Parquet file could not be written: {0}")]
    Write(#[from] ParquetError),
}

impl Default for ParquetFile {
    fn default() -> Self {
        Self { rows: 131_072 }
    }
}

impl ParquetFile {
    /// In groups of 131,072 rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// In groups of so many rows, at least one. A group is held in memory while it is written, and read or skipped as one.
    #[must_use]
    pub fn with_rows_per_group(self, rows: usize) -> Self {
        Self { rows: rows.max(1) }
    }

    /// Writes all batches, and says how many rows they had. Without a batch it is a file without rows, which has its
    /// columns all the same.
    ///
    /// # Errors
    ///
    /// A batch could not be made, or not be written. What has been written by then is no Parquet file.
    pub fn write(
        &self,
        batches: impl RecordBatchReader,
        into: impl Write + Send,
    ) -> Result<u64, ParquetFileError> {
        let schema = batches.schema();
        let about = schema.metadata().iter();
        let about = about.map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(self.rows))
            .set_key_value_metadata(Some(about.collect()));
        let mut writer = ArrowWriter::try_new(into, schema, Some(properties.build()))?;
        let mut rows = 0;
        for batch in batches {
            let batch = batch?;
            writer.write(&batch)?;
            rows += batch.num_rows() as u64;
        }
        writer.close()?;
        Ok(rows)
    }
}
