use kontak_examples::{Columns, ColumnsError, Complaints, Role, Table};

fn headings(headings: &[&str]) -> Vec<String> {
    headings.iter().map(|heading| String::from(*heading)).collect()
}

/// The choice for a table with these headings, one line per role.
fn guess(names: &[&str]) -> String {
    let columns = Columns::choose(&headings(names), &[]).unwrap();
    columns.to_string().replace(" (guessed)", "")
}

#[test]
fn headings_of_many_houses() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["id", "first_name", "last_name", "email", "mobile_phone", "created_at"],
            "id        id\nphone     mobile_phone\nemail     email\n\
             name      first_name + last_name\nseen-at   created_at\n",
        ),
        (
            &["unique_id", "first_name", "surname", "dob", "city", "email", "cluster"],
            "id        unique_id\nemail     email\nname      first_name + surname\n\
             truth     cluster\n",
        ),
        (
            &["rec_id", "given_name", "surname", "street_number", "postcode", "phone_number"],
            "id        rec_id\nphone     phone_number\nname      given_name + surname\n",
        ),
        (
            &["customerId", "phone1", "phone2", "EmailAddress", "e-mail 2", "displayName"],
            "id        customerId\nphone     phone1, phone2\nemail     EmailAddress, e-mail 2\n\
             name      displayName\n",
        ),
        (
            &["Kode Pelanggan", "Nama Lengkap", "No. HP", "No. WA", "Surel", "Kanal", "Sumber"],
            "id        Kode Pelanggan\nsource    Sumber\nphone     No. HP, No. WA\n\
             email     Surel\nname      Nama Lengkap\nchannel   Kanal\n",
        ),
        (
            &["no", "nama", "nomor hp", "telepon", "alamat", "kota", "terakhir kontak"],
            "phone     nomor hp, telepon\nname      nama\nseen-at   terakhir kontak\n",
        ),
        (
            &["Mã KH", "Họ tên", "Số điện thoại", "Thư điện tử", "Kênh", "Ngày tạo"],
            "id        Mã KH\nphone     Số điện thoại\nemail     Thư điện tử\nname      Họ tên\n\
             channel   Kênh\nseen-at   Ngày tạo\n",
        ),
        (
            &["stt", "ho", "ten", "sdt", "di dong", "email"],
            "phone     sdt, di dong\nemail     email\nname      ho + ten\n",
        ),
        (&["Họ và tên đệm", "Tên", "ĐTDĐ"], "phone     ĐTDĐ\nname      Họ và tên đệm + Tên\n"),
        (&["Name", "Surname", "Cell"], "phone     Cell\nname      Name + Surname\n"),
        (
            &["contact.name", "contact.phones.number", "contact.phones.type", "source", "verified"],
            "source    source\nphone     contact.phones.number\nname      contact.name\n\
             verified  verified\n",
        ),
    ];
    for (names, expected) in cases {
        assert_eq!(guess(names), *expected, "{names:?}");
    }
}

#[test]
fn headings_that_only_look_like_it() {
    let decoys = [
        "phone_type",
        "phone verified at",
        "country_code_phone",
        "email_opt_in",
        "has_email",
        "email_status",
        "company_name",
        "username",
        "mother's name",
        "product name",
        "nama toko",
        "Tên công ty",
        "nama ibu",
        "date",
        "date_of_birth",
        "passport_number",
        "telephone_ext",
        "national_id",
        "fax",
        "contact",
        "address",
        "mailing_address",
        "hotel",
        "cellar",
        "mobility",
        "filename",
        "renamed",
        "loại điện thoại",
        "kode pos",
        "phone model",
    ];
    assert_eq!(guess(&decoys), "");
    let columns = Columns::choose(&headings(&decoys[..3]), &[]).unwrap();
    assert_eq!(
        columns.require_identifier().unwrap_err().to_string(),
        "no column looks like a phone number or an e-mail address: name one with --phone or \
         --email; the columns are: phone_type, phone verified at, country_code_phone",
    );
}

#[test]
fn the_best_of_several_headings_for_one_role_is_taken() {
    let names = ["customer_id", "record_id", "created_at", "last_seen", "id"];
    assert_eq!(guess(&names), "id        record_id\nseen-at   last_seen\n");
}

#[test]
fn flags_override_and_a_column_has_one_role() {
    let names = headings(&["id", "wa", "contact, main", "backup", "email"]);
    let named = [
        (Role::Phone, String::from("backup, WA")),
        (Role::Id, "email".into()),
        (Role::Name, "contact, main".into()),
    ];
    let columns = Columns::choose(&names, &named).unwrap();
    assert_eq!(
        columns.to_string(),
        "id        email\nphone     backup, wa\nname      contact, main\n",
    );
    let nothing = Columns::choose(&names, &[(Role::Email, String::new())]).unwrap();
    assert!(nothing.of(Role::Email).is_empty());
}

#[test]
fn a_column_that_is_missing_is_one_clear_sentence() {
    let names = headings(&["id", "Họ tên", "a\u{1b}[31m"]);
    let error = Columns::choose(&names, &[(Role::SeenAt, "seen".into())]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no column \"seen\" for --seen-at; the columns are: id, Họ tên, a\\u{1b}[31m",
    );
    let many = headings(&["x"; 80]);
    let error = Columns::choose(&many, &[(Role::Phone, "y".into())]).unwrap_err().to_string();
    assert!(error.ends_with("x, x and 30 more"), "{error}");
    let error = Columns::choose(&names, &[(Role::Id, "id,Họ tên".into())]).unwrap_err();
    assert!(matches!(error, ColumnsError::Several { role: Role::Id, count: 2 }));
    assert_eq!(error.to_string(), "--id takes one column, not 2");
}

#[test]
fn names_are_whole_or_joined() {
    let csv = "first,full_name,last name,name_middle,first name\n\
               x,Ana Tan,,,\ny,,Tan,M,Ana\nz,,Tan,,\n";
    let mut table = Table::read("input", csv.as_bytes()).unwrap();
    let columns = Columns::choose(table.columns(), &[]).unwrap();
    let shown = "name      full_name, or first name + name_middle + last name (guessed)\n";
    assert_eq!(columns.to_string(), shown);
    let (mut name, mut names) = (String::new(), Vec::new());
    let mut complaints = Complaints::default();
    while let Some(row) = table.next_row(&mut complaints).unwrap() {
        columns.name(&row, &mut name);
        names.push(name.clone());
    }
    assert_eq!(names, ["Ana Tan", "Ana M Tan", "Tan"]);
}
