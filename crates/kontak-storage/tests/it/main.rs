//! Every store against the laws, and what each has of its own.

mod memory;
