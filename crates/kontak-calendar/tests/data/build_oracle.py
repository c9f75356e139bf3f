#!/usr/bin/env python3
"""Writes oracle.json: business time by Python's zoneinfo, one minute at a time.

    python3 -m venv .venv && .venv/bin/pip install tzdata==2025.2
    PYTHONTZPATH= .venv/bin/python build_oracle.py > oracle.json

PYTHONTZPATH makes Python take the time zones of the package, the same release of the IANA database
(2025b) that chrono-tz has compiled in.
"""

import json
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

CASES = [
    ("Europe/Berlin", ["2024-03-31", "2025-10-26", "2026-07-01"]),
    ("America/New_York", ["2025-03-09", "2026-11-01"]),
    ("Australia/Lord_Howe", ["2025-04-06", "2026-10-04"]),
    ("Pacific/Apia", ["2011-12-30", "2021-04-04"]),
    ("America/Sao_Paulo", ["2018-02-18", "2018-11-04"]),
    ("Asia/Jakarta", ["2026-08-17"]),
    ("Asia/Ho_Chi_Minh", ["2026-02-17"]),
    ("Africa/Casablanca", ["2026-02-15"]),
]
WEEKS = [
    ["09:00-17:00"],
    ["22:00-06:00"],
    ["00:00-02:30", "13:00-23:30"],
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MINUTE = timedelta(minutes=1)


def is_open(calendar, at):
    local = at.astimezone(ZoneInfo(calendar["zone"]))
    now = local.hour * 60 + local.minute
    for days_before in (0, 1):
        date = local.date() - timedelta(days=days_before)
        for window in hours(calendar, date):
            opens, closes = (int(t[:2]) * 60 + int(t[3:]) for t in window.split("-"))
            if closes <= opens:
                closes += 24 * 60
            if opens <= now + days_before * 24 * 60 < closes:
                return True
    return False


def hours(calendar, date):
    for exception in calendar["exceptions"]:
        if exception["date"] == date.isoformat():
            return exception["hours"]
    return calendar["weekly"].get(WEEKDAYS[date.weekday()], [])


def main():
    chance = random.Random(2011_12_30)
    cases = []
    for zone, days in CASES:
        for day in days:
            for windows in WEEKS:
                day_off = datetime.fromisoformat(day) + timedelta(days=chance.choice([-3, -2, 2, 3]))
                calendar = {
                    "zone": zone,
                    "weekly": {weekday: windows for weekday in WEEKDAYS[:6]},
                    "exceptions": [{"date": day_off.date().isoformat(), "hours": []}],
                }
                start = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
                start += timedelta(minutes=chance.randrange(-3 * 24 * 60, 60))
                end = start + timedelta(minutes=chance.randrange(24 * 60, 6 * 24 * 60))
                at, open_minutes, changes = start, 0, []
                before = is_open(calendar, start)
                while at < end:
                    now = is_open(calendar, at)
                    if now != before:
                        changes.append(at.isoformat())
                    open_minutes += now
                    before = now
                    at += MINUTE
                cases.append({
                    "calendar": calendar, "from": start.isoformat(), "to": end.isoformat(),
                    "open_minutes": open_minutes, "changes": changes,
                })  # fmt: skip
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


if __name__ == "__main__":
    main()
