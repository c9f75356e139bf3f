//! Markdown, as WhatsApp and Telegram show it.

use crate::world::{json, say};
use kontak_channel::content::Text;
use kontak_channel::{Codec, LossKind, PlanMode, Secret, Window, plan};
use kontak_channels::telegram::Telegram;
use kontak_channels::whatsapp::WhatsApp;
use proptest::prelude::*;

fn whatsapp(markdown: &str) -> String {
    let codec = WhatsApp::new("a", "1", Secret::new("t"));
    let body = json(&say(&codec, "6281290435517", Text::markdown(markdown).unwrap()));
    body["text"]["body"].as_str().unwrap().to_owned()
}

fn telegram(markdown: &str) -> String {
    let body =
        json(&say(&Telegram::new("a", Secret::new("t")), "7", Text::markdown(markdown).unwrap()));
    assert_eq!(body["parse_mode"], "HTML");
    body["text"].as_str().unwrap().to_owned()
}

/// Markdown, what WhatsApp's help writes for it, and the elements that the Bot API lists.
const TABLE: [(&str, &str, &str); 14] = [
    ("**tebal** dan *miring*", "*tebal* dan _miring_", "<b>tebal</b> dan <i>miring</i>"),
    ("~~coret~~ `kode`", "~coret~ `kode`", "<s>coret</s> <code>kode</code>"),
    ("***keduanya***", "_*keduanya*_", "<i><b>keduanya</b></i>"),
    ("# Judul\n\nIsi", "*Judul*\n\nIsi", "<b>Judul</b>\n\nIsi"),
    ("- satu\n- dua", "• satu\n• dua", "• satu\n• dua"),
    ("3. satu\n4. dua", "3. satu\n4. dua", "3. satu\n4. dua"),
    ("- a\n  - b\n- c", "• a\n  • b\n• c", "• a\n  • b\n• c"),
    (
        "[toko](https://t.example/a?b=1&c=2)",
        "toko (https://t.example/a?b=1&c=2)",
        "<a href=\"https://t.example/a?b=1&amp;c=2\">toko</a>",
    ),
    (
        "<https://t.example>",
        "https://t.example",
        "<a href=\"https://t.example\">https://t.example</a>",
    ),
    ("> kutipan\n> dua", "> kutipan\n> dua", "<blockquote>kutipan\ndua</blockquote>"),
    ("```\na < b\n```", "```a < b\n```", "<pre>a &lt; b\n</pre>"),
    ("satu\n\ndua\ntiga", "satu\n\ndua\ntiga", "satu\n\ndua\ntiga"),
    ("5 < 6 & \"x\"", "5 < 6 & \"x\"", "5 &lt; 6 &amp; &quot;x&quot;"),
    // A mark inside a word would stand there as it is.
    ("se**ba**gian", "sebagian", "se<b>ba</b>gian"),
];

#[test]
fn each_mark_has_its_form() {
    for (markdown, for_whatsapp, for_telegram) in TABLE {
        assert_eq!(whatsapp(markdown), for_whatsapp, "{markdown}");
        assert_eq!(telegram(markdown), for_telegram, "{markdown}");
    }
}

#[test]
fn what_is_plain_stays_as_it_is() {
    let codec = Telegram::new("a", Secret::new("t"));
    let body = json(&say(&codec, "7", Text::plain("2 * 3 * 4 <b>").unwrap()));
    assert_eq!((body["text"].as_str(), body.get("parse_mode")), (Some("2 * 3 * 4 <b>"), None));
}

#[test]
fn formatting_is_no_loss_any_more_until_the_text_is_too_long() {
    let can = WhatsApp::new("a", "1", Secret::new("t")).capabilities(Window::Unlimited);
    let short = Text::markdown("**Siap** diambil").unwrap();
    assert!(plan(&short.into(), &can, PlanMode::Strict).unwrap().losses.is_empty());
    let long = Text::markdown("**Siap** diambil. ".repeat(300)).unwrap();
    let plan = plan(&long.into(), &can, PlanMode::Lenient).unwrap();
    assert!(plan.losses.iter().any(|loss| loss.kind == LossKind::Formatting));
}

/// The words of Telegram's HTML: what is between the elements.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        rest = after.split_once('>').unwrap().1;
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

proptest! {
    /// No word is lost, and every element is closed in order.
    #[test]
    fn elements_are_closed_and_words_kept(markdown in r"([a-z]{1,4}|\*|\*\*|_|~~|`|\[|\]\(https://x\.example\)|> |- |1\. |\n|\n\n| |<|&|#|😀){1,40}") {
        let Ok(text) = Text::markdown(&*markdown) else { return Ok(()) };
        if text.plain_text().trim().is_empty() { return Ok(()) }
        let html = telegram(&markdown);
        let mut open = Vec::new();
        for tag in html.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0) {
            match tag.strip_prefix('/') {
                Some(name) => prop_assert_eq!(open.pop(), Some(name)),
                None => open.push(tag.split(' ').next().unwrap()),
            }
        }
        prop_assert!(open.is_empty());
        let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
        prop_assert_eq!(letters(&words(&html)), letters(&text.plain_text()));
    }
}
