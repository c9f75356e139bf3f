//! Words that are counted: which ones, and that order does not matter.

use chrono::NaiveDate;
use kontak_conversation::label::{
    Interaction, Label, Style, TermCount, TermCounts, TermReader, Terms,
};
use proptest::prelude::*;
use std::num::NonZeroUsize;

fn read(text: &str, language: Option<&str>) -> Vec<String> {
    let language = language.map(|it| it.parse().unwrap());
    TermReader::starter().read(text, language.as_ref()).iter().map(str::to_owned).collect()
}

#[test]
fn personal_data_is_left_out() {
    for (text, language, expected) in [
        ("Halo, nama saya budi santoso, kulkas saya bocor", Some("id"), vec!["bocor", "kulkas"]),
        ("pak budi kirim kulkas", Some("id"), vec!["kirim", "kulkas"]),
        ("Saya Budi Santoso mau tanya kulkas", Some("id"), vec!["kulkas"]),
        ("Budi Santoso pesan kulkas", Some("id"), vec!["kulkas", "pesan"]),
        ("a/n Siti Rahma: kulkas", Some("id"), vec!["kulkas"]),
        (
            "hubungi 0812-3456-7890 atau +62 812 3456 atau budi@mail.co.id",
            Some("id"),
            vec!["hubungi"],
        ),
        ("cek https://toko.example/u/budi dan www.toko.id dan @budi.s", Some("id"), vec!["cek"]),
        ("plat B1234XYZ resi JP0012345", Some("id"), vec!["plat", "resi"]),
        ("Tên tôi là nguyễn văn an, máy lạnh hỏng", Some("vi"), vec!["hỏng", "lạnh", "máy"]),
        ("cho gặp anh Minh về máy lạnh", Some("vi"), vec!["gặp", "lạnh", "máy"]),
        ("Please ask Mr. Smith about the kettle", Some("en"), vec!["ask", "kettle"]),
        ("KETTLE BROKEN", Some("en"), vec!["broken", "kettle"]),
        ("I can’t open the lid", Some("en"), vec!["lid", "open"]),
        (&"x".repeat(33), None, vec![]),
        ("", None, vec![]),
    ] {
        assert_eq!(read(text, language), expected, "{text}");
    }
}

#[test]
fn stop_words_are_of_the_language_or_of_all() {
    assert_eq!(read("yang the của kettle", Some("en")), ["của", "kettle", "yang"]);
    assert_eq!(read("yang the của kettle", None), ["kettle"]);
    assert_eq!(read("khong the mua", Some("vi")), ["mua"], "stop words without marks too");
}

