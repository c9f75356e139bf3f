use super::planning::capabilities;
use super::variation::{Dice, varied};
use super::{Law, Subject, Verdict, ensure};
use crate::{
    Action, HttpResponse, IdempotencyKey, Outbound, PlanMode, ProviderId, SendError, Support,
    WireRequest, WireResponse, plan,
};
use http::StatusCode;
use kontak_content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, ContactCard, Content, FreeText, GeoPoint, Location,
    Media, MediaPlace, OfferId, OptionId, Remote, Text, Written,
};

pub(super) const LAWS: &[Law] = &[
    Law { name: "everything that is planned can be rendered", check: |s| renders(s).into() },
    Law { name: "rendering twice gives the same", check: |s| same_twice(s).into() },
    Law { name: "what the channel claims it can do can be rendered", check: |s| claims(s).into() },
    Law { name: "what the channel does not claim is an error", check: |s| unclaimed(s).into() },
    Law {
        name: "Debug of a request on its way shows no words and no token",
        check: |s| masked(s).into(),
    },
    Law { name: "an accepted message gets the provider's id", check: accepted },
    Law { name: "an HTTP failure is never a success", check: http_failures },
    Law { name: "a throttled message says so", check: throttled },
    Law { name: "no answer breaks the interpreter", check: any_answer },
    Law { name: "no error of a send shows a token", check: |s| silent(s).into() },
];

const WORDS: &str = "Pesanan Anda sudah siap diambil";

fn samples() -> Result<Vec<Content>, Box<dyn std::error::Error>> {
    let option = |id: &str, label: &str| {
        Ok::<_, Box<dyn std::error::Error>>(ChoiceOption::new(
            OptionId::new(id)?,
            Written::new(label)?,
        ))
    };
    let few = vec![option("yes", "Ya")?, option("no", "Tidak")?];
    let many = (1..=8).map(|n| option(&format!("day-{n}"), &format!("Hari {n}")));
    let many = many.collect::<Result<Vec<_>, _>>()?;
    let choice = |options| {
        let id = OfferId::new("offer")?;
        let offer = ChoiceOffered::new(id, ChoiceLayout::Buttons(options), FreeText::Allowed)?;
        Ok::<_, Box<dyn std::error::Error>>(offer.with_prompt(Text::plain("Kapan?")?))
    };
    let picture = Remote::Url("https://cdn.example/struk.jpg".parse()?);
    let media = |kind: &str, mime: &str| {
        let media = Media::new(kind.into(), MediaPlace::Remote(picture.clone()));
        let media = media.with_mime_type(mime.parse()?).with_file_name("struk.jpg".parse()?);
        Ok::<_, Box<dyn std::error::Error>>(media.with_caption(Text::plain("Struk Anda")?))
    };
    let name = Written::new("Toko Budi")?;
    Ok(vec![
        Content::plain(WORDS)?,
        Content::plain(WORDS)?.with_subject(Written::new("Pesanan 0042")?),
        Text::markdown("**Siap** diambil di [toko](https://toko.example)")?.into(),
        Text::html("<p>Siap &amp; lunas</p>")?.into(),
        choice(few)?.into(),
        choice(many)?.into(),
        media("image", "image/jpeg")?.into(),
        media("audio", "audio/mpeg")?.into(),
        media("video", "video/mp4")?.into(),
        media("document", "application/pdf")?.into(),
        media("voice_note", "audio/ogg")?.into(),
        media("sticker", "image/webp")?.into(),
        Location::new(GeoPoint::new(-6.2, 106.8)?).with_name(name.clone()).into(),
        ContactCard::new(Some(name), vec![Written::new("+62215550100")?], Vec::new())?.into(),
        Content::plain(WORDS)?.with_part(Location::new(GeoPoint::new(-6.2, 106.8)?)),
    ])
}

fn outbound(s: &Subject<'_>, action: Action) -> Outbound {
    let key = IdempotencyKey::new("0192f0c1-2345-7abc-8def-0123456789ab").expect("a short key");
    Outbound::new(s.recipient.clone(), key, action)
}

fn render(s: &Subject<'_>, action: Action) -> Result<Vec<WireRequest>, String> {
    let requests = s.codec.render(&outbound(s, action)).map_err(|error| error.to_string())?;
    ensure(!requests.is_empty(), || "nothing would be sent".into())?;
    Ok(requests)
}

fn planned(s: &Subject<'_>) -> Result<Vec<Content>, String> {
    let capabilities = capabilities(s);
    let samples = samples().map_err(|error| error.to_string())?;
    let plans = samples.iter().map(|sample| plan(sample, &capabilities, PlanMode::Lenient));
    let plans = plans.filter_map(|plan| match plan {
        Err(crate::PlanError::NothingLeft(_)) => None,
        other => Some(other.map(|plan| plan.messages).map_err(|error| error.to_string())),
    });
    Ok(plans.collect::<Result<Vec<_>, _>>()?.concat())
}

fn renders(s: &Subject<'_>) -> Result<(), String> {
    for content in planned(s)? {
        let kinds: Vec<_> = content.parts.iter().map(kontak_content::Part::kind).collect();
        let rendered = render(s, Action::Say(content));
        rendered.map_err(|error| format!("{kinds:?}: {error}"))?;
    }
    Ok(())
}

/// What goes over the wire, in a form that can be compared.
fn bytes(request: &WireRequest) -> Vec<u8> {
    match request {
        WireRequest::Http(http) => [http.url.as_str().as_bytes(), &http.body].concat(),
        WireRequest::Mail(mail) => mail.message.to_vec(),
        WireRequest::Frame(frame) => frame.text.clone().into_bytes(),
    }
}

