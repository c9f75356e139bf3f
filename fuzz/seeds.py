#!/usr/bin/env python3
"""Writes what the fuzzer begins with: the requests of the tests and of the committed vectors.

    python3 fuzz/seeds.py FOLDER

One folder for each target. The optional data folder beside the checkout adds to them where it is.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRATES = ROOT / "crates"
TESTS = CRATES / "kontak-channels" / "tests"
DATA = ROOT.parent / "shared" / "data"

# Where the texts of a target stand, and which of the texts there are of its kind.
TEXTS = {
    "email_address": ("kontak-address/tests/email/*.rs", lambda text: "@" in text),
    "phone": ("kontak-address/tests/phone/*.rs", lambda text: sum(map(str.isdigit, text)) > 3),
    "plan": ("kontak-content/tests/it/*.rs", lambda text: text.startswith("{")),
    "policy": ("kontak-identity/{src,tests}/**/*.rs", lambda text: re.match(r'\w+ = |\[\w+\]|{"', text)),
    "email": ("kontak-channels/tests/it/email.rs", lambda text: re.search(r"^[\w-]+: .*\n", text, re.MULTILINE)),
    "instagram": ("kontak-channels/tests/it/messenger.rs", lambda text: text.startswith("{")),
    "discourse": ("kontak-channels/tests/it/webhook.rs", lambda text: text.startswith("{")),
    "twilio_sms": ("kontak-channels/tests/it/twilio_sms.rs", lambda text: re.match(r"\w+=", text)),
    "twilio_voice": ("kontak-channels/tests/it/twilio_voice.rs", lambda text: re.match(r"\w+=", text)),
}
for target in ("line", "messenger", "telegram", "webchat", "webhook", "whatsapp", "zalo"):
    TEXTS[target] = (f"kontak-channels/tests/it/{target}.rs", lambda text: text.startswith("{"))

# Which targets the committed signatures are of.
SCHEMES = {
    "twilio": ["twilio_sms", "twilio_voice"],
    "line": ["line"],
    "meta": ["whatsapp", "messenger", "instagram"],
    "standard-webhooks": ["webhook"],
    "zalo": ["zalo"],
}


def written(path):
    """The texts of a Rust file, raw and ordinary; braces that `format!` doubles are single again."""
    source = path.read_text(encoding="utf-8")
    for text in re.findall(r'r#"(.*?)"#', source, re.DOTALL):
        yield text.replace("{{", "{").replace("}}", "}") if "{{" in text else text
    for text in re.findall(r'(?<![#\\\'])"((?:[^"\\]|\\.)*)"(?!#)', source):
        text = re.sub(r"\\\n\s*", "", text)
        yield text.replace("\\r", "\r").replace("\\n", "\n").replace('\\"', '"')


def seeds():
    """(target, bytes)"""
    for target, (places, is_one) in TEXTS.items():
        for place in [places.replace("{src,tests}", folder) for folder in ("src", "tests")]:
            for path in sorted(CRATES.glob(place)):
                for text in filter(is_one, written(path)):
                    yield target, text.encode()
    for vector in json.loads((TESTS / "vectors" / "signatures.json").read_text(encoding="utf-8")):
        signature = next(iter(vector["headers"].values()))
        for target in SCHEMES[vector["scheme"]]:
            yield target, vector["body"].encode()
            yield target, f"{signature}\n{vector['at']}\n{vector['body']}".encode()
    for vector in json.loads((TESTS / "vectors" / "telegram.json").read_text(encoding="utf-8")):
        yield "telegram", json.dumps(vector["update"], ensure_ascii=False).encode()
    for case in json.loads((TESTS / "vectors" / "segments.json").read_text(encoding="utf-8")):
        yield "split", b"\x20\x04" + case["text"].encode()
    for path in sorted((TESTS / "servers").glob("*.eml")) + sorted(DATA.glob("mail/**/*.eml")):
        yield "email", path.read_bytes()
    for path in sorted(DATA.glob("whatsapp/*.json")):
        for payload in json.loads(path.read_text(encoding="utf-8")).values():
            yield "whatsapp", json.dumps(payload, ensure_ascii=False).encode()


def main():
    folder = Path(sys.argv[1])
    for target, seed in seeds():
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        (place / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main()
