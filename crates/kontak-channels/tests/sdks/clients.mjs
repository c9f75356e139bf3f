// The vendors' JavaScript libraries as clients of `echo_webhooks`; started by `run.py`. What the
// Python libraries do is in `clients.py`; here are npm's `twilio` and `@line/bot-sdk`, and for Meta
// and Discourse, which sign as GitHub does, GitHub's own `@octokit/webhooks-methods`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { messagingApi, validateSignature } from "@line/bot-sdk";
import { sign, verify } from "@octokit/webhooks-methods";
import twilio from "twilio";

// As in `echo_webhooks`.
const SECRET = "a-secret-of-at-least-sixteen-bytes";
const TOKEN = "an-access-token";
const PUBLIC = "https://hooks.shop.example";
const WORDS = "Kapan teknisi datang? Xin chào 👋 <&>";

// The interface that stands in for all providers.
const PUSHED = { sentMessages: [{ id: "461230966842064897", quoteToken: "q" }] };
const TAKEN = {
  "/line/v2/bot/message/push": PUSHED,
  // The library of LINE takes a host and no folder.
  "/v2/bot/message/push": PUSHED,
  "/forum/posts.json": { id: 1043, topic_id: 77 },
  "/2010-04-01/Accounts/AC1/Messages.json": { sid: "SM9" },
  "/2010-04-01/Accounts/AC1/Calls/CA1.json": { sid: "CA1" },
  "/graph/106540352242922/messages": { messaging_product: "whatsapp", messages: [{ id: "wamid.9" }] },
  "/graph/1906385232743451/messages": { recipient_id: "6544121", message_id: "m_9" },
  "/graph/17841405793187218/messages": { recipient_id: "9912345", message_id: "m_9" },
};
const written = [];
const provider = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const answer = TAKEN[request.url];
  response.writeHead(answer ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? { error: `nothing at ${request.url}` }));
  written.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
  provider.emit("written");
});
await once(provider.listen(0, "127.0.0.1"), "listening");
const api = `http://127.0.0.1:${provider.address().port}`;

async function next() {
  if (written.length === 0) await once(provider, "written", { signal: AbortSignal.timeout(20_000) });
  return written.shift();
}

const server = spawn(process.env.SERVER, ["127.0.0.1:0", PUBLIC, api], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => server.kill());
const lines = createInterface({ input: server.stdout });
const [first] = await once(lines, "line");
const own = first.match(/listening on (\S+),/)[1];

let taken = 0;
let refused = 0;

async function ask(path, body, headers) {
  const answer = await fetch(own + path, { method: "POST", body, headers });
  return { status: answer.status, text: await answer.text() };
}

async function takes(path, body, headers) {
  const { status, text } = await ask(path, body, headers);
  assert.equal(status, 200, `${path}: a genuine request`);
  taken += 1;
  return text;
}

async function refuses(path, body, headers, why) {
  const { status } = await ask(path, body, headers);
  assert.equal(status, 401, `${path}: ${why}`);
  refused += 1;
}

// A genuine request twice, each thirteenth byte changed, another signature and none.
async function tries(path, body, headers, name, others) {
  const bytes = Buffer.from(body);
  const answer = await takes(path, bytes, headers);
  await takes(path, bytes, headers);
  for (let at = 0; at < bytes.length; at += 13) {
    const forged = Buffer.from(bytes);
    forged[at] ^= 1;
    await refuses(path, forged, headers, `byte ${at} was changed`);
  }
  for (const other of others) await refuses(path, bytes, { ...headers, [name]: other }, "of another secret");
  const { [name]: _, ...bare } = headers;
  await refuses(path, bytes, bare, "there is no signature");
  return answer;
}

async function twilioForms() {
  const header = "x-twilio-signature";
  const client = twilio("AC1", TOKEN);
  // The library has no setting for this: its requests go where the interface is.
  const request = client.httpClient.request.bind(client.httpClient);
  client.httpClient.request = (options) =>
    request({ ...options, uri: options.uri.replace("https://api.twilio.com", api) });
  const form = async (path, params) => {
    const signed = (secret, url) => twilio.getExpectedTwilioSignature(secret, url + path, params);
    const body = new URLSearchParams(params).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", [header]: signed(SECRET, PUBLIC) };
    return tries(path, body, headers, header, [signed("another token", PUBLIC), signed(SECRET, own)]);
  };
  const same = (ours, theirs) => {
    assert.equal(ours.path, theirs.path);
    assert.equal(ours.headers.authorization, theirs.headers.authorization);
    const pairs = ({ body }) => [...new URLSearchParams(body)].sort();
    assert.deepEqual(pairs(ours), pairs(theirs));
  };
  const [from, to] = ["+6281290435517", "+18005551212"];
  await form("/twilio_sms?shop=jakarta%20pusat", { MessageSid: "SM1", From: from, To: to, Body: WORDS, NumMedia: "0" });
  let ours = await next();
  await client.messages.create({ to: from, from: to, body: WORDS });
  same(ours, await next());

  const call = { CallSid: "CA1", From: from, To: to, Direction: "inbound" };
  const greeting = new twilio.twiml.VoiceResponse();
  greeting.say("Say something, and you hear it again.");
  const answer = await form("/twilio_voice", { ...call, CallStatus: "ringing" });
  assert.equal(`<?xml version="1.0" encoding="UTF-8"?>${answer}`, greeting.toString());
  await form("/twilio_voice", { ...call, CallStatus: "in-progress", SpeechResult: WORDS });
  ours = await next();
  const spoken = new twilio.twiml.VoiceResponse();
  spoken.gather({ input: "dtmf speech", action: `${PUBLIC}/twilio_voice` }).say(WORDS);
  await client.calls("CA1").update({ twiml: spoken.toString().replace(/^<\?xml.*?\?>/, "") });
  same(ours, await next());
}

