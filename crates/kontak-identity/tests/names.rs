//! Names of people who share a phone or a mailbox: who is one, and who is family.

use std::collections::BTreeMap;
use std::path::Path;

use kontak_identity::name::{NameMatch, PersonName};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, proptest};
use proptest::sample::select;

#[track_caller]
fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap_or_else(|| panic!("{text:?} is a name"))
}

#[track_caller]
fn compare(one: &str, other: &str) -> NameMatch {
    let (a, b) = (name(one), name(other));
    let verdict = a.compare(&b);
    assert_eq!(verdict, b.compare(&a), "{one} | {other} is not symmetric");
    verdict
}

/// Every two of these may be one person.
#[track_caller]
fn one_person(names: &[&str]) {
    for (at, one) in names.iter().enumerate() {
        for other in &names[at..] {
            assert!(
                compare(one, other).is_compatible(),
                "{one} | {other}: {:?}",
                compare(one, other)
            );
        }
    }
}

/// Every two of these are two people.
#[track_caller]
fn different_people(names: &[&str]) {
    for (at, one) in names.iter().enumerate() {
        for other in &names[at + 1..] {
            assert_eq!(compare(one, other), NameMatch::Differs, "{one} | {other}");
        }
    }
}

#[test]
fn indonesian_and_vietnamese_pairs() {
    let mut table = csv::Reader::from_reader(include_bytes!("names/id_vi.csv").as_slice());
    let mut rows = 0;
    let mut wrong = Vec::new();
    for row in table.records() {
        let row = row.expect("the table is well-formed");
        let [one, other, expected, why] = [0, 1, 2, 3].map(|at| &row[at]);
        let verdict = compare(one, other);
        let word = match verdict {
            NameMatch::Same => "same",
            NameMatch::Compatible => "compatible",
            NameMatch::Differs => "differs",
            _ => "cannot_tell",
        };
        if word != expected {
            wrong.push(format!("{one} | {other}: {word}, not {expected}: {why}"));
        }
        rows += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows >= 160, "{rows} rows");
}

// The names of the pairs that follow are those of Senzing's truth set.

#[test]
fn misspelled_names_are_one_person() {
    one_person(&["Wiest George", "Weest George"]);
    one_person(&["Thompson Zara", "Tompson Sarah", "Thompson Sahra"]);
    one_person(&["Keeley Jones", "Jones, Kaylee"]);
    one_person(&["Kristen Salinger", "Salenger, Kristin"]);
    one_person(&["D'esquire Ellie", "Desqueir Ellie"]);
    one_person(&["Ohare Ellie", "O'hare Ellie"]);
    one_person(&["Miller Mark", "Milner Mark"]);
    one_person(&["Kellar Kandace", "Kellar Candace"]);
    one_person(&["Kusha Mary", "Kusha Marie"]);
    one_person(&["Antoun Mohamed", "Antoun Muhammed", "Antoun Mhd"]);
    one_person(&["Garski Luis", "Garsky Louis"]);
    one_person(&["Mooney Susan", "Mooney Susanne", "Moonie Susan", "Moony Susan"]);
    one_person(&["Toulouse Lee", "Toulouse Leigh"]);
    one_person(&["Frankens George", "Frankens Georg"]);
    one_person(&["Klempski Morris", "Klempsky Morrie"]);
    one_person(&["Aguilar Juan", "Aguilar Juann"]);
    one_person(&["Aguilar Anna Maria", "Aguilar Anna Marie"]);
    one_person(&["Becker Anabella", "Becker Annabelle"]);
    one_person(&["Rosemay A Thomas", "Thomas Rosemary A"]);
    one_person(&["Brown Jeffrey", "Brown Jr Geoffrey"]);
}

