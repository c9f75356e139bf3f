//! Rule sets as data: what they match, where they point, what is refused.

use kontak_conversation::label::{
    Confidence, Label, Labeller, LanguageRange, MessageText, RetailRules, Rule, RuleSet,
    RuleSetError,
};
use proptest::prelude::*;

fn rule(id: &str, patterns: &[&str]) -> Rule {
    let patterns = patterns.iter().map(|it| (*it).to_owned()).collect();
    let weight = Confidence::new(0.8).unwrap();
    Rule::new(id.parse().unwrap(), Label::topic("x").unwrap(), weight, patterns)
}

fn set(rules: Vec<Rule>) -> RuleSet {
    RuleSet::new("acme".parse().unwrap(), 1, LanguageRange::Any, rules)
}

fn spoken<'a>(labeller: &Labeller, text: &'a str) -> Vec<&'a str> {
    let proposals = labeller.propose(text, None);
    proposals.iter().flat_map(|it| &it.spans).map(|span| span.of(text).unwrap()).collect()
}

#[test]
fn a_pattern_matches_whole_words_however_they_are_typed() {
    let labeller =
        Labeller::new(&[set(vec![rule("r", &["mua hàng", "ks", "điều hoà", "don't"])])]).unwrap();
    for (text, expected) in [
        ("Tôi muốn MUA HÀNG nhé", vec!["MUA HÀNG"]),
        ("toi muon mua  hang nhe", vec!["mua  hang"]),
        ("mua ha\u{300}ng rồi nhé bạn ơi", vec!["mua ha\u{300}ng"]),
        // Typed with marks, and another word: `hãng` is a brand, `hàng` are goods.
        ("tôi hỏi mua hãng này nữa", vec![]),
        ("ks ks, ks", vec!["ks", "ks", "ks"]),
        ("banks", vec![]),
        ("máy điều hòa", vec!["điều hòa"]),
        ("máy điều hoà", vec!["điều hoà"]),
        ("I don’t", vec!["don’t"]),
        ("ｋｓ!", vec!["ｋｓ"]),
        ("", vec![]),
    ] {
        assert_eq!(spoken(&labeller, text), expected, "{text}");
    }
}

#[test]
fn what_overlaps_an_exception_does_not_count() {
    let mut buys = rule("buys", &["mau beli"]);
    buys.unless = vec!["(?:gak|tidak) mau beli".to_owned()];
    let labeller = Labeller::new(&[set(vec![buys])]).unwrap();
    assert!(spoken(&labeller, "gak mau beli").is_empty());
    let text = "gak mau beli yang itu, mau beli yang ini";
    let proposals = labeller.propose(text, None);
    assert_eq!(proposals[0].spans[0].start, text.rfind("mau").unwrap());
    assert_eq!(proposals[0].spans.len(), 1);
}

#[test]
fn a_rule_reads_the_messages_of_its_language() {
    let mut english = rule("english", &["barang"]);
    english.language = Some("en".parse().unwrap());
    let mut indonesian = rule("indonesian", &["barang"]);
    indonesian.language = Some("id".parse().unwrap());
    let labeller =
        Labeller::new(&[set(vec![english, indonesian, rule("any", &["barang"])])]).unwrap();
    let count = |language: Option<&str>| {
        let language = language.map(|it| it.parse().unwrap());
        labeller.propose("barang", language.as_ref()).len()
    };
    assert_eq!(count(Some("id-ID")), 2);
    assert_eq!(count(Some("vi")), 1);
    assert_eq!(count(None), 3);
    let range: LanguageRange = "id".parse().unwrap();
    assert!(!range.takes(&"ids".parse().unwrap()), "another language that starts alike");
}

#[test]
fn at_most_sixteen_places_are_named() {
    let labeller = Labeller::new(&[set(vec![rule("r", &["a"])])]).unwrap();
    assert_eq!(spoken(&labeller, &"a ".repeat(40)).len(), 16);
}

