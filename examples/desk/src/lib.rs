//! The guide, in English and Indonesian, so that every snippet in it is compiled.

#[doc = include_str!("../../../docs/GUIDE.md")]
#[cfg(doctest)]
struct Guide;

#[doc = include_str!("../../../docs/id/PANDUAN.md")]
#[cfg(doctest)]
struct Panduan;