#[test]
fn nicknames_and_initials_are_one_person() {
    one_person(&["Smith Robert", "Smith Bob", "Smith Bob J", "Smith B"]);
    one_person(&["Roderick Ray", "Roderick R"]);
    one_person(&["Kusha Edward", "Kusha Eddie"]);
    one_person(&["Knight Ed", "Knight Eddie"]);
    one_person(&["Anderson Andrew", "Anderson Andy"]);
    one_person(&["Anderson Anna", "Anderson Annabelle"]);
    one_person(&["Howard Hughes", "Hughes, Howie"]);
    one_person(&["Margaret Charney", "Charney, Peggie"]);
    one_person(&["Alexopoulos Anastassia", "Alexopoulos, Nastassia"]);
    one_person(&["Smith Patrick", "Smith Pat"]);
    one_person(&["Smith Patricia", "Smith Pat"]);
}

#[test]
fn a_longer_form_of_a_name_is_one_person() {
    for shorter in ["Sentosa Maria", "Medina Maria", "Sentosa Maria Luis", "M Sentosa Maria Luis"] {
        one_person(&[shorter, "Medina Sentosa Maria Luis"]);
    }
    one_person(&["Sanchez Marie", "Sanchez Mendoza Marie"]);
    one_person(&["Susan Meyer", "Susan Meyer Thomas"]);
    one_person(&["Smith Beau", "Beau"]);
    // Either may be the bearer of both names; by themselves they are Ellie D'esquire and Ellie Ohare.
    different_people(&["Sentosa Maria", "Medina Maria"]);
}

#[test]
fn a_family_is_several_people() {
    different_people(&["Kusha Edward", "Kusha Mary", "Kusha Mark", "Kusha Marsha"]);
    different_people(&["Robert Smith Sr", "Robert Smith Jr"]);
    different_people(&["Smith Sr Robert E", "Robert Smith II"]);
    different_people(&["Dobbins Jr David", "Dobbins Senior David"]);
    different_people(&["Klein Morris I", "Klein Morris II", "Klein Morris III"]);
    different_people(&["Smith Patrick", "Smith Patricia"]);
    different_people(&["Anderson Darla", "Anderson Darlene", "Anderson Darletta"]);
    different_people(&["Anderson Andrew", "Anderson Anna"]);
    different_people(&["Muir Jim", "Muir Jane"]);
    one_person(&["Muir Jim", "Muir J"]);
    one_person(&["Muir Jane", "Muir J"]);
    assert!(compare("Robert Smith", "Robert Smith Jr").is_compatible());
    different_people(&["H. Smith", "Kate Smith", "Gus Smith"]);
}

#[test]
fn colleagues_are_several_people() {
    different_people(&["Ellie D'esquire", "Ellie Ohare"]);
    different_people(&[
        "Swarm Jorg",
        "Barge Jorge",
        "Gray Gaston",
        "Howard Henry",
        "Inverness Inez",
        "Jackson Julia",
        "Kellar Kandace",
        "Leonard Leslie",
        "Miller Millie",
        "Nice Nelson",
        "Otter Otto",
        "Pemberton Penny",
        "Sanders Sandy",
        "Muir Jim",
        "Anderson Anna",
    ]);
    different_people(&["Smith Magdalena", "Jones Magdalena"]);
    different_people(&["Wang Wei", "Zhang Wei", "Wang Jie"]);
}

#[test]
fn a_family_name_alone_tells_nothing() {
    assert_eq!(compare("Smith", "Smith Bob"), NameMatch::CannotTell);
    assert_eq!(compare("Smith", "Smith J"), NameMatch::CannotTell);
    assert_eq!(compare("Jones, Kaylee", "Jones"), NameMatch::CannotTell);
}

/// Either word could be the one meant, and only the longer one counts.
#[test]
fn a_tie_does_not_depend_on_the_order() {
    for (short, long) in [("Wilsen", "Wilmsan"), ("Wilsen", "Wilmson")] {
        let verdicts = [format!("{short} {long}"), format!("{long} {short}")]
            .map(|other| compare("Wilmsen", &other));
        assert_eq!(verdicts[0], verdicts[1], "{short} {long}");
    }
}

