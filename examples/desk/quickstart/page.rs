//! The page to look at.

use crate::dashboard::Line;
use crate::story::Story;
use kontak_examples::report::{Chart, Figure, ReportPage};

pub(crate) fn page(
    story: &Story,
    recognised: &[String],
    numbers: &[Line],
    channels: &[Line],
) -> ReportPage {
    let mut page = ReportPage::new("A day of the shop");
    page.subtitle = recognised.join("; ");
    for [name, value, interval, n] in numbers {
        page.figures.push(Figure::new(name.as_str(), value.as_str(), format!("{interval} n {n}")));
    }
    let heading = ["channel", "median", "", "n"].map(str::to_owned).to_vec();
    page.charts.push(Chart {
        title: "First response by channel".to_owned(),
        note: String::new(),
        svg: String::new(),
        table: std::iter::once(heading).chain(channels.iter().map(|line| line.to_vec())).collect(),
    });
    let heading = ["time", "Siti's air conditioner"].map(str::to_owned).to_vec();
    let told = story.told.iter().map(|line| {
        let (time, what) = line.split_once("  ").unwrap_or(("", line));
        vec![time.to_owned(), what.to_owned()]
    });
    page.charts.push(Chart {
        title: format!("Conversation {}", story.conversation),
        note: "One customer, three channels, one conversation.".to_owned(),
        svg: String::new(),
        table: std::iter::once(heading).chain(told).collect(),
    });
    page
}
