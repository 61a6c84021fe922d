"""A slice is given the files that may hold its practices, and no relation loses its columns."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fse.app.masse.matching.pruning import parts_between, parts_of


def test_a_slice_opens_the_files_that_meet_it(tmp_path: Path) -> None:
    written = {"vide": [], "a": ["b", "a", "c"], "d": ["d", "f"], "é": ["e", "é"], "sans": ["a"]}
    for name, cabinets in written.items():
        table = pa.table({"rang": [1] * len(cabinets), "cabinet": pa.array(cabinets, pa.string())})
        pq.write_table(table, tmp_path / name, row_group_size=1, write_statistics=name != "sans")
    relations = {"tout": [tmp_path / name for name in written], "peu": [tmp_path / "a", tmp_path / "d"]}
    parts = parts_of(relations)
    for between, tout, peu in (
        (("c", "d"), "vide a d sans", "a d"),
        (("cc", "cz"), "vide sans", "a"),  # "a" for its columns
        (("e", "e"), "vide d é sans", "d"),
        (("z", "à"), "vide é sans", "a"),
        (("", "a"), "vide a sans", "a"),
    ):
        found = parts_between(parts, between)
        assert {name: " ".join(one.name for one in paths) for name, paths in found.items()} == {
            "tout": tout,
            "peu": peu,
        }
