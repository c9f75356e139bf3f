//! Vectors that the vendors' own libraries made: slack-sdk, svix, line-bot-sdk, pywa and
//! @octokit/webhooks-methods, viberbot. `kontak-channels/tests/vectors/make.py` makes them again.

use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::{
    HmacScheme, KeyRing, Piece, RawRequest, Secret, SharedToken, SignatureEncoding,
    SignaturePolicy, VerifyError,
};

fn request(body: &'static str, headers: &[(&str, &str)]) -> RawRequest {
    let request = RawRequest::post("https://h.example/hook".parse().unwrap(), body);
    headers.iter().fold(request, |request, (name, value)| request.with_header(name, value).unwrap())
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn verify(
    scheme: HmacScheme,
    key: Secret,
    request: &RawRequest,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    SignaturePolicy::signed(scheme).verify(request, &KeyRing::new(key), 1 << 20, now).map(drop)
}

fn slack() -> HmacScheme {
    let pieces = [
        Piece::Literal("v0:"),
        Piece::Header("x-slack-request-timestamp"),
        Piece::Literal(":"),
        Piece::Body,
    ];
    HmacScheme::sha256("x-slack-signature")
        .with_prefix("v0=")
        .with_message(pieces)
        .with_timestamp("x-slack-request-timestamp", TimeDelta::minutes(5))
}

const SLACK_BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

fn slack_request() -> RawRequest {
    request(
        SLACK_BODY,
        &[
            ("x-slack-request-timestamp", "1531420618"),
            (
                "x-slack-signature",
                "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            ),
        ],
    )
}

#[test]
fn slack_accepts_its_own_example_for_five_minutes() {
    let key = || Secret::new("8f742231b10e8888abcd99yyyzzz85a5");
    let signed = 1_531_420_618;
    for (age, fresh) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
        let outcome = verify(slack(), key(), &slack_request(), at(signed + age));
        assert_eq!(outcome.is_ok(), fresh, "{age} s: {outcome:?}");
    }
}

#[test]
fn a_forged_request_is_never_called_stale() {
    // Otherwise a forger learns that only the time is wrong.
    let outcome = verify(slack(), Secret::new("wrong"), &slack_request(), at(0));
    assert_eq!(outcome, Err(VerifyError::Mismatch));
}

#[test]
fn standard_webhooks_take_one_of_several_signatures() {
    let scheme = || {
        let pieces = [
            Piece::Header("webhook-id"),
            Piece::Literal("."),
            Piece::Header("webhook-timestamp"),
            Piece::Literal("."),
            Piece::Body,
        ];
        HmacScheme::sha256("webhook-signature")
            .with_encoding(SignatureEncoding::Base64)
            .with_prefix("v1,")
            .with_separator(' ')
            .with_message(pieces)
            .with_timestamp("webhook-timestamp", TimeDelta::minutes(5))
    };
    let key = || Secret::from_base64("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_").unwrap();
    let with = |signature| {
        request(
            r#"{"test": 2432232314}"#,
            &[
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                ("webhook-signature", signature),
            ],
        )
    };
    let now = at(1_614_265_330);
    let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    assert_eq!(verify(scheme(), key(), &with(good), now), Ok(()));
    let other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    let both = format!("{other} v2,zzz {good}");
    assert_eq!(verify(scheme(), key(), &with(&both), now), Ok(()));
    assert_eq!(verify(scheme(), key(), &with(other), now), Err(VerifyError::Mismatch));
    let crowd = format!("{}{good}", format!("{other} ").repeat(1_000));
    assert_eq!(verify(scheme(), key(), &with(&crowd), now), Err(VerifyError::Mismatch));
    let malformed = verify(scheme(), key(), &with("v1,***"), now);
    assert!(matches!(malformed, Err(VerifyError::Malformed { name: "webhook-signature", .. })));
}

#[test]
fn meta_and_viber_sign_the_body() {
    let meta = request(
        r#"{"object":"whatsapp_business_account","entry":[]}"#,
        &[(
            "x-hub-signature-256",
            "sha256=786336a0e744c0fa99456ba4de50089c9fb27b063c496ec1f2f0f9091b2239ab",
        )],
    );
    let scheme = HmacScheme::sha256("x-hub-signature-256").with_prefix("sha256=");
    assert_eq!(verify(scheme.clone(), Secret::new("fb_app_secret"), &meta, at(0)), Ok(()));
    let forged = meta.with_body(r#"{"object":"whatsapp_business_account","entry":[1]}"#);
    let outcome = verify(scheme, Secret::new("fb_app_secret"), &forged, at(0));
    assert_eq!(outcome, Err(VerifyError::Mismatch));
}

#[test]
fn a_shared_token_is_compared_whole() {
    let policy = SignaturePolicy::signed(SharedToken::new("x-telegram-bot-api-secret-token"));
    let keys = KeyRing::new(Secret::new("halo-rahasia_1"));
    let check = |token| {
        let request = request("{}", &[("x-telegram-bot-api-secret-token", token)]);
        policy.verify(&request, &keys, 100, at(0)).map(drop)
    };
    assert_eq!(check("halo-rahasia_1"), Ok(()));
    for wrong in ["halo-rahasia_", "halo-rahasia_11", "HALO-rahasia_1", ""] {
        assert_eq!(check(wrong), Err(VerifyError::Mismatch), "{wrong:?}");
    }
}

#[test]
fn both_secrets_are_good_while_they_are_exchanged() {
    let request = slack_request();
    let now = at(1_531_420_618);
    let policy = SignaturePolicy::signed(slack());
    let old = KeyRing::new(Secret::new("8f742231b10e8888abcd99yyyzzz85a5"));
    let both = old.rotated_to(Secret::new("the new one"));
    assert!(policy.verify(&request, &both, 1 << 20, now).is_ok());
    assert!(policy.verify(&request, &both.settled(), 1 << 20, now).is_err());
    // A stale request under the older secret is stale, not a mismatch.
    let both = KeyRing::new(Secret::new("8f742231b10e8888abcd99yyyzzz85a5"))
        .rotated_to(Secret::new("the new one"));
    let late = policy.verify(&request, &both, 1 << 20, at(1_531_430_618));
    assert!(matches!(late, Err(VerifyError::Stale { age_seconds: 10_000, limit_seconds: 300 })));
}
