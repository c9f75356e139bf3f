//! What is said before and between mails, without I/O.

/// The lines of one connection so far.
#[derive(Debug)]
pub(super) struct Dialogue {
    name: Box<str>,
    largest: usize,
    greeted: bool,
    envelope: Option<Envelope>,
}

/// From whom and to whom the mail is that comes next.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    /// Empty for what must never be answered.
    pub(super) sender: Box<str>,
    pub(super) recipients: Vec<Box<str>>,
}

/// What to do about a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Answer so.
    Say(String),
    /// Answer by whether there is this mailbox, and tell with [`Dialogue::accept`] if there is.
    Ask(Box<str>),
    /// Take the mail in, and answer once for each recipient.
    Take,
    /// Answer, and hang up.
    Leave,
}

/// RFC 5321, section 4.5.3.1.10: no server may refuse fewer.
const MOST_RECIPIENTS: usize = 100;

const NEXT_COMMAND_FIRST: &str = "503 5.5.1 not now";
const NOT_UNDERSTOOD: &str = "501 5.5.4 expected an address between < and >";

impl Dialogue {
    pub(super) fn new(name: &str, largest: usize) -> Self {
        Self { name: name.into(), largest, greeted: false, envelope: None }
    }

    /// The answer to a line, which comes without its end.
    pub(super) fn hear(&mut self, line: &[u8]) -> Step {
        let Ok(line) = std::str::from_utf8(line) else {
            return Step::Say("500 5.5.2 expected UTF-8".into());
        };
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        let answer = match command.to_ascii_uppercase().as_str() {
            "LHLO" => self.greet(rest),
            // RFC 2033, section 4.1: whoever takes us for an SMTP server must not go on.
            "HELO" | "EHLO" => "500 5.5.1 this is LMTP".into(),
            "MAIL" => self.mail(rest),
            "RCPT" => match self.recipient(rest) {
                Ok(recipient) => return Step::Ask(recipient),
                Err(refusal) => refusal.into(),
            },
            "DATA" => match &self.envelope {
                Some(envelope) if !envelope.recipients.is_empty() => return Step::Take,
                _ => NEXT_COMMAND_FIRST.into(),
            },
            "RSET" => {
                self.envelope = None;
                "250 2.0.0 forgotten".into()
            }
            "NOOP" => "250 2.0.0 so be it".into(),
            "VRFY" => "252 2.5.0 try to deliver".into(),
            "QUIT" => return Step::Leave,
            _ => "500 5.5.2 unknown".into(),
        };
        Step::Say(answer)
    }

    fn greet(&mut self, who: &str) -> String {
        if who.is_empty() {
            return "501 5.5.4 expected a name".into();
        }
        self.greeted = true;
        self.envelope = None;
        let (name, largest) = (&self.name, self.largest);
        format!(
            "250-{name}\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {largest}"
        )
    }

    fn mail(&mut self, rest: &str) -> String {
        if !self.greeted || self.envelope.is_some() {
            return NEXT_COMMAND_FIRST.into();
        }
        let Some((sender, parameters)) = path(rest, "FROM:") else { return NOT_UNDERSTOOD.into() };
        for parameter in parameters.split_ascii_whitespace().map(str::to_ascii_uppercase) {
            match parameter.split_once('=') {
                Some(("SIZE", size))
                    if size.parse::<usize>().is_ok_and(|size| size > self.largest) =>
                {
                    return "552 5.3.4 too large".into();
                }
                Some(("SIZE", _) | ("BODY", "7BIT" | "8BITMIME")) => {}
                None if parameter == "SMTPUTF8" => {}
                _ => return "555 5.5.4 unknown parameter".into(),
            }
        }
        self.envelope = Some(Envelope { sender, recipients: Vec::new() });
        "250 2.1.0 from them".into()
    }

