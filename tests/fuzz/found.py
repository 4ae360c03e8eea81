#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Inputs that fuzzers found, one file a target: each input after its length in four bytes. For scripts/fuzz.

found.py pack TARGET DIRECTORY      keep the inputs of a directory, without those of the corpus
found.py unpack TARGET DIRECTORY    make files of them
found.py header | report TARGET WORK    a table of what a fuzzer did, from its log
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent


def read(target):
    data, at = (HERE / "found" / target).read_bytes(), 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "little")
        yield data[at + 4:at + 4 + size]
        at += 4 + size


def pack(target, directory):
    known = {file.read_bytes() for file in (HERE / "corpus" / target).iterdir()}
    found = {file.read_bytes() for file in Path(directory).iterdir()}
    inputs = sorted(found - known, key=lambda data: (len(data), data))
    text = b"".join(len(data).to_bytes(4, "little") + data for data in inputs)
    (HERE / "found" / target).write_bytes(text)


def unpack(target, directory):
    for number, data in enumerate(read(target)):
        (Path(directory) / f"{number:05d}").write_bytes(data)


def header():
    print("| target | executions | a second | edges | inputs | kB | failures |\n|---|---|---|---|---|---|---|")


def last(pattern, text, otherwise=0):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else otherwise


def report(target, work):
    work = Path(work)
    text = (work / "log").read_text(errors="replace")
    runs = last(r"number_of_executed_units: (\d+)", text, last(r"#(\d+):? ", text))
    seconds = last(r"in (\d+) second", text, last(r"time: (\d+)s", text))
    failures = len(list((work / "failures").iterdir()))
    edges = last(r"cov: (\d+)", text)
    kept = list(read(target)) if (HERE / "found" / target).exists() else []
    size = sum(map(len, kept)) / 1000
    row = [target, runs, runs // max(seconds, 1), edges, len(kept), f"{size:.1f}", failures]
    print("|", " | ".join(map(str, row)), "|", flush=True)


if __name__ == "__main__":
    {"pack": pack, "unpack": unpack, "header": header, "report": report}[sys.argv[1]](*sys.argv[2:])
