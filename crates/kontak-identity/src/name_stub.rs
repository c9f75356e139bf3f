//! stub
/// x
#[derive(Debug)]
pub struct PersonName(String);
/// x
#[derive(Debug,Clone,Copy,PartialEq,Eq)]
#[expect(missing_docs, clippy::exhaustive_enums)]
pub enum NameMatch { Same, Compatible, CannotTell, Differs }
impl PersonName {
    /// x
    pub fn parse(t: &str) -> Option<Self> { (!t.is_empty()).then(|| Self(t.to_lowercase())) }
    /// x
    pub fn compare(&self, o: &Self) -> NameMatch {
        if self.0 == o.0 { NameMatch::Same } else if self.0.as_bytes()[0] == o.0.as_bytes()[0] { NameMatch::Compatible } else { NameMatch::Differs }
    }
}
