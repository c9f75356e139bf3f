//! Reply tokens: what is accepted, what is refused, and what an error never says.

use kontak_conversation::email::{
    MessageId, ReplyAddressError, ReplyKeys, ReplyToken, ReplyTokenError,
};
use proptest::prelude::*;
use uuid::Uuid;

const OLD: &[u8] = b"the key of the year 2025, 32 bytes";
const NEW: &[u8] = b"the key of the year 2026, 32 bytes";
const CONVERSATION: Uuid = Uuid::from_u128(0x0192_f1a0_1234_7abc_8def_0123_4567_89ab);

fn keys() -> ReplyKeys {
    ReplyKeys::new(NEW).unwrap()
}

/// The wire form is frozen: mails that carry it are out there for years. The value is from Python's
/// `base64.b32encode(id + hmac.new(key, purpose + id, sha256).digest()[:14])`.
#[test]
fn a_token_is_written_the_same_for_ever() {
    assert_eq!(
        keys().sign(CONVERSATION).as_str(),
        "agjpdiasgr5lzdppaerukz4jvncvqidl3czsixs2kpdtvnfd"
    );
}

#[test]
fn every_flipped_character_is_refused() {
    let token = keys().sign(CONVERSATION);
    for position in 0..ReplyToken::LEN {
        for letter in (0..=0x7f).map(char::from) {
            let mut text = token.as_str().to_owned();
            if text[position..].starts_with(letter.to_ascii_lowercase()) {
                continue;
            }
            text.replace_range(position..=position, letter.encode_utf8(&mut [0; 4]));
            let expected = match letter {
                'a'..='z' | 'A'..='Z' | '2'..='7' => ReplyTokenError::Signature,
                _ => ReplyTokenError::Character { position },
            };
            assert_eq!(keys().verify(&text), Err(expected), "{text}");
        }
    }
}

#[test]
fn letter_case_does_not_matter() {
    let token = keys().sign(CONVERSATION);
    assert_eq!(keys().verify(&token.as_str().to_ascii_uppercase()), Ok(token.clone()));
    let address = token.reply_address("reply", "toko.example").unwrap().to_ascii_uppercase();
    assert_eq!(keys().verify_address(&address), Ok(token.clone()));
    let header = token.message_id(Uuid::nil(), "toko.example").to_ascii_uppercase();
    assert_eq!(keys().verify_message_id(&MessageId::parse(&header).unwrap()), Ok(token));
}

#[test]
fn a_token_cut_short_or_drawn_out_is_refused() {
    let token = keys().sign(CONVERSATION);
    for len in 0..ReplyToken::LEN {
        assert_eq!(
            keys().verify(&token.as_str()[..len]),
            Err(ReplyTokenError::Length { found: len })
        );
    }
    assert_eq!(
        keys().verify(&format!("{}a", token.as_str())),
        Err(ReplyTokenError::Length { found: 49 })
    );
}

#[test]
fn the_key_before_is_accepted_until_it_is_left_out() {
    let token = ReplyKeys::new(OLD).unwrap().sign(CONVERSATION);
    let rotating = keys().with_previous(OLD).unwrap();
    assert_eq!(rotating.verify(token.as_str()).unwrap().conversation(), CONVERSATION);
    assert_eq!(rotating.sign(CONVERSATION), keys().sign(CONVERSATION), "the new key signs");
    assert_eq!(keys().verify(token.as_str()), Err(ReplyTokenError::Signature));
}

#[test]
fn a_key_has_32_bytes() {
    let error = ReplyKeys::new(&[0; 31]).unwrap_err();
    assert_eq!(error.to_string(), "a reply key needs at least 32 random bytes, found 31");
    assert!(keys().with_previous(b"").is_err());
}

#[test]
fn an_address_fits_a_local_part() {
    let token = keys().sign(CONVERSATION);
    for (prefix, expected) in [
        ("", Err(ReplyAddressError::Length { found: 0 })),
        ("reply", Ok(54)),
        ("hubungi-kami-15", Ok(64)),
        ("hubungi-kami-016", Err(ReplyAddressError::Length { found: 16 })),
        ("a+b", Err(ReplyAddressError::Character { position: 1 })),
        ("balas lagi", Err(ReplyAddressError::Character { position: 5 })),
    ] {
        let address = token.reply_address(prefix, "toko.example");
        let local = address
            .as_ref()
            .map(|address| address.split('@').next().unwrap().len())
            .map_err(|&error| error);
        assert_eq!(local, expected, "{prefix}");
        assert!(address.is_err() || keys().verify_address(&address.unwrap()).is_ok());
    }
}

#[test]
fn errors_and_debug_show_neither_key_nor_tag() {
    let token = keys().sign(CONVERSATION);
    let rotating = keys().with_previous(OLD).unwrap();
    let wrong = ReplyKeys::new(OLD).unwrap().verify(token.as_str()).unwrap_err();
    let tag = &token.as_str()[26..];
    for shown in [format!("{token:?}"), format!("{rotating:?}"), format!("{wrong:?} {wrong}")] {
        assert!(
            !shown.contains(tag) && !shown.contains("2026") && !shown.contains("2025"),
            "{shown}"
        );
    }
}

proptest! {
    #[test]
    fn every_conversation_has_a_token_of_its_own(id in any::<u128>()) {
        let token = keys().sign(Uuid::from_u128(id));
        prop_assert_eq!(token.as_str().len(), ReplyToken::LEN);
        prop_assert_eq!(keys().verify(token.as_str()).map(|token| token.conversation().as_u128()), Ok(id));
    }

    #[test]
    fn no_text_panics(text in any::<String>(), letters in "[a-zA-Z2-7]{48}") {
        prop_assert!(keys().verify(&text).is_err());
        prop_assert!(keys().verify_address(&text).is_err());
        prop_assert_eq!(keys().verify(&letters), Err(ReplyTokenError::Signature));
    }
}
