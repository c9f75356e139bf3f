#!/usr/bin/env python3
"""Reads the Parquet files of the report example with DuckDB and pyarrow, and compares them with what the engine says.

    python3 examples/report/read_back.py            # both come from PyPI into target/read_back
    python3 examples/report/read_back.py --release -- --seed 7 --zone Europe/Berlin

What is compared: the tables with the JSON of the same run; counts, sums and quantiles off the histograms of the cells
with the tables, all together and by channel, queue, agent and local day; facts, from which DuckDB works the exact
quantiles out, with all of these.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "target" / "read_back"
WANTED = ["duckdb==2.0.1", "pyarrow==26.0.1"]

# A histogram of scale 7 is at most this far from the truth.
BOUND = 0.002708

# Only addition is exact in any order; a mean is divided here and there.
NEARLY = 1e-9


def install():
    library, mark = CACHE / "python", CACHE / "python" / "installed"
    if not mark.exists() or mark.read_text() != " ".join(WANTED):
        shutil.rmtree(library, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--root-user-action=ignore"]
        subprocess.run([*command, "--target", str(library), *WANTED], check=True)
        mark.write_text(" ".join(WANTED))
    sys.path.insert(0, str(library))


def run(arguments):
    """The folder of the tables, and the reports of the same run."""
    release = "--release" in arguments
    more = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    folder = CACHE / "tables"
    shutil.rmtree(folder, ignore_errors=True)
    command = ["cargo", "run", "-q", "--locked", "--example", "report", *(["--release"] if release else []), "--"]
    command += ["--json", "--parquet", str(folder), *more]
    reports = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    zone = more[more.index("--zone") + 1] if "--zone" in more else "Asia/Jakarta"
    return folder, json.loads(reports), zone


def equal(ours, theirs):
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= NEARLY * max(abs(ours), abs(theirs), 1e-9)
    return ours == theirs


class Comparison:
    def __init__(self):
        self.compared, self.wrong, self.error = 0, 0, 0.0

    def same(self, what, ours, theirs):
        self.compared += 1
        if not equal(ours, theirs):
            self.wrong += 1
            if self.wrong <= 20:
                print(f"{what}: the file says {theirs!r}, the engine {ours!r}", file=sys.stderr)

    def near(self, what, ours, exact):
        self.compared += 1
        error = abs(ours / exact - 1) if exact else abs(ours)
        self.error = max(self.error, error)
        if error > BOUND:
            self.wrong += 1
            print(f"{what}: {ours} off the histogram, {exact} exactly", file=sys.stderr)


def statistic(report):
    """The kind of a report's number, and its fields."""
    return next(iter(report["statistic"].items()))


def tables_are_the_reports(db, found, reports):
    rows = db.execute("select * from reports").fetchall()
    columns = [column[0] for column in db.description]
    found.same("number of reports", len(reports), len(rows))
    for row, report in zip((dict(zip(columns, row)) for row in rows), reports):
        of, (kind, fields) = report["definition"], statistic(report)
        found.same(f"definition {of}", of, row["definition"])
        found.same(f"kind of {of}", kind, row["kind"])
        for name in ("version", "n", "open", "excluded"):
            found.same(f"{name} of {of}", report[name], row[name])
        headline = {"duration": "mean", "share": "share", "mean": "mean", "nps": "score", "count": "count",
                    "credit": "credit", "amount": "sum"}[kind]  # fmt: skip
        value = fields[headline]
        found.same(f"headline of {of}", None if value is None else float(value), row["headline"])
        interval = fields.get("interval") or {}
        found.same(f"low of {of}", interval.get("low"), row["low"])
        found.same(f"high of {of}", interval.get("high"), row["high"])
        for name in ("p50", "p90", "p99"):
            quantile = fields.get(name) or {}
            found.same(f"{name} of {of}", quantile.get("value"), row[name])
        for name in ("longest", "successes", "of"):
            found.same(f"{name} of {of}", fields.get(name), row[name])


