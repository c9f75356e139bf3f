#![doc = include_str!("../README.md")]

mod account;
mod settings;
mod tenant;

pub use account::Accounts;
pub use settings::{Route, Settings, SettingsError};
pub use tenant::{
    ActionError, IdentityRecord, Notice, Reach, ReachRecord, Record, RestoreError, SendId,
    SendReport, Sending, Snapshot, Step, Tenant, Unsent, Work,
};
