// The chat widget of kontak: one script, no framework, no build step.
// What is said here is kept until the server has stored it, and comes back after a reload.
(function () {
  "use strict";
  if (window.kontak) return;

  const script = document.currentScript || document.querySelector('script[src$="/widget.js"]');
  const options = script.dataset;
  const base = new URL("./", script.src);
  const socketUrl = new URL("socket", base).href.replace(/^http/, "ws");

  const phrases = {
    en: {
      title: "Chat with us", open: "Open chat", close: "Close chat", unread: "new",
      hello: "Hello! How can we help?", write: "Write a message", send: "Send", attach: "Attach a file",
      you: "You", us: "We", typing: "is writing…", offline: "No connection. What you write is sent later.",
      waiting: "Waiting", sent: "Sent", read: "Read", failed: "Not sent", gone: "Message taken back",
      large: "This file could not be sent.", map: "Show on the map", edited: "edited", missed: "Some older messages are missing here.",
    },
    id: {
      title: "Obrolan", open: "Buka obrolan", close: "Tutup obrolan", unread: "baru",
      hello: "Halo! Ada yang bisa kami bantu?", write: "Tulis pesan", send: "Kirim", attach: "Lampirkan berkas",
      you: "Anda", us: "Kami", typing: "sedang mengetik…", offline: "Tidak ada koneksi. Pesan Anda dikirim nanti.",
      waiting: "Menunggu", sent: "Terkirim", read: "Dibaca", failed: "Tidak terkirim", gone: "Pesan ditarik",
      large: "Berkas ini tidak dapat dikirim.", map: "Lihat di peta", edited: "diubah", missed: "Beberapa pesan lama tidak ada di sini.",
    },
    vi: {
      title: "Trò chuyện", open: "Mở trò chuyện", close: "Đóng trò chuyện", unread: "mới",
      hello: "Xin chào! Chúng tôi có thể giúp gì?", write: "Viết tin nhắn", send: "Gửi", attach: "Đính kèm tệp",
      you: "Bạn", us: "Chúng tôi", typing: "đang soạn…", offline: "Mất kết nối. Tin nhắn sẽ được gửi sau.",
      waiting: "Đang chờ", sent: "Đã gửi", read: "Đã xem", failed: "Chưa gửi được", gone: "Tin nhắn đã thu hồi",
      large: "Không gửi được tệp này.", map: "Xem trên bản đồ", edited: "đã sửa", missed: "Một số tin nhắn cũ không có ở đây.",
    },
  };
  const asked = (options.language || document.documentElement.lang || navigator.language || "en").slice(0, 2).toLowerCase();
  const language = phrases[asked] ? asked : "en";
  const say = phrases[language];
  const title = options.title || say.title;

  // ---- What is remembered. Each change reads anew, since other tabs of the page change it too.

  const place = "kontak:" + socketUrl;
  const MOST = 200;
  let memory = null;
  const blank = () => ({ token: null, epoch: null, last: 0, log: [], unread: 0 });

  function load() {
    try {
      const kept = JSON.parse(localStorage.getItem(place));
      if (kept && Array.isArray(kept.log)) return kept;
    } catch (_) { /* storage is off: this page remembers for itself */ }
    return memory || blank();
  }

  function change(how) {
    const state = load();
    how(state);
    // What waits to be sent is never forgotten for want of room.
    while (state.log.length > MOST && state.log[0].state !== "waiting") state.log.shift();
    memory = state;
    try { localStorage.setItem(place, JSON.stringify(state)); } catch (_) { /* as above */ }
    draw();
  }

  const name = () => (crypto.randomUUID ? crypto.randomUUID() : Date.now().toString(36) + Math.random().toString(36).slice(2));

  // ---- The line.

  let socket = null, welcomed = false, tries = 0, timer = 0, theyType = 0;

  function connect() {
    clearTimeout(timer);
    if (socket) return;
    const state = load();
    const ws = socket = new WebSocket(socketUrl);
    ws.onopen = () => {
      const hello = { token: state.token, epoch: state.epoch, last: load().last };
      if (options.user && options.hash) Object.assign(hello, { user: options.user, hash: options.hash });
      if (options.name) hello.name = options.name;
      ws.send(JSON.stringify({ hello }));
    };
    ws.onmessage = (message) => {
      let frame;
      try { frame = JSON.parse(message.data); } catch (_) { return; }
      for (const kind of Object.keys(frame)) if (incoming[kind]) incoming[kind](frame[kind]);
    };
    ws.onclose = () => {
      if (socket !== ws) return;
      socket = null;
      welcomed = false;
      theyType = 0;
      drawTyping();
      drawLine();
      const wait = Math.min(30000, 500 * 2 ** tries++) * (0.5 + Math.random());
      timer = setTimeout(connect, wait);
    };
  }

  function write(frame) {
    if (!welcomed) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  const incoming = {
    welcome(welcome) {
      welcomed = true;
      tries = 0;
      change((state) => {
        if (state.epoch !== welcome.epoch) state.last = 0;
        state.token = welcome.token;
        state.epoch = welcome.epoch;
        if (welcome.missed) state.log.push({ id: name(), note: say.missed });
      });
      for (const entry of load().log) if (entry.state === "waiting") write(entry.frame);
      drawLine();
    },
    took: ({ id }) => change((state) => mark(state, id, "sent")),
    refused: ({ id, why }) => {
      // What the server cannot read it will not read later either.
      if (why === "malformed") change((state) => mark(state, id, "failed"));
      else setTimeout(() => { for (const entry of load().log) if (entry.id === id && entry.state === "waiting") write(entry.frame); }, 3000);
    },
    event({ seq, at, frame }) {
      const state = load();
      if (seq <= state.last) return;
      const kind = Object.keys(frame)[0], inside = frame[kind];
      change((state) => {
        state.last = seq;
        const entry = state.log.find((entry) => entry.id === inside.id && (kind === "read") === Boolean(entry.mine));
        if (kind === "message" && !entry) {
          state.log.push({ id: inside.id, at, parts: inside.parts });
          if (!shown()) state.unread++;
        } else if (kind === "edit" && entry) {
          entry.parts = inside.parts;
          entry.edited = true;
        } else if (kind === "unsay" && entry) {
          entry.parts = [];
          entry.gone = true;
        } else if (kind === "read" && entry) {
          for (const earlier of state.log) {
            if (earlier.mine && earlier.state === "sent") earlier.state = "read";
            if (earlier === entry) break;
          }
        }
      });
      theyType = 0;
      drawTyping();
      const got = { seq };
      if (kind === "message") got.id = inside.id;
      write({ got });
      if (kind === "message" && shown()) write({ seen: { id: inside.id } });
    },
    typing() {
      theyType = Date.now() + 5000;
      drawTyping();
      setTimeout(drawTyping, 5100);
    },
    bye({ why }) {
      if (why === "expired" || why === "malformed") change((state) => { state.token = null; });
    },
  };

  function mark(state, id, how) {
    const entry = state.log.find((entry) => entry.mine && entry.id === id);
    if (entry && entry.state !== "read") entry.state = how;
  }

  // ---- What the visitor does.

  function put(kind, inside, parts) {
    const id = name();
    const frame = { [kind]: Object.assign({ id }, inside) };
    change((state) => state.log.push({ id, mine: true, at: Date.now(), state: "waiting", frame, parts }));
    write(frame);
    log.scrollTop = log.scrollHeight;
  }

  function sayText(text) {
    text = text.trim();
    if (text) put("say", { text }, [{ text }]);
  }

  async function attach(file) {
    try {
      const url = new URL("upload", base);
      url.searchParams.set("name", file.name);
      const mime = file.type || "application/octet-stream";
      const headers = { "content-type": mime, "x-webchat-session": load().token };
      const answer = await fetch(url, { method: "POST", headers, body: file });
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = await answer.json();
      const kind = /^(image|video|audio)\//.test(mime) ? mime.split("/")[0] : "document";
      put("say", { media: [{ url: kept.url, name: file.name, mime, size: file.size }] },
        [{ media: { kind, url: kept.url, name: file.name, mime } }]);
    } catch (_) {
      change((state) => state.log.push({ id: name(), note: say.large }));
    }
  }

  function seeAll() {
    const unseen = load().log.filter((entry) => !entry.mine && !entry.note);
    if (load().unread) {
      unseen.slice(-load().unread).forEach((entry) => write({ seen: { id: entry.id } }));
      change((state) => { state.unread = 0; });
    }
  }

  // ---- What is seen.

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  host.lang = language;

  function make(tag, props, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(props || {})) {
      if (key in element && key !== "list") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(svg.namespaceURI, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  };
  const BUBBLE = "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
  const CROSS = "M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19 12 13.4 17.6 19 19 17.6 13.4 12 19 6.4 17.6 5 12 10.6z";
  const PLANE = "M3 20.5v-7l9-1.5-9-1.5v-7L21.5 12z";
  const CLIP = "M16.5 6v11.5a4 4 0 0 1-8 0V5a2.5 2.5 0 0 1 5 0v10.5a1 1 0 0 1-2 0V6H10v9.5a2.5 2.5 0 0 0 5 0V5a4 4 0 0 0-8 0v12.5a5.5 5.5 0 0 0 11 0V6z";

  const style = make("style", { textContent: `
    :host { all: initial; --accent: ${/^#[0-9a-f]{3,8}$/i.test(options.color || "") ? options.color : "#1d4ed8"}; --on-accent: #fff;
      --paper: #fff; --ink: #16181d; --soft: #5b6270; --line: #e3e6ec; --theirs: #eff1f5; --back: #f8f9fb;
      font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color-scheme: light dark; }
    @media (prefers-color-scheme: dark) { :host { --paper: #17191e; --ink: #eceef2; --soft: #a3aab8; --line: #2c3039; --theirs: #262a32; --back: #1c1f25; } }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; color: inherit; border: 0; background: none; cursor: pointer; }
    svg { width: 24px; height: 24px; fill: currentColor; display: block; }
    :focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 55%, #fff); outline-offset: 2px; }
    .launch { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      width: 58px; height: 58px; border-radius: 50%; background: var(--accent); color: var(--on-accent); display: grid; place-items: center;
      box-shadow: 0 6px 20px rgb(0 0 0 / .22); transition: transform .15s; }
    .launch:hover { transform: translateY(-2px); }
    .launch svg { width: 27px; height: 27px; }
    .count { position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: #d42a2a; color: #fff;
      font-size: 12.5px; font-weight: 650; line-height: 22px; text-align: center; }
    .panel { position: fixed; z-index: 2147483001; right: 20px; bottom: 92px; width: 376px; height: min(620px, calc(100dvh - 116px)); display: flex; flex-direction: column;
      background: var(--paper); color: var(--ink); border-radius: 18px; overflow: hidden; box-shadow: 0 14px 50px rgb(0 0 0 / .26), 0 0 0 1px var(--line); animation: rise .18s ease-out; }
    @keyframes rise { from { opacity: 0; transform: translateY(10px); } }
    .head { display: flex; align-items: center; gap: 12px; padding: 15px 12px 15px 18px; background: var(--accent); color: var(--on-accent); }
    .face { flex: none; width: 38px; height: 38px; border-radius: 50%; background: rgb(255 255 255 / .2); display: grid; place-items: center; font-weight: 650; font-size: 17px; }
    h2 { margin: 0; font-size: 16.5px; font-weight: 650; line-height: 1.25; flex: 1; overflow-wrap: anywhere; }
    .icon { flex: none; width: 42px; height: 42px; border-radius: 50%; display: grid; place-items: center; }
    .icon:hover { background: rgb(127 127 127 / .18); }
    .line { padding: 8px 18px; font-size: 13px; background: #fff4d6; color: #5c4400; }
    @media (prefers-color-scheme: dark) { .line { background: #3b3113; color: #ffe5a3; } }
    .log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px 14px 10px; background: var(--back); display: flex; flex-direction: column; gap: 3px; }
    .item { max-width: 82%; align-self: flex-start; display: flex; flex-direction: column; gap: 3px; }
    .item.turn { margin-top: 9px; }
    .item.mine { align-self: flex-end; align-items: flex-end; }
    .bubble { padding: 9px 13px; border-radius: 16px; border-bottom-left-radius: 5px; background: var(--theirs); white-space: pre-wrap; overflow-wrap: anywhere; }
    .mine .bubble { background: var(--accent); color: var(--on-accent); border-radius: 16px; border-bottom-right-radius: 5px; }
    .gone { font-style: italic; color: var(--soft); }
    .bubble a { color: inherit; text-underline-offset: 2px; }
    .bubble.picture { padding: 4px; background: none; }
    .bubble img, .bubble video { display: block; max-width: 100%; max-height: 260px; border-radius: 13px; }
    .meta { font-size: 11.5px; color: var(--soft); padding: 0 5px; }
    .note { align-self: center; text-align: center; font-size: 13px; color: var(--soft); padding: 8px; }
    .choices { display: flex; flex-wrap: wrap; gap: 7px; padding-top: 5px; }
    .choices button { padding: 8px 14px; border-radius: 20px; border: 1.5px solid var(--accent); color: var(--accent); background: var(--paper); font-weight: 550; text-align: left; }
    @media (prefers-color-scheme: dark) { .choices button { color: var(--ink); } }
    .choices button:hover:not(:disabled) { background: var(--accent); color: var(--on-accent); }
    .choices button:disabled { opacity: .5; cursor: default; }
    .choices small { display: block; font-weight: 400; opacity: .8; }
    .typing { display: flex; align-items: center; gap: 8px; padding: 4px 18px 8px; font-size: 13px; color: var(--soft); background: var(--back); }
    .dots { display: inline-flex; gap: 4px; }
    .dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: beat 1.2s infinite; }
    .dots i:nth-child(2) { animation-delay: .15s; } .dots i:nth-child(3) { animation-delay: .3s; }
    @keyframes beat { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
    form { display: flex; align-items: flex-end; gap: 4px; padding: 9px 9px max(9px, env(safe-area-inset-bottom)); border-top: 1px solid var(--line); background: var(--paper); }
    textarea { flex: 1; min-height: 42px; max-height: 132px; resize: none; padding: 10px 13px; border: 1px solid var(--line); border-radius: 21px; background: var(--back); color: var(--ink);
      font: inherit; font-size: 16px; line-height: 1.3; }
    textarea::placeholder { color: var(--soft); opacity: 1; }
    .send { color: var(--accent); } .send:disabled { color: var(--soft); opacity: .55; cursor: default; }
    @media (prefers-color-scheme: dark) { .send:not(:disabled) { color: color-mix(in srgb, var(--accent) 60%, #fff); } }
    .attach { color: var(--soft); }
    .hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (max-width: 480px) { .panel { inset: 0; width: auto; height: auto; border-radius: 0; } .panel:not([hidden]) ~ .launch { display: none; } }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }` });

  const count = make("span", { className: "count", hidden: true });
  const launch = make("button", { className: "launch", type: "button", "aria-expanded": "false", "aria-controls": "panel" }, icon(BUBBLE), count);
  const closer = make("button", { className: "icon", type: "button", "aria-label": say.close }, icon(CROSS));
  const heading = make("h2", { id: "heading", textContent: title });
  const face = make("div", { className: "face", "aria-hidden": "true", textContent: Array.from(title)[0].toUpperCase() });
  const line = make("div", { className: "line", role: "status", hidden: true, textContent: say.offline });
  const log = make("div", { className: "log", role: "log", tabIndex: 0, "aria-live": "polite", "aria-labelledby": "heading" });
  const typing = make("div", { className: "typing", hidden: true },
    make("span", { className: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")), title + " " + say.typing);
  const area = make("textarea", { rows: 1, placeholder: say.write, "aria-label": say.write, maxLength: 10000, enterKeyHint: "send" });
  const picker = make("input", { type: "file", hidden: true, tabIndex: -1 });
  const clip = make("button", { className: "icon attach", type: "button", "aria-label": say.attach }, icon(CLIP));
  const sender = make("button", { className: "icon send", type: "submit", disabled: true, "aria-label": say.send }, icon(PLANE));
  const form = make("form", {}, clip, picker, area, sender);
  const panel = make("div", { className: "panel", id: "panel", role: "dialog", "aria-labelledby": "heading", hidden: true },
    make("div", { className: "head" }, face, heading, closer), line, log, typing, form);
  if (options.attachments === "off") clip.hidden = true;
  root.append(style, panel, launch);

  const shown = () => !panel.hidden && document.visibilityState === "visible";

  function linked(text) {
    // Addresses become links; everything else stays text, so that no markup can come in.
    return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/).map((piece, index) =>
      index % 2 ? make("a", { href: piece, target: "_blank", rel: "noopener noreferrer nofollow", textContent: piece }) : piece);
  }

  const bubble = (...children) => make("div", { className: "bubble" }, ...children);
  const safe = (url) => (/^https?:\/\//i.test(url) ? url : "about:blank");

  function drawPart(part, entry, last) {
    if (part.text) return [bubble(...linked(part.text))];
    if (part.media) {
      const { kind, url, name: file, caption } = part.media;
      const out = [];
      if (kind === "image" || kind === "sticker") out.push(make("div", { className: "bubble picture" }, make("img", { src: safe(url), alt: caption || file || "", loading: "lazy" })));
      else if (kind === "video") out.push(make("div", { className: "bubble picture" }, make("video", { src: safe(url), controls: true, preload: "metadata" })));
      else if (kind === "audio" || kind === "voice_note") out.push(bubble(make("audio", { src: safe(url), controls: true, preload: "none" })));
      else out.push(bubble(make("a", { href: safe(url), target: "_blank", rel: "noopener noreferrer", textContent: "📎 " + (file || url) })));
      if (caption) out.push(bubble(...linked(caption)));
      return out;
    }
    if (part.place) {
      const { latitude, longitude, name: called, address } = part.place;
      const href = "https://www.openstreetmap.org/?mlat=" + latitude + "&mlon=" + longitude + "#map=17/" + latitude + "/" + longitude;
      const words = [called, address].filter(Boolean).join("\n");
      return [bubble(words ? words + "\n" : "", make("a", { href, target: "_blank", rel: "noopener noreferrer", textContent: "📍 " + say.map }))];
    }
    if (part.choice) {
      const { offer, prompt, options: offered } = part.choice;
      const buttons = offered.map((option) => {
        const button = make("button", { type: "button", disabled: !last }, option.label);
        if (option.description) button.append(make("small", { textContent: option.description }));
        button.onclick = () => put("choose", { offer, option: option.id, label: option.label }, [{ text: option.label }]);
        return button;
      });
      return [...(prompt ? [bubble(...linked(prompt))] : []), make("div", { className: "choices", role: "group" }, ...buttons)];
    }
    return [];
  }

  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

  function drawEntry(entry, before, after) {
    if (entry.note) return make("div", { className: "note", textContent: entry.note });
    const turn = !before || Boolean(before.mine) !== Boolean(entry.mine);
    const item = make("div", { className: "item" + (entry.mine ? " mine" : "") + (turn ? " turn" : "") });
    item.append(make("span", { className: "hide", textContent: (entry.mine ? say.you : title) + ": " }));
    if (entry.gone) item.append(make("div", { className: "bubble gone", textContent: say.gone }));
    for (const part of entry.parts || []) item.append(...drawPart(part, entry, !after));
    const ends = !after || Boolean(after.mine) !== Boolean(entry.mine) || after.at - entry.at > 300000;
    if (ends || (entry.mine && entry.state !== "sent" && entry.state !== "read")) {
      const words = [entry.edited && say.edited, clock.format(entry.at), entry.mine && say[entry.state]].filter(Boolean);
      item.append(make("div", { className: "meta", textContent: words.join(" · ") }));
    }
    return item;
  }

  // Only what has changed is drawn anew, so that a screen reader hears only what is new.
  const drawn = new Map();

  function draw() {
    const state = load();
    const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    const wanted = new Set();
    let previous = greeting;
    state.log.forEach((entry, index) => {
      const before = state.log[index - 1], after = state.log[index + 1];
      const print = JSON.stringify([entry, before && before.mine, after && [after.mine, after.at]]);
      let known = drawn.get(entry.id);
      if (!known || known.print !== print) {
        const element = drawEntry(entry, before, after);
        if (known) known.element.replaceWith(element);
        else previous.after(element);
        known = { print, element };
        drawn.set(entry.id, known);
      }
      previous = known.element;
      wanted.add(entry.id);
    });
    for (const [id, { element }] of drawn) if (!wanted.has(id)) { element.remove(); drawn.delete(id); }
    count.hidden = !state.unread;
    count.textContent = state.unread > 99 ? "99+" : state.unread;
    const label = (panel.hidden ? say.open : say.close) + (state.unread ? ", " + state.unread + " " + say.unread : "");
    launch.setAttribute("aria-label", label);
    if (wasAtEnd) log.scrollTop = log.scrollHeight;
  }

  const greeting = make("div", { className: "item turn" }, bubble(options.greeting || say.hello));
  log.append(greeting);

  const drawTyping = () => { typing.hidden = theyType < Date.now(); };
  let lineTimer = 0;
  function drawLine() {
    clearTimeout(lineTimer);
    if (welcomed) line.hidden = true;
    // A line that comes back at once is not worth a word.
    else lineTimer = setTimeout(() => { line.hidden = welcomed; }, 1500);
  }

  function open() {
    panel.hidden = false;
    launch.setAttribute("aria-expanded", "true");
    connect();
    drawLine();
    seeAll();
    draw();
    log.scrollTop = log.scrollHeight;
    area.focus({ preventScroll: true });
  }

  function close() {
    panel.hidden = true;
    launch.setAttribute("aria-expanded", "false");
    draw();
    launch.focus({ preventScroll: true });
  }

  let typed = 0;
  area.oninput = () => {
    sender.disabled = !area.value.trim();
    area.style.height = "auto";
    area.style.height = Math.min(132, area.scrollHeight + 2) + "px";
    if (area.value && Date.now() - typed > 3000) {
      typed = Date.now();
      write({ typing: { on: true, at: typed } });
    }
  };
  area.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    sayText(area.value);
    area.value = "";
    typed = 0;
    area.oninput();
  };
  clip.onclick = () => picker.click();
  picker.onchange = () => { if (picker.files[0]) attach(picker.files[0]); picker.value = ""; };
  launch.onclick = () => (panel.hidden ? open() : close());
  closer.onclick = close;
  panel.onkeydown = (event) => { if (event.key === "Escape") close(); };
  document.addEventListener("visibilitychange", () => { if (shown()) seeAll(); });
  window.addEventListener("storage", (event) => { if (event.key === place) draw(); });
  window.addEventListener("online", () => { tries = 0; connect(); });

  window.kontak = {
    open, close, say: sayText,
    forget() {
      try { localStorage.removeItem(place); } catch (_) { /* nothing is kept */ }
      memory = null;
      if (socket) socket.close();
      draw();
    },
  };

  const begin = () => {
    document.body.append(host);
    draw();
    // Who has spoken before hears answers also while the panel is closed.
    if (load().token) connect();
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
