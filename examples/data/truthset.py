"""Converts the truth set in the PyPI package `senzing` 4.x into CSV.

    pip install senzing==4.1.2
    python3 truthset.py [actual_truthset_key.csv]

Writes truthset.csv beside this file: one row per record, one column per feature, names and values
as the package has them. The package has no key: where the official one is given, it is written to
truthset_key.csv, as DATA_SOURCE,RECORD_ID,ENTITY_ID.
"""

import csv
import json
import sys
from pathlib import Path

import senzing_truthset

HERE = Path(__file__).parent


def main():
    packed = [
        *senzing_truthset.TRUTHSET_CUSTOMER_RECORDS.values(),
        *senzing_truthset.TRUTHSET_REFERENCE_RECORDS.values(),
        *senzing_truthset.TRUTHSET_WATCHLIST_RECORDS.values(),
    ]
    records = [json.loads(record["Json"]) for record in packed]
    features = list(dict.fromkeys(feature for record in records for feature in record))
    write("truthset.csv", features, records)

    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8-sig", newline="") as key:
            rows = [{**row, "ENTITY_ID": row["CLUSTER_ID"]} for row in csv.DictReader(key)]
        known = {(record["DATA_SOURCE"], record["RECORD_ID"]) for record in records}
        if known != {(row["DATA_SOURCE"], row["RECORD_ID"]) for row in rows}:
            sys.exit("the key is not about these records")
        write("truthset_key.csv", ["DATA_SOURCE", "RECORD_ID", "ENTITY_ID"], rows)


def write(name, columns, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
