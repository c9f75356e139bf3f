#!/usr/bin/env python3
"""Works out in DuckDB what the metrics_abuse example worked out, from the same shuffled, doubled and
corrected deliveries, and compares every group.

    python -m venv .venv && .venv/bin/pip install duckdb==1.4.*   # or later
    cargo run --release --example metrics_abuse -- --events 10000000 --out DIR
    .venv/bin/python examples/metrics_abuse/compare.py DIR
"""

import resource
import sys
import time
from pathlib import Path

import duckdb

BOUND = 0.002708


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    folder = Path(sys.argv[1])
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = false")
    print("DuckDB", duckdb.__version__)
    db.execute(f"""
        create table delivered as select * from read_csv('{folder / "events.csv"}', header = true, columns = {{
            'conversation': 'integer', 'record': 'integer', 'revision': 'integer', 'at': 'bigint',
            'what': 'varchar', 'channel': 'varchar', 'agent': 'varchar', 'end': 'varchar'}})""")
    db.execute("""
        create table newest as
        select conversation, record, arg_max(struct_pack("at", what, channel, agent, "end"), revision) as e
        from delivered group by conversation, record""")
    # One row a conversation: the first answer to the customer's message, and so on, in plain SQL.
    db.execute("""
        create table life as
        select conversation,
            max(e.channel) filter (e.what = 'started') as channel,
            max(e."at") filter (e.what = 'started') as created,
            max(e."at") filter (e.what = 'message') as asked,
            max(e."at") filter (e.what = 'enqueued') as enqueued,
            max(e."at") filter (e.what = 'dequeued') as dequeued,
            max(e."end") filter (e.what = 'dequeued') as ended,
            max(e."at") filter (e.what = 'connected') as connected,
            max(e."at") filter (e.what = 'reply') as replied,
            max(e."at") filter (e.what = 'disconnected') as disconnected,
            max(e."at") filter (e.what = 'resolved') as resolved,
            coalesce(max(e.agent) filter (e.what = 'reply'), '') as agent
        from newest group by conversation""")
    db.execute("""
        create table fact as
        select 'wait' as measure, channel, agent, dequeued as placed, greatest(dequeued - enqueued, 0) as value
            from life where ended = 'answered' and dequeued >= enqueued
        union all
        select 'first_response', channel, agent, replied, greatest(replied - created, 0)
            from life where replied >= created
        union all
        select 'resolution', channel, agent, resolved, greatest(resolved - created, 0) from life
        union all
        select 'handle_time', channel, agent, disconnected, greatest(disconnected - connected, 0)
            from life where disconnected >= connected""")
    db.execute("""
        create table theirs as
        select measure, channel, agent, placed // 3600000000 as hour, count(*) as n, sum(value) as total,
            quantile_disc(value, 0.5) as p50, quantile_disc(value, 0.9) as p90, quantile_disc(value, 0.99) as p99
        from fact group by all""")
    db.execute(f"""
        create table ours as select * from read_csv('{folder / "cells.csv"}', header = true, columns = {{
            'measure': 'varchar', 'channel': 'varchar', 'agent': 'varchar', 'hour': 'bigint', 'n': 'bigint',
            'sum': 'hugeint', 'p50': 'double', 'p90': 'double', 'p99': 'double'}})
        where n > 0 and measure in (select distinct measure from theirs)""")
    worst = 0.0
    for measure, groups, counts, sums, p50, p90, p99 in db.execute("""
        select coalesce(t.measure, o.measure) as measure, count(*),
            count(*) filter (t.n is distinct from o.n),
            count(*) filter (t.total is distinct from o.sum),
            max(abs(o.p50 / t.p50 - 1)) filter (t.p50 > 0),
            max(abs(o.p90 / t.p90 - 1)) filter (t.p90 > 0),
            max(abs(o.p99 / t.p99 - 1)) filter (t.p99 > 0)
        from theirs t full join ours o using (measure, channel, agent, hour)
        group by 1 order by 1""").fetchall():
        print(f"{measure:<16} {groups:>9,} groups: {counts} wrong counts, {sums} wrong sums, "
              f"largest quantile error p50 {p50:.5%} p90 {p90:.5%} p99 {p99:.5%}")
        worst = max(worst, p50, p90, p99)
        if counts or sums or worst > BOUND:
            sys.exit("they differ")
    query = """select channel, quantile_disc(value, [0.5, 0.9, 0.99]) from fact
               where measure = 'wait' and placed // 604800000000 >= 0 group by channel"""
    db.execute(query).fetchall()
    before, wall = cpu(), time.monotonic()
    for _ in range(3):
        db.execute(query).fetchall()
    print(f"exact p50, p90, p99 per channel over the week, {db.execute('select count(*) from fact where measure = $1', ['wait']).fetchone()[0]:,} waits: "
          f"{(cpu() - before) / 3 * 1e3:.1f} ms of CPU, {(time.monotonic() - wall) / 3 * 1e3:.1f} ms on the clock")
    print(f"largest quantile error: {worst:.5%}, at most {BOUND:.4%} allowed")


if __name__ == "__main__":
    main()
