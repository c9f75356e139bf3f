use crate::world::{contacts, engine};
use kontak_metrics::calendar::Tz;
use kontak_metrics::chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kontak_metrics::{Definition, Filter, Histogram, Measure, Show, Statistic, Summary, Window};
use kontak_report::{Chart, ChartError, Scale, Series};
use roxmltree::{Document, Node};

const LANGUAGES: [&str; 4] = ["en", "id", "vi", "de"];

fn chart(title: &str, language: &str) -> Chart {
    Chart::new(title, &language.parse().unwrap())
}

fn definition(show: Show) -> Definition {
    Definition::new("test.chart".parse().unwrap(), Measure::Conversations, show)
}

fn summary(values: impl IntoIterator<Item = u64>) -> Summary {
    let mut summary = Summary::default();
    values.into_iter().for_each(|value| summary.values.insert(value));
    summary
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// An image that says what it is, and nothing that cannot be drawn.
fn checked(svg: &str) -> Document<'_> {
    let document = Document::parse(svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "svg");
    assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
    assert_eq!(root.attribute("role"), Some("img"));
    let mut children = root.children().filter(Node::is_element);
    assert_eq!(children.next().unwrap().tag_name().name(), "title");
    let description = children.next().unwrap();
    assert_eq!(description.tag_name().name(), "desc");
    assert!(description.text().is_some_and(|text| !text.is_empty()));
    for node in root.descendants() {
        for attribute in node.attributes() {
            assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"));
            assert_ne!(attribute.value(), "#010203", "every ink is that of the page");
        }
        assert_ne!(node.tag_name().name(), "script");
    }
    document
}

fn all<'d>(document: &'d Document<'d>, tag: &str) -> Vec<Node<'d, 'd>> {
    document.descendants().filter(|node| node.has_tag_name(tag)).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn points(node: Node<'_, '_>) -> Vec<(f64, f64)> {
    let points = node.attribute("points").unwrap().split_whitespace();
    let parsed = points.map(|pair| pair.split_once(',').unwrap());
    parsed.map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).collect()
}

/// What is drawn of values, not of axes.
fn strokes(document: &Document<'_>) -> Vec<Vec<(f64, f64)>> {
    let strokes = all(document, "polyline").into_iter();
    strokes.filter(|it| it.attribute("stroke") != Some("currentColor")).map(points).collect()
}

fn texts(document: &Document<'_>) -> Vec<String> {
    all(document, "text").into_iter().map(|it| it.text().unwrap().trim().to_owned()).collect()
}

fn description(document: &Document<'_>) -> String {
    all(document, "desc")[0].text().unwrap().to_owned()
}

/// The height of a share, from the labelled lines of 0 % and 100 %.
fn height_of_share<'d>(document: &'d Document<'d>) -> impl Fn(f64) -> f64 {
    let labels = all(document, "text");
    let y = |label: &str| {
        let found = labels.iter().find(|it| it.text().unwrap().trim() == label);
        number(*found.unwrap(), "y")
    };
    let (none, whole) = (y("0 %"), y("100 %"));
    move |share| none + (whole - none) * share
}

fn shares(parts: &[Option<(u64, u64)>]) -> Vec<(NaiveDate, Summary)> {
    let dates = date("2026-03-02").iter_days();
    let day = |part: &Option<(u64, u64)>| {
        let (yes, of) = part.unwrap_or_default();
        summary((0..of).map(|place| u64::from(place < yes)))
    };
    dates.zip(parts.iter().map(day)).collect()
}

#[test]
fn marks_and_bands_stand_where_their_values_are() {
    let days = shares(&[Some((9, 10)), Some((40, 80)), Some((0, 7)), Some((3, 3))]);
    let share = definition(Show::Share);
    let series = Series::of_days("", &share, Tz::Asia__Jakarta, &days);
    let svg = chart("Share", "en").line(Tz::Asia__Jakarta, &[series]).unwrap();
    let document = checked(&svg);
    let height = height_of_share(&document);
    let circles = all(&document, "circle");
    assert_eq!(circles.len(), 4);
    let band = points(all(&document, "polygon")[0]);
    assert_eq!(band.len(), 8);
    for (place, (_, day)) in days.iter().enumerate() {
        let Statistic::Share { share, interval, .. } = share.statistic(day) else { panic!() };
        let interval = interval.unwrap();
        let near = |y: f64, share: f64| assert!((y - height(share)).abs() <= 1.0, "{y} {share}");
        near(number(circles[place], "cy"), share.unwrap());
        near(band[place].1, interval.high);
        near(band[7 - place].1, interval.low);
        assert_eq!(number(circles[place], "cx"), band[place].0);
    }
    assert!(description(&document).starts_with(
        "Share: lowest 0 % (4 Mar), highest 100 % (5 Mar), last 100 % (5 Mar). The band is"
    ));
}

