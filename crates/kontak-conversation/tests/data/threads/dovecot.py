#!/usr/bin/env python3
"""Writes dovecot.json: how Dovecot threads 200 random mail sets and one small case written by hand.

    apt install dovecot-imapd        # Debian 12: 2.3.19.1
    ./dovecot.py > dovecot.json      # as an ordinary user; no server is started, nothing listens

Dovecot's imap binary is run directly, already logged in, over a pipe. Each line of the output is one
set: its mails as [Message-ID, References, In-Reply-To, Subject, time], headers as they were written
(unfolded) or null, the subject with RFC 2047 undone, the time in seconds: that of the Date header, or
of the delivery where the header is missing or cannot be read.
"""

import base64
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata
from datetime import datetime, timedelta, timezone

SETS = 200
SEED = 5256
START = datetime(2026, 1, 5, 2, 0, tzinfo=timezone.utc)
ALGORITHMS = {"refs": "REFS", "references": "REFERENCES", "orderedsubject": "ORDEREDSUBJECT"}
IMAP = "/usr/lib/dovecot/imap"

TOPICS = [
    "Retur barang",
    "AC rusak, teknisi belum datang",
    "Pesanan #4471 belum sampai",
    "Máy lạnh bị hỏng, chưa thấy thợ",
    "Đơn hàng chưa giao",
    "Hóa đơn điện tử tháng 12",
    "Garansi kulkas 2 pintu",
    "Straße und Größe",
    "返品について",
    "ﬁnal price ½",
    "[Toko]",
    "Tanya stok (fwd) warna merah",
    "Re tur",
]
WRAPS = [
    "{}",
    "{}",
    "Re: {}",
    "Re: {}",
    "RE:  {}",
    "re : {}",
    "Re[2]: {}",
    "Re [Toko]: {}",
    "Fw: {}",
    "FWD: {}",
    "Fwd: Re: Fw: {}",
    "{} (fwd)",
    "{}  (FWD) (Fwd)  ",
    "[Fwd: {}]",
    "[fwd: Re: {} (fwd)]",
    "[Toko Jaya] {}",
    "[Tiket 12] [VIP] Re: [Toko Jaya] {}",
    "Re: [Fwd: {}] (fwd)",
    "[ {}",
    "Re:{}",
    "Re:\t{}",
    "Ｒｅ： {}",
    "Bls: {}",
    "TL: {}",
    "Re;{}",
    "Ref: {}",
]
BARE = ["", "Re:", "  Fwd:  ", "[Toko]", "[Fwd: ]", "(fwd)", "Re: (fwd) (fwd)"]


def subject(rng, topics):
    if rng.random() < 0.05:
        return None
    if rng.random() < 0.05:
        return rng.choice(BARE)
    topic = rng.choice(topics)
    topic = rng.choice([topic, topic, topic, topic.upper(), topic.lower(), topic.replace(" ", "  ")])
    form = rng.choice(["NFC", "NFC", "NFD"])
    if one_level(topic):
        topic = unicodedata.normalize(form, topic)
    return rng.choice(WRAPS).format(topic)


def one_level(text):
    """Dovecot 2.3 decomposes a letter once, so that a letter with two marks (ử, ệ) differs between NFC
    and NFD. RFC 5051 decomposes to the end. No set depends on that."""
    halves = [unicodedata.decomposition(c).split() for c in unicodedata.normalize("NFC", text)]
    return not any(unicodedata.decomposition(chr(int(half, 16))) for pair in halves for half in pair if half[0] != "<")


def written(rng, name):
    """One message id, in one of the ways in which mailers write the same id."""
    left, right = name.split("@")
    odd = [
        f'<"{left}"@{right}>',
        f"<{left}@{right} (Toko Jaya)>",
        f"< {left}@{right}>",
        f"<{left} @ {right}>",
        f"<(id) {left}@{right}>",
    ]
    return rng.choice(odd) if rng.random() < 0.06 else f"<{name}>"


def references(rng, chain):
    parts = [written(rng, name) for name in chain]
    if parts and rng.random() < 0.1:
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(["<tanpa-at>", "sampah", "<>", "budi@toko.example"]))
    return rng.choice([" ", " ", " ", "\t", "", ", "]).join(parts)


def mail_set(rng):
    count = rng.choice([2, 3, 5, 8, 12, 16, 20, 30])
    names = [f"m{rng.randrange(16 ** 4):04x}.{n}@toko.example" for n in range(count)]
    missing = [f"hilang.{n}@lain.example" for n in range(3)]
    topics = rng.sample(TOPICS, rng.choice([1, 2, 3, 4]))
    wild = rng.choice([0.05, 0.15, 0.5])
    chains, mails = [], []
    for n, name in enumerate(names):
        chain = []
        if n and rng.random() < 0.75:
            parent = rng.randrange(max(0, n - 4), n)
            chain = chains[parent] + [names[parent]]
        elif rng.random() < 0.3:
            chain = [rng.choice(missing)]
        if chain and rng.random() < 0.2:
            chain = chain[:1] + rng.sample(missing, 1) + chain[1:]
        if chain and rng.random() < 0.25:
            chain = chain[-rng.choice([1, 2]):]
        if rng.random() < wild:
            chain = rng.choices(names + missing, k=rng.choice([1, 2, 3, 5]))
        if rng.random() < wild / 3:
            chain = chain + [name] + chain[:1]
        chains.append(chain)

        message_id = written(rng, name)
        if rng.random() < wild / 2:
            message_id = rng.choice([None, "<tanpa-at>", "", written(rng, rng.choice(names)), f"<{name.upper()}>"])
        refs, in_reply_to = references(rng, chain) if chain else None, None
        if chain and rng.random() < 0.2:
            refs, in_reply_to = None, written(rng, chain[-1])
            if rng.random() < 0.3:
                in_reply_to = rng.choice([
                    f'Pesan dari Budi <budi@rumah.example> tanggal "5 Jan" {in_reply_to}',
                    f"{in_reply_to} {written(rng, rng.choice(names))}",
                    "pesan Anda kemarin",
                    f"<tanpa-at> {in_reply_to}",
                ])
        elif chain and rng.random() < 0.5:
            in_reply_to = written(rng, rng.choice(names))
        if refs is not None and rng.random() < 0.04:
            refs = rng.choice(["", "<tanpa-at>", "sampah"])
        sent = START + timedelta(minutes=10 * (n + rng.choice([0, 0, 0, 1, -3, 4])))
        mails.append([message_id, refs, in_reply_to, subject(rng, topics), sent])
    if rng.random() < 0.6:
        rng.shuffle(mails)
    return mails


