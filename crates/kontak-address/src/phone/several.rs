//! Where one number ends and the next begins.

use super::{Origin, Region, mask, reference};

/// The parts of a text that may each be a number, in order.
pub(super) fn pieces<'a>(
    text: &'a str,
    origin: Origin,
    region: Option<Region>,
) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    match origin {
        Origin::Typed => Box::new(
            reference::find_all(text, region)
                .filter(move |stretch| !mask::touches(text, stretch))
                .map(move |stretch| &text[stretch]),
        ),
        // The matcher needs a plus to see an international number; platforms leave it out.
        Origin::International => {
            Box::new(text.split([',', ';', '/', '|', '\n']).filter(|piece| !piece.is_empty()))
        }
    }
}
