//! Words out of HTML and Markdown.

use kontak_content::Text;

fn html(text: &str) -> String {
    Text::html(text).unwrap().plain_text().into_owned()
}

fn markdown(text: &str) -> String {
    Text::markdown(text).unwrap().plain_text().into_owned()
}

#[test]
fn a_mail_in_html_reads_as_lines() {
    let mail = "<!DOCTYPE html><html><head><title>x</title><style>p{color:red}</style></head>\
        <body><p>Xin ch&agrave;o&nbsp; <b>ch&#7883;</b>,</p>\n<div>m&aacute;y<br>h&#x1ecf;ng</div>\
        <script>if (a < b) alert('<p>')</script><!-- <p>no</p> -->\
        <table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table></body></html>";
    assert_eq!(html(mail), "Xin chào chị,\nmáy\nhỏng\nA 1\nB 2");
}

#[test]
fn broken_html_loses_no_words() {
    assert_eq!(html("a < b & c > d &amp;amp; &nosuch;"), "a < b & c > d &amp; &nosuch;");
    assert_eq!(html("<p>one<p>two<b>three"), "one\ntwothree");
    assert_eq!(html("<head><style>x</style><body>words"), "words");
    assert_eq!(html("<p>end of <a href='x"), "end of");
    assert_eq!(html("<style>never closed"), "");
}

#[test]
fn markdown_reads_as_lines() {
    let text = "# Promo\n\nHalo **Ibu** [Siti](https://x.example)!\nBaris `dua`\n\n- satu\n- ~~dua~~\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nlet x;\n  y\n```\n![gambar](u) 5 &lt; 6";
    assert_eq!(
        markdown(text),
        "Promo\nHalo Ibu Siti!\nBaris dua\nsatu\ndua\na b\n1 2\nlet x;\n  y\ngambar 5 < 6"
    );
}

#[test]
fn plain_text_keeps_every_character() {
    let text = " 2 * 3 * 4 <b> \n&amp; ";
    assert_eq!(Text::plain(text).unwrap().plain_text(), text);
}

#[test]
fn hostile_nesting_takes_no_stack() {
    assert_eq!(html(&("<div>".repeat(100_000) + "x")), "x");
    assert_eq!(markdown(&(">".repeat(20_000) + "x")), "x");
    assert!(markdown(&("[".repeat(50_000))).starts_with('['));
}
