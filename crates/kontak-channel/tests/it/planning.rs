//! What becomes of a message on channels that can do less.

use kontak_channel::content::{
    ChoiceLayout, ChoiceOffered, ChoiceOption, ChoiceSection, ContactCard, Content, FreeText,
    GeoPoint, InternalNote, Location, Media, MediaKind, MediaPlace, OfferId, OptionId, Part,
    ProviderRef, Remote, Template, TemplateName, Text, Written,
};
use kontak_channel::{
    ButtonCapability, Capabilities, LengthUnit, ListCapability, LossKind, MediaCapability,
    PartsPerMessage, Plan, PlanError, PlanMode, Reopening, Support, TextLimit, WindowRule,
    choice_in_reply, plan,
};

const fn scalars(max: u32) -> TextLimit {
    TextLimit::new(max, LengthUnit::Scalars)
}

fn plain() -> Capabilities {
    Capabilities::text_only(scalars(200))
}

fn rich() -> Capabilities {
    let mut rich = Capabilities::text_only(scalars(4_096));
    rich.buttons = Some(ButtonCapability::new(3, scalars(20), 256, scalars(1_024)));
    rich.list = Some(ListCapability::new((10, 10), scalars(24), scalars(72), 200, scalars(1_024)));
    rich.media = vec![
        MediaCapability::new(MediaKind::Image)
            .with_max_bytes(5 << 20)
            .with_mime_types(vec!["image/jpeg".parse().unwrap(), "image/png".parse().unwrap()])
            .with_caption(scalars(1_024)),
        MediaCapability::new(MediaKind::Document).with_caption(scalars(1_024)),
    ];
    rich
}

fn written(text: &str) -> Written {
    Written::new(text).unwrap()
}

fn options(labels: &[&str]) -> Vec<ChoiceOption> {
    let option = |(number, label): (usize, &&str)| {
        ChoiceOption::new(OptionId::new(format!("o{number}")).unwrap(), written(label))
    };
    labels.iter().enumerate().map(option).collect()
}

fn buttons(labels: &[&str]) -> ChoiceOffered {
    let id = OfferId::new("offer").unwrap();
    ChoiceOffered::new(id, ChoiceLayout::Buttons(options(labels)), FreeText::Allowed)
        .unwrap()
        .with_prompt(Text::plain("Kapan?").unwrap().with_language("id".parse().unwrap()))
}

fn lenient(content: impl Into<Content>, capabilities: &Capabilities) -> Plan {
    plan(&content.into(), capabilities, PlanMode::Lenient).unwrap()
}

fn kinds(plan: &Plan) -> Vec<LossKind> {
    plan.losses.iter().map(|loss| loss.kind).collect()
}

fn only(plan: &Plan) -> &Part {
    match &plan.messages[..] {
        [message] if message.parts.len() == 1 => &message.parts[0],
        other => panic!("{other:?}"),
    }
}

#[test]
fn three_short_buttons_stay_buttons() {
    let planned = lenient(buttons(&["Senin", "Selasa", "Rabu"]), &rich());
    assert!(planned.losses.is_empty());
    assert!(
        matches!(only(&planned), Part::ChoiceOffered(offer) if matches!(offer.layout(), ChoiceLayout::Buttons(_)))
    );
}

#[test]
fn four_buttons_become_a_list() {
    let planned = lenient(buttons(&["Senin", "Selasa", "Rabu", "Kamis"]), &rich());
    assert_eq!(kinds(&planned), [LossKind::ButtonsAsList]);
    let Part::ChoiceOffered(offer) = only(&planned) else { panic!() };
    let ChoiceLayout::List { opens_with, sections } = offer.layout() else { panic!() };
    assert_eq!((opens_with.as_ref().map(Written::as_str), sections.len()), (Some("Pilih"), 1));
}

