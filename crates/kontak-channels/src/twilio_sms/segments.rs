use kontak_channel::gsm_septets;

/// How many text messages a text is on the telephone network: what it costs.
///
/// ```
/// use kontak_channels::twilio_sms::{SmsEncoding, SmsSegments};
///
/// let indonesian = SmsSegments::of("Pesanan Anda sudah dikirim.");
/// assert_eq!((indonesian.count, indonesian.encoding), (1, SmsEncoding::Gsm7));
/// let vietnamese = SmsSegments::of("Đơn hàng của quý khách đã được giao cho đơn vị vận chuyển, vui lòng chờ.");
/// assert_eq!((vietnamese.count, vietnamese.encoding), (2, SmsEncoding::Ucs2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmsSegments {
    /// How it is written on the network.
    pub encoding: SmsEncoding,
    /// How many messages.
    pub count: usize,
    /// How many units: septets, or 16-bit units.
    pub units: usize,
}

/// How a text is written on the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SmsEncoding {
    /// GSM 03.38, 7 bits: 160 in one message, 153 in each of several.
    Gsm7,
    /// UCS-2, 16 bits: 70 in one message, 67 in each of several.
    Ucs2,
}

impl SmsSegments {
    /// Counts a text. A character that takes two units is not torn over two messages.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let septets: Option<Vec<_>> = text.chars().map(gsm_septets).collect();
        let (encoding, one, each, widths) = match septets {
            Some(widths) => (SmsEncoding::Gsm7, 160, 153, widths),
            None => (SmsEncoding::Ucs2, 70, 67, text.chars().map(char::len_utf16).collect()),
        };
        let units: usize = widths.iter().sum();
        if units <= one {
            return Self { encoding, count: usize::from(units > 0), units };
        }
        let (mut count, mut filled) = (1, 0);
        for width in widths {
            if filled + width > each {
                (count, filled) = (count + 1, 0);
            }
            filled += width;
        }
        Self { encoding, count, units }
    }
}
