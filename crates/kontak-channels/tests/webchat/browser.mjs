// The widget in headless Chromium, driven by its own protocol over `ws`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { freePort, sleep, start, until } from "./server.mjs";

const [port, debug] = [await freePort(), await freePort()];
let server = await start(port);
const chromium = spawn("chromium", [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--remote-debugging-port=${debug}`,
  `--user-data-dir=${mkdtempSync(join(tmpdir(), "chat-"))}`, "about:blank",
], { stdio: "ignore" });
process.on("exit", () => chromium.kill("SIGKILL"));

const pages = () => fetch(`http://127.0.0.1:${debug}/json`).then((answer) => answer.json()).catch(() => null);
const page = await until("Chromium", async () => (await pages())?.find((page) => page.type === "page"), 60_000);
const socket = new WebSocket(page.webSocketDebuggerUrl);
await new Promise((open) => socket.once("open", open));
const waiting = new Map();
const problems = [];
let number = 0;
socket.on("message", (data) => {
  const { id, result, error, method, params } = JSON.parse(data);
  if (id) waiting.get(id)(error ? Promise.reject(new Error(JSON.stringify(error))) : result);
  if (method === "Runtime.exceptionThrown") problems.push(params.exceptionDetails.exception?.description);
});
const call = (method, params = {}) => new Promise((done) => {
  waiting.set(++number, done);
  socket.send(JSON.stringify({ id: number, method, params }));
});
async function run(expression) {
  const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
  return result.value;
}
const inside = (selector) => `[...document.querySelectorAll("div")].map((div) => div.shadowRoot).find(Boolean)?.querySelector(${JSON.stringify(selector)})`;
const text = () => run(`${inside(".log")}.innerText`);
const seen = (words) => until(words, async () => (await text()).includes(words), 20_000);
const click = (selector) => run(`${inside(selector)}.click()`);
const type = async (words) => {
  await run(`${inside("textarea")}.focus()`);
  await call("Input.insertText", { text: words });
  for (const kind of ["keyDown", "keyUp"]) {
    await call("Input.dispatchKeyEvent", { type: kind, key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: kind === "keyDown" ? "\r" : undefined });
  }
};
const shot = async (name) => {
  await sleep(300);
  const { data } = await call("Page.captureScreenshot", { format: "png" });
  writeFileSync(join(process.env.SHOTS, name + ".png"), Buffer.from(data, "base64"));
};
const size = (width, height, mobile) => call("Emulation.setDeviceMetricsOverride", { width, height, mobile, deviceScaleFactor: mobile ? 2 : 1 });
const scheme = (value) => call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });

await call("Runtime.enable");
await call("Page.enable");
await size(1100, 760, false);
await scheme("light");
await call("Page.navigate", { url: `http://127.0.0.1:${port}/` });
await until("the widget", () => run(`Boolean(${inside(".launch")})`));

// Open, write, be answered, choose.
await click(".launch");
await type("Halo, AC saya rusak");
await until("the answer", async () => (await text()).split("AC saya rusak").length === 3);
await type("Apakah teknisi bisa datang minggu ini?");
await seen("Rabu sore");
await shot("desktop-light");
await run(`[...${inside(".log")}.querySelectorAll(".choices button")].find((button) => button.innerText === "Rabu sore").click()`);
await seen("Baik, Rabu sore.");
assert.ok((await text()).includes("Dibaca"), "what was read says so");

// Markup stays text, and addresses become links.
await type('<img src=x onerror="window.broken=1"> https://toko.example/lacak/42');
await seen("onerror");
assert.equal(await run("window.broken"), undefined);
await until("the link", () => run(`Boolean(${inside('.log a[href="https://toko.example/lacak/42"]')})`));

// A screen reader finds names, roles and the live region.
const names = await run(`(() => { const root = [...document.querySelectorAll("div")].map((div) => div.shadowRoot).find(Boolean);
  return { log: root.querySelector(".log").getAttribute("aria-live"), dialog: root.querySelector("[role=dialog]").getAttribute("aria-labelledby"),
    unnamed: [...root.querySelectorAll("button, textarea")].filter((element) => !(element.getAttribute("aria-label") || element.innerText)).length,
    expanded: root.querySelector(".launch").getAttribute("aria-expanded") }; })()`);
assert.deepEqual(names, { log: "polite", dialog: "heading", unnamed: 0, expanded: "true" });

// Without a line the message waits, survives a reload and goes out once the server is back.
await server.stop();
await type("Ditulis tanpa koneksi");
await seen("Menunggu");
await until("the notice", () => run(`!${inside(".line")}.hidden`));
await scheme("dark");
await size(390, 760, true);
await shot("mobile-dark-offline");
server = await start(port);
await until("the answer to what waited", async () => (await text()).split("Ditulis tanpa koneksi").length === 3, 40_000);
assert.ok(!(await text()).includes("Menunggu"));
await call("Page.reload");
await until("the widget again", () => run(`Boolean(${inside(".launch")})`));
await click(".launch");
await seen("Ditulis tanpa koneksi");
await until("the line", () => run(`${inside(".line")}.hidden`));
await shot("mobile-dark");
await scheme("light");
await shot("mobile-light");

// Escape closes, and the focus goes back.
await run(`${inside("textarea")}.focus()`);
await call("Input.dispatchKeyEvent", { type: "keyDown", key: "Escape", code: "Escape", windowsVirtualKeyCode: 27 });
await until("closing", () => run(`${inside(".panel")}.hidden`));
assert.deepEqual(problems, []);
await server.stop();
console.log("Chromium: the widget works");
process.exit(0);
