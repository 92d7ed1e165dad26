"""DuckDB and Polars at the tasks of the race: peers.py PEER FILE PATTERNS; the answer is JSON."""
import csv
import json
import os
import sys

CODE = r"\b([245]\.\d{1,3}\.\d{1,3})\b"


def duckdb_connection():
    import duckdb
    connection = duckdb.connect()
    connection.execute(f"SET threads={os.cpu_count()}")
    connection.execute("SET preserve_insertion_order=false")
    return connection


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def t1_duckdb(path, _):
    query = duckdb_connection().execute
    query(f"""CREATE TEMP TABLE t AS SELECT substr(Received,1,10) AS day, Status AS st, Status='Failed' AS bad,
        MessageId AS mid, lower(split_part(SenderAddress,'@',2)) AS sd, lower(split_part(RecipientAddress,'@',2)) AS rd
        FROM read_csv({quoted(path)}, header=true, all_varchar=true, quote='"', escape='"')""")
    days = query("SELECT st, day, count(*) FROM t GROUP BY ALL").fetchall()
    by = lambda c: query(f"SELECT {c}, count(*) n, count(*) FILTER (bad) FROM t GROUP BY 1 ORDER BY n DESC").fetchall()
    senders, recipients = by("sd"), by("rd")
    pairs = query("SELECT sd, rd, count(*) FROM t WHERE bad GROUP BY ALL").fetchall()
    messages = query("SELECT count(DISTINCT mid) FROM t").fetchone()[0]
    return {"rows": sum(n for *_, n in days), "failed": sum(n for s, _, n in days if s == "Failed"),
            "messages": messages, "days": len(days), "senders": len(senders), "recipients": len(recipients),
            "pairs": len(pairs)}


def t1_polars(path, _):
    import polars as pl
    c = pl.col
    domain = lambda name: c(name).str.split_exact("@", 1).struct.field("field_1").str.to_lowercase()
    t = pl.scan_csv(path, infer_schema=False).select(
        c("Received").str.slice(0, 10).alias("day"), c("Status").alias("st"), (c("Status") == "Failed").alias("bad"),
        c("MessageId").alias("mid"), domain("SenderAddress").alias("sd"), domain("RecipientAddress").alias("rd"))
    by = lambda k: t.group_by(k).agg(pl.len().alias("n"), c("bad").sum().alias("f"))
    days, senders, recipients, pairs, messages = pl.collect_all([
        t.group_by("st", "day").agg(pl.len().alias("n")), by("sd"), by("rd"),
        t.filter(c("bad")).group_by("sd", "rd").agg(pl.len()), t.select(c("mid").n_unique())], engine="streaming")
    return {"rows": days["n"].sum(), "failed": days.filter(c("st") == "Failed")["n"].sum(),
            "messages": messages.item(), "days": days.height, "senders": senders.height,
            "recipients": recipients.height, "pairs": pairs.height}


def patterns(table):
    with open(table, encoding="utf-8", newline="") as f:
        return [row["text_pattern"] for row in csv.DictReader(f) if row["text_pattern"]]


def t2_duckdb(path, table, classes=False):
    kind = "0"
    if classes:
        kind = "CASE " + " ".join(f"WHEN regexp_matches(s, {quoted('(?i)' + p)}) THEN {i}"
                                  for i, p in enumerate(patterns(table))) + " ELSE -1 END"
    source = f"""read_csv({quoted(path)}, header=true, all_varchar=true, max_line_size=10000000)"""
    rows = duckdb_connection().execute(
        f"""SELECT code, kind, count(*) FROM (SELECT regexp_extract(s, {quoted(CODE)}, 1) code, {kind} kind
        FROM (SELECT coalesce(recipient_status, '') s FROM {source}) WHERE s <> '') GROUP BY ALL""").fetchall()
    return {"texts": sum(n for *_, n in rows), "codes": len({c for c, *_ in rows})}


def t2_polars(path, _):
    import polars as pl
    c = pl.col("recipient_status")
    t = pl.scan_csv(path, infer_schema=False).select(c).filter(c.is_not_null() & (c != ""))
    counts = t.group_by(c.str.extract(CODE, 1).fill_null("")).agg(pl.len().alias("n")).collect(engine="streaming")
    return {"texts": counts["n"].sum(), "codes": counts.height}


PEERS = {"t1-duckdb": t1_duckdb, "t1-polars": t1_polars, "t2-duckdb": t2_duckdb, "t2-polars": t2_polars,
         "t2-duckdb-class": lambda path, table: t2_duckdb(path, table, True)}
print(json.dumps(PEERS[sys.argv[1]](*sys.argv[2:4])))
