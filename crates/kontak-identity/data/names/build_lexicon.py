#!/usr/bin/env python3
"""Builds lexicon.txt from the word lists beside it and two published packages.

    pip download --no-deps nicknames==1.0.1 names==0.3.0
    python3 -m zipfile -e nicknames-1.0.1-*.whl nicknames && tar xzf names-0.3.0.tar.gz
    python3 build_lexicon.py nicknames/nicknames/names.csv names-0.3.0/names > lexicon.txt

One line a word, sorted: word;tags;spellings;formal names;short names;apart. The tags are explained
in README.md.
"""

import csv
import pathlib
import sys
import unicodedata
from collections import defaultdict

HERE = pathlib.Path(__file__).parent
# Share of the US population in per cent (census of 1990) from which a name counts as in use.
GIVEN_FROM = 0.004
# From here on a bearer is met so often that a short form of another sex is a name of its own.
SEXED_FROM = 0.004
SURNAMES = 1000
# A word is rather a surname than a given name from this many times as many bearers on.
RATHER_SURNAME = 3


def key(word):
    return unicodedata.normalize("NFD", word.lower())


def lines(name):
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            yield line


def census(folder):
    shares = defaultdict(dict)
    for sex in ("female", "male"):
        for line in (folder / f"dist.{sex}.first").read_text().splitlines():
            name, share, *_ = line.split()
            shares[name.lower()][sex] = float(share)
    surnames = {}
    for line in (folder / "dist.all.last").read_text().splitlines()[:SURNAMES]:
        name, share, *_ = line.split()
        surnames[name.lower()] = float(share)
    return shares, surnames


def sex(shares, name):
    female, male = (shares.get(name, {}).get(s, 0.0) for s in ("female", "male"))
    if female >= SEXED_FROM and female > 4 * male:
        return "female"
    if male >= SEXED_FROM and male > 4 * female:
        return "male"
    return None


def main(nicknames_csv, census_folder):
    shares, surnames = census(pathlib.Path(census_folder))
    tags, spellings, formal, short, apart = (defaultdict(set) for _ in range(5))

    for line in lines("words.txt"):
        label, words = line.split(":")
        for word in words.split():
            tags[key(word)] |= set(label.replace(" ", ""))
    given = {word for line in lines("given.txt") for word in line.split()}
    for word in given:
        tags[word].add("g")
    for name, by_sex in shares.items():
        if sum(by_sex.values()) >= GIVEN_FROM and len(name) >= 4:
            tags[name].add("g")
    for line in lines("surnames.txt"):
        label, words = line.split(":")
        for word in words.split():
            tags[word].add({"s": "s", "v": "v", "v!": "V"}[label])
    for name, share in surnames.items():
        is_rather_given = name in given or share < RATHER_SURNAME * sum(shares.get(name, {}).values())
        if not is_rather_given and not tags[name] & {"v", "V"}:
            tags[name].add("s")

    for line in lines("apart.txt"):
        first, *others = line.split()
        for other in others:
            apart[first].add(other)
            apart[other].add(first)
    group_of = defaultdict(set)
    for line in lines("spellings.txt"):
        group = line.split()
        for word in group:
            group_of[word] |= set(group)
    for word, group in group_of.items():
        spellings[word] = group - {word} - apart[word]

    pairs = set()
    with open(nicknames_csv, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name, nick = row["name1"].strip(), row["name2"].strip()
            sexes = {sex(shares, name), sex(shares, nick)}
            if sexes == {"female", "male"} and not name.startswith(nick):
                continue
            pairs.add((name, nick))
    for line in lines("short.txt"):
        name, nicks = line.split(":")
        for nick in nicks.split():
            # What is short for a name is short for its other spellings too.
            for spelled in {name} | group_of[name]:
                pairs.add((spelled, nick))
    for name, nick in pairs:
        if name == nick or nick in apart[name] or nick in spellings[name] or not (name + nick).isascii():
            continue
        formal[nick].add(name)
        short[name].add(nick)

    everything = (set(tags) | set(spellings) | set(formal) | set(short) | set(apart)) - {""}
    for word in sorted(everything):
        columns = [
            "".join(sorted(tags[word])),
            *(",".join(sorted(column[word])) for column in (spellings, formal, short, apart)),
        ]
        if any(columns):
            print(f"{word};{';'.join(columns)}".rstrip(";"))


if __name__ == "__main__":
    main(*sys.argv[1:])
