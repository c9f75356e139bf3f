//! Which media may be fetched.

use kontak_channel::MediaGuard;
use kontak_channel::content::FetchFailure;

#[test]
fn private_addresses_are_refused_in_every_writing() {
    let guard = MediaGuard::new(1 << 20).with_plain_http();
    let refused = [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://localhost/",
        "http://intranet/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://LOCALHOST./",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://198.18.0.1/",
        "http://[2001:db8::1]/",
        "https://user@cdn.example/",
        "http://[::]/",
        "http://192.0.2.1/",
    ];
    for url in refused {
        assert_eq!(
            guard.check_url(&url.parse().unwrap()),
            Err(FetchFailure::AddressRefused),
            "{url}"
        );
    }
    for url in [
        "http://cdn.example/a",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/x",
        "https://11.example/",
    ] {
        assert_eq!(guard.check_url(&url.parse().unwrap()), Ok(()), "{url}");
    }
    let strict = MediaGuard::new(1);
    assert!(strict.check_url(&"http://cdn.example/".parse().unwrap()).is_err());
    assert!(strict.check_url(&"HTTPS://cdn.example/".parse().unwrap()).is_ok());
}

#[test]
fn what_a_name_leads_to_is_asked_again() {
    let guard = MediaGuard::new(1);
    for private in ["10.0.0.1", "::ffff:127.0.0.1", "fd12::1", "100.127.255.255", "192.0.0.8"] {
        assert!(guard.check_address(private.parse().unwrap()).is_err(), "{private}");
    }
    for public in ["1.1.1.1", "100.128.0.1", "172.32.0.1", "2a00:1450:4001::200e"] {
        assert!(guard.check_address(public.parse().unwrap()).is_ok(), "{public}");
    }
}

#[test]
fn programs_in_disguise_are_refused() {
    let guard =
        MediaGuard::new(100).with_family("image").with_type("application/pdf".parse().unwrap());
    let image = "image/png".parse().unwrap();
    assert_eq!(guard.check_type(&image, b"\x89PNG\r\n"), Ok(()));
    for program in [&b"MZ\x90\0"[..], b"\x7fELF", b"#!/bin/sh"] {
        assert_eq!(guard.check_type(&image, program), Err(FetchFailure::TypeRefused));
    }
    let html = "text/html".parse().unwrap();
    assert_eq!(guard.check_type(&html, b"<p>"), Err(FetchFailure::TypeRefused));
    assert_eq!(guard.check_size(100), Ok(()));
    assert_eq!(guard.check_size(101), Err(FetchFailure::TooLarge));
}
