use std::fmt::Write;
use std::sync::OnceLock;

/// How many rows one statement takes at most, and below: few shapes, so that each is prepared once.
const SHAPES: [usize; 4] = [256, 32, 4, 1];

/// How a statement marks what is bound, where all of it is bound in order.
#[derive(Clone, Copy)]
pub(crate) enum Marks {
    /// `$1`, as PostgreSQL has them.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "that database is left out"))]
    Numbered,
    /// `?`. SQLite looks for the name of each mark that has one among all of them.
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "that database is left out"))]
    Bare,
}

/// An insert of many rows, with its text for each shape.
pub(crate) struct Insert {
    head: &'static str,
    columns: usize,
    marks: Marks,
    texts: [OnceLock<&'static str>; SHAPES.len()],
}

impl Insert {
    /// `head` is the statement up to its values, in `columns` columns.
    pub(crate) const fn new(head: &'static str, columns: usize, marks: Marks) -> Self {
        Self { head, columns, marks, texts: [const { OnceLock::new() }; SHAPES.len()] }
    }

    /// The statement for a chunk as [`shapes`] cuts it.
    pub(crate) fn text(&self, rows: usize) -> &'static str {
        let shape = SHAPES.iter().position(|shape| *shape == rows).unwrap_or(SHAPES.len() - 1);
        self.texts[shape].get_or_init(|| self.write(SHAPES[shape]).leak())
    }

    fn write(&self, rows: usize) -> String {
        let mut text = self.head.to_owned();
        for row in 0..rows {
            for column in 0..self.columns {
                let before = match (row, column) {
                    (0, 0) => " (",
                    (_, 0) => "), (",
                    _ => ", ",
                };
                let written = match self.marks {
                    Marks::Numbered => {
                        write!(text, "{before}${}", row * self.columns + column + 1)
                    }
                    Marks::Bare => write!(text, "{before}?"),
                };
                written.expect("a String takes what is written");
            }
        }
        text.push(')');
        text
    }
}

/// A search for many values at once: `… = $1 AND value IN ($2, $3, …)`.
pub(crate) struct Search {
    head: &'static str,
    texts: [OnceLock<&'static str>; SHAPES.len()],
}

impl Search {
    /// `head` is the statement up to the list; it uses `$1`.
    pub(crate) const fn new(head: &'static str) -> Self {
        Self { head, texts: [const { OnceLock::new() }; SHAPES.len()] }
    }

    /// The statement for a chunk as [`shapes`] cuts it.
    pub(crate) fn text(&self, values: usize) -> &'static str {
        let shape = SHAPES.iter().position(|shape| *shape == values).unwrap_or(SHAPES.len() - 1);
        self.texts[shape].get_or_init(|| {
            let list: Vec<_> = (0..SHAPES[shape]).map(|value| format!("${}", value + 2)).collect();
            format!("{} ({})", self.head, list.join(", ")).leak()
        })
    }
}

/// Cuts rows into chunks for which [`Insert`] and [`Search`] have a text.
pub(crate) fn shapes<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let shape = SHAPES.iter().find(|shape| **shape <= rows.len())?;
        let (chunk, rest) = rows.split_at(*shape);
        rows = rest;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_chunk_that_has_a_text() {
        static INSERT: Insert = Insert::new("INSERT INTO t (a, b) VALUES", 2, Marks::Numbered);
        assert_eq!(INSERT.text(1), "INSERT INTO t (a, b) VALUES ($1, $2)");
        assert_eq!(
            INSERT.text(4),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4), ($5, $6), ($7, $8)"
        );
        static SEARCH: Search = Search::new("SELECT a FROM t WHERE b = $1 AND a IN");
        assert_eq!(SEARCH.text(4), "SELECT a FROM t WHERE b = $1 AND a IN ($2, $3, $4, $5)");
        for count in [0, 1, 3, 4, 5, 31, 33, 255, 300, 1000] {
            let rows: Vec<usize> = (0..count).collect();
            assert!(shapes(&rows).all(|chunk| SHAPES.contains(&chunk.len())));
            assert_eq!(shapes(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        }
    }
}
