//! What holds for every history. Each module is one promise of the engine.

mod bulk;
mod change_stream;
mod duplicate;
mod link;
mod listing;
mod model;
mod order;
mod outcome;
mod retraction;
mod single;
mod snapshot;
