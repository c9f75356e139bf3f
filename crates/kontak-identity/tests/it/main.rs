//! Integration tests of the identity engine.

mod smoke;