fn same_twice(s: &Subject<'_>) -> Result<(), String> {
    for content in planned(s)? {
        let once = render(s, Action::Say(content.clone()))?;
        let twice = render(s, Action::Say(content))?;
        let same = once.iter().map(bytes).eq(twice.iter().map(bytes));
        ensure(same, || "the same message is written in two ways".into())?;
    }
    Ok(())
}

fn actions(s: &Subject<'_>) -> Result<Vec<(Support, &'static str, Action)>, String> {
    let capabilities = capabilities(s);
    let target =
        s.batches()?.iter().flat_map(|batch| &batch.envelopes).find_map(|e| match &e.body {
            crate::EnvelopeBody::Message(message) => Some(message.id.clone()),
            _ => None,
        });
    let target = target.map_or_else(|| ProviderId::new("1000").map_err(|e| e.to_string()), Ok)?;
    let content = Content::plain(WORDS).map_err(|error| error.to_string())?;
    let emoji = Written::new("👍").ok();
    Ok(vec![
        (capabilities.edit.support, "edit", Action::Edit { target: target.clone(), content }),
        (capabilities.delete.support, "delete", Action::Delete { target: target.clone() }),
        (capabilities.reaction, "react", Action::React { target: target.clone(), emoji }),
        (capabilities.read_marks, "mark as read", Action::MarkRead { target: target.clone() }),
        (capabilities.typing, "show typing", Action::ShowTyping { target: Some(target) }),
    ])
}

fn claims(s: &Subject<'_>) -> Result<(), String> {
    for (support, name, action) in actions(s)? {
        if support.is_usable() {
            render(s, action).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

fn unclaimed(s: &Subject<'_>) -> Result<(), String> {
    for (support, name, action) in actions(s)? {
        let rendered = s.codec.render(&outbound(s, action));
        ensure(support.is_usable() || rendered.is_err(), || format!("{name} is rendered"))?;
    }
    Ok(())
}

fn masked(s: &Subject<'_>) -> Result<(), String> {
    let requests = render(s, Action::Say(Content::plain(WORDS).map_err(|e| e.to_string())?))?;
    let said = format!("{requests:?}");
    ensure(!said.contains(WORDS), || "the words are seen".into())?;
    s.secrets
        .iter()
        .try_for_each(|secret| ensure(!said.contains(&**secret), || "a token is seen".into()))
}

fn accepted(s: &Subject<'_>) -> Verdict {
    if s.accepted.is_empty() {
        return Verdict::DoesNotApply;
    }
    let check = |response| match s.codec.interpret(response) {
        Ok(receipt) if !receipt.ids.is_empty() => Ok(()),
        Ok(_) => Err("it has no id".into()),
        Err(error) => Err(format!("it is an error: {error}")),
    };
    s.accepted.iter().try_for_each(check).into()
}

fn speaks_http(s: &Subject<'_>) -> bool {
    let Ok(content) = Content::plain(WORDS) else { return false };
    let requests = render(s, Action::Say(content)).unwrap_or_default();
    requests.iter().any(|request| matches!(request, WireRequest::Http(_)))
}

fn http(status: u16, body: &str) -> WireResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    WireResponse::Http(HttpResponse::new(status, body.to_owned()))
}

fn http_failures(s: &Subject<'_>) -> Verdict {
    if !speaks_http(s) {
        return Verdict::DoesNotApply;
    }
    let bodies = ["", "{}", "null", "<html>", "{\"error\":{}}", "{\"ok\":true}"];
    let statuses = [301, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529];
    for (status, body) in statuses.iter().flat_map(|s| bodies.map(|body| (*s, body))) {
        if s.codec.interpret(&http(status, body)).is_ok() {
            return Verdict::Broken(format!("status {status} with {body:?} is a success"));
        }
    }
    Verdict::Holds
}

fn throttled(s: &Subject<'_>) -> Verdict {
    if !speaks_http(s) {
        return Verdict::DoesNotApply;
    }
    let outcome = s.codec.interpret(&http(429, ""));
    ensure(matches!(outcome, Err(SendError::Throttled { .. })), || format!("it is {outcome:?}"))
        .into()
}

fn any_answer(s: &Subject<'_>) -> Verdict {
    let mut dice = Dice::new(11);
    for response in &s.accepted {
        let WireResponse::Http(response) = response else { continue };
        for _ in 0..200 {
            let body = varied(&response.body, &mut dice);
            let _ =
                s.codec.interpret(&WireResponse::Http(HttpResponse::new(response.status, body)));
        }
    }
    let others = [
        WireResponse::Mail { code: 0, enhanced: None, id: None },
        WireResponse::Mail { code: 999, enhanced: Some("5.x".into()), id: None },
        WireResponse::Written { connections: 0, id: None },
    ];
    for response in others {
        let _ = s.codec.interpret(&response);
    }
    Verdict::Holds
}

fn silent(s: &Subject<'_>) -> Result<(), String> {
    for status in [400, 401, 403, 404, 429, 500] {
        for secret in &s.secrets {
            let body = format!("{{\"error\":{{\"message\":\"{secret}\",\"code\":190}}}}");
            if let Err(error) = s.codec.interpret(&http(status, &body)) {
                let said = format!("{error} {error:?}");
                ensure(!said.contains(&**secret), || format!("status {status} shows it"))?;
            }
        }
    }
    Ok(())
}
