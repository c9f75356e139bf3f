use kontak_examples::{Columns, Complaints, Role, Table};

/// The headings of somebody else, full of columns that only look like a phone or a name.
#[test]
fn the_truth_set_is_understood_without_flags() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/truthset.csv");
    let mut table = Table::open(&[path]).unwrap();
    let columns = Columns::choose(table.columns(), &[]).unwrap();
    assert_eq!(
        columns.to_string(),
        "id        RECORD_ID (guessed)\n\
         source    DATA_SOURCE (guessed)\n\
         phone     PHONE_NUMBER (guessed)\n\
         email     EMAIL_ADDRESS (guessed)\n\
         name      NATIVE_NAME_FULL, PRIMARY_NAME_FULL, or PRIMARY_NAME_FIRST + \
         PRIMARY_NAME_MIDDLE + PRIMARY_NAME_LAST (guessed)\n",
    );
    let mut complaints = Complaints::default();
    let mut counts = [0; 4];
    while let Some(row) = table.next_row(&mut complaints).unwrap() {
        counts[0] += 1;
        for (count, role) in counts[1..].iter_mut().zip([Role::Phone, Role::Email]) {
            *count += usize::from(columns.of(role).iter().any(|c| !row.cell(*c).is_empty()));
        }
        let mut name = String::new();
        columns.name(&row, &mut name);
        counts[3] += usize::from(!name.is_empty());
    }
    assert_eq!((counts, complaints.rows()), ([159, 29, 54, 146], 0));
}
