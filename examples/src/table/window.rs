use std::io::{self, Read};

/// The longest row that is read: memory stays bounded whatever the input is.
pub(super) const LONGEST_ROW: usize = 1 << 20;

const FIRST_SIZE: usize = 1 << 16;

/// A stream that is being decoded cannot write half a character: it is always given some room.
const LEAST_ROOM: usize = 1 << 12;

/// The part of a byte stream that is being looked at; it slides forward and never back.
pub(super) struct Window {
    stream: Box<dyn Read>,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
}

impl Window {
    pub(super) fn new(stream: Box<dyn Read>) -> Self {
        Self { stream, bytes: vec![0; FIRST_SIZE], start: 0, end: 0, ended: false }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Whether the stream has no more than what [`Self::bytes`] shows.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    pub(super) fn advance(&mut self, by: usize) {
        self.start = (self.start + by).min(self.end);
    }

    /// Looks further ahead without moving on.
    pub(super) fn extend(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.bytes.len() - self.end < LEAST_ROOM {
            self.bytes.resize(2 * self.bytes.len(), 0);
        }
        while !self.ended {
            match self.stream.read(&mut self.bytes[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(read) => {
                    self.end += read;
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Looks ahead until `wanted` bytes are in view, or all there are.
    pub(super) fn extend_to(&mut self, wanted: usize) -> io::Result<()> {
        while self.bytes().len() < wanted && !self.ended {
            self.extend()?;
        }
        Ok(())
    }

    /// Lets go of the stream and the memory.
    pub(super) fn close(&mut self) {
        *self = Self {
            stream: Box::new(io::empty()),
            bytes: Vec::new(),
            start: 0,
            end: 0,
            ended: true,
        };
    }

    /// Gives the stream up, with what was looked at but not passed.
    pub(super) fn into_stream(mut self) -> Box<dyn Read> {
        self.bytes.truncate(self.end);
        let mut seen = io::Cursor::new(self.bytes);
        seen.set_position(self.start as u64);
        Box::new(seen.chain(self.stream))
    }
}
