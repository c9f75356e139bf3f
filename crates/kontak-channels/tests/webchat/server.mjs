// Starts the example, and stops and starts it again, as a server does in the middle of a chat.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, check, within = 10_000) {
  const end = Date.now() + within;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error("in vain: " + what);
    await sleep(50);
  }
}

export function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

export async function start(port) {
  const child = spawn(process.env.SERVER, ["127.0.0.1:" + port], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = [];
  child.stdout.on("data", (data) => lines.push(...String(data).split("\n").filter(Boolean)));
  await until("the server listens", () => lines.some((line) => line.startsWith("listening")));
  return { lines, stop: () => new Promise((ended) => { child.once("exit", ended); child.kill("SIGKILL"); }) };
}
