use super::{Whole, cells, read, trickle, whole};
use kontak_examples::Table;

const CSV: &str = "id,họ tên,phone\n1,Nguyễn Văn An,0912\n2,Böhm 王杰 🦀,0913\n";

fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn utf_8_with_and_without_a_mark() {
    let expected = ["1|Nguyễn Văn An|0912", "2|Böhm 王杰 🦀|0913"];
    assert_eq!(cells(CSV), expected);
    assert_eq!(cells(format!("\u{feff}{CSV}")), expected);
    let table = Table::read("input", "\u{feff}\"id\",phone\n".as_bytes()).unwrap();
    assert_eq!(table.columns(), ["id", "phone"]);
}

#[test]
fn utf_16_of_both_kinds_with_and_without_a_mark() {
    let expected = read(CSV).rows;
    for (unit, name) in
        [(u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16 LE"), (u16::to_be_bytes, "UTF-16 BE")]
    {
        for text in [CSV.to_owned(), format!("\u{feff}{CSV}")] {
            let bytes = utf_16(&text, unit);
            let Whole { rows, complaints, notes } = read(&bytes);
            assert_eq!((&rows, complaints.rows()), (&expected, 0), "{name}");
            assert_eq!(notes, [format!("input is {name}")]);
        }
    }
}

#[test]
fn utf_16_in_any_pieces_and_broken_off() {
    let text = format!("\u{feff}{}", CSV.replace('\n', "\r\n"));
    let long = text.clone() + &"3,🦀🦀🦀,0914\r\n".repeat(20_000);
    for most in [1, 3, 4_097] {
        let bytes = utf_16(&long, u16::to_le_bytes);
        let Whole { rows, .. } = whole(Table::read("input", trickle(&bytes, most)).unwrap());
        assert_eq!(rows.len(), 20_002);
        assert_eq!(rows[20_001].1, ["3", "🦀🦀🦀", "0914"]);
    }
    let mut bytes = utf_16(&text, u16::to_le_bytes);
    bytes.truncate(bytes.len() - 5);
    assert_eq!(cells(&bytes).last().map(String::as_str), Some("2|Böhm 王杰 🦀|091\u{fffd}"));
}

#[test]
fn rows_that_are_not_utf_8_are_read_as_windows_1252_and_said_so() {
    let csv = b"id,name\n1,Ana\n2,J\xF6rg \x96 \x80\n3,\"Mu\xF1oz, J\"\n4,B\xC3\xB6hm\n";
    let Whole { rows, complaints, notes } = read(csv);
    let names: Vec<&str> = rows.iter().map(|(_, row)| row[1].as_str()).collect();
    assert_eq!(names, ["Ana", "Jörg – €", "Muñoz, J", "Böhm"]);
    assert_eq!(complaints.rows(), 0);
    let told = "input: 2 rows not in UTF-8, read as Windows-1252, the first in line 3";
    assert_eq!(notes, [told]);

    let table = Table::read("input", &b"id,pr\xE9nom\n1,x\n"[..]).unwrap();
    assert_eq!(table.columns(), ["id", "prénom"]);
}

#[test]
fn half_characters_in_neighbouring_cells_stay_apart() {
    assert_eq!(cells(b"id,a,b\n1,\"\xC3\",\"\xA9\"\n"), ["1|Ã|©"]);
}

#[test]
fn in_a_file_marked_as_utf_8_other_bytes_are_a_bad_row() {
    let Whole { rows, complaints, .. } = read(b"\xEF\xBB\xBFid,name\n1,J\xF6rg\n2,Ana\n");
    assert_eq!(rows, [(3, vec!["2".into(), "Ana".into()])]);
    assert!(complaints.to_string().contains("line 2: not UTF-8, though the file is marked"));
}