#[test]
fn a_label_is_never_shortened() {
    let long = "Selasa pagi antara pukul 8 dan 10";
    let planned = lenient(buttons(&["Senin", long]), &rich());
    assert_eq!(kinds(&planned), [LossKind::ChoiceAsNumbers]);
    let Part::Text(text) = only(&planned) else { panic!() };
    let expected = "Kapan?\n1. Senin\n2. Selasa pagi antara pukul 8 dan 10\nBalas dengan nomornya.";
    assert_eq!(text.body.as_str(), expected);
}

#[test]
fn a_list_without_headings_becomes_buttons_where_there_are_no_lists() {
    let list = |title: Option<&str>| {
        let section = ChoiceSection::new(title.map(written), options(&["Ya", "Tidak"]));
        let layout = ChoiceLayout::List { opens_with: None, sections: vec![section] };
        ChoiceOffered::new(OfferId::new("o").unwrap(), layout, FreeText::Refused).unwrap()
    };
    let mut without_list = rich();
    without_list.list = None;
    assert_eq!(kinds(&lenient(list(None), &without_list)), [LossKind::ListAsButtons]);
    assert_eq!(kinds(&lenient(list(Some("Jawaban")), &without_list)), [LossKind::ChoiceAsNumbers]);
}

#[test]
fn a_question_that_is_too_long_goes_before_the_choice() {
    let question = "Kami punya beberapa waktu untuk Anda. ".repeat(40);
    let offer = buttons(&["Senin", "Selasa"]).with_prompt(Text::plain(question).unwrap());
    let planned = lenient(offer, &rich());
    assert_eq!(kinds(&planned), [LossKind::PromptApart]);
    assert_eq!(planned.messages.len(), 2);
    assert!(
        matches!(&planned.messages[1].parts[0], Part::ChoiceOffered(offer) if offer.prompt().is_some())
    );
}

#[test]
fn a_number_in_any_script_chooses() {
    let offer = buttons(&["Senin", "Selasa", "Senin siang"]);
    let chosen =
        |reply: &str| choice_in_reply(&offer, reply).map(|made| made.option.as_str().to_owned());
    for reply in [
        "2", " 2", "2.", "(2)", "#2", "２", "๒", "٢", "۲", "២", "2️⃣", "02", "2)\n", "SELASA",
        " selasa ",
    ] {
        assert_eq!(chosen(reply).as_deref(), Some("o1"), "{reply:?}");
    }
    for reply in ["0", "4", "", "2 dan 3", "-2", "2.5", "99999999999999999999", "Sel", "²", "ii"] {
        assert_eq!(chosen(reply), None, "{reply:?}");
    }
    let twice = buttons(&["Ya", "ya"]);
    assert_eq!(choice_in_reply(&twice, "ya"), None);
    assert!(choice_in_reply(&twice, "2").is_some());
}

#[test]
fn formatting_becomes_words_and_is_named() {
    let planned =
        lenient(Text::markdown("**Siap** di [toko](https://toko.example)").unwrap(), &plain());
    assert_eq!(kinds(&planned), [LossKind::Formatting]);
    let Part::Text(text) = only(&planned) else { panic!() };
    assert!(text.body.as_str().contains("Siap") && !text.body.as_str().contains("**"));
    let mut knows = plain();
    knows.text.formats.push("markdown".into());
    assert!(lenient(Text::markdown("**Siap**").unwrap(), &knows).losses.is_empty());
}

fn photo(mime: &str, size: u32) -> Media {
    let url = Remote::Url("https://cdn.example/struk".parse().unwrap());
    Media::new(MediaKind::Image, MediaPlace::Remote(url))
        .with_mime_type(mime.parse().unwrap())
        .with_size(size.into())
        .with_caption(Text::plain("Struk Anda").unwrap())
}

