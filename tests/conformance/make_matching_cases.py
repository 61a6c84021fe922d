"""Writes the inputs of the cases of `fixtures/rapprochement/` anew: visits, then the files received.

    python -m tests.conformance.make_matching_cases

Visits come from `[[visites]]`, files from the payer simulator (`scenario`) or from a recipe (`[[entree]]`). What is
expected (`attendu.toml`) is never made: it is worked out by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conformance.matching_cases import COMMON, FIXTURES, ROOT, MatchingCase, load_matching_cases
from tests.conformance.matching_play import do, sent_files, simulated, started
from tests.conformance.matching_visits import visits_xml
from tests.conformance.recipes import make


def common_visits() -> Iterator[tuple[Path, bytes]]:
    """The documents that several cases share."""
    document = tomllib.loads((ROOT / COMMON / "cas.toml").read_text(encoding="utf-8"))
    for recipe in document["visites"]:
        yield ROOT / COMMON / recipe["fichier"], visits_xml(recipe)


def own_visits(case: MatchingCase) -> Iterator[tuple[Path, bytes]]:
    """The documents of one case."""
    for recipe in case.visites:
        yield case.folder / recipe["fichier"], visits_xml(recipe)


def recipes_of(case: MatchingCase) -> Iterator[tuple[Path, bytes]]:
    """The files that recipes give, with the defaults and the names of `fixtures/noemie/`."""
    for recipe in case.entree:
        yield case.folder / recipe["fichier"], make(FIXTURES / "noemie" / case.name, recipe)


def main() -> None:
    """Write every file anew."""
    for path, content in common_visits():
        path.write_bytes(content)
    for case in load_matching_cases():
        for path, content in (*own_visits(case), *recipes_of(case)):
            path.write_bytes(content)
        with TemporaryDirectory() as folder:
            write_received(case, Path(folder) / "cabinet")


def write_received(case: MatchingCase, folder: Path) -> None:
    """The files of the simulator, each made from what has left when it is received."""
    played, rest = started(case, case.etapes, folder)
    with played.practice:
        for step in rest:
            if step.kind == "recoit" and step.what in case.of_simulator():
                content = simulated(case, step, tuple(sent_files(played.practice)))
                (case.folder / step.what).write_bytes(content)
            do(case, played, step)


if __name__ == "__main__":
    main()
