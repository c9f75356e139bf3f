use kontak_address::{PHONE_DATA_VERSION, PhoneNumber};
use std::fs;
use std::path::Path;

#[test]
fn the_version_names_the_engine_in_use() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let Ok(lock) = fs::read_to_string(lock) else {
        println!("skipped: no Cargo.lock beside the workspace");
        return;
    };
    let version = lock
        .split("[[package]]")
        .find(|package| package.contains("name = \"rlibphonenumber\"\n"))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .unwrap();
    assert!(PHONE_DATA_VERSION.starts_with(&format!("rlibphonenumber {version}, ")));
}

/// The engine does not say which metadata it holds. Where this fails the metadata has changed: name
/// its release in `PHONE_DATA_VERSION`, then put the new fingerprint here.
#[test]
fn the_version_names_the_metadata_in_use() {
    assert!(PHONE_DATA_VERSION.contains("metadata 9.0.42"));
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    let mut random = 1_u64;
    for prefix in 100..1_000 {
        for _ in 0..200 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let rest = 10_u64.pow(u32::try_from(6 + (random >> 61)).unwrap());
            let number = PhoneNumber::from_digits(prefix * rest + (random >> 8) % rest).unwrap();
            let region = number.region();
            hash.write(region.as_ref().map_or("", |region| region.as_str()).as_bytes());
            hash.write(&[number.number_type() as u8]);
        }
    }
    assert_eq!(hash.0, FINGERPRINT, "{:#x}", hash.0);
}

const FINGERPRINT: u64 = 0xbf3f_b1dd_d0dc_701d;

struct Fnv(u64);

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}
