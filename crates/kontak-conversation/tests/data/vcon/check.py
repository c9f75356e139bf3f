#!/usr/bin/env python3
"""Asks other validators about the vCons that two tests write, of made-up documents and of
conversations, and compares what they say with what `Vcon::validate` said.

Needs Python 3.12 and, from PyPI, vcon==0.10.0 and jsonschema[format]:

    KONTAK_VCON_OUT=/tmp/vcon cargo test -p kontak-conversation --test vcon --test it -- \
        --ignored for_the_validators
    python3.12 check.py /tmp/vcon --core vcon_json_schema.json --cc cc_json_schema.json > check.txt

The schemas lie in the repositories ietf-wg-vcon/draft-ietf-vcon-vcon-core and
ietf-wg-vcon/draft-ietf-vcon-cc-extension; without them only the package is asked. They are IETF
text and so are not kept here.

    sound/      must pass everything, and the package must write back what it read
    faulty/     must be refused by exactly those that expected.json names
"""

import argparse
import copy
import importlib.metadata
import json
import logging
import pathlib
import sys

import jsonschema
from vcon import Vcon

JUDGES = ["schema", "cc", "package", "rewritten"]


def schema_judge(path):
    if path is None:
        return None
    schema = json.loads(path.read_text())
    # The formats uuid, date-time and uri are part of the schema, and not checked unless asked for.
    validator = jsonschema.Draft7Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return lambda document: not validator.is_valid(document)


def package_refuses(document):
    return not Vcon.build_from_json(json.dumps(document)).is_valid()[0]


def package_rewrites(document):
    try:
        written = json.loads(Vcon.build_from_json(json.dumps(document)).to_json())
    except Exception:
        return True
    return written != document


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--core", type=pathlib.Path)
    arguments.add_argument("--cc", type=pathlib.Path)
    arguments = arguments.parse_args()
    logging.disable(logging.CRITICAL)

    judges = {
        "schema": schema_judge(arguments.core),
        "cc": schema_judge(arguments.cc),
        "package": package_refuses,
        "rewritten": package_rewrites,
    }
    judges = {name: judge for name, judge in judges.items() if judge}

    def refused_by(path):
        document = json.loads(path.read_text())
        return [name for name in judges if judges[name](copy.deepcopy(document))]

    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["vcon", "jsonschema"])
    print(f"judges: {', '.join(judges)} ({versions}, Python {sys.version.split()[0]})")
    wrong = 0

    sound = sorted((arguments.folder / "sound").glob("*.json"))
    passed = 0
    for path in sound:
        refusals = refused_by(path)
        passed += not refusals
        if refusals:
            wrong += 1
            print(f"WRONG sound/{path.name}: refused by {', '.join(refusals)}")
    print(f"sound: {passed} of {len(sound)} pass all judges")

    expected = json.loads((arguments.folder / "expected.json").read_text())
    matched = 0
    for name in sorted(expected):
        refusals = refused_by(arguments.folder / "faulty" / f"{name}.json")
        wanted = [judge for judge in JUDGES if judge in expected[name] and judge in judges]
        matched += refusals == wanted
        wrong += refusals != wanted
        mark = "     " if refusals == wanted else "WRONG"
        against = "" if refusals == wanted else f" (expected: {', '.join(wanted) or 'nobody'})"
        print(f"{mark} faulty/{name}: {', '.join(refusals) or 'nobody'}{against}")
    print(f"faulty: {matched} of {len(expected)} are refused by whom we say")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