#[test]
fn debug_shows_no_words() {
    let terms = TermReader::starter().read("kettle", None);
    assert_eq!(format!("{terms:?}"), "(1 terms)");
    let mut counts = TermCounts::default();
    counts.add(&Style::Casual.into(), "2026-03-01".parse().unwrap(), &terms);
    assert!(!format!("{counts:?} {:?}", counts.cells().next()).contains("kettle"));
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

#[test]
fn beyond_the_limit_counts_stay_exact_and_the_rest_is_counted_together() {
    let reader = TermReader::new([]);
    let label = Label::from(Interaction::Complains);
    let mut counts = TermCounts::new(NonZeroUsize::new(3).unwrap());
    for text in ["alpha bravo charlie", "alpha delta echo", "alpha delta foxtrot"] {
        counts.add(&label, day(1), &reader.read(text, None));
    }
    let cell = counts.cell(&label, day(1)).unwrap();
    assert!(!cell.is_exact());
    assert_eq!(cell.texts(), 3);
    let truth =
        [("alpha", 3), ("bravo", 1), ("charlie", 1), ("delta", 2), ("echo", 1), ("foxtrot", 1)];
    let mut kept = 0;
    for (term, times) in truth {
        match cell.count(term) {
            TermCount::Exact(count) => {
                assert_eq!(count, times, "{term}");
                kept += count;
            }
            TermCount::AtMost(most) => assert!(most >= times, "{term}"),
        }
    }
    assert_eq!(kept + cell.others(), 9);
    assert_eq!(cell.frequent(0).len(), 3);
}

#[test]
fn old_days_are_handed_out_and_unused_words_forgotten() {
    let reader = TermReader::new([]);
    let label = Label::topic("stock").unwrap();
    let mut counts = TermCounts::default();
    for at in 1..=4 {
        counts.add(&label, day(at), &reader.read("kettle lid", None));
    }
    assert_eq!(counts.over(&label, day(2)..=day(3)).frequent(2), [("kettle", 2), ("lid", 2)]);
    assert_eq!(counts.over(&label, day(3)..=day(2)).texts(), 0);
    let old = counts.take_before(day(3));
    assert_eq!((old.cells().count(), counts.cells().count()), (2, 2));

    counts.subtract(&label, day(3), &reader.read("kettle lid", None));
    assert_eq!(counts.cell(&label, day(3)).unwrap().frequent(0), []);
    counts.forget_unused();
    assert_eq!(counts.cells().count(), 1);
    counts.merge(&old);
    counts.unmerge(&old);
    counts.forget_unused();
    assert_eq!(counts.cells().count(), 1);
}

/// A text of a few words, counted or taken out, under a label, on a day.
#[derive(Clone, Debug)]
struct Step {
    adds: bool,
    label: Label,
    day: NaiveDate,
    words: String,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let words = proptest::collection::vec("[a-e]{2}", 0..5).prop_map(|it| it.join(" "));
    let label = prop_oneof![Just(Label::from(Style::Casual)), Just(Label::topic("x").unwrap())];
    let step = (any::<bool>(), label, 1..3_u32, words).prop_map(|(adds, label, at, words)| Step {
        adds,
        label,
        day: day(at),
        words,
    });
    proptest::collection::vec(step, 0..40)
}

fn terms(step: &Step) -> Terms {
    TermReader::new([]).read(&step.words, None)
}

fn count(limit: usize, steps: &[Step]) -> TermCounts {
    let mut counts = TermCounts::new(NonZeroUsize::new(limit).unwrap());
    for step in steps {
        if step.adds {
            counts.add(&step.label, step.day, &terms(step));
        } else {
            counts.subtract(&step.label, step.day, &terms(step));
        }
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_order_and_any_grouping_count_the_same(
        (straight, shuffled) in steps().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        limit in 1..12_usize,
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..4),
    ) {
        let whole = count(limit, &straight);
        prop_assert_eq!(&count(limit, &shuffled), &whole);

        let mut borders: Vec<_> = cuts.iter().map(|it| it.index(shuffled.len() + 1)).collect();
        borders.extend([0, shuffled.len()]);
        borders.sort_unstable();
        let mut merged = TermCounts::new(NonZeroUsize::new(limit + 3).unwrap());
        for pair in borders.windows(2).rev() {
            merged.merge(&count(limit, &shuffled[pair[0]..pair[1]]));
        }
        if !shuffled.is_empty() {
            prop_assert_eq!(&merged, &whole);
        }
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::from_str::<TermCounts>(&json).unwrap(), &whole);
        let bytes = postcard::to_allocvec(&whole).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<TermCounts>(&bytes).unwrap(), &whole);
    }

    #[test]
    fn what_is_kept_is_exact(steps in steps(), limit in 1..12_usize) {
        let bounded = count(limit, &steps);
        let exact = count(1_000, &steps);
        for (label, at, cell) in bounded.cells() {
            let truth = exact.cell(label, at).unwrap();
            prop_assert_eq!(cell.texts(), truth.texts());
            let mut kept = 0;
            for a in 'a'..='e' {
                for b in 'a'..='e' {
                    let term: String = [a, b].iter().collect();
                    if let TermCount::Exact(times) = cell.count(&term) {
                        prop_assert_eq!(truth.count(&term), TermCount::Exact(times));
                        kept += times;
                    }
                }
            }
            let all: i64 = steps.iter().filter(|it| it.label == *label && it.day == at).map(|it| {
                let words = terms(it).iter().count() as i64;
                if it.adds { words } else { -words }
            }).sum();
            prop_assert_eq!(kept + cell.others(), all);
        }
    }

    #[test]
    fn unmerge_takes_back_what_merge_brought(a in steps(), b in steps(), limit in 1..12_usize) {
        let mut counts = count(limit, &a);
        let before = counts.clone();
        counts.merge(&count(limit, &b));
        counts.unmerge(&count(limit, &b));
        for (label, at, cell) in before.cells() {
            let after = counts.cell(label, at).unwrap();
            prop_assert_eq!(after.texts(), cell.texts());
            for (term, times) in after.frequent(1) {
                prop_assert_eq!(cell.count(term), TermCount::Exact(times));
            }
        }
    }

    #[test]
    fn any_text_is_read_and_holds_no_digit(text in "(?s)([a-zA-Z0-9@.ạđƯ\u{300}' ]|.){0,60}") {
        for term in TermReader::starter().read(&text, None).iter() {
            prop_assert!(term.chars().count() >= 2 && term.chars().count() <= 32);
            prop_assert!(!term.chars().any(char::is_numeric));
            prop_assert!(!term.contains('@'));
        }
    }
}