#[test]
fn a_missing_value_is_a_gap_and_what_stands_alone_is_a_mark() {
    let days =
        shares(&[Some((1, 2)), Some((1, 2)), None, Some((1, 4)), None, Some((1, 2)), Some((2, 2))]);
    let series = Series::of_days("", &definition(Show::Share), Tz::UTC, &days);
    let svg = chart("Share", "en").line(Tz::UTC, &[series]).unwrap();
    let document = checked(&svg);
    let height = height_of_share(&document);
    assert_eq!(all(&document, "circle").len(), 5, "none at 0 % for a day without values");
    assert!(all(&document, "circle").iter().all(|it| number(*it, "cy") < height(0.1)));
    // Two bands, two lines, and the interval of the day that stands alone.
    assert_eq!(all(&document, "polygon").len(), 2);
    let lines = strokes(&document);
    assert_eq!(lines.len(), 3 + 1);
    let alone: Vec<_> =
        lines.iter().filter(|line| line.len() == 2 && line[0].0 == line[1].0).collect();
    assert_eq!(alone.len(), 1);
    let interval = kontak_metrics::Interval::of_share(1, 4).unwrap();
    assert!((alone[0][0].1 - height(interval.high)).abs() <= 1.0);
    assert!((alone[0][1].1 - height(interval.low)).abs() <= 1.0);
    assert!(description(&document).contains("2 of 7 without a value."));
}

#[test]
fn a_day_on_which_clocks_change_is_as_long_as_it_was() {
    let mut metrics = engine();
    contacts(&mut metrics, at("2026-03-26T10:00:00Z"), 60, 120);
    let view = metrics.settle();
    let zone = Tz::Europe__Berlin;
    let window = Window::days(zone, date("2026-03-27"), 4).unwrap();
    let found = view.catalog().get("kontak.service_level").unwrap();
    let days = view.by_day(zone, "kontak.service_level", &window, &Filter::all()).unwrap();
    let series = Series::of_days("", found, zone, &days);
    assert_eq!(series.points[2].at, at("2026-03-28T23:00:00Z"));
    let svg = chart("Tage", "de").sized(2_000, 300).line(zone, &[series]).unwrap();
    let document = checked(&svg);
    let x: Vec<f64> = all(&document, "circle").into_iter().map(|it| number(it, "cx")).collect();
    assert_eq!(x.len(), 4);
    let (whole, short) = (x[2] - x[1], x[3] - x[2]);
    assert!((short / whole - 23.0 / 24.0).abs() < 0.005, "{short} {whole}");
    // Days have no hours, whatever room there is.
    let mut labels = texts(&document);
    labels.retain(|label| !label.ends_with('%'));
    assert_eq!(labels, ["27 Mar", "28 Mar", "29 Mar", "30 Mar"]);
    let hours =
        view.by_hour_of_week(zone, "kontak.service_level", &window, &Filter::all()).unwrap();
    // Sunday 02:00 was skipped.
    assert_eq!(hours[6 * 24 + 2].values.count(), 0);
    let svg = chart("Stunden", "de").heat_map(found, zone, &hours).unwrap();
    assert!(description(&checked(&svg)).contains("Times of Europe/Berlin."));
}

#[test]
fn nothing_is_drawn_of_nothing_in_every_language() {
    let share = definition(Show::Share);
    for (language, empty) in
        LANGUAGES.into_iter().zip(["no values", "tidak ada nilai", "không có giá trị", "no values"])
    {
        let none = Series::of_days("", &share, Tz::UTC, &shares(&[None, None]));
        let of = |svg: Result<String, ChartError>| {
            let svg = svg.unwrap();
            let document = checked(&svg);
            assert_eq!(texts(&document), [empty]);
            assert!(description(&document).contains(empty));
        };
        of(chart("Trống", language).line(Tz::UTC, &[none]));
        of(chart("Trống", language).distribution(&share, &Histogram::new(), Scale::Linear));
        of(chart("Trống", language).distribution(&share, &Histogram::new(), Scale::Logarithmic));
        of(chart("Trống", language).heat_map(&share, Tz::UTC, &vec![Summary::default(); 168]));
        let svg = chart("Trống", language).line(Tz::UTC, &[]).unwrap();
        assert_eq!(texts(&checked(&svg)), [empty]);
    }
}

