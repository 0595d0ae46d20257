"""Writes parquet_types*.parquet: four rows of every type, parquet_none*.parquet: no rows, and parquet_sum_*.parquet: one log with checksums, packed in every way that is
read, in pages of the first and second kind. Needs pyarrow (values stored: 26.0.1)."""

import datetime
import decimal
import pathlib
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent


def write(table, name, **options):
    pq.write_table(table, HERE / name, store_schema=False, **options)


DAY = datetime.datetime(2020, 2, 29, 12, 30, 15)
TYPES = {
    "int8": pa.array([-128, 127, None, 0], pa.int8()),
    "int16": pa.array([-32768, 32767, None, 0], pa.int16()),
    "uint8": pa.array([0, 255, None, 7], pa.uint8()),
    "uint16": pa.array([0, 65535, None, 7], pa.uint16()),
    "uint32": pa.array([0, 2**32 - 1, None, 2**31], pa.uint32()),
    "uint64": pa.array([0, 2**63, None, 2**64 - 2**11], pa.uint64()),
    "half": pa.array([-0.333251953125, 65504.0, None, 6e-8], pa.float16()),
    "odd half": pa.array([float("nan"), float("inf"), None, float("-inf")], pa.float16()),
    "float": pa.array([0.1, float("nan"), None, -0.0], pa.float32()),
    "double": pa.array([0.1, float("nan"), None, -0.0], pa.float64()),
    "flag": pa.array([True, False, None, True]),
    "text": pa.array(["ä", "", None, "1.5"]),
    "a.b": pa.array([1, 2, None, 3], pa.int64()),
    "bytes as text": pa.array([b"0.5", b"x", None, b"1"], pa.binary()),
    "dictionary": pa.array(["b", "a", None, "b"]).dictionary_encode(),
    "all null": pa.array([None] * 4, pa.null()),
    "int64": pa.array([2**53, -(2**60), None, 2**53 + 1], pa.int64()),
    "date": pa.array([DAY.date()] * 4, pa.date32()),
    "moment": pa.array([DAY] * 4, pa.timestamp("us")),
    "time": pa.array([DAY.time()] * 4, pa.time64("us")),
    "decimal": pa.array([decimal.Decimal("1.50")] * 4, pa.decimal128(19, 2)),
    "small decimal": pa.array([decimal.Decimal("1.50")] * 4, pa.decimal128(5, 2)),
    "uuid": pa.array([uuid.UUID(int=5).bytes] * 4, pa.uuid()),
    "json": pa.array(['{"a": 1}'] * 4, pa.json_()),
    "bytes": pa.array([b"\xff\xfe"] * 4, pa.binary()),
    "bytes as numbers": pa.array([b"\x00\x00\x80?"] * 4, pa.binary()),
    "fixed bytes": pa.array([b"abcd"] * 4, pa.binary(4)),
    "nested": pa.array([{"x": i} for i in range(4)]),
    "list": pa.array([[i] for i in range(4)]),
    "map": pa.array([[("k", i)] for i in range(4)], pa.map_(pa.string(), pa.int32())),
}
for version in ("1.0", "2.0"):
    write(pa.table(TYPES), f"parquet_types_{version[0]}.parquet", data_page_version=version, store_decimal_as_integer=True)
write(pa.table({"int96": pa.array([DAY] * 4, pa.timestamp("ns")), "x": pa.array([1.0] * 4)}), "parquet_types_int96.parquet", use_deprecated_int96_timestamps=True)
write(pa.Table.from_arrays([pa.array([1.0]), pa.array([2.0]), pa.array([3.0])], ["x", "x", "y"]), "parquet_types_twice.parquet")
write(pa.table({"x": pa.array([], pa.float64())}), "parquet_none.parquet")
with pq.ParquetWriter(HERE / "parquet_none_at_all.parquet", pa.schema([("x", pa.float64())]), store_schema=False):
    pass

N = 40
SUMS = pa.table({
    "action": pa.array([i % 3 for i in range(N)], pa.int32()),
    "reward": pa.array([None if i % 11 == 7 else i / 7 for i in range(N)], pa.float64()),
    "propensity": pa.array([0.25 * (1 + i % 4) for i in range(N)], pa.float32()),
    "name": pa.array([None if i == 3 else ("anna", "bob", "carla")[i // 3 % 3] for i in range(N)]),
    "flag": pa.array([i % 5 < 2 for i in range(N)]),
    "age": pa.array([20 + i * i for i in range(N)], pa.uint32()),
    "half": pa.array([i / 8 for i in range(N)], pa.float16()),
}, schema=pa.schema([pa.field("action", pa.int32(), nullable=False), ("reward", pa.float64()), pa.field("propensity", pa.float32(), nullable=False), ("name", pa.string()),
    ("flag", pa.bool_()), pa.field("age", pa.uint32(), nullable=False), ("half", pa.float16())]))
for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
    for version in ("1.0", "2.0"):
        write(SUMS, f"parquet_sum_{codec}_{version[0]}.parquet", compression=codec, data_page_version=version, row_group_size=25, use_dictionary=["action", "name", "reward"],
            write_page_checksum=True)
