//! Whether `teloxide-core` reads in the updates of `telegram.json` what stands beside them, which is
//! what `python-telegram-bot` reads there, and so do we.
//!
//! ```text
//! cargo run --manifest-path crates/kontak-channels/tests/vectors/teloxide/Cargo.toml
//! ```

use serde::Deserialize;
use serde_json::{Value, json};
use teloxide_core::types::{Message, Update, UpdateKind};

#[derive(Deserialize)]
struct Vector {
    update: Value,
    read: Value,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../../telegram.json"))?;
    for Vector { update, read } in &vectors {
        let ours: Update = serde_json::from_str(&update.to_string())?;
        assert_eq!(self::read(&ours), *read, "{update}");
    }
    println!("{} updates", vectors.len());
    Ok(())
}

fn read(update: &Update) -> Value {
    let user = update.from().unwrap_or_else(|| panic!("of nobody: {update:?}"));
    let mut out = json!({"user": user.id.0, "name": user.full_name(), "user_name": user.username});
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            out[name] = value;
        }
    };
    match &update.kind {
        UpdateKind::Message(said) | UpdateKind::EditedMessage(said) => {
            put("message", json!(id(said)));
            put("at", json!(said.edit_date().unwrap_or(&said.date).timestamp()));
            put("text", json!(said.text()));
            put("caption", json!(said.caption()));
            put("reply_to", json!(said.reply_to_message().map(id)));
            if let Some((file, size)) = file(said) {
                put("file", json!(file));
                put("size", json!(size));
            }
        }
        UpdateKind::CallbackQuery(tap) => put("option", json!(tap.data)),
        UpdateKind::MessageReaction(reaction) => {
            put("emoji", json!(reaction.new_reaction[0].emoji()))
        }
        other => panic!("{other:?}"),
    }
    out
}

fn id(message: &Message) -> String {
    format!("{}:{}", message.chat.id, message.id)
}

fn file(message: &Message) -> Option<(String, u32)> {
    let largest = message.photo().and_then(|sizes| sizes.last()).map(|size| &size.file);
    let file = largest
        .or(message.document().map(|document| &document.file))
        .or(message.voice().map(|voice| &voice.file))
        .or(message.video().map(|video| &video.file))
        .or(message.audio().map(|audio| &audio.file))
        .or(message.sticker().map(|sticker| &sticker.file))?;
    Some((file.id.0.clone(), file.size))
}
