#![doc = include_str!("../README.md")]

mod account;
mod desk;
mod settings;
mod tenant;

pub use account::Accounts;
pub use desk::{
    Automation, AutomationOutcome, Clock, Desk, DeskBuilder, DeskError, Enriched, Enrichment,
    InboundError, Standing, StartError, SystemClock, Translation,
};
pub use settings::{CallBack, Route, Settings, SettingsError};
pub use tenant::{
    ActionError, BringBackError, IdentityRecord, Kept, Met, Notice, Reach, ReachRecord, Record,
    Resting, RestoreError, SendId, SendReport, Sending, Snapshot, Step, Tenant, Touched,
    Unattended, Unsent, WhyUnattended, Work,
};
