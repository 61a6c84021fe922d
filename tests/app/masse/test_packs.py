"""Small files read together: what each says, and what is written, is what reading them one by one gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from fse.app.masse.reading import packs
from fse.app.masse.reading.files import Contenu, Unite
from fse.app.masse.reading.owners import keep_owners
from fse.app.masse.reading.packs import PACK_BYTES, PACK_FILES, SMALL, packs_of
from fse.app.masse.reading.unit import ReadUnit
from tests.app.emitted import noe, renamed, reordered
from tests.app.masse.scene import altered, read_entities

CONTENTS = {
    "01": noe,
    "02": lambda: renamed("ENCORE"),
    "03": noe,  # read already
    "04": reordered,  # the identity of the first, other bytes
    "05": lambda: altered(renamed("ALTERE")),
    "06": lambda: b"%PDF-1.7 rien",
    "07": lambda: b"",
    "08": lambda: renamed("DEUX02") + renamed("TROIS3"),
    "09": lambda: b"bruit" + renamed("QUATRE"),
    "10": lambda: renamed("CINQ05") + altered(renamed("SIX006")),
    "11": None,  # gone since it was seen
    "12": lambda: renamed("SEPT07"),
}
SET_ASIDE = {
    "05": "cadrage.fin_absente",
    "06": "lecture.pas_a_nous",
    "07": "lecture.pas_a_nous",
    "10": "cadrage.fin_absente",
    "11": "entree.absente",
}


def test_together_gives_what_one_by_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for gone, names in (("without", [*CONTENTS][:10]), ("with", [*CONTENTS])):
        entree = tmp_path / gone
        entree.mkdir()
        together = _read(entree, tmp_path / f"{gone}-t", names)
        with monkeypatch.context() as alone:
            alone.setattr(packs, "SMALL", 0)
            one_by_one = _read(entree, tmp_path / f"{gone}-u", names)
        assert together == one_by_one
        files, entities, _ = together
        assert {row["chemin"]: row["motif"] for row in files if row["motif"]} == {
            name: motif for name, motif in SET_ASIDE.items() if name in names
        }
        assert len(entities["noemie_000"]) == 6 + (gone == "with")  # 01, 02, two of 08, 09, one of 10; 12


def _read(entree: Path, sortie: Path, names: list[str]) -> tuple[Any, Any, Any]:
    contents = []
    for name in names:
        make = CONTENTS[name]
        content = make() if make else b""
        if make:
            (entree / name).write_bytes(content)
        contents.append(Contenu(name, len(content), 0))
    owners = sortie / "cabinets.parquet"
    key = keep_owners(owners, {})
    result = ReadUnit(entree, sortie, (owners, key), "T")(Unite("u1", tuple(contents), key))
    return pq.read_table(sortie / result["fichiers"]).to_pylist(), read_entities(sortie), result["constats"]


def test_a_pack_holds_small_files_that_follow_each_other() -> None:
    sizes = [1, SMALL - 1, SMALL, 5, *[SMALL - 1] * 17, SMALL, *[1] * (PACK_FILES + 1)]
    seen = [Contenu(str(number), size, 0) for number, size in enumerate(sizes)]
    found = list(packs_of(seen))
    assert [one for pack in found for one in pack] == seen
    assert [len(pack) for pack in found] == [2, 1, 17, 1, 1, PACK_FILES, 1]
    assert max(sum(one.taille for one in pack) for pack in found) <= PACK_BYTES
    assert [len(pack) for pack in packs_of([Contenu("grand", PACK_BYTES + 1, 0)] * 2)] == [1, 1]