#[test]
fn errors_name_the_rule_and_the_place() {
    let message = |rules: Vec<Rule>| Labeller::new(&[set(rules)]).unwrap_err().to_string();
    insta::assert_snapshot!(message(vec![rule("greet", &["ok", "chào (bạn"])]), @"rule acme:greet, patterns[1], character 6: unclosed group");
    insta::assert_snapshot!(message(vec![rule("greet", &[r"\p{Foo}"])]), @"rule acme:greet, patterns[0], character 1: Unicode property not found");
    insta::assert_snapshot!(message(vec![rule("greet", &["(ok)?"])]), @"rule acme:greet, patterns[0]: it matches the empty text, and so every message");
    insta::assert_snapshot!(message(vec![rule("greet", &["(?x) ok # fine"])]), @"rule acme:greet, patterns[0], character 14: it cannot be followed by anything: end the comment of (?x) with a new line");
    insta::assert_snapshot!(message(vec![rule("greet", &[])]), @"rule acme:greet has no pattern: give it one, or take it out");
    insta::assert_snapshot!(message(vec![rule("a", &["x"]), rule("a", &["y"])]), @"rule acme:a is there twice: a label could not say which one proposed it");

    let mut excepted = rule("greet", &["ok"]);
    excepted.unless = vec!["[z-a]".to_owned()];
    insta::assert_snapshot!(message(vec![excepted]), @"rule acme:greet, unless[0], character 2: invalid character class range, the start must be <= the end");

    let huge = message(vec![rule("huge", &[r"((\w{900}){900}){900}"])]);
    assert!(huge.starts_with("rule acme:huge, patterns: they take more than"), "{huge}");
    let twice = [set(vec![rule("a", &["x"])]), set(vec![rule("b", &["x"])])];
    let error = Labeller::new(&twice).unwrap_err();
    assert_eq!(error, RuleSetError::DuplicateSet { set: "acme".parse().unwrap() });
}

#[test]
fn an_unknown_key_is_named() {
    let of_set = "id = 'a'\nversion = 1\nlanguage = '*'\nrules = []\nlangauge = 'id'\n";
    let error = toml::from_str::<RuleSet>(of_set).unwrap_err().to_string();
    assert!(error.contains("unknown field `langauge`"), "{error}");
    let of_rule = r#"{"id":"a","version":1,"language":"*","rules":[
        {"id":"r","label":{"topic":"x"},"weight":1,"pattern":["x"]}]}"#;
    let error = serde_json::from_str::<RuleSet>(of_rule).unwrap_err().to_string();
    assert!(error.contains("unknown field `pattern`"), "{error}");
    let heavy =
        of_rule.replace("\"pattern\"", "\"patterns\"").replace(":1,\"pattern", ":1.5,\"pattern");
    let error = serde_json::from_str::<RuleSet>(&heavy).unwrap_err().to_string();
    assert!(error.contains("1.5 is not a confidence: expected a number from 0 to 1"), "{error}");
}

#[test]
fn debug_shows_no_text() {
    let shown = format!("{:?}", MessageText::new("Siti, Jakarta"));
    assert_eq!(shown, "MessageText { text: (13 chars), language: None }");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s)([a-z ?.,ạđƯ\u{300}\u{200d}0-9]|.){0,60}") {
        thread_local! {
            static LABELLER: std::cell::OnceCell<Labeller> = const { std::cell::OnceCell::new() };
        }
        LABELLER.with(|cell| {
            let labeller = cell.get_or_init(|| {
                Labeller::new(&RetailRules::ALL.map(RetailRules::rule_set)).unwrap()
            });
            for proposal in labeller.propose(&text, None) {
                prop_assert!(!proposal.spans.is_empty());
                prop_assert!(proposal.spans.iter().all(|it| it.of(&text).is_some_and(|it| !it.is_empty())));
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_pattern_compiles_or_is_an_error(pattern in r"[\\a-zà(){}\[\]|*+?#^$.:,0-9 ]{0,16}") {
        if let Ok(labeller) = Labeller::new(&[set(vec![rule("r", &[&pattern])])]) {
            drop(labeller.propose("à a 0", None));
        }
    }
}
