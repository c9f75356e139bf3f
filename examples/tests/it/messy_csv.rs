use super::{Whole, cells, read, refused, trickle, whole};
use kontak_examples::{Complaints, Table, TableError};

/// The reasons and the first places of what was left out.
fn complaints(input: impl AsRef<[u8]>) -> String {
    read(input).complaints.to_string()
}

#[test]
fn quoted_delimiters_marks_and_line_breaks_are_part_of_the_value() {
    let csv =
        "id,name,note\n1,\"Smith, Bob\",\"said \"\"hi\"\"\"\n2,Ana,\"two\nlines\"\n3,\"\",x\n";
    assert_eq!(cells(csv), ["1|Smith, Bob|said \"hi\"", "2|Ana|two\nlines", "3||x"]);
}

#[test]
fn rows_carry_the_line_where_they_begin() {
    let csv = "\n\nid,note\n1,\"a\nb\nc\"\n\n \n2,x\n,\n3,y";
    let lines: Vec<u64> = read(csv).rows.into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [4, 9, 11]);
}

#[test]
fn line_ends_of_all_machines() {
    let expected = ["1|a", "2|b"];
    for end in ["\n", "\r\n", "\r"] {
        let csv = ["id,name", "1,a", "2,\"b\""].join(end);
        assert_eq!(cells(&csv), expected, "{end:?}, no end of the last line");
        let csv = csv + end;
        assert_eq!(cells(&csv), expected, "{end:?}");
        let lines: Vec<u64> = read(&csv).rows.into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [2, 3], "{end:?}");
    }
}

#[test]
fn delimiters_are_guessed_by_what_fits_the_rows() {
    for (delimiter, note) in [
        (";", "input has ';' between its values"),
        ("\t", "input has tabs between its values"),
        ("|", "input has '|' between its values"),
    ] {
        let csv = ["id,name,phone", "1,Smith Bob,0812", "2,Tan Ana,0813"].join("\n");
        let csv = csv.replace(',', delimiter).replace(' ', ", ");
        let Whole { rows, notes, .. } = read(csv);
        assert_eq!(rows[1].1, ["2", "Tan, Ana", "0813"]);
        assert_eq!(notes, [note]);
    }
    assert_eq!(cells("sep=;\r\nid;name\r\n1;a,b\r\n"), ["1|a,b"]);
    assert_eq!(cells("name,phone;mobile\nAna,0812\n"), ["Ana|0812"]);
}

#[test]
fn one_column_is_a_table_too() {
    let Whole { rows, complaints, .. } = read("phone\n0812 3456 7890\n\n+62 813 1111 2222\n");
    assert_eq!(rows, [(2, vec!["0812 3456 7890".into()]), (4, vec!["+62 813 1111 2222".into()])]);
    assert_eq!(complaints.rows(), 0);
}