# What counts in a cell, taken together; `{by}` is what rows are told apart by.
CELLS = """
    with cell as (select *, {by} as part from {cells}),
    total as (
        select definition, part, any_value(kind) as kind, any_value(units) as units, sum(n) as n, sum(zeros) as zeros,
            sum(sum) as sum, sum("open") as "open", sum(excluded) as excluded
        from cell group by all),
    bin as (select definition, part, unnest(bins) as bin from cell),
    held as (select definition, part, bin.index as index, sum(bin.count) as count from bin group by all),
    running as (
        select *, sum(count) over (partition by definition, part order by index) as seen,
            if(index = -1, 1, 2 * pow(2, index / 128) / (1 + pow(2, -1 / 128))) as middle
        from held),
    quantile as (
        select t.definition, t.part, q,
            coalesce(min(middle) filter (zeros + seen >= greatest(ceil(q * n), 1) and zeros < greatest(ceil(q * n), 1)), 0)
                as value
        from total t cross join (values (0.5), (0.9), (0.99)) as wanted(q)
            left join running r on r.definition = t.definition and r.part is not distinct from t.part
        where n > 0 group by all)
    select t.*, list(value order by q) filter (q is not null) as quantiles
    from total t left join quantile using (definition, part) group by all"""


def cells_are_the_reports(db, found, cells, table, by):
    """Rows of a table of reports against the cells behind them."""
    query = CELLS.format(cells=cells, by=by)
    rows = db.execute(f"""
        select r.definition, r.part, r.version, r.n, r."open", r.excluded, r.headline, r.p50, r.p90, r.p99, r.kind,
            c.kind as told_kind, c.units, c.n, c.sum, c."open", c.excluded, c.zeros, c.quantiles
        from {table} r left join ({query}) c on r.definition = c.definition and r.part = c.part
        order by 1, 2""").fetchall()
    for (definition, part, _, n, still_open, excluded, headline, p50, p90, p99, kind,
         told_kind, units, told, total, told_open, told_excluded, zeros, quantiles) in rows:  # fmt: skip
        of = f"{definition} of {part} from {cells}"
        if units is None:
            # Nothing of it falls into a cell.
            found.same(f"n of {of}", (n, still_open, excluded), (0, 0, 0))
            continue
        found.same(f"n of {of}", n, told // units)
        found.same(f"open of {of}", still_open, told_open // units)
        found.same(f"excluded of {of}", excluded, told_excluded // units)
        if kind == "duration" and n:
            found.same(f"mean of {of}", headline, int(total) / told / 1e6)
            for name, ours, theirs in zip(("p50", "p90", "p99"), (p50, p90, p99), quantiles):
                found.same(f"{name} of {of}", ours, theirs / 1e6)
        elif told_kind == "share" and n:
            found.same(f"share of {of}", headline, (told - zeros) / told)
        elif told_kind == "mean" and n:
            found.same(f"mean of {of}", headline, int(total) / told)
    if not rows:
        sys.exit(f"{table} has no rows")


def facts_are_the_reports(db, found, folder):
    """Exact counts, sums and quantiles of the facts behind each number."""
    for path in sorted((folder / "facts").glob("*.parquet")):
        definition = path.stem
        rows, total, exact = db.execute(f"""
            select count(*), sum(value), quantile_disc(value, [0.5, 0.9, 0.99]) from '{path}'""").fetchone()
        n, headline, kind, *quantiles = db.execute(
            "select n, headline, kind, p50, p90, p99 from reports where definition = $1", [definition]
        ).fetchone()
        found.same(f"facts of {definition}", n, rows)
        if kind == "duration" and n:
            found.same(f"mean of the facts of {definition}", headline, int(total) / rows / 1e6)
            for q, ours, theirs in zip((50, 90, 99), quantiles, exact):
                found.near(f"p{q} of {definition}", ours * 1e6, theirs)
        cells = db.execute(
            "select sum(n), sum(sum) from cells_channel_queue where definition = $1", [definition]
        ).fetchone()
        found.same(f"cells and facts of {definition}", (rows, int(total or 0)), (cells[0], int(cells[1])))
        distinct = db.execute(f"select count(distinct conversation) from '{path}' where typeof(conversation) = 'UUID'")
        if distinct.fetchone()[0] == 0 and rows:
            sys.exit(f"{path.name}: the ids are no UUIDs")


def types_are_arrow(found, folder):
    """What pyarrow makes of the files: the types of Arrow, and the metadata."""
    import pyarrow as arrow
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet

    file = parquet.ParquetFile(folder / "cells_channel_agent.parquet")
    schema = file.schema_arrow
    words = arrow.dictionary(arrow.int32(), arrow.string())
    bin_type = arrow.struct([arrow.field("index", arrow.int32(), False), arrow.field("count", arrow.uint64(), False)])
    for name, wanted in [
        ("definition", words), ("start", arrow.timestamp("us", "UTC")), ("minutes", arrow.uint32()),
        ("channel", words), ("agent", words), ("n", arrow.uint64()), ("sum", arrow.decimal128(38, 0)),
        ("bins", arrow.list_(arrow.field("bin", bin_type, False))),
    ]:  # fmt: skip
        found.same(f"type of {name}", str(wanted), str(schema.field(name).type))
    about = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    found.same("the grid", "channel,agent", about["kontak.grid.dimensions"])
    found.same("the scale", "7", about["kontak.histogram.scale"])
    table = file.read()
    held = compute.sum(compute.list_flatten(table["bins"]).combine_chunks().field("count")).as_py()
    zeros, n = (compute.sum(table[name]).as_py() for name in ("zeros", "n"))
    found.same("values in bins", n, held + zeros)
    facts = parquet.read_schema(folder / "facts" / "kontak.queue_time.parquet")
    found.same("type of conversation", "extension<arrow.uuid>", str(facts.field("conversation").type))
    found.same("definition", b"kontak.queue_time", facts.metadata[b"kontak.definition"])
    print(f"pyarrow {arrow.__version__}: {file.metadata.num_rows:,} cells in {file.metadata.num_row_groups} row groups")


def main():
    install()
    import duckdb

    folder, reports, zone = run(sys.argv[1:])
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    for path in folder.glob("*.parquet"):
        db.execute(f"create view {path.stem} as from '{path}'")
    names = f"read_csv('{folder / 'names.csv'}', header = true, columns = {{'id': 'varchar', 'name': 'varchar'}})"
    db.execute(f"create table name as from {names}")
    found = Comparison()
    tables_are_the_reports(db, found, reports)
    for cells in ("cells_channel_queue", "cells_channel_agent", "cells_language_segment"):
        cells_are_the_reports(db, found, cells, "reports", "'all'")
    cells_are_the_reports(db, found, "cells_channel_queue", "by_channel", "coalesce(channel::varchar, '-')")
    for dimension, cells in (("queue", "cells_channel_queue"), ("agent", "cells_channel_agent")):
        named = f"(select c.*, coalesce(name, '-') as whose from {cells} c left join name on id = {dimension})"
        cells_are_the_reports(db, found, named, f"by_{dimension}", "whose")
    day = f"""strftime(timezone('{zone}', "start"), '%Y-%m-%d')"""
    dated = f"""(select * replace (strftime(timezone('{zone}', "from"), '%Y-%m-%d') as part) from by_day)"""
    cells_are_the_reports(db, found, "cells_channel_queue", dated, day)
    facts_are_the_reports(db, found, folder)
    types_are_arrow(found, folder)
    print(f"DuckDB {duckdb.__version__}: {found.compared:,} numbers compared, {found.wrong} wrong; "
          f"largest error of a quantile off the histograms {found.error:.4%}, at most {BOUND:.4%} allowed")  # fmt: skip
    if found.wrong or found.compared < 1_000:
        sys.exit("they differ")


if __name__ == "__main__":
    main()