#[test]
fn another_script_tells_nothing() {
    assert_eq!(compare("Alexander Vasiliev", "ВАСИЛЬЕВ, Александр"), NameMatch::CannotTell);
    assert_eq!(compare("Kim Dara", "គឹម តារា"), NameMatch::CannotTell);
    assert_eq!(compare("Faisal Siddiqui", "فيصل صديقي"), NameMatch::CannotTell);
    assert_eq!(compare("Wang Wei (王伟)", "王伟"), NameMatch::CannotTell);
    assert_eq!(compare("Wang Wei 王伟", "王伟"), NameMatch::Compatible);
    assert!(compare("Владимир Путин", "ПУТИН Владимир").is_compatible());
    different_people(&["Илиана Йорданова", "Илиана Йотова"]);
    different_people(&["김정은", "김종은"]);
}

#[test]
fn what_is_no_name_is_not_read_as_one() {
    for text in [
        "",
        " ",
        "-",
        ".",
        "...",
        "N/A",
        "n/a",
        "NA",
        "null",
        "none",
        "unknown",
        "tidak ada",
        "Tanpa Nama",
        "no name",
        "customer",
        "Customer 12",
        "pelanggan",
        "user12345",
        "Guest",
        "tamu",
        "Khách hàng",
        "khach hang",
        "Khách",
        "test",
        "🌸",
        "🌸✨",
        "~~~",
        "12345",
        "+62 812-3456-7890",
        "budi@example.com",
        "https://example.com/budi",
        "Pak",
        "Bu",
        "Bapak",
        "Mr.",
        "Mama",
        "A",
        "x",
        "PT",
        "\u{200b}",
        "(  )",
    ] {
        assert!(PersonName::parse(text).is_none(), "{text:?}");
    }
    for text in [
        "An",
        "Ba",
        "Anh",
        "Vy",
        "Gus",
        "Li",
        "Testa Rossa",
        "Maria Sentosa<msentosa@fmail.com>",
        "@siti",
    ] {
        assert!(PersonName::parse(text).is_some(), "{text:?}");
    }
}

#[test]
fn composed_and_decomposed_marks_are_one() {
    let decomposed = "Nguye\u{302}\u{303}n Va\u{306}n Hu\u{300}ng";
    assert_eq!(compare("Nguyễn Văn Hùng", decomposed), NameMatch::Same);
    assert_eq!(compare("Nguyễn Văn Hưng", decomposed), NameMatch::Differs);
}

#[test]
fn debug_shows_no_name() {
    assert_eq!(format!("{:?}", name("Budi Santoso")), "PersonName(2 words)");
}

/// The labelled pairs of nomenklatura: most of its negatives are made to deceive.
#[test]
fn labelled_pairs_are_told_apart() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/names/name_pairs.csv");
    let Ok(mut pairs) = csv::Reader::from_path(&path) else {
        println!("skipped: the optional data folder is not there");
        return;
    };
    let mut counts: BTreeMap<(bool, bool), [u32; 4]> = BTreeMap::new();
    for row in pairs.records() {
        let row = row.expect("the file is well-formed");
        let (is_person, is_one) = (&row[1] == "Person", &row[4] == "true");
        let names = PersonName::parse(&row[2]).zip(PersonName::parse(&row[3]));
        let verdict = names.map_or(NameMatch::CannotTell, |(one, other)| one.compare(&other));
        counts.entry((is_person, is_one)).or_default()[verdict as usize] += 1;
    }
    for (is_person, kind) in [(true, "people"), (false, "organisations, ships and such")] {
        for (is_one, label) in [(false, "two"), (true, "one")] {
            let [same, compatible, cannot_tell, differs] = counts[&(is_person, is_one)];
            println!(
                "{kind}, labelled {label}: same {same}, compatible {compatible}, cannot tell {cannot_tell}, differs {differs}"
            );
        }
    }
    let [same, compatible, cannot_tell, differs] = counts[&(true, false)];
    let joined_wrongly =
        f64::from(same + compatible) / f64::from(same + compatible + cannot_tell + differs);
    let [same, compatible, cannot_tell, differs] = counts[&(true, true)];
    let kept = f64::from(same + compatible + cannot_tell)
        / f64::from(same + compatible + cannot_tell + differs);
    println!(
        "people: {:.1} % of two taken for one, {:.1} % of one not torn apart",
        100.0 * joined_wrongly,
        100.0 * kept
    );
    assert!(joined_wrongly <= 0.025, "{joined_wrongly}");
    assert!(kept >= 0.70, "{kept}");
}