#[test]
fn one_value_is_a_chart() {
    let wait = definition(Show::Duration);
    let one = summary([7_000_000]);
    let days = vec![(date("2026-03-02"), one.clone())];
    let series = Series::of_days("", &wait, Tz::Asia__Ho_Chi_Minh, &days);
    let svg = chart("Chờ", "vi").line(Tz::Asia__Ho_Chi_Minh, &[series]).unwrap();
    let document = checked(&svg);
    assert_eq!(all(&document, "circle").len(), 1);
    assert!(texts(&document).contains(&"2/3".to_owned()), "{:?}", texts(&document));
    for scale in [Scale::Linear, Scale::Logarithmic] {
        for values in [vec![7_000_000], vec![0], vec![1], vec![u64::MAX], vec![0, u64::MAX]] {
            let histogram = summary(values).values;
            checked(&chart("Chờ", "vi").distribution(&wait, &histogram, scale).unwrap());
        }
    }
    let mut hours = vec![Summary::default(); 168];
    hours[167] = one;
    let svg = chart("Chờ", "vi").heat_map(&wait, Tz::Asia__Ho_Chi_Minh, &hours).unwrap();
    let document = checked(&svg);
    assert_eq!(
        description(&document),
        "Thấp nhất 7 giây (CN 23:00), cao nhất 7 giây (CN 23:00). 167 trên 168 không có giá trị. \
         Giờ theo Asia/Ho_Chi_Minh."
    );
    assert!(texts(&document).contains(&"CN".to_owned()));
}

#[test]
fn names_are_text_whatever_is_in_them() {
    let title = "a <b> & \"c\" 'd' ]]> \u{1}\u{8}\u{fffe}Đường dây nóng – máy lẻ #010203";
    let kept = "a <b> & \"c\" 'd' ]]> Đường dây nóng – máy lẻ #010203";
    let values = [(at("2026-03-02T00:00:00Z"), Some(1.0)), (at("2026-03-03T00:00:00Z"), Some(2.0))];
    let series =
        [title, "\"#010203\" \u{0}\nhai"].map(|name| Series::new(name, Show::Mean, values));
    let svg = chart(title, "vi").line(Tz::UTC, &series).unwrap();
    let document = checked(&svg);
    assert_eq!(all(&document, "title")[0].text(), Some(kept));
    let texts = texts(&document);
    assert!(texts.contains(&kept.to_owned()), "{texts:?}");
    assert!(texts.contains(&"\"#010203\"  hai".to_owned()), "{texts:?}");
}

#[test]
fn years_of_days_are_a_line_without_marks() {
    let midnight = at("2024-01-01T00:00:00Z");
    let value = |day: i32| (day % 97 != 0).then(|| f64::from(day % 60));
    let values = (0..800).map(|day| (midnight + TimeDelta::days(day.into()), value(day)));
    let series = Series::new("", Show::Duration, values);
    let svg = chart("Waits", "en").line(Tz::UTC, &[series]).unwrap();
    let document = checked(&svg);
    assert!(all(&document, "circle").is_empty());
    assert_eq!(strokes(&document).len(), 9, "cut at each of the missing days");
    let labels = texts(&document);
    assert!(labels.contains(&"Jan 2025".to_owned()) && labels.len() < 24, "{labels:?}");
    assert!(svg.len() < 40_000, "{}", svg.len());
}

#[test]
fn no_number_breaks_a_line() {
    let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 0.0, 1e-300, -0.0];
    for show in [Show::Duration, Show::Share, Show::Nps, Show::Mean, Show::Count, Show::Amount] {
        for number in numbers {
            let values = [Some(number), None, Some(1.0), Some(number)].into_iter().enumerate();
            let values = values
                .map(|(day, it)| (at("2026-03-02T00:00:00Z") + TimeDelta::days(day as i64), it));
            checked(&chart("x", "id").line(Tz::UTC, &[Series::new("", show, values)]).unwrap());
        }
    }
}

#[test]
fn no_time_breaks_a_line() {
    let times = [DateTime::<Utc>::MIN_UTC, at("2026-03-02T00:00:00Z"), DateTime::<Utc>::MAX_UTC];
    let twice = [times[1], times[1]];
    for (times, marks) in [(&times[..], 1), (&times[..1], 0), (&times[2..], 0), (&twice[..], 2)] {
        let values = times.iter().map(|at| (*at, Some(1.0)));
        let series = [Series::new("", Show::Mean, values)];
        let svg = chart("x", "id").line(Tz::Pacific__Apia, &series).unwrap();
        assert_eq!(all(&checked(&svg), "circle").len(), marks);
    }
    let ages = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"].map(|it| (at(it), Some(1.0)));
    let series = [Series::new("", Show::Mean, ages)];
    checked(&chart("x", "id").line(Tz::Pacific__Apia, &series).unwrap());
}

