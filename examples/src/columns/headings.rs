use super::Role;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A heading as words: without case, marks and punctuation. Words are parted by space, and space
/// is around them too, so that a phrase is found by looking for its text.
#[derive(Debug)]
pub(super) struct Heading(String);

/// Which part of a name a column holds, in the order in which they are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NamePart {
    Whole,
    /// `name` and nothing else: whole or given, as the other columns tell.
    Bare,
    /// The family's name, where it stands before the given one, and the middle name after it.
    Leading,
    First,
    Middle,
    Last,
}

impl Heading {
    pub(super) fn new(heading: &str) -> Self {
        let mut words = String::from(" ");
        let mut before = ' ';
        for c in heading.nfd().filter(|c| !is_combining_mark(*c)) {
            let new_word = (before.is_lowercase() && c.is_uppercase())
                || (before.is_alphabetic() && c.is_numeric())
                || (before.is_numeric() && c.is_alphabetic());
            if (new_word || !c.is_alphanumeric()) && !words.ends_with(' ') {
                words.push(' ');
            }
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase().map(|c| if c == 'đ' { 'd' } else { c }));
            }
            before = c;
        }
        if !words.ends_with(' ') {
            words.push(' ');
        }
        Self(words)
    }

    /// How good a column of this heading is for `role`: the less, the better.
    pub(super) fn rank(&self, role: Role) -> Option<usize> {
        let whole = |phrases: &[&str]| phrases.iter().position(|phrase| self.is(phrase));
        let within = |phrases: &[&str], but: &[&str]| {
            (self.has_any(phrases) && !self.has_any(but) && !self.has_any(ABOUT)).then_some(0)
        };
        match role {
            Role::Id => whole(ID),
            Role::Source => whole(SOURCE),
            Role::Channel => whole(CHANNEL),
            Role::SeenAt => whole(SEEN_AT),
            Role::Verified => whole(VERIFIED),
            Role::Truth => whole(TRUTH),
            Role::Phone => within(PHONE, NAME),
            Role::Email => within(EMAIL, NAME),
            Role::Name => within(NAME, NOT_OF_A_PERSON).or_else(|| whole(FAMILY)),
        }
    }

    pub(super) fn part(&self) -> NamePart {
        if self.has_any(LEADING) || FAMILY.iter().any(|phrase| self.is(phrase)) {
            NamePart::Leading
        } else if self.has_any(LAST) {
            NamePart::Last
        } else if self.has_any(MIDDLE) {
            NamePart::Middle
        } else if self.has_any(FIRST) {
            NamePart::First
        } else if BARE.iter().any(|phrase| self.is(phrase)) {
            NamePart::Bare
        } else {
            NamePart::Whole
        }
    }

    fn is(&self, phrase: &str) -> bool {
        self.0.trim() == phrase
    }

    fn has_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| {
            self.0.match_indices(phrase).any(|(start, _)| {
                self.0[..start].ends_with(' ') && self.0[start + phrase.len()..].starts_with(' ')
            })
        })
    }
}

#[rustfmt::skip]
const PHONE: &[&str] = &[
    "phone", "phones", "phonenumber", "telephone", "telephones", "mobile", "mobilephone", "cell",
    "cellphone", "msisdn", "tel", "whatsapp", "wa",
    "hp", "nohp", "nomorhp", "handphone", "telp", "tlp", "notelp", "telepon", "telpon",
    "nomortelepon", "ponsel", "seluler",
    "dien thoai", "dienthoai", "di dong", "didong", "sdt", "dtdd", "so dt",
];

#[rustfmt::skip]
const EMAIL: &[&str] = &[
    "email", "emails", "e mail", "mail", "emailaddress",
    "surel", "pos el",
    "thu dien tu", "hop thu",
];

#[rustfmt::skip]
const NAME: &[&str] = &[
    "name", "names", "fullname", "firstname", "givenname", "forename", "middlename", "lastname",
    "familyname", "surname", "displayname",
    "nama", "namalengkap",
    "ten", "hoten", "ho dem", "ho lot", "chu lot",
];

/// A family name, where this is all that the heading says.
const FAMILY: &[&str] = &["ho"];

const BARE: &[&str] = &["name", "nama", "ten"];

#[rustfmt::skip]
const LEADING: &[&str] = &[
    "ho va ten dem", "ho ten dem", "ho va chu lot", "ho dem", "ho lot", "ten dem", "ten lot",
    "chu lot",
];

