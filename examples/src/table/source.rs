use super::{TableError, window::Window};
use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

/// An input as UTF-8, or as a superset of ASCII that rows are still to be tried in.
pub(super) struct Source {
    pub(super) name: Rc<str>,
    pub(super) window: Window,
    /// The stream began with a UTF-8 byte order mark.
    pub(super) marked: bool,
    /// What the stream was decoded from, where it was not a superset of ASCII.
    pub(super) decoded: Option<&'static str>,
    pub(super) length: Option<u64>,
}

/// The bytes taken from all inputs so far, as they lie on the disk.
pub(super) type Taken = Rc<Cell<u64>>;

/// What a file that is no table begins with.
const NOT_TEXT: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
    (b"\x1F\x8B", "compressed by gzip"),
    (b"\x28\xB5\x2F\xFD", "compressed by zstd"),
    (b"BZh", "compressed by bzip2"),
    (b"\xFD7zXZ", "compressed by xz"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF"),
    (b"\xFF\xFE\0\0", "UTF-32 text"),
    (b"\0\0\xFE\xFF", "UTF-32 text"),
];

impl Source {
    pub(super) fn open(path: &Path, taken: &Taken) -> Result<Self, TableError> {
        if path.as_os_str() == "-" {
            return Self::new("standard input", Box::new(io::stdin()), None, taken);
        }
        let name = path.display().to_string();
        let unreadable = |why| TableError::Unreadable { input: name.as_str().into(), why };
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        let length = about.is_file().then_some(about.len());
        Self::new(&name, Box::new(file), length, taken)
    }

    pub(super) fn new(
        name: &str,
        stream: Box<dyn Read>,
        length: Option<u64>,
        taken: &Taken,
    ) -> Result<Self, TableError> {
        let window = Window::new(Box::new(Counted { stream, taken: Rc::clone(taken) }));
        let mut source = Self { name: name.into(), window, marked: false, decoded: None, length };
        source.recognise()?;
        Ok(source)
    }

    /// The name, for an error.
    pub(super) fn name(&self) -> String {
        self.name.as_ref().into()
    }

    pub(super) fn unreadable(&self, why: io::Error) -> TableError {
        TableError::Unreadable { input: self.name(), why }
    }

    /// Brings `wanted` bytes into the window, or all there are.
    pub(super) fn look_ahead(&mut self, wanted: usize) -> Result<(), TableError> {
        self.window.extend_to(wanted).map_err(|error| self.unreadable(error))
    }

    fn recognise(&mut self) -> Result<(), TableError> {
        self.look_ahead(16)?;
        let head = &self.window.bytes()[..self.window.bytes().len().min(16)];
        if let Some((_, what)) = NOT_TEXT.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Err(TableError::NotText { input: self.name(), what });
        }
        // A heading begins with ASCII nearly everywhere, so even unmarked UTF-16 shows itself.
        let (mark, utf_16) = match head {
            [0xEF, 0xBB, 0xBF, ..] => (3, None),
            [0xFF, 0xFE, ..] => (2, Some((UTF_16LE, "UTF-16 LE"))),
            [0xFE, 0xFF, ..] => (2, Some((UTF_16BE, "UTF-16 BE"))),
            [a, 0, b, 0, ..] if *a > 0 && *b > 0 => (0, Some((UTF_16LE, "UTF-16 LE"))),
            [0, a, 0, b, ..] if *a > 0 && *b > 0 => (0, Some((UTF_16BE, "UTF-16 BE"))),
            _ => (0, None),
        };
        if utf_16.is_none() && head.contains(&0) {
            return Err(TableError::NotText { input: self.name(), what: "binary data" });
        }
        self.marked = mark == 3;
        self.window.advance(mark);
        if let Some((encoding, name)) = utf_16 {
            let nothing = Window::new(Box::new(io::empty()));
            let stream = std::mem::replace(&mut self.window, nothing).into_stream();
            let decoder = encoding.new_decoder_without_bom_handling();
            self.window = Window::new(Box::new(Decoded::new(stream, decoder)));
            self.decoded = Some(name);
        }
        Ok(())
    }
}

struct Counted {
    stream: Box<dyn Read>,
    taken: Taken,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(into)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

/// A stream of UTF-16, as UTF-8.
struct Decoded {
    stream: Box<dyn Read>,
    decoder: Decoder,
    raw: Vec<u8>,
    pending: std::ops::Range<usize>,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Reading,
    /// The stream has ended; half a character may still be in the decoder.
    Ended,
    /// The decoder has ended too and must not be asked again.
    Finished,
}

impl Decoded {
    fn new(stream: Box<dyn Read>, decoder: Decoder) -> Self {
        Self { stream, decoder, raw: vec![0; 1 << 15], pending: 0..0, state: State::Reading }
    }
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.state != State::Finished {
            if self.pending.is_empty() && self.state == State::Reading {
                self.pending = 0..self.stream.read(&mut self.raw)?;
                if self.pending.is_empty() {
                    self.state = State::Ended;
                }
            }
            let ended = self.state == State::Ended;
            let raw = &self.raw[self.pending.clone()];
            let (result, used, written, _) = self.decoder.decode_to_utf8(raw, into, ended);
            self.pending.start += used;
            match result {
                CoderResult::InputEmpty if ended => self.state = State::Finished,
                CoderResult::OutputFull if written == 0 => {
                    return Err(io::Error::other("no room for a single character"));
                }
                CoderResult::InputEmpty | CoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
