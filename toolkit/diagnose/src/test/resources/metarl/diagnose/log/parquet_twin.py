"""Writes parquet_twin_*.parquet: one log of 25 rounds in row groups of 10, packed in every way that is read. Needs pyarrow (values stored: 26.0.1)."""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

N = 25
TABLE = pa.table({
    "action": pa.array([i % 3 for i in range(N)], pa.int32()),
    "reward": pa.array([None if i == 7 else i / 8 for i in range(N)], pa.float64()),
    "propensity": pa.array([1.5 if i == 11 else 0.25 * (1 + i % 4) for i in range(N)], pa.float32()),
    "name": pa.array([None if i == 3 else "abc"[i % 3] for i in range(N)]),
    "flag": pa.array([i % 2 == 0 for i in range(N)]),
    "list": pa.array([[i, i] for i in range(N)]),
    "age": pa.array([20 + i for i in range(N)], pa.int64()),
    "price": pa.array([i for i in range(N)]).cast(pa.decimal128(19, 0)),
})

for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
    pq.write_table(TABLE, pathlib.Path(__file__).parent / f"parquet_twin_{codec}.parquet", compression=codec, row_group_size=10, write_statistics=False, store_schema=False)