#[rustfmt::skip]
const FIRST: &[&str] = &[
    "first name", "firstname", "name first", "given name", "givenname", "name given", "forename",
    "nama depan", "ten goi",
];

const MIDDLE: &[&str] = &["middle name", "middlename", "name middle", "nama tengah"];

#[rustfmt::skip]
const LAST: &[&str] = &[
    "last name", "lastname", "name last", "family name", "familyname", "name family", "surname",
    "nama belakang", "nama keluarga",
];

/// A heading with one of these tells something about a value and does not hold it.
#[rustfmt::skip]
const ABOUT: &[&str] = &[
    "type", "kind", "label", "ext", "extension", "verified", "confirmed", "valid", "country",
    "code", "prefix", "suffix", "opt", "optin", "consent", "subscribed", "is", "has", "flag",
    "status", "date", "at", "time", "count", "hash", "hashed", "domain", "carrier", "operator",
    "brand", "model", "device", "app", "version", "os", "plan", "source", "subject", "template",
    "campaign", "list", "server", "note", "notes", "fax", "index",
    "jenis", "tipe", "kode", "tanggal", "jumlah", "catatan", "merek",
    "loai", "ma", "ngay", "ghi chu", "trang thai", "xac minh", "xac thuc",
];

/// A name with one of these is not the customer's own.
#[rustfmt::skip]
const NOT_OF_A_PERSON: &[&str] = &[
    "company", "org", "organization", "organisation", "employer", "business", "account", "store",
    "shop", "branch", "product", "item", "file", "user", "host", "city", "street", "state",
    "region", "bank", "school", "mother", "father", "spouse", "maiden", "title", "event",
    "channel", "agent", "staff", "department", "group", "team", "table", "column", "tag", "page",
    "perusahaan", "toko", "cabang", "produk", "barang", "kota", "jalan", "provinsi", "sekolah",
    "ibu", "ayah", "gelar", "pengguna",
    "cong ty", "cua hang", "chi nhanh", "san pham", "dang nhap", "thanh pho", "truong", "duong",
    "tinh", "quan", "huyen",
];

#[rustfmt::skip]
const ID: &[&str] = &[
    "record id", "recordid", "rec id", "touchpoint id", "unique id", "uniqueid", "id", "uuid",
    "guid", "uid", "row id", "external id", "contact id", "customer id", "customerid", "client id",
    "account id", "member id", "profile id", "user id", "userid", "person id", "customer number",
    "customer no", "customer code",
    "id pelanggan", "id kontak", "id customer", "id anggota", "pelanggan id", "nomor pelanggan",
    "no pelanggan", "kode pelanggan", "kode customer", "kode",
    "ma khach hang", "ma kh", "makh", "id khach hang", "ma lien he", "ma so", "ma",
];

#[rustfmt::skip]
const SOURCE: &[&str] = &[
    "source", "data source", "datasource", "source system", "source name", "source dataset",
    "sumber", "sumber data", "nguon", "nguon du lieu",
];

const CHANNEL: &[&str] = &[
    "channel",
    "channel type",
    "channel name",
    "platform",
    "kanal",
    "saluran",
    "kenh",
    "kenh lien lac",
];

#[rustfmt::skip]
const SEEN_AT: &[&str] = &[
    "seen at", "last seen at", "last seen", "seen", "observed at", "first seen", "timestamp",
    "event time", "occurred at", "last contact", "last contacted", "last activity", "updated at",
    "last updated", "updated", "modified at", "last modified", "created at", "created on",
    "created", "created date", "date created", "registered at", "signup date",
    "terakhir dilihat", "terakhir kontak", "tanggal kontak", "waktu", "waktu kontak", "diperbarui",
    "dibuat", "tanggal dibuat", "tanggal daftar",
    "lan cuoi", "lan cuoi lien he", "ngay lien he", "thoi gian", "thoi diem", "ngay cap nhat",
    "ngay tao", "ngay dang ky",
];

#[rustfmt::skip]
const VERIFIED: &[&str] = &[
    "verified", "is verified", "verified by", "verification", "verification method",
    "terverifikasi", "verifikasi", "status verifikasi",
    "da xac minh", "xac minh", "da xac thuc", "xac thuc",
];

const TRUTH: &[&str] =
    &["truth", "ground truth", "true id", "true entity", "cluster", "cluster id", "entity id"];