async function line() {
  const user = "U" + "7".repeat(32);
  const body = JSON.stringify({
    destination: "U" + "0".repeat(32),
    events: [{
      type: "message", mode: "active", timestamp: 1770000000000, webhookEventId: "01FZ74A0TDDPYRVKNK77XKC3ZR",
      deliveryContext: { isRedelivery: false }, replyToken: "r", source: { type: "user", userId: user },
      message: { type: "text", id: "1", text: WORDS, quoteToken: "q" },
    }],
  });
  const signed = (secret) => createHmac("sha256", secret).update(body).digest("base64");
  assert(validateSignature(body, SECRET, signed(SECRET)));
  const header = "x-line-signature";
  await tries("/line", body, { [header]: signed(SECRET) }, header, [signed("another secret")]);

  const ours = await next();
  const client = new messagingApi.MessagingApiClient({ channelAccessToken: TOKEN, baseURL: api });
  await client.pushMessage({ to: user, messages: [{ type: "text", text: WORDS }] }, ours.headers["x-line-retry-key"]);
  const theirs = await next();
  assert.equal(ours.path, `/line${theirs.path}`);
  assert.equal(ours.headers.authorization, theirs.headers.authorization);
  assert.equal(ours.headers["x-line-retry-key"], theirs.headers["x-line-retry-key"]);
  assert.deepEqual(JSON.parse(ours.body), JSON.parse(theirs.body));
}

async function signedAsByGithub(path, header, document, more = {}) {
  const body = JSON.stringify(document);
  const signature = await sign(SECRET, body);
  assert(await verify(SECRET, body, signature));
  await tries(path, body, { ...more, [header]: signature }, header, [await sign("another secret", body)]);
  return next();
}

async function meta() {
  const header = "x-hub-signature-256";
  const messages = [{ from: "6281290435517", id: "wamid.1", timestamp: "1770000000", type: "text", text: { body: WORDS } }];
  const contacts = [{ profile: { name: "Siti" }, wa_id: "6281290435517" }];
  const changes = [{ field: "messages", value: { messaging_product: "whatsapp", contacts, messages } }];
  let ours = await signedAsByGithub("/whatsapp", header, { object: "whatsapp_business_account", entry: [{ id: "1", changes }] });
  assert.equal(JSON.parse(ours.body).text.body, WORDS);
  for (const [path, object, id, sender] of [
    ["/messenger", "page", "1906385232743451", "6544121"],
    ["/instagram", "instagram", "17841405793187218", "9912345"],
  ]) {
    const message = { mid: "m_1", text: WORDS };
    const event = { sender: { id: sender }, recipient: { id }, timestamp: 1770000000000, message };
    ours = await signedAsByGithub(path, header, { object, entry: [{ id, time: 1770000000123, messaging: [event] }] });
    assert.equal(ours.headers.authorization, `Bearer ${TOKEN}`);
    const { recipient, message: said } = JSON.parse(ours.body);
    assert.deepEqual({ recipient, said }, { recipient: { id: sender }, said: { text: WORDS } });
  }
}

async function discourse() {
  const post = {
    id: 1042, user_id: 5, username: "siti", raw: WORDS, created_at: "2026-02-02T02:40:00.000Z", topic_id: 77, version: 1,
  };
  const event = { "x-discourse-event": "post_created" };
  const ours = await signedAsByGithub("/discourse", "x-discourse-event-signature", { post }, event);
  assert.deepEqual(JSON.parse(ours.body), { raw: WORDS, topic_id: "77" });
  assert.equal(ours.headers["api-key"], TOKEN);
}

for (const channel of [twilioForms, line, meta, discourse]) {
  await channel();
  console.log(`sdks: node: ${channel.name}: ok`);
}
assert.deepEqual(written, [], "answered twice");
console.log(`sdks: node: ${taken} requests taken, ${refused} forged ones refused`);
process.exit(0);
