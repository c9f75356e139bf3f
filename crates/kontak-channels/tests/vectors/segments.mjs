// Makes segments.json: how many text messages the vendor's own calculator counts.
//
//     npm install --ignore-scripts sms-segments-calculator@1
//     node segments.mjs

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { SegmentedMessage } = createRequire(process.cwd() + "/")("sms-segments-calculator");

const texts = [];
for (const [unit, counts] of [
  ["a", [1, 70, 71, 153, 159, 160, 161, 306, 307, 459, 460, 1600]],
  ["€", [1, 79, 80, 81, 152, 153, 154]],
  ["ơ", [1, 69, 70, 71, 134, 135, 201, 202]],
  ["😀", [1, 34, 35, 36, 66, 67, 68, 99, 100, 101]],
  ["字", [1, 70, 71, 134, 135]],
  ["[]", [40, 41, 80]],
  ["x~", [53, 54, 102, 103]],
  ["สินค้า", [11, 12, 22, 23]],
]) {
  for (const count of counts) texts.push(unit.repeat(count));
}
for (const text of [
  "Xin chào", "Pesanan Anda sudah dikirim.", "Đơn hàng của quý khách", "“quoted”", "it’s", "a\nb", "a\r\nb",
  "ÄÖÜäöüß", "ΔΦΓΛΩΠΨΣΘΞ", "Ç", "ç", "a\tb", "`", "~", "|", "\\", "^", "{}", "£¥", "ñ", "Ñ", "¿¡", "§", "¤",
]) texts.push(text);
for (let before = 140; before <= 160; before += 1) {
  texts.push("a".repeat(before) + "€€€€€");
  texts.push("ơ" + "a".repeat(before / 2 - 20) + "😀😀" + "b".repeat(40));
}

const cases = texts.map((text) => {
  const message = new SegmentedMessage(text, "auto");
  return { text, encoding: message.encodingName, segments: message.segmentsCount };
});
writeFileSync(new URL("segments.json", import.meta.url), JSON.stringify(cases, null, 1) + "\n");
console.log(`${cases.length} texts`);
