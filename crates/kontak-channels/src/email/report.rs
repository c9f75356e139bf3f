//! Delivery reports and read notices, as receipts.

use crate::intake::{id, written};
use kontak_channel::{Failure, ProviderId, Receipt, ReceiptStatus};
use mail_parser::{Message, MessagePart, MimeHeaders};

/// What a report says; nothing where the mail is none.
pub(super) enum Report {
    /// A receipt.
    Receipt(Box<Receipt>),
    /// It will be tried again, or passed on: nothing is decided.
    Undecided,
    /// It does not name a mail of ours.
    OfNothing,
}

pub(super) fn read(mail: &Message<'_>) -> Option<Report> {
    if !mail.is_content_type("multipart", "report") {
        return None;
    }
    let part =
        |subtype: &str| mail.parts.iter().find(|part| part.is_content_type("message", subtype));
    let delivery = part("delivery-status");
    let (fields, disposition) = match (delivery, part("disposition-notification")) {
        (Some(delivery), _) => (fields(delivery), false),
        (None, Some(notice)) => (fields(notice), true),
        (None, None) => return None,
    };
    let original = field(&fields, "original-message-id").map(str::to_owned);
    let Some(target) = original.and_then(|text| bare(&text)).or_else(|| returned(mail)) else {
        return Some(Report::OfNothing);
    };
    if disposition {
        let shown = field(&fields, "disposition").unwrap_or_default().to_ascii_lowercase();
        return Some(if shown.contains("displayed") {
            Report::Receipt(Box::new(Receipt::new(target, ReceiptStatus::Read)))
        } else {
            Report::Undecided
        });
    }
    let status = match field(&fields, "action").unwrap_or_default().to_ascii_lowercase().as_str() {
        "failed" => ReceiptStatus::Failed,
        "delivered" => ReceiptStatus::Delivered,
        _ => return Some(Report::Undecided),
    };
    let mut receipt = Receipt::new(target, status);
    if status == ReceiptStatus::Failed {
        let code = field(&fields, "status").unwrap_or_default();
        let mut failure = Failure::new(&code[..code.floor_char_boundary(32)]);
        failure.text = field(&fields, "diagnostic-code").and_then(written);
        receipt.failure = Some(failure);
    }
    Some(Report::Receipt(Box::new(receipt)))
}

/// The fields of all blocks, unfolded.
fn fields(part: &MessagePart<'_>) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(part.contents());
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(1_000) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

fn field<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The id of the mail that came back with the report, or of its headers.
fn returned(mail: &Message<'_>) -> Option<ProviderId> {
    mail.parts.iter().find_map(|part| {
        if let Some(inner) = part.message() {
            return inner.message_id().and_then(id);
        }
        let headers = part.is_content_type("text", "rfc822-headers")
            || part.is_content_type("message", "rfc822-headers");
        if !headers {
            return None;
        }
        bare(field(&fields(part), "message-id")?)
    })
}

fn bare(text: &str) -> Option<ProviderId> {
    id(text.trim().trim_start_matches('<').trim_end_matches('>'))
}
