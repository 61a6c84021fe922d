"""Writes the files of the cases of `fixtures/` anew from the recipes of their `cas.toml`.

    python -m tests.conformance.make_cases

Cases go in the order in which they take up each other's files. What is expected of a case stays as it was written.
"""

from __future__ import annotations

from pathlib import Path

from tests.conformance.cases import Case, load_cases
from tests.conformance.recipes import make


def made(case: Case) -> dict[Path, bytes]:
    """The files that the recipes of a case give, by path; empty when something else makes them."""
    return {case.folder / recipe["fichier"]: make(case.folder, recipe) for recipe in case.entree}


def in_order(cases: list[Case]) -> list[Case]:
    """The same cases, each after those whose files it takes up. Raises `ValueError` when two wait for each other."""
    waiting, done, ordered = list(cases), set[str](), list[Case]()
    while waiting:
        ready = [case for case in waiting if _taken_up(case) <= done]
        if not ready:
            raise ValueError(f"cases that wait for each other: {[case.name for case in waiting]}")
        ordered += ready
        done |= {case.name for case in ready}
        waiting = [case for case in waiting if case not in ready]
    return ordered


def _taken_up(case: Case) -> set[str]:
    paths = [path for recipe in case.entree for path in recipe.get("reprend", ())]
    return {f"{case.famille}/{path.split('/')[0]}" for path in paths} - {case.name}


def main() -> None:
    """Write every file that has a recipe."""
    for case in in_order(load_cases()):
        for recipe in case.entree:
            (case.folder / recipe["fichier"]).write_bytes(make(case.folder, recipe))


if __name__ == "__main__":
    main()
