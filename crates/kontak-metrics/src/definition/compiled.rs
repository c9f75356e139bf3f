use super::{Catalog, Definition, Hours, ScheduleRule};
use crate::history::Names;
use kontak_calendar::Calendar;
use std::collections::BTreeMap;

/// A catalog with its names interned, as the fold reads it.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) catalog: Catalog,
    /// By definition: the channels it is about, empty for all.
    pub(crate) channels: Vec<Vec<u16>>,
    pub(crate) hours: Vec<CompiledHours>,
    /// By interned tag.
    calendars: BTreeMap<u16, Calendar>,
    pub(crate) joined: Vec<u16>,
    /// Whether it matters where conversations stood when.
    pub(crate) follows_journeys: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum CompiledHours {
    Always,
    Calendar(u16),
    Scheduled(ScheduleRule),
}

impl Compiled {
    pub(crate) fn new(catalog: Catalog, names: &mut Names) -> Self {
        // The names of a catalog are few: a thousand definitions with as many channels each are a million,
        // and the tables refuse beyond 65,535, which then match nothing.
        let channels = catalog.definitions().iter().map(|definition| {
            let channels = definition.population.channels.iter();
            channels.map(|channel| names.channel(channel).unwrap_or(u16::MAX)).collect()
        });
        let channels = channels.collect();
        let hours = catalog.definitions().iter().map(|definition| match &definition.hours {
            Hours::Always => CompiledHours::Always,
            Hours::Calendar(tag) => CompiledHours::Calendar(names.tag(tag).unwrap_or(u16::MAX)),
            Hours::Scheduled(rule) => CompiledHours::Scheduled(*rule),
        });
        let hours = hours.collect();
        let calendars = catalog.calendars().iter();
        let calendars = calendars
            .filter_map(|(tag, calendar)| Some((names.tag(tag).ok()?, calendar.clone())))
            .collect();
        let mut definitions = catalog.definitions().iter();
        let follows_journeys = definitions.any(|it| it.measure.conversion().is_some());
        let joined = catalog.definitions().iter().enumerate();
        let joined = joined
            .filter(|(_, definition)| definition.measure.is_joined())
            .map(|(place, _)| place as u16)
            .collect();
        Self { catalog, channels, hours, calendars, joined, follows_journeys }
    }

    pub(crate) fn definitions(&self) -> impl Iterator<Item = (u16, &Definition)> {
        (0_u16..).zip(self.catalog.definitions())
    }

    pub(crate) fn definition(&self, measure: u16) -> &Definition {
        &self.catalog.definitions()[usize::from(measure)]
    }

    pub(crate) fn calendar(&self, tag: u16) -> Option<&Calendar> {
        self.calendars.get(&tag)
    }

    /// Whether a definition is about conversations on this channel.
    pub(crate) fn is_about(&self, measure: u16, channel: u16) -> bool {
        let channels = &self.channels[usize::from(measure)];
        channels.is_empty() || channels.contains(&channel)
    }
}