def reference_case():
    """A chain with a missing mail, a topic without references, a new subject in a reply, a loop."""
    mails = [
        ["1", [], None, "AC rusak"],
        ["2", ["1"], None, "Re: AC rusak"],
        ["4", ["1", "2", "3"], None, "Re: AC rusak"],
        ["5", [], None, "Retur barang"],
        ["6", [], None, "Re: Retur barang"],
        ["7", [], "2", "Jadwal teknisi"],
        ["8", ["9"], None, "Lingkar"],
        ["9", ["8"], None, "Lingkar dua"],
    ]
    spell = lambda n: f"<{n}@toko.example>"
    return [
        [spell(i), " ".join(map(spell, refs)) or None, irt and spell(irt), text, START + timedelta(minutes=10 * n)]
        for n, (i, refs, irt, text) in enumerate(mails)
    ]


def encoded(rng, text):
    """A subject as a mailer sends it; now and then raw UTF-8, as some do."""
    if text.isascii():
        return text
    if rng.random() < 0.15:
        return text
    head, text = (text[:4], text[4:]) if text.startswith("Re: ") else ("", text)
    words = [
        "=?utf-8?b?" + base64.b64encode(text[at : at + 12].encode()).decode() + "?="
        for at in range(0, len(text), 12)
    ]
    return head + "\r\n ".join(words)


def render(rng, mail):
    """The bytes of a mail, its delivery time, and the time that threading goes by."""
    message_id, refs, in_reply_to, text, sent = mail
    received = sent + timedelta(seconds=rng.choice([3, 40, 600]))
    zone = timezone(timedelta(hours=rng.choice([0, 7, 7, -5])))
    date = sent.astimezone(zone).strftime("%a, %d %b %Y %H:%M:%S %z")
    if rng.random() < 0.04:
        date, sent = rng.choice([None, "kemarin sore"]), received
    headers = [
        ("Date", date),
        ("From", "Budi <budi@rumah.example>"),
        ("Message-ID", message_id),
        ("References", refs and refs.replace("> <", ">\r\n <")),
        ("In-Reply-To", in_reply_to),
        ("Subject", None if text is None else encoded(rng, text)),
    ]
    lines = [f"{name}: {value}" for name, value in headers if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\nHalo\r\n").encode(), received, sent


class Imap:
    def __init__(self, home):
        with open(f"{home}/dovecot.conf", "w") as conf:
            conf.write(f"mail_location = maildir:{home}/mail\nlog_path = {home}/log\nssl = no\n")
            conf.write(f"base_dir = {home}/run\nstate_dir = {home}/state\n")
            conf.write(f"mail_uid = {os.getuid()}\nmail_gid = {os.getgid()}\n")
        self.child = subprocess.Popen(
            [IMAP, "-c", f"{home}/dovecot.conf"],
            env={"HOME": home, "USER": "oracle", "PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.child.stdout.readline()

    def run(self, command):
        self.child.stdin.write(b"t " + command + b"\r\n")
        self.child.stdin.flush()
        untagged = []
        while line := self.child.stdout.readline().decode():
            if line.startswith("t OK"):
                return untagged
            if line.startswith("t "):
                break
            untagged.append(line)
        sys.exit(f"dovecot refused {command[:80]!r}: {line}")

    def thread(self, box, rng, mails):
        self.run(f"CREATE {box}".encode())
        vectors = []
        for mail in mails:
            raw, received, sent = render(rng, mail)
            stamp = received.strftime("%d-%b-%Y %H:%M:%S +0000")
            self.run(f'APPEND {box} "{stamp}" {{{len(raw)}+}}\r\n'.encode() + raw)
            vectors.append(mail[:4] + [int(sent.timestamp())])
        self.run(f"SELECT {box}".encode())
        answer = {"mails": vectors}
        for key, algorithm in ALGORITHMS.items():
            (line,) = [l for l in self.run(f"THREAD {algorithm} UTF-8 ALL".encode()) if "THREAD" in l]
            answer[key] = line.removeprefix("* THREAD ").strip()
        return answer


def main():
    if os.getuid() == 0:
        sys.exit("run this as an ordinary user: Dovecot does not serve root's mail")
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as home:
        imap = Imap(home)
        sets = [imap.thread("reference", rng, reference_case())]
        sets += [imap.thread(f"set{n}", rng, mail_set(rng)) for n in range(SETS)]
        imap.run(b"LOGOUT")
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in sets)
    print(f"[\n{lines}\n]")


main()
