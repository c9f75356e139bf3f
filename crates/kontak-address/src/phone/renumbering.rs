//! How national plans changed the way one line is written. Each rule gives the writing in force
//! today, or `None` where it does not apply. The rules are fixed tables, not metadata: what they
//! say about a number must not change with an upgrade.

use super::PhoneNumber;

/// Vietnam, autumn of 2018: mobile numbers lost a digit (the trunk 0 counted, eleven became ten). The
/// prefix is exchanged, the last seven digits stay.
pub(super) fn vietnam_2018(number: PhoneNumber) -> Option<PhoneNumber> {
    let digits @ 841_000_000_000..=841_999_999_999 = number.digits() else { return None };
    let now = match digits / 10_000_000 - 84_000 {
        120 => 70,
        121 => 79,
        122 => 77,
        123 => 83,
        124 => 84,
        125 => 85,
        126 => 76,
        127 => 81,
        128 => 78,
        129 => 82,
        old @ 162..=169 => old - 130,
        186 => 56,
        188 => 58,
        199 => 59,
        _ => return None,
    };
    PhoneNumber::from_digits(84_000_000_000 + now * 10_000_000 + digits % 10_000_000).ok()
}

/// Brazil, 2012 to 2016: mobile numbers of eight digits got a 9 in front. The trunked-radio ranges
/// 70, 77, 78 and 79 kept eight digits, and fixed lines begin with 2 to 5.
pub(super) fn brazil_ninth_digit(number: PhoneNumber) -> Option<PhoneNumber> {
    let digits @ 551_100_000_000..=559_999_999_999 = number.digits() else { return None };
    let (area, subscriber) = (digits / 100_000_000 - 5_500, digits % 100_000_000);
    // Area codes have no 0: 800, 300 and the like are services.
    if area.is_multiple_of(10) {
        return None;
    }
    match subscriber / 1_000_000 {
        60..=69 | 71..=76 | 80..=99 => {
            let national = area * 1_000_000_000 + 900_000_000 + subscriber;
            PhoneNumber::from_digits(5_500_000_000_000 + national).ok()
        }
        _ => None,
    }
}

/// Mexico, 3 August 2019: the 1 between country code and mobile number was abolished. WhatsApp ids
/// still carry it.
pub(super) fn mexico_mobile_one(number: PhoneNumber) -> Option<PhoneNumber> {
    let digits @ 5_211_000_000_000..=5_219_999_999_999 = number.digits() else { return None };
    PhoneNumber::from_digits(digits - 5_210_000_000_000 + 520_000_000_000).ok()
}

/// Argentina: a 9 after the country code asks for the mobile service of a line that is otherwise
/// written without it. Area codes begin with 1, 2 or 3.
pub(super) fn argentina_mobile_nine(number: PhoneNumber) -> Option<PhoneNumber> {
    let digits @ 5_491_000_000_000..=5_493_999_999_999 = number.digits() else { return None };
    PhoneNumber::from_digits(digits - 5_490_000_000_000 + 540_000_000_000).ok()
}
