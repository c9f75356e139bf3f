//! The two wire forms of a part: an object of one field where the format describes itself, else a
//! name and the payload as JSON.
//!
//! The payload is JSON in both. A reader that does not know the kind must be able to step over it,
//! which formats such as postcard give no means for, and must be able to pass it on in the other
//! form; and a later release can add an optional field without a new kind.

use crate::Part;
use crate::part::{ReadPart, WritePart};
use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::ser::{self, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.write(Object(serializer))
        } else {
            self.write(Frame(serializer))
        }
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_map(ObjectVisitor)
        } else {
            let framed = Framed::deserialize(deserializer)?;
            Self::read(&framed.kind, Json(&framed.body)).map_err(de::Error::custom)
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Part")]
struct Framed<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    body: Cow<'a, str>,
}

struct Object<S>(S);

impl<S: Serializer> WritePart for Object<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn write<T: Serialize + ?Sized>(self, name: &str, payload: &T) -> Result<S::Ok, S::Error> {
        let mut object = self.0.serialize_map(Some(1))?;
        object.serialize_entry(name, payload)?;
        object.end()
    }
}

struct Frame<S>(S);

impl<S: Serializer> WritePart for Frame<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn write<T: Serialize + ?Sized>(self, name: &str, payload: &T) -> Result<S::Ok, S::Error> {
        let body = serde_json::to_string(payload).map_err(ser::Error::custom)?;
        Framed { kind: name.into(), body: body.into() }.serialize(self.0)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of one field, named after the kind of part")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Part, A::Error> {
        let kind: String = object.next_key()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
        let part = Part::read(&kind, Field(&mut object))?;
        match object.next_key::<IgnoredAny>()? {
            None => Ok(part),
            Some(_) => Err(de::Error::invalid_length(2, &self)),
        }
    }
}

struct Field<'a, A>(&'a mut A);

impl<'de, A: MapAccess<'de>> ReadPart<'de> for Field<'_, A> {
    type Error = A::Error;

    fn read<T: Deserialize<'de>>(self) -> Result<T, A::Error> {
        self.0.next_value()
    }
}

struct Json<'de>(&'de str);

impl<'de> ReadPart<'de> for Json<'de> {
    type Error = serde_json::Error;

    fn read<T: Deserialize<'de>>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0)
    }
}