/// Words of many kinds: names, titles, particles, initials, slips, marks, scripts, decoration.
fn word() -> impl Strategy<Value = String> {
    const WORDS: [&str; 60] = [
        "Budi",
        "Santoso",
        "Santosa",
        "Siti",
        "Aminah",
        "Muhammad",
        "M.",
        "Rizky",
        "Riski",
        "Soekarno",
        "Sukarno",
        "Nur",
        "Hidayat",
        "Nurhidayat",
        "Robert",
        "Bob",
        "Smith",
        "Jr",
        "Sr",
        "Anna",
        "Annabelle",
        "Anastasia",
        "Nguyễn",
        "Nguyen",
        "Văn",
        "Thị",
        "Hùng",
        "Hưng",
        "Hung",
        "An",
        "Anh",
        "Minh",
        "Lê",
        "Pak",
        "Bu",
        "Mr",
        "bin",
        "al",
        "Hasan",
        "Ali",
        "Kristen",
        "Kristin",
        "Thompson",
        "Tompson",
        "Miller",
        "Milner",
        "Mama",
        "PT",
        "Toko",
        "Алиса",
        "王伟",
        "S.Kom",
        "B",
        "S",
        "user99",
        "🌸",
        "Abdul",
        "Rahman",
        "Abdurrahman",
        "Customer",
    ];
    select(&WORDS[..]).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    let separator = select(&[" ", "  ", ", ", "-", ".", " (", "_"][..]);
    prop::collection::vec((word(), separator), 1..7)
        .prop_map(|parts| parts.into_iter().map(|(word, separator)| word + separator).collect())
}

proptest! {
    #[test]
    fn anything_can_be_parsed(text in any::<String>(), other in "\\PC{0,40}") {
        let names = PersonName::parse(&text).zip(PersonName::parse(&other));
        if let Some((one, other)) = names {
            prop_assert_eq!(one.compare(&other), other.compare(&one));
            prop_assert_eq!(one.compare(&one), NameMatch::Same);
        }
    }

    #[test]
    fn a_name_is_its_own(text in text()) {
        if let Some(name) = PersonName::parse(&text) {
            prop_assert_eq!(name.compare(&name), NameMatch::Same);
        }
    }

    #[test]
    fn comparing_is_symmetric(one in text(), other in text()) {
        if let Some((one, other)) = PersonName::parse(&one).zip(PersonName::parse(&other)) {
            prop_assert_eq!(one.compare(&other), other.compare(&one));
        }
    }

    /// Where no word is a title, a particle or a Vietnamese family name, whose place has a meaning.
    #[test]
    fn the_order_of_words_is_free(
        (words, shuffled) in prop::collection::vec(plain_word(), 1..6)
            .prop_flat_map(|words| (Just(words.clone()), Just(words).prop_shuffle())),
        other in prop::collection::vec(plain_word(), 1..6),
    ) {
        let (one, shuffled, other) = (name(&words.join(" ")), name(&shuffled.join(" ")), name(&other.join(" ")));
        prop_assert_eq!(one.compare(&shuffled), NameMatch::Same);
        prop_assert_eq!(one.compare(&other), shuffled.compare(&other));
    }
}

fn plain_word() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "Budi",
            "Santoso",
            "Santosa",
            "Aminah",
            "Rizky",
            "Riski",
            "Soekarno",
            "Sukarno",
            "Robert",
            "Roberto",
            "Bob",
            "Smith",
            "Anna",
            "Annabelle",
            "Kristen",
            "Kristin",
            "Krister",
            "Thompson",
            "Tompson",
            "Tomson",
            "Miller",
            "Milner",
            "Millner",
            "Hidayat",
            "Nurhidayat",
            "Nurul",
            "Hasan",
            "Hassan",
            "Muhammad",
            "Mohamad",
        ][..],
    )
}
