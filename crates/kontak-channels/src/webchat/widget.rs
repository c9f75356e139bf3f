/// The widget: one plain script that a page embeds, served as `/widget.js`.
///
/// ```html
/// <script src="https://chat.shop.example/chat/widget.js" async
///     data-title="Toko Budi" data-language="id" data-color="#0b6e4f"></script>
/// ```
///
/// `data-user` and `data-hash` (see [`user_hash`](super::user_hash)) say who is logged in, `data-name`
/// what to call them. Languages are `en`, `id` and `vi`; without `data-language` the page's is taken.
/// The page may call `kontak.open()`, `kontak.close()`, `kontak.say(text)` and, when somebody logs
/// out, `kontak.forget()`.
pub const WIDGET: &str = include_str!("widget.js");
