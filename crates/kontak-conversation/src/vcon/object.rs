use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use std::fmt;
use uuid::Uuid;

/// A value that stands in one member of a JSON object.
pub(super) trait Form: Serialize + DeserializeOwned {
    /// What a reader is told to expect.
    const EXPECTED: &'static str;

    /// Writes the value for `Debug`, with personal data masked.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A field of one of our structs: one member of the JSON object, or a group of them.
///
/// A member is taken out of the object only where writing it gives the same JSON again, so that
/// whatever does not fit stays where it was and an object always reads, and reads back unchanged.
pub(super) trait Member: Default {
    fn take(object: &mut Map<String, Value>, name: &str) -> Self;
    fn put(&self, object: &mut Map<String, Value>, name: &str);
    /// Reports the members that are of the draft but could not be taken.
    fn misfits(&self, left: &Map<String, Value>, name: &'static str, report: &mut Report<'_>);
    fn show(&self, name: &str, f: &mut fmt::DebugStruct<'_, '_>);
}

/// Told the name of a member and what was expected there.
pub(super) type Report<'a> = dyn FnMut(&'static str, &'static str) + 'a;

impl<T: Form> Member for Option<T> {
    fn take(object: &mut Map<String, Value>, name: &str) -> Self {
        let value = object.get(name)?;
        let taken = T::deserialize(value).ok()?;
        let written = serde_json::to_value(&taken).ok()?;
        if &written != value {
            return None;
        }
        object.remove(name);
        Some(taken)
    }

    fn put(&self, object: &mut Map<String, Value>, name: &str) {
        if let Some(value) = self.as_ref().and_then(|value| serde_json::to_value(value).ok()) {
            object.insert(name.to_owned(), value);
        }
    }

    fn misfits(&self, left: &Map<String, Value>, name: &'static str, report: &mut Report<'_>) {
        if self.is_none() && left.contains_key(name) {
            report(name, T::EXPECTED);
        }
    }

    fn show(&self, name: &str, f: &mut fmt::DebugStruct<'_, '_>) {
        if let Some(value) = self {
            f.field(name, &Shown(value));
        }
    }
}

/// An empty list is not written; one that came empty stays in the object as it came.
impl<T: Form> Member for Vec<T> {
    fn take(object: &mut Map<String, Value>, name: &str) -> Self {
        let Some(Value::Array(values)) = object.get(name) else { return Self::new() };
        let fits = |value| {
            let taken = T::deserialize(value).ok()?;
            (serde_json::to_value(&taken).ok().as_ref() == Some(value)).then_some(taken)
        };
        let taken: Option<Self> = values.iter().map(fits).collect();
        let taken = taken.unwrap_or_default();
        if !taken.is_empty() {
            object.remove(name);
        }
        taken
    }

    fn put(&self, object: &mut Map<String, Value>, name: &str) {
        let values: Option<Vec<_>> =
            self.iter().map(|value| serde_json::to_value(value).ok()).collect();
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            object.insert(name.to_owned(), Value::Array(values));
        }
    }

    fn misfits(&self, left: &Map<String, Value>, name: &'static str, report: &mut Report<'_>) {
        let misfit = left.get(name).is_some_and(|value| *value != Value::Array(Vec::new()));
        if self.is_empty() && misfit {
            report(name, T::EXPECTED);
        }
    }

    fn show(&self, name: &str, f: &mut fmt::DebugStruct<'_, '_>) {
        if !self.is_empty() {
            f.field(name, &self.iter().map(Shown).collect::<Vec<_>>());
        }
    }
}

pub(super) struct Shown<'a, T>(pub(super) &'a T);

impl<T: Form> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}

impl Form for String {
    const EXPECTED: &'static str = "a string";

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} chars)", self.chars().count())
    }
}

impl Form for Value {
    const EXPECTED: &'static str = "any JSON value";

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("(null)"),
            Self::Bool(_) => f.write_str("(true or false)"),
            Self::Number(_) => f.write_str("(number)"),
            Self::String(text) => text.show(f),
            Self::Array(values) => write!(f, "({} values)", values.len()),
            Self::Object(members) => write!(f, "({} members)", members.len()),
        }
    }
}

/// Forms in which nothing personal can stand: shown as their `Debug`.
macro_rules! plain {
    ($($type:ty: $expected:literal,)*) => {
        $(impl $crate::vcon::object::Form for $type {
            const EXPECTED: &'static str = $expected;

            fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self, f)
            }
        })*
    };
}
pub(super) use plain;

plain! {
    Uuid: "a UUID in lower case with hyphens",
    Number: "a number",
}

/// A struct whose fields are the members of a JSON object, with what else the object has in
/// `other`.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// The members that are not of the draft, or not in its form: kept and written back as
            /// they came. A field that is set goes before a member of the same name.
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// Reports the members that are of the draft but not in its form.
            pub(super) fn misfits(&self, report: &mut $crate::vcon::object::Report<'_>) {
                $($crate::vcon::object::Member::misfits(&self.$field, &self.other, $wire, report);)*
            }

            /// Drops the members of the draft that are null: they say the same as absent ones.
            pub(super) fn drop_nulls(&mut self) {
                let mut misfits = Vec::new();
                self.misfits(&mut |name, _| misfits.push(name));
                self.other.retain(|name, value| !(value.is_null() && misfits.contains(&name.as_str())));
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = self.other.clone();
                $($crate::vcon::object::Member::put(&self.$field, &mut object, $wire);)*
                object.serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut other = serde_json::Map::deserialize(deserializer)?;
                Ok(Self {
                    $($field: $crate::vcon::object::Member::take(&mut other, $wire),)*
                    other,
                })
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $($crate::vcon::object::Member::show(&self.$field, stringify!($field), &mut shown);)*
                if !self.other.is_empty() {
                    shown.field("other", &format_args!("({} members)", self.other.len()));
                }
                shown.finish()
            }
        }

        $crate::vcon::object::plain! { $name: "an object", }
    };
}
pub(super) use object;

/// A struct whose fields stand in the JSON object of another struct.
macro_rules! group {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $crate::vcon::object::Member for $name {
            fn take(object: &mut serde_json::Map<String, serde_json::Value>, _: &str) -> Self {
                Self { $($field: $crate::vcon::object::Member::take(object, $wire),)* }
            }

            fn put(&self, object: &mut serde_json::Map<String, serde_json::Value>, _: &str) {
                $($crate::vcon::object::Member::put(&self.$field, object, $wire);)*
            }

            fn misfits(
                &self,
                left: &serde_json::Map<String, serde_json::Value>,
                _: &'static str,
                report: &mut $crate::vcon::object::Report<'_>,
            ) {
                $($crate::vcon::object::Member::misfits(&self.$field, left, $wire, report);)*
            }

            fn show(&self, _: &str, f: &mut std::fmt::DebugStruct<'_, '_>) {
                $($crate::vcon::object::Member::show(&self.$field, stringify!($field), f);)*
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $crate::vcon::object::Member::show(self, "", &mut shown);
                shown.finish()
            }
        }
    };
}
pub(super) use group;
