"""Sums over a folder of Parquet files by DuckDB or Polars: no tail, no checks.

Usage: spark.py FOLDER duckdb|polars THREADS        prints seconds (best of three), rows, ESS and IPS
"""

import os
import sys
import time

folder, engine, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.environ["POLARS_MAX_THREADS"] = str(threads)
files = os.path.join(folder, "*.parquet")


def duckdb_sums():
    import duckdb
    connection = duckdb.connect(config={"threads": threads})
    return connection.execute("select count(*), sum(w), sum(w * w), sum(w * r), max(w) from "
                              "(select target_propensity / propensity as w, reward as r from read_parquet(?))", [files]).fetchone()


def polars_sums():
    import polars as pl
    w = pl.col("target_propensity") / pl.col("propensity")
    return pl.scan_parquet(files).select(pl.len(), w.sum().alias("w"), (w * w).sum().alias("ww"), (w * pl.col("reward")).sum().alias("wr"), w.max().alias("max")).collect().row(0)


sums = duckdb_sums if engine == "duckdb" else polars_sums
best = float("inf")
for _ in range(3):
    begin = time.perf_counter()
    rows, total, squares, paid, largest = sums()
    best = min(best, time.perf_counter() - begin)
print(best, rows, total * total / squares, paid / rows)
