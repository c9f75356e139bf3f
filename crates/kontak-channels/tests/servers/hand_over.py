#!/usr/bin/env python3
"""Hands mails over by LMTP with Python's own client: `hand_over.py PORT FILE…`, to two mailboxes each."""

import re
import smtplib
import sys
from pathlib import Path

with smtplib.LMTP("127.0.0.1", int(sys.argv[1]), timeout=60) as server:
    server.ehlo_or_helo_if_needed()
    assert server.has_extn("pipelining") and server.has_extn("8bitmime") and server.has_extn("size")
    for file in map(Path, sys.argv[2:]):
        mail = re.sub(rb"\r\n|\r|\n", b"\r\n", file.read_bytes())
        refused = server.sendmail("siti@gmail.com", ["layanan", "nobody", "toko"], mail, ["BODY=8BITMIME"])
        # The library waits for one answer, and LMTP has one for each that was not refused.
        assert server.getreply()[0] == 250
        assert list(refused) == ["nobody"] and refused["nobody"][0] == 550, refused
