#![doc = include_str!("../README.md")]

mod email;
mod phone;

pub use email::{EMAIL_DATA_VERSION, EmailAddress, EmailError, MailboxKind, Provider};
pub use phone::{
    E164Error, LineKey, NumberType, Origin, PHONE_DATA_VERSION, ParsedPhone, PhoneError,
    PhoneNumber, PhoneParser, Region, RegionError, Rescue,
};
