//! E-mail addresses, seen from outside.

mod canonical;
mod isemail;
mod properties;
mod written;