    fn recipient(&self, rest: &str) -> Result<Box<str>, &'static str> {
        let envelope = self.envelope.as_ref().ok_or(NEXT_COMMAND_FIRST)?;
        if envelope.recipients.len() >= MOST_RECIPIENTS {
            return Err("452 4.5.3 the others later");
        }
        match path(rest, "TO:") {
            Some((recipient, "")) if !recipient.is_empty() => Ok(recipient),
            Some((_, parameters)) if !parameters.is_empty() => Err("555 5.5.4 unknown parameter"),
            _ => Err(NOT_UNDERSTOOD),
        }
    }

    /// There is a mailbox of this name.
    pub(super) fn accept(&mut self, recipient: Box<str>) {
        self.envelope.get_or_insert_default().recipients.push(recipient);
    }

    /// The mail is there; what comes next is of another.
    pub(super) fn finish(&mut self) -> Envelope {
        self.envelope.take().unwrap_or_default()
    }
}

/// What stands between the angle brackets, without the route that some old programs put before it,
/// and the parameters behind.
fn path<'l>(rest: &'l str, word: &str) -> Option<(Box<str>, &'l str)> {
    let named = rest.get(..word.len())?.eq_ignore_ascii_case(word);
    let inside = rest[word.len()..].trim_start().strip_prefix('<').filter(|_| named)?;
    let (mut quoted, mut escaped) = (false, false);
    let end = inside.find(|c| {
        let ends = c == '>' && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && quoted && !escaped;
        ends
    })?;
    let (address, parameters) = (&inside[..end], inside[end + 1..].trim());
    let address = match address.strip_prefix('@') {
        Some(route) => route.split_once(':')?.1,
        None => address,
    };
    (!address.contains(char::is_control)).then(|| (address.into(), parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(dialogue: &mut Dialogue, line: &str) -> String {
        match dialogue.hear(line.as_bytes()) {
            Step::Say(answer) => answer.split(' ').next().unwrap_or_default().to_owned(),
            Step::Ask(recipient) => {
                dialogue.accept(recipient.clone());
                format!("? {recipient}")
            }
            step => format!("{step:?}"),
        }
    }

    #[test]
    fn each_command_has_its_time() {
        let mut dialogue = Dialogue::new("desk.example", 1_000);
        for (line, answer) in [
            ("MAIL FROM:<siti@gmail.com>", "503"),
            ("EHLO mta", "500"),
            ("LHLO", "501"),
            (
                "LHLO mta",
                "250-desk.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250",
            ),
            ("RCPT TO:<layanan>", "503"),
            ("DATA", "503"),
            ("MAIL FROM:siti@gmail.com", "501"),
            ("MAIL FROM:<siti@gmail.com> SIZE=1001", "552"),
            ("MAIL FROM:<siti@gmail.com> AUTH=<>", "555"),
            ("mail from:<siti@gmail.com> SIZE=1000 BODY=8BITMIME SMTPUTF8", "250"),
            ("MAIL FROM:<>", "503"),
            ("DATA", "503"),
            ("RCPT TO:<>", "501"),
            ("RCPT TO:<a@b.example> NOTIFY=NEVER", "555"),
            ("RCPT TO:<\"a>b\\\"\"@c.example>", "? \"a>b\\\"\"@c.example"),
            (
                "rcpt to: <@relay.example,@b.example:layanan@tokobudi.co.id>",
                "? layanan@tokobudi.co.id",
            ),
            ("DATA", "Take"),
            ("QUIT", "Leave"),
        ] {
            assert_eq!(say(&mut dialogue, line), answer, "{line}");
        }
        let envelope = dialogue.finish();
        assert_eq!((&*envelope.sender, envelope.recipients.len()), ("siti@gmail.com", 2));
        assert_eq!(say(&mut dialogue, "MAIL FROM:<>"), "250");
        for _ in 0..MOST_RECIPIENTS {
            assert_eq!(say(&mut dialogue, "RCPT TO:<layanan>"), "? layanan");
        }
        assert_eq!(say(&mut dialogue, "RCPT TO:<layanan>"), "452");
        assert_eq!(say(&mut dialogue, "RSET"), "250");
        assert_eq!(say(&mut dialogue, "RCPT TO:<layanan>"), "503");
    }
}