#[test]
fn ragged_rows_are_left_out_with_their_line() {
    let csv = "id,name,phone\n1,a\n2,b,0812,x\n3,c,0813,,\n4,d,0814\n";
    assert_eq!(cells(csv), ["3|c|0813", "4|d|0814"]);
    assert_eq!(
        complaints(csv),
        "2 rows left out:\n\
         \u{20}      1  fewer cells than the heading has\n\
         \u{20}      1  more cells than the heading has\n\
         \u{20}   line 2: fewer cells than the heading has\n\
         \u{20}   line 3: more cells than the heading has\n",
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_one_row() {
    let csv = "id,name\n1,\"Bob\n2,Ana\n3,Eve\n";
    assert_eq!(cells(csv), ["2|Ana", "3|Eve"]);
    assert!(complaints(csv).contains("line 2: a quotation mark is never closed"));

    // The next mark closes it in an odd place: the row between must not be swallowed.
    let csv = "id,name\n1,\"Bob\n2,Ana\n3,\"Eve\"\n4,Tom\n";
    assert_eq!(cells(csv), ["2|Ana", "3|Eve", "4|Tom"]);
    assert!(complaints(csv).contains("line 2: a quotation mark is never closed"));
}

#[test]
fn an_open_mark_in_a_long_file_is_bounded() {
    let mut csv = String::from("id,name\n0,\"open\n");
    for row in 1..200_000 {
        csv += &format!("{row},somebody\n");
    }
    assert!(csv.len() > 2 << 20);
    let Whole { rows, complaints, .. } = read(csv);
    assert_eq!((rows.len(), complaints.rows()), (199_999, 1));
}

#[test]
fn a_row_that_is_too_long_is_left_out_and_reading_goes_on() {
    let csv = format!("id,name\n1,{}\n2,Ana\n", "x".repeat(3 << 20));
    assert_eq!(cells(&csv), ["2|Ana"]);
    assert!(complaints(&csv).contains("line 2: longer than 1 MiB"));
    let csv = format!("id,name\n1,\"{}\"\n2,Ana\n", "x\n".repeat(100_000));
    assert_eq!(read(csv).rows[1], (100_003, vec!["2".into(), "Ana".into()]));
}

#[test]
fn nul_bytes_and_repeated_headings_are_left_out() {
    let csv = "id,name\n1,Ana\n2,Bob\0\n3,b\nid,name\n4,c\n";
    assert_eq!(cells(csv), ["1|Ana", "3|b", "4|c"]);
    let told = complaints(csv);
    assert!(told.contains("line 3: a NUL byte"), "{told}");
    assert!(told.contains("line 5: the heading once more"), "{told}");
}

#[test]
fn what_stands_for_nothing_is_nothing_but_names_stay() {
    let csv = "id,a,b,c,d\n1, NULL ,-,n/a,\u{a0}x\u{a0}\n2,Null,Nan,None,NaN\n";
    assert_eq!(cells(csv), ["1||||x", "2|Null|Nan||"]);
}

#[test]
fn headings_are_cleaned_and_each_once() {
    let table = Table::read("input", " id ,\"Phone\n number\",phone,Phone,,x,,\n".as_bytes());
    let expected = ["id", "Phone number", "phone", "Phone (2)", "column 5", "x"];
    assert_eq!(table.unwrap().columns(), expected);
}

#[test]
fn empty_files_and_files_without_a_heading_are_refused() {
    for empty in ["", "\n\n", " \r\n", "\u{feff}", "\u{feff}\n"] {
        assert_eq!(refused(empty).to_string(), "input is empty", "{empty:?}");
    }
    assert_eq!(read("id,phone\n").rows, []);
    assert_eq!(read("id,phone").rows, []);
    let error = refused("1001,Ana,0812-3456-7890\n1002,Bob,0813-1111-2222\n");
    assert!(matches!(error, TableError::NoHeading { cell: 3, .. }));
    assert!(!error.to_string().contains("0812"), "an error never shows a value: {error}");
    assert!(matches!(refused("Ana,ana@example.com\n"), TableError::NoHeading { cell: 2, .. }));
    assert!(matches!(refused("id,name,telephone,ma\0il\n"), TableError::BadHeading { .. }));
}

#[test]
fn files_that_are_no_tables_are_refused_by_name() {
    for (bytes, what) in [
        (&b"PK\x03\x04\x14\0"[..], "input is a ZIP archive or an Excel workbook, not a text table"),
        (b"\x1F\x8B\x08\0", "input is compressed by gzip, not a text table"),
        (b"PAR1\x15\x04", "input is a Parquet file, not a text table"),
        (b"SQLite format 3\0", "input is an SQLite database, not a text table"),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "input is binary data, not a text table"),
        (b"\xFF\xFE\0\0i\0\0\0", "input is UTF-32 text, not a text table"),
    ] {
        let error = refused(bytes).to_string();
        assert_eq!(error, format!("{what}: export it as CSV or JSON lines"));
    }
    let missing = Table::open(&["no/such/file.csv"]).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read no/such/file.csv: "), "{missing}");
    let folder = Table::open(&["."]).unwrap_err().to_string();
    assert!(folder.starts_with("cannot read .: "), "{folder}");
    let twice = Table::open(&["-", "-"]).unwrap_err();
    assert!(matches!(twice, TableError::StandardInputTwice));
}

#[test]
fn several_files_are_one_table_by_the_names_of_their_columns() {
    let folder = std::env::temp_dir().join(format!("kontak-examples-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let files = [
        ("a.csv", "id,name,phone\n1,Ana,0812\n"),
        ("b.csv", "Phone;Email;ID\n0813;b@example.com;2\nx\n"),
        ("c.jsonl", "{\"id\": 3, \"email\": [\"c@example.com\", \"d@example.com\"]}\n"),
    ];
    let paths: Vec<_> = files.map(|(name, _)| folder.join(name)).into();
    for (path, (_, text)) in paths.iter().zip(files) {
        std::fs::write(path, text).unwrap();
    }
    let mut table = Table::open(&paths).unwrap();
    assert_eq!(table.columns(), ["id", "name", "phone", "Email"]);
    let length = files.iter().map(|(_, text)| text.len() as u64).sum();
    assert_eq!(table.length(), Some(length));
    let mut complaints = Complaints::default();
    let mut found = Vec::new();
    while let Some(row) = table.next_row(&mut complaints).unwrap() {
        assert!(row.place().input.is_some());
        found.push((0..4).map(|column| row.cell(column)).collect::<Vec<_>>().join("|"));
    }
    assert_eq!(table.position(), length);
    std::fs::remove_dir_all(&folder).unwrap();
    let expected = ["1|Ana|0812|", "2||0813|b@example.com", "3|||c@example.com\nd@example.com"];
    assert_eq!(found, expected);
    let told = complaints.to_string();
    assert!(told.contains("b.csv, line 3: fewer cells than the heading has"), "{told}");
}

#[test]
fn it_does_not_matter_how_the_bytes_arrive() {
    let csv =
        "id,name,note\r\n1,\"Smith, Bob\",\"a\r\nb\"\r\n2,\"Tòng\",\"\"\"\"\r\n3,x,y".repeat(40);
    let at_once = read(&csv);
    for most in [1, 2, 3, 7, 1_000] {
        let pieces = whole(Table::read("input", trickle(csv.as_bytes(), most)).unwrap());
        assert_eq!(pieces.rows, at_once.rows, "{most} bytes at a time");
        assert_eq!(pieces.complaints.to_string(), at_once.complaints.to_string());
    }
}

#[test]
fn debug_shows_no_values() {
    let mut table = Table::read("input", "id,phone\n1,08123456\n".as_bytes()).unwrap();
    let row = table.next_row(&mut Complaints::default()).unwrap();
    assert_eq!(format!("{row:?}"), "Some(Row(line 2, 2 cells))");
    assert_eq!(format!("{table:?}"), r#"Table { columns: ["id", "phone"], inputs: ["input"] }"#);
}
