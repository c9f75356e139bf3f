#![doc = include_str!("../README.md")]

mod cells;
mod definition;
mod engine;
mod erlang;
mod event;
mod fact;
mod fold;
mod histogram;
mod history;
mod report;
mod tag;
mod team;
mod workforce;

pub use cells::{
    Cells, Dimension, DimensionValue, Downscaling, DownscalingError, Grid, GridError, Summary,
    Window, WindowError,
};
/// The time crate whose types stand in events.
pub use chrono;
pub use definition::{
    About, AgentOpened, Attribution, AutomaticReply, Catalog, CatalogError, ClockStart, ClosedTime,
    ContactBase, ConversionRule, Counts, Definition, FirstContactRule, HandlingPart, Hours,
    InteractionState, Measure, OfferEnd, OneTouchRule, Placement, Population, Preset, QueueRule,
    ResolutionClock, ResponseClock, ScheduleRule, Seconds, Show, UnknownPreset, WaitRange,
    WhichResolution, WhichResponse, WhichState, WhosePurchases,
};
pub use engine::{
    BringBackError, CellRecord, Change, ConversationRecord, EvictedRecord, FactRecord,
    HistoryError, IngestError, Ingested, MergeError, Metrics, NewError, RestoreError, Said,
    Snapshot, Supplied,
};
pub use erlang::ErlangC;
pub use event::{
    Audience, Context, Direction, Event, EventId, EventKind, IssueId, Origin, PromiseOutcome,
    QueueEnd, Status, SurveyKind,
};
pub use fact::{Outcome, Reason};
pub use histogram::{Bucket, Histogram, NotContained};
/// The calendar crate whose calendars a [`Catalog`] holds.
pub use kontak_calendar as calendar;
pub use report::{
    Alarm, AlarmChange, Backlog, Behind, Breakdown, ChannelUsage, Completeness, Count, CsvTable,
    Cursor, Customers, DistinctCount, ExplainedFact, Explanation, Filter, Interval,
    NativeHistograms, OpenMetrics, OverlapCount, Overlapping, OverlappingRow, Page, Quantile,
    QueryError, Reconciliation, Report, Residual, ResidualKind, Retention, Row, Statistic,
    Supervision, Usage, UsedChannel, View, Waiting,
};
#[cfg(feature = "sketch")]
pub use report::{CustomerSketch, NoSketch};
pub use tag::{Tag, TagError};
pub use team::{TeamEvent, TeamEventKind, TeamId, Teams};
/// The id crate whose `Uuid` is within every id.
pub use uuid;
pub use workforce::{
    AgentEvent, AgentEventKind, AgentHistoryError, AgentNow, AgentRecord, AgentRow, AgentState,
    TeamRow, TeamTimeBreakdown, Term, TimeBreakdown, TimeOf, TimeReport, TimeShare, TwoShares,
    WorkedTime, Workforce, WorkforceError, WorkforceMergeError, WorkforceRestoreError,
    WorkforceSnapshot, WorkforceView,
};
