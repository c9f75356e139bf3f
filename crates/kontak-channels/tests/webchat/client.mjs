// The protocol, spoken by `ws` of npm.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import WebSocket from "ws";
import { freePort, sleep, start, until } from "./server.mjs";

const SECRET = "a secret of at least sixteen bytes";
const port = await freePort();
let server = await start(port);
const base = `127.0.0.1:${port}/chat`;

function connect(hello) {
  const socket = new WebSocket(`ws://${base}/socket`);
  const frames = [];
  socket.on("open", () => socket.send(JSON.stringify({ hello })));
  socket.on("message", (data) => frames.push(JSON.parse(data)));
  socket.on("error", () => {});
  const closed = new Promise((done) => socket.on("close", done));
  return {
    frames, closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    raw: (text) => socket.send(text),
    drop: () => socket.terminate(),
    next: (kind, check = () => true) => until(kind, () => frames.find((frame) => kind in frame && check(frame[kind]))).then((frame) => frame[kind]),
    events: () => frames.filter((frame) => frame.event).map((frame) => frame.event),
    messages: () => frames.filter((frame) => frame.event?.frame.message).map((frame) => frame.event.frame.message),
  };
}
const isMessage = (event) => "message" in event.frame;

// A message is stored, read and answered, once, however often it is sent.
const first = connect({});
const { token, epoch } = await first.next("welcome");
first.send({ say: { id: "a", text: "Halo" } });
await first.next("took", ({ id }) => id === "a");
const answer = await first.next("event", isMessage);
assert.deepEqual(answer.frame.message.parts, [{ text: "Halo" }]);
first.send({ say: { id: "a", text: "Halo" } });
await until("the second taking", () => first.frames.filter((frame) => frame.took?.id === "a").length === 2);
await sleep(700);
assert.equal(first.messages().length, 1);
assert.deepEqual(first.events().map((event) => event.seq), first.events().map((_, index) => index + 1));
assert.ok(first.frames.some((frame) => frame.typing));

// What was not acknowledged comes again after the line broke; what was does not.
first.send({ got: { seq: answer.seq, id: answer.frame.message.id } });
await sleep(100);
first.send({ say: { id: "b", text: "Satu" } });
first.send({ say: { id: "c", text: "Dua" } });
await first.next("took", ({ id }) => id === "c");
first.drop();
await sleep(700);
const second = connect({ token, epoch, last: answer.seq });
await until("the replay", () => second.messages().length === 2);
assert.equal((await second.next("welcome")).missed, 0);
assert.deepEqual(second.messages().map((message) => message.parts[0].text).sort(), ["Dua", "Satu"]);
assert.equal(second.events()[0].seq, answer.seq + 1);

// Two tabs of one visitor both hear everything.
const tab = connect({ token, epoch, last: second.events().at(-1).seq });
await tab.next("welcome");
second.send({ say: { id: "d", text: "Tiga" } });
await tab.next("event", isMessage);
await second.next("event", (event) => event.frame.message?.parts[0].text === "Tiga");

// A choice comes back as the option that was tapped.
second.send({ say: { id: "e", text: "Kapan?" } });
const offered = await second.next("event", (event) => event.frame.message?.parts[0].choice);
const { offer, options } = offered.frame.message.parts[0].choice;
second.send({ choose: { id: "f", offer, option: options[1].id, label: options[1].label } });
await second.next("event", (event) => /Rabu sore/.test(event.frame.message?.parts[0].text));

// Files go by HTTP, with the token, and only those that were kept here may be attached.
const upload = (headers) => fetch(`http://${base}/upload?name=struk.png`, { method: "POST", headers: { "content-type": "image/png", ...headers }, body: "picture" });
assert.equal((await upload({})).status, 401);
const kept = await (await upload({ "x-webchat-session": token })).json();
second.send({ say: { id: "g", media: [{ url: kept.url, mime: "image/png", name: "struk.png" }] } });
await second.next("event", (event) => event.frame.message?.parts[0].media?.url === kept.url);
second.send({ say: { id: "h", media: [{ url: "http://169.254.169.254/latest/meta-data" }] } });
assert.equal((await second.next("refused", ({ id }) => id === "h")).why, "malformed");

// Whom the site vouches for is one person on all devices; whom it does not is nobody.
const hash = createHmac("sha256", SECRET).update("member 77").digest("hex");
const phone = connect({ user: "member 77", hash });
const laptop = connect({ user: "member 77", hash });
await phone.next("welcome");
await laptop.next("welcome");
phone.send({ say: { id: "i", text: "Dari ponsel" } });
await laptop.next("event", isMessage);
const liar = connect({ user: "member 78", hash });
assert.equal((await liar.next("bye")).why, "malformed");
await liar.closed;

// Tokens that were changed are no tokens, byte by byte.
const [payload, tag] = token.split(".");
for (const at of [0, 5, payload.length - 1]) {
  const other = payload[at] === "A" ? "B" : "A";
  const forged = connect({ token: payload.slice(0, at) + other + payload.slice(at + 1) + "." + tag });
  assert.equal((await forged.next("bye")).why, "expired");
}

// Strangers' frames, junk and floods do not bring it down.
const rude = connect({});
await rude.next("welcome");
rude.send({ say: { id: "x/y", text: "someone else's" } });
await rude.next("refused", ({ why }) => why === "malformed");
rude.send({ here: { at: 1 } });
rude.send({ later: {} });
for (let index = 0; index < 700; index++) rude.send({ say: { id: "flood" + index, text: "x" } });
await rude.next("refused", ({ why }) => why === "too_fast");
const junk = connect({});
await junk.next("welcome");
junk.raw("{");
assert.equal((await junk.next("bye")).why, "malformed");
const huge = connect({});
await huge.next("welcome");
huge.raw(JSON.stringify({ say: { id: "huge", text: "x".repeat(1 << 20) } }));
await huge.closed;

// A server that starts anew begins a new epoch, and takes the old token.
await server.stop();
server = await start(port);
const third = connect({ token, epoch, last: 99 });
const again = await third.next("welcome");
assert.notEqual(again.epoch, epoch);
third.send({ say: { id: "z", text: "Masih di sini" } });
assert.equal((await third.next("event", isMessage)).seq <= 2, true);
await server.stop();
console.log("ws: everything arrived, in order and once");
process.exit(0);
