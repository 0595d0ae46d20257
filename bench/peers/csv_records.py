"""Peer of bench/csv.jsh: what Python's csv module and float() make of files.

Reads lines "path<TAB>delimiter" and answers each with one line of JSON: null if the file is not UTF-8, else a list of records, each a list of [text, number or null].
Lines above the header that are blank or begin with # are left out, blank lines below it are empty lists.
"""

import csv
import io
import json
import math
import sys

csv.field_size_limit(1 << 30)


def number(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return repr(value) if math.isfinite(value) else None


for line in sys.stdin:
    path, delimiter = line.rstrip("\n").split("\t", 1)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except UnicodeDecodeError:
        print("null", flush=True)
        continue
    lines = list(io.StringIO(text, newline=""))
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    records = [[[cell, number(cell)] for cell in record] for record in csv.reader(lines, delimiter=delimiter.replace("TAB", "\t"))]
    print(json.dumps(records), flush=True)