#[test]
fn a_medium_that_does_not_fit_goes_as_a_file_or_a_link() {
    assert!(lenient(photo("image/jpeg", 1 << 20), &rich()).losses.is_empty());
    for (mime, size) in [("image/webp", 10), ("image/jpeg", 6 << 20)] {
        assert_eq!(
            kinds(&lenient(photo(mime, size), &rich())),
            [LossKind::MediaAsDocument],
            "{mime}"
        );
    }
    let planned = lenient(photo("image/jpeg", 10), &plain());
    assert_eq!(kinds(&planned), [LossKind::MediaAsLink]);
    assert_eq!(planned.messages.len(), 2);
    let ours = Media::new(
        MediaKind::Image,
        MediaPlace::Remote(Remote::Provider(ProviderRef::new("77").unwrap())),
    );
    let nothing = plan(&ours.into(), &plain(), PlanMode::Lenient);
    assert!(
        matches!(nothing, Err(PlanError::NothingLeft(losses)) if losses[0].kind == LossKind::Dropped)
    );
}

#[test]
fn a_caption_that_is_too_long_follows() {
    let long = Text::plain("kata ".repeat(300)).unwrap();
    let planned = lenient(photo("image/png", 1).with_caption(long), &rich());
    assert_eq!(kinds(&planned), [LossKind::CaptionApart]);
    assert_eq!(planned.messages.len(), 2);
}

#[test]
fn places_cards_and_notes() {
    let place = Location::new(GeoPoint::new(-6.2, 106.8).unwrap()).with_name(written("Toko"));
    let card = ContactCard::new(Some(written("Budi")), vec![written("0812")], Vec::new()).unwrap();
    let note = InternalNote::new(Text::plain("sering komplain").unwrap());
    let content = Content::from(place).with_part(card).with_part(note);
    let planned = lenient(content, &plain());
    assert_eq!(
        kinds(&planned),
        [LossKind::LocationAsText, LossKind::ContactAsText, LossKind::Withheld]
    );
    assert_eq!(planned.messages[0].plain_text(), "Toko\n-6.2, 106.8");
    assert_eq!(planned.messages.len(), 2);
}

#[test]
fn a_mail_keeps_its_subject_and_its_parts_together() {
    let content = Content::plain("Terlampir.")
        .unwrap()
        .with_subject(written("Faktur"))
        .with_part(photo("image/png", 1));
    let mut mail = rich();
    (mail.parts, mail.subject) = (PartsPerMessage::Many, Support::Full);
    let planned = lenient(content.clone(), &mail);
    assert_eq!((planned.messages.len(), planned.messages[0].parts.len()), (1, 2));
    assert!(planned.messages[0].subject.is_some() && planned.losses.is_empty());
    assert_eq!(kinds(&lenient(content, &rich())), [LossKind::SubjectAsText]);
}

#[test]
fn outside_the_window_only_templates_go() {
    let mut whatsapp = rich();
    whatsapp.window = Some(WindowRule::hours(24));
    whatsapp.template = Support::Full;
    let closed = whatsapp.outside_window();
    let template: Content =
        Template::new(TemplateName::new("order_ready").unwrap(), "id".parse().unwrap()).into();
    assert!(plan(&template, &closed, PlanMode::Strict).is_ok());
    let both = template.with_part(Text::plain("Halo").unwrap());
    let refused = plan(&both, &closed, PlanMode::Lenient);
    assert_eq!(refused, Err(PlanError::WindowClosed { reopened_by: Reopening::Template }));
}

#[test]
fn an_address_longer_than_a_message_is_cut_and_named() {
    let url = format!("https://h.example/{}", "a".repeat(400));
    assert_eq!(
        kinds(&lenient(Text::plain(url).unwrap(), &plain())),
        [LossKind::Split, LossKind::UrlCut]
    );
}

#[test]
fn a_template_is_said_where_there_are_none() {
    let template = Template::new(TemplateName::new("ready").unwrap(), "id".parse().unwrap());
    let planned =
        lenient(template.clone().with_reads(Text::plain("Pesanan siap.").unwrap()), &plain());
    assert_eq!(kinds(&planned), [LossKind::TemplateAsText]);
    assert!(matches!(
        plan(&template.into(), &plain(), PlanMode::Lenient),
        Err(PlanError::NothingLeft(_))
    ));
}
