use super::counter::exceeds;
use super::{Law, Subject, Verdict, ensure};
use crate::{
    Capabilities, LossKind, Plan, PlanError, PlanMode, Support, TextLimit, Window, choice_in_reply,
    plan,
};
use kontak_content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, Content, FreeText, InternalNote, OfferId, OptionId,
    Part, Text, Written,
};

pub(super) const LAWS: &[Law] = &[
    Law { name: "capabilities come back from JSON and postcard", check: |s| data(s).into() },
    Law { name: "a closed window leaves no free words", check: closed_window },
    Law { name: "every planned text is within its limit", check: |s| limits(s).into() },
    Law { name: "no word is lost by splitting", check: |s| nothing_lost(s).into() },
    Law { name: "web addresses stay whole", check: |s| urls(s).into() },
    Law { name: "a choice is planned within its limits", check: |s| choices(s).into() },
    Law { name: "every option can be chosen by its number", check: |s| numbers(s).into() },
    Law {
        name: "strict planning refuses what lenient planning names",
        check: |s| strict(s).into(),
    },
    Law { name: "an internal note is never planned", check: |s| notes(s).into() },
];

/// What people write where this library is used, without a web address.
const WORDS: [&str; 7] = [
    "Pesanan Anda sudah kami terima dan akan dikirim besok pagi. ",
    "Đơn hàng của quý khách đã được giao cho đơn vị vận chuyển. ",
    "สินค้าของคุณกำลังเดินทางและจะถึงภายในสามวันทำการ",
    "您的订单已经发货，预计三天内送达。",
    "👩‍👩‍👧‍👦🇮🇩👋🏽❤️‍🔥",
    "e\u{301}\u{323}a\u{302} ",
    "Totalnya €1.250 {diskon} \\ [promo] ~5% ",
];

pub(super) fn capabilities(s: &Subject<'_>) -> Capabilities {
    s.codec.capabilities(Window::Unlimited)
}

fn data(s: &Subject<'_>) -> Result<(), String> {
    let ours = capabilities(s);
    let json = serde_json::to_string(&ours).map_err(|error| error.to_string())?;
    let back: Capabilities = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let bytes = postcard::to_allocvec(&ours).map_err(|error| error.to_string())?;
    let too: Capabilities = postcard::from_bytes(&bytes).map_err(|error| error.to_string())?;
    ensure(back == ours && too == ours, || "they come back changed".into())
}

fn closed_window(s: &Subject<'_>) -> Verdict {
    let Some(rule) = capabilities(s).window else { return Verdict::DoesNotApply };
    let closed = Window::Closed { since: s.now, reopened_by: rule.reopened_by };
    let capabilities = s.codec.capabilities(closed);
    let hello = Content::from(text("Halo"));
    let planned = plan(&hello, &capabilities, PlanMode::Lenient);
    let refused = matches!(planned, Err(PlanError::WindowClosed { .. }));
    ensure(refused && capabilities.text.support < Support::Unsupported, || {
        "words are planned while the window is closed".into()
    })
    .into()
}

fn text(body: &str) -> Text {
    Text::plain(body).expect("the texts of the suite are not empty")
}

fn long_texts(limit: TextLimit) -> impl Iterator<Item = String> {
    // Long limits (a mail) are not worth megabytes of text: then nothing is split, and that is fine.
    let scalars = (limit.max() as usize).min(20_000) * 3;
    let whole = WORDS.concat();
    WORDS
        .into_iter()
        .map(str::to_owned)
        .chain([whole])
        .map(move |words| words.chars().cycle().take(scalars).collect::<String>())
}

fn lenient(content: &Content, capabilities: &Capabilities) -> Result<Plan, String> {
    plan(content, capabilities, PlanMode::Lenient).map_err(|error| error.to_string())
}

fn texts(plan: &Plan) -> Vec<&str> {
    let parts = plan.messages.iter().flat_map(|message| &message.parts);
    parts
        .filter_map(|part| match part {
            Part::Text(text) => Some(text.body.as_str()),
            _ => None,
        })
        .collect()
}

fn limits(s: &Subject<'_>) -> Result<(), String> {
    let capabilities = capabilities(s);
    let limit = capabilities.text.limit;
    for body in long_texts(limit) {
        for piece in texts(&lenient(&text(&body).into(), &capabilities)?) {
            ensure(!exceeds(piece, limit), || {
                format!(
                    "a piece of {} bytes is beyond {} {:?}",
                    piece.len(),
                    limit.max(),
                    limit.unit()
                )
            })?;
        }
    }
    Ok(())
}

fn nothing_lost(s: &Subject<'_>) -> Result<(), String> {
    let capabilities = capabilities(s);
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for body in long_texts(capabilities.text.limit) {
        let plan = lenient(&text(&body).into(), &capabilities)?;
        let joined = texts(&plan).concat();
        ensure(visible(&joined) == visible(&body), || "the pieces are not the text".into())?;
    }
    Ok(())
}

