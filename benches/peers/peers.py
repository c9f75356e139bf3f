"""Other people's tools on the table that the generator writes with `--keys`.

    python peers.py NAME TABLE LABELS [ROWS]

Runs one of them, writes one label per row to LABELS (.npy) and prints what it took as JSON.
Imports are not counted, reading the table is.
"""

import csv
import itertools
import json
import logging
import resource
import sys
import time

PHONES = ["phone_e164", "phone2_e164"]
ADDRESSES = ["email_key", "email2_key"]
EMPTY = "nullif({0}, '')"


def read_table(db, table):
    """The table as DuckDB reads it, every column text, the row number as `unique_id`."""
    keys = ", ".join(f"{EMPTY.format(column)} as {column}" for column in PHONES + ADDRESSES)
    db.execute(
        f"create table records as select id::integer as unique_id, {keys} "
        "from read_csv(?, header = true, all_varchar = true)",
        [table],
    )


def make_edges(db):
    """One line per row and value; values numbered after the rows."""
    columns = " union all ".join(
        f"select unique_id, {column} as value from records where {column} is not null"
        for column in PHONES + ADDRESSES
    )
    db.execute(f"create table uses as {columns}")
    db.execute(
        "create table edges as select unique_id as unique_id_l, "
        "(select count(*) from records) + dense_rank() over (order by value) - 1 as unique_id_r "
        "from uses"
    )


def labels_of(db, clusters):
    order = f"select cluster_id from {clusters} order by unique_id"
    return db.execute(order).fetchnumpy()["cluster_id"]


def splink():
    """Splink's deterministic linking, as its guide has it: pairs that agree on a value."""
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator

    silence_splink()

    def run(table):
        db = duckdb.connect()
        read_table(db, table)
        rules = [
            f"l.{left} = r.{right}"
            for columns in (PHONES, ADDRESSES)
            for left, right in itertools.product(columns, columns)
        ]
        settings = SettingsCreator(
            link_type="dedupe_only", blocking_rules_to_generate_predictions=rules
        )
        api = DuckDBAPI(connection=db)
        linker = Linker(api.register("records"), settings)
        pairs = linker.inference.deterministic_link()
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs)
        return labels_of(db, clusters.physical_name)

    return run


def splink_values():
    """Splink's clustering alone, over rows and values as nodes: no pairs to make."""
    import duckdb
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    silence_splink()

    def run(table):
        db = duckdb.connect()
        read_table(db, table)
        make_edges(db)
        db.execute(
            "create table nodes as select unique_id from records "
            "union all select distinct unique_id_r from edges"
        )
        api = DuckDBAPI(connection=db)
        clusters = cluster_pairwise_predictions_at_threshold(
            api.register("nodes"),
            api.register("edges"),
            db_api=api,
            node_id_column_name="unique_id",
        )
        of_rows = f"(select * from {clusters.physical_name} semi join records using (unique_id))"
        return labels_of(db, of_rows)

    return run


def duckdb_scipy():
    """DuckDB numbers the values, scipy finds the components."""
    import duckdb
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    def run(table):
        db = duckdb.connect()
        read_table(db, table)
        make_edges(db)
        (rows,) = db.execute("select count(*) from records").fetchone()
        edges = db.execute("select unique_id_l, unique_id_r from edges").fetchnumpy()
        left, right = edges["unique_id_l"], edges["unique_id_r"]
        nodes = max(rows, int(right.max()) + 1) if len(right) else rows
        graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(nodes, nodes))
        _, labels = connected_components(graph, directed=False)
        return labels[:rows]

    return run


def networkx():
    """Plain Python and networkx."""
    import networkx as nx

    def run(table):
        graph = nx.Graph()
        with open(table, newline="", encoding="utf-8") as file:
            for row, record in enumerate(csv.DictReader(file)):
                graph.add_node(row)
                for column in PHONES + ADDRESSES:
                    if record[column]:
                        graph.add_edge(row, record[column])
        labels = {}
        for label, component in enumerate(nx.connected_components(graph)):
            for node in component:
                if isinstance(node, int):
                    labels[node] = label
        return [labels[row] for row in range(len(labels))]

    return run


def phonenumbers(limit):
    """From the text that people typed: phonenumbers, and a union-find in a dict."""
    import phonenumbers as pn

    def phone_key(text, region):
        try:
            number = pn.parse(text, region)
        except pn.NumberParseException:
            return None
        if not pn.is_valid_number(number):
            return None
        return pn.format_number(number, pn.PhoneNumberFormat.E164)

    def address_key(text):
        local, at, domain = text.strip().lower().rpartition("@")
        if not at:
            return None
        if domain in ("gmail.com", "googlemail.com"):
            local, domain = local.split("+")[0].replace(".", ""), "gmail.com"
        return f"{local}@{domain}"

    def run(table):
        parent, first = [], {}

        def find(row):
            while parent[row] != row:
                parent[row] = parent[parent[row]]
                row = parent[row]
            return row

        with open(table, newline="", encoding="utf-8") as file:
            for row, record in enumerate(itertools.islice(csv.DictReader(file), limit)):
                parent.append(row)
                region = record["region"]
                keys = [phone_key(record[c], region) for c in ("phone", "phone2") if record[c]]
                keys += [address_key(record[c]) for c in ("email", "email2") if record[c]]
                for key in filter(None, keys):
                    a, b = find(row), find(first.setdefault(key, row))
                    parent[max(a, b)] = min(a, b)
        return [find(row) for row in range(len(parent))]

    return run


def silence_splink():
    logging.disable(logging.WARNING)


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    name, table, labels_file = sys.argv[1:4]
    limit = int(sys.argv[4]) if len(sys.argv) > 4 else None
    peers = {
        "splink": splink,
        "splink-values": splink_values,
        "duckdb-scipy": duckdb_scipy,
        "networkx": networkx,
        "phonenumbers": lambda: phonenumbers(limit),
    }
    run = peers[name]()
    wall, cpu = time.perf_counter(), cpu_seconds()
    labels = run(table)
    took = {"seconds": time.perf_counter() - wall, "cpu_seconds": cpu_seconds() - cpu}

    import numpy as np

    np.save(labels_file, np.asarray(labels))
    print(json.dumps(took))


if __name__ == "__main__":
    main()
