"""Reads the tables of a lake through their Delta logs and holds every version against the segments themselves.

    delta_witness.py LAKE live     the newest versions, over and over, until its input ends
    delta_witness.py LAKE all      every version there is, and the last one has everything

Prints one JSON object. The segments (never removed while a test runs) are listed and chained here by their names and footers:
at every version each lane must have the rows of the first segments of its chain, all of them and no others.
"""
import json
import pathlib
import re
import select
import sys

import polars as pl
import pyarrow.parquet as pq
from deltalake import DeltaTable

SEGMENT = re.compile(r"\d{20}\.parquet")
U64 = 2**64


def content(rows: pl.DataFrame) -> tuple[int, int]:
    """How many rows, and a hash of them that does not know their order."""
    return rows.height, sum(rows.hash_rows(1).to_list()) % U64


class Chain:
    """What one lane may be, prefix by prefix of its segments."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.lane = folder, int(folder.name.removeprefix("lane="))
        self.end, self.prefixes = 0, [(0, 0)]

    def read_on(self) -> None:
        names = sorted(path for path in self.folder.iterdir() if SEGMENT.fullmatch(path.name))
        for path in names:
            if int(path.name[:20]) < self.end:
                continue
            footer = pq.read_metadata(path).metadata
            if int(footer[b"first"]) != self.end:
                return
            rows, total = content(pl.read_parquet(path).with_columns(lane=pl.lit(self.lane, pl.Int32)))
            before = self.prefixes[-1]
            self.prefixes.append((before[0] + rows, (before[1] + total) % U64))
            self.end = int(footer[b"next"])


class Table:
    def __init__(self, folder: pathlib.Path):
        self.folder, self.chains = folder, {}
        self.reached: dict[int, int] = {}
        self.read: set[int] = set()

    def check(self, version: int, rows: pl.DataFrame) -> None:
        for folder in self.folder.glob("lane=*"):
            chain = self.chains.setdefault(folder.name, Chain(folder))
            chain.read_on()
            found = content(rows.filter(pl.col("lane") == chain.lane))
            # Segments without rows leave the rows as they were: take the last prefix that is like this.
            at = max((at for at, prefix in enumerate(chain.prefixes) if prefix == found), default=None)
            if at is None:
                raise SystemExit(f"{folder} at version {version}: {found[0]} rows are no prefix of the chain")
            if at < self.reached.get(chain.lane, 0):
                raise SystemExit(f"{folder} at version {version} goes back from {self.reached[chain.lane]} to {at}")
            self.reached[chain.lane] = at
        self.read.add(version)

    def is_complete(self) -> bool:
        return all(self.reached[chain.lane] == len(chain.prefixes) - 1 for chain in self.chains.values())


def tables(lake: pathlib.Path) -> list[Table]:
    return [Table(log.parent) for log in sorted(lake.glob("*/*/_delta_log")) if any(log.glob("*.json"))]


def live(lake: pathlib.Path) -> dict:
    known: dict[str, Table] = {}
    while not select.select([sys.stdin], [], [], 0.2)[0]:
        for table in tables(lake):
            table = known.setdefault(str(table.folder), table)
            log = DeltaTable(table.folder)
            if log.version() not in table.read:
                table.check(log.version(), pl.scan_delta(log).collect())
    return {name.removeprefix(f"{lake}/"): {"versions": len(table.read)} for name, table in known.items()}


def every(lake: pathlib.Path) -> dict:
    report = {}
    for table in tables(lake):
        newest = DeltaTable(table.folder).version()
        for version in range(newest + 1):
            table.check(version, pl.scan_delta(str(table.folder), version=version).collect())
        arrow = pl.from_arrow(DeltaTable(table.folder).to_pyarrow_table())
        table.check(newest, arrow)
        commits = [json.loads(line) for path in (table.folder / "_delta_log").glob("*.json") for line in path.open()]
        report[str(table.folder.relative_to(lake))] = {
            "versions": newest + 1,
            "rows": arrow.height,
            "complete": table.is_complete(),
            "compacted": sum(1 for action in commits if not action.get("remove", {}).get("dataChange", True)),
            "checkpoints": len(list((table.folder / "_delta_log").glob("*.checkpoint.parquet"))),
        }
    return report


if __name__ == "__main__":
    _, lake, mode = sys.argv
    print(json.dumps({"live": live, "all": every}[mode](pathlib.Path(lake))))
