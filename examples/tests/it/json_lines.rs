use super::{Whole, cells, read, refused};
use kontak_examples::Table;

#[test]
fn fields_are_columns_and_arrays_are_several_values() {
    let lines = concat!(
        "{\"id\": 1, \"phones\": [\"0812\", \"0813\"], \"ok\": true, \"none\": null}\r\n",
        "\n",
        "{\"phones\": 62812, \"id\": \"b\", \"name\": {\"first\": \"Ana\", \"last\": \"Tan\"}}\n",
        "{\"id\": 3, \"emails\": [{\"of\": \"work\", \"is\": \"a@b.c\"}, {\"is\": \"d@e.f\"}]}",
    );
    let table = Table::read("input", lines.as_bytes()).unwrap();
    let columns =
        ["id", "phones", "ok", "none", "name.first", "name.last", "emails.of", "emails.is"];
    assert_eq!(table.columns(), columns);
    let Whole { rows, complaints, notes } = read(lines);
    let cells: Vec<String> = rows.iter().map(|(_, row)| row.join("|")).collect();
    assert_eq!(
        cells,
        ["1|0812\n0813|true|||||", "b|62812|||Ana|Tan||", "3||||||work|a@b.c\nd@e.f"]
    );
    assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!((complaints.rows(), notes.len()), (0, 0));
}

#[test]
fn lines_that_are_no_object_are_left_out() {
    let lines = "{\"id\":1}\nnot json\n[1]\n\"x\"\n{\"id\":2\n{\"id\":3}x\n{\"id\":\"\\u0000\"}\n\
                 {\"id\":12345678901234567890123}\n{\"id\":9}\n";
    assert_eq!(cells(lines), ["1", "9"]);
    let told = read(lines).complaints.to_string();
    assert!(told.contains("       5  not one JSON object\n"), "{told}");
    assert!(told.contains("line 7: a NUL byte\n"), "{told}");
    assert!(told.contains("line 8: a number too long to be kept exactly"), "{told}");
}

#[test]
fn other_encodings_and_marks() {
    assert_eq!(cells("\u{feff}{\"name\":\"Tòng\"}\n"), ["Tòng"]);
    let Whole { rows, notes, .. } = read(b"{\"id\":1}\n{\"id\":\"J\xF6rg\"}\n");
    assert_eq!(rows[1].1, ["Jörg"]);
    assert_eq!(notes, ["input: 1 row not in UTF-8, read as Windows-1252, the first in line 2"]);
}

#[test]
fn other_shapes_of_json_are_refused_by_name() {
    for (input, what) in [
        ("[{\"id\":1}]", "one JSON array"),
        ("{\n  \"id\": 1\n}\n", "JSON with objects over several lines"),
        ("{ \"id\": 1,\n  \"a\": 2 }\n", "JSON with objects over several lines"),
    ] {
        let told = format!("input is {what}: write one JSON object per line (`jq -c`)");
        assert_eq!(refused(input).to_string(), told);
    }
    let fields: Vec<String> = (0..2_000).map(|field| format!("\"k{field}\":1")).collect();
    let error = refused(format!("{{{}}}", fields.join(","))).to_string();
    assert!(error.starts_with("input has more than 1000 different fields"), "{error}");
    assert!(refused("{\"0812 3456 7890\":1}").to_string().contains("no heading"));
}

#[test]
fn fields_that_come_late_are_told() {
    let mut lines = "{\"id\":1,\"phone\":\"0812\"}\n".repeat(5_000);
    lines += "{\"id\":2,\"email\":\"a@example.com\"}\n";
    let Whole { rows, notes, .. } = read(lines);
    assert_eq!(rows.len(), 5_001);
    assert_eq!(notes, ["input: 1 field seen first far into the file and not read"]);
}

#[test]
fn deep_nesting_is_a_bad_row() {
    let deep = "{\"a\":".repeat(5_000);
    let Whole { rows, complaints, .. } = read(format!("{{\"id\":1}}\n{deep}\n{{\"id\":2}}\n"));
    assert_eq!((rows.len(), complaints.rows()), (2, 1));
}