fn urls(s: &Subject<'_>) -> Result<(), String> {
    let capabilities = capabilities(s);
    let url = "https://kurir.example/lacak/JKT-0042-8891?bahasa=id&kode=7f3a";
    let limit = capabilities.text.limit;
    if exceeds(url, limit) {
        return Ok(());
    }
    let words = WORDS[0].repeat((limit.max() as usize).min(20_000) / 60 + 1);
    for lead in 0..80 {
        let start = words.len() - words.floor_char_boundary(lead);
        let body = format!("{} {url} {words}", &words[..start]);
        let plan = lenient(&text(&body).into(), &capabilities)?;
        let whole = texts(&plan).iter().any(|piece| piece.contains(url));
        ensure(whole, || format!("an address is cut, {lead} bytes from the limit"))?;
    }
    Ok(())
}

fn offer(count: usize, label: usize, described: bool) -> ChoiceOffered {
    let options = (1..=count).map(|number| {
        let mut words = format!("{number} ");
        words.extend("pilihan".chars().cycle().take(label));
        let id = OptionId::new(format!("option-{number}")).expect("a short id");
        let option = ChoiceOption::new(id, written(&words));
        if described {
            option.with_description(written("dan satu baris lagi di bawahnya"))
        } else {
            option
        }
    });
    let layout = ChoiceLayout::Buttons(options.collect());
    let id = OfferId::new("offer").expect("a short id");
    ChoiceOffered::new(id, layout, FreeText::Allowed)
        .expect("options of different ids")
        .with_prompt(text("Kapan kami boleh datang?"))
}

fn written(words: &str) -> Written {
    Written::new(words).expect("the words of the suite are not empty")
}

fn offers() -> impl Iterator<Item = ChoiceOffered> {
    let counts = [1, 2, 3, 4, 10, 11, 14, 30];
    counts.into_iter().flat_map(|count| {
        [(3, false), (16, true), (19, false), (40, false), (200, true)]
            .map(|(label, described)| offer(count, label, described))
    })
}

fn choices(s: &Subject<'_>) -> Result<(), String> {
    let capabilities = capabilities(s);
    for offer in offers() {
        let plan = lenient(&offer.into(), &capabilities)?;
        for part in plan.messages.iter().flat_map(|message| &message.parts) {
            let Part::ChoiceOffered(planned) = part else { continue };
            let count = planned.options().count();
            let (max, label) = match (planned.layout(), capabilities.buttons, capabilities.list) {
                (ChoiceLayout::Buttons(_), Some(buttons), _) => (buttons.max, buttons.label),
                (ChoiceLayout::List { .. }, _, Some(list)) => (list.max, list.label),
                _ => return Err("a layout is planned that the channel does not have".into()),
            };
            ensure(count <= max.into(), || format!("{count} options are planned"))?;
            let long = planned.options().any(|option| exceeds(option.label.as_str(), label));
            ensure(!long, || "a label is too long".into())?;
        }
    }
    Ok(())
}

fn numbers(s: &Subject<'_>) -> Result<(), String> {
    let capabilities = capabilities(s);
    for offer in offers() {
        let plan = lenient(&offer.clone().into(), &capabilities)?;
        let as_numbers = plan.losses.iter().any(|loss| loss.kind == LossKind::ChoiceAsNumbers);
        let said = texts(&plan).join("\n");
        for (place, option) in offer.options().enumerate() {
            let line = format!("{}. {}", place + 1, option.label);
            let flat = |text: &str| text.split_whitespace().collect::<String>();
            let shown = !as_numbers || flat(&said).contains(&flat(&line));
            ensure(shown, || format!("option {place} is not shown"))?;
            let made = choice_in_reply(&offer, &(place + 1).to_string());
            ensure(made.is_some_and(|made| made.option == option.id), || {
                format!("number {} chooses something else", place + 1)
            })?;
        }
    }
    Ok(())
}

fn strict(s: &Subject<'_>) -> Result<(), String> {
    let capabilities = capabilities(s);
    for offer in offers() {
        let content = Content::from(offer);
        let losses = lenient(&content, &capabilities)?.losses;
        let strict = plan(&content, &capabilities, PlanMode::Strict);
        ensure(strict.is_ok() == losses.is_empty(), || format!("with {} losses", losses.len()))?;
    }
    Ok(())
}

fn notes(s: &Subject<'_>) -> Result<(), String> {
    let secret = "pelanggan ini sering komplain";
    let content = Content::from(text("Baik.")).with_part(InternalNote::new(text(secret)));
    let plan = lenient(&content, &capabilities(s))?;
    let said = plan.messages.iter().any(|message| message.plain_text().contains(secret));
    ensure(!said, || "the note is in the plan".into())?;
    ensure(plan.losses.iter().any(|loss| loss.kind == LossKind::Withheld), || {
        "it is not named".into()
    })
}
