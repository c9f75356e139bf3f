#!/usr/bin/env python3
"""Writes holidays.tsv from the PyPI package `holidays` (MIT).

    python3 -m venv .venv && .venv/bin/pip install holidays==0.109
    .venv/bin/python build_holidays.py 2026-11-22 > holidays.tsv

The argument is the day on which it is made; it goes into the first line, which must be the
HOLIDAY_DATA_VERSION of src/holiday/table.rs.
"""

import re
import sys

import holidays

YEARS = range(2024, 2028)
SETS = [
    ("indonesia", "ID", "public", "id"),
    ("indonesia-leave", "ID", "government", "id"),
    ("vietnam", "VN", "public", "vi"),
]

# The package marks what it computes of the Islamic year. Vietnam it derives by rule beyond the last
# year that it has a decree for; which days around Tet and National Day are free is decreed yearly.
VIETNAM_DECREED_UNTIL = 2026
VIETNAM_DECREED = re.compile(r"^(29 of |.*Eve$|(Fourth|Fifth|Sixth) Day of |National Day$)")
VIETNAM_NATIONAL_DAY = (9, 2)


def is_estimated(country, date, name):
    if "estimated" in name:
        return True
    if country != "VN" or date.year <= VIETNAM_DECREED_UNTIL:
        return False
    return bool(VIETNAM_DECREED.match(name)) and (date.month, date.day) != VIETNAM_NATIONAL_DAY


def plain(name):
    """Without the mark that is a column of its own, and with dates that read one way only."""
    name = re.sub(r" \((estimated|perkiraan|dự kiến)\)", "", name)
    name = re.sub(r"substituted from (\d\d)/(\d\d)/(\d{4})", r"in exchange for \3-\1-\2", name)
    return re.sub(r"thay cho ngày (\d\d)/(\d\d)/(\d{4})", r"thay cho ngày \3-\2-\1", name)


def main():
    print(f"# PyPI holidays {holidays.__version__}, read {sys.argv[1]}")
    print("# set\tdate\tstatus\tEnglish name\tlocal name")
    for name, country, category, language in SETS:
        days = holidays.country_holidays(country, years=YEARS, categories=category, language="en_US")
        local = holidays.country_holidays(country, years=YEARS, categories=category, language=language)
        for date in sorted(day for day in days if day.year in YEARS):
            status = "estimated" if is_estimated(country, date, days[date]) else "settled"
            print(name, date, status, plain(days[date]), plain(local[date]), sep="\t")


if __name__ == "__main__":
    main()