#[test]
fn bars_are_as_high_as_their_counts() {
    let wait = definition(Show::Duration);
    // Three values an octave apart, at one, two and four times the count, and zeros.
    let mut values = Histogram::new();
    values.insert_times(0, 30);
    values.insert_times(1_000_000, 10);
    values.insert_times(2_000_000, 20);
    values.insert_times(4_000_000, 40);
    let svg = chart("Waits", "en").distribution(&wait, &values, Scale::Logarithmic).unwrap();
    let document = checked(&svg);
    let heights: Vec<f64> =
        all(&document, "rect").into_iter().map(|it| number(it, "height")).collect();
    assert_eq!(heights.len(), 4);
    for (height, share) in heights.iter().zip([0.75, 0.25, 0.5, 1.0]) {
        assert!((height / heights[3] - share).abs() < 0.02, "{heights:?}");
    }
    let labels = texts(&document);
    assert!(labels.contains(&"0 s".to_owned()), "{labels:?}");
    assert!(description(&document).starts_with("100 values: half are 2 s at most"));
}

#[test]
fn shades_rise_with_values() {
    let mut hours = vec![Summary::default(); 168];
    for (hour, seconds) in [(0, 1), (30, 4), (100, 9), (167, 16)] {
        hours[hour] = summary([seconds * 1_000_000]);
    }
    let svg = chart("Waits", "en").heat_map(&definition(Show::Duration), Tz::UTC, &hours).unwrap();
    let document = checked(&svg);
    let cells: Vec<_> = all(&document, "rect");
    assert_eq!(cells.len(), 168 + 8);
    let filled: Vec<f64> =
        (cells.iter().take(168).filter(|it| it.attribute("fill") != Some("none")))
            .map(|it| number(*it, "opacity"))
            .collect();
    assert_eq!(filled.len(), 4, "an hour without values is a frame");
    assert!(filled.windows(2).all(|pair| pair[0] < pair[1]), "{filled:?}");
    assert!((filled[3] - 1.0).abs() < 1e-9);
    let first = cells[0];
    assert!(
        number(first, "x") < number(cells[23], "x") && number(first, "y") < number(cells[167], "y")
    );
    assert!(
        description(&document).starts_with("Lowest 1 s (Mon 00:00), highest 16 s (Sun 23:00).")
    );
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let wait = definition(Show::Duration);
    let error = chart("x", "en").heat_map(&wait, Tz::UTC, &[]).unwrap_err();
    assert_eq!(error.to_string(), "0 hours; expected the 168 of a week, from Monday 00:00 on");
    let error = chart("x", "en").sized(100, 5).line(Tz::UTC, &[]).unwrap_err();
    assert!(matches!(error, ChartError::Size(100, 5)));
    for size in [(240, 120), (10_000, 10_000)] {
        let days = shares(&[Some((1, 2)), Some((1, 3))]);
        let series = Series::of_days("", &definition(Show::Share), Tz::UTC, &days);
        checked(&chart("x", "en").sized(size.0, size.1).line(Tz::UTC, &[series]).unwrap());
    }
}

#[test]
fn scores_have_bars_of_their_own_and_bands_lie_below_lines() {
    let scores = summary([1, 2, 3, 3, 5, 5, 5, 5]);
    let svg =
        chart("CSAT", "id").distribution(&definition(Show::Mean), &scores.values, Scale::Linear);
    let svg = svg.unwrap();
    let document = checked(&svg);
    let bars = all(&document, "rect");
    assert_eq!(bars.len(), 4);
    let height = |place: usize| number(bars[place], "height");
    assert!((height(3) / height(0) - 4.0).abs() < 0.1 && (height(2) / height(0) - 2.0).abs() < 0.1);
    for label in ["1", "2", "3", "4", "5"] {
        assert!(texts(&document).contains(&label.to_owned()), "{label}");
    }
    let share = definition(Show::Share);
    let of =
        |name: &str| Series::of_days(name, &share, Tz::UTC, &shares(&[Some((3, 9)), Some((4, 9))]));
    let svg = chart("Share", "en").line(Tz::UTC, &["one", "two"].map(of)).unwrap();
    let last_band = svg.rfind("<polygon").unwrap();
    assert!(last_band < svg.find("stroke=\"#4A86D8\"").unwrap());
}
