"""Opens the practice for a command: its `cabinet.toml`, and its journal with the key from the environment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click

from fse.app.cli.options import secret
from fse.app.operations.cabinet import Cabinet, load_cabinet
from fse.app.operations.practice import Practice, open_existing, open_practice


def open_session(cabinet_path: Path) -> Practice:
    """The practice of a command, to be used as a context manager. An absent journal is an error."""
    return open_existing(load_cabinet(cabinet_path), _key())


def first_session(cabinet_path: Path, *modules: str) -> Practice:
    """The same for what may be the first command of a practice; says on standard error when its journal is new.

    `modules` are those that the command needs then: they are imported while the key of the journal is stretched.
    """
    cabinet, cle = load_cabinet(cabinet_path), _key()
    with ThreadPoolExecutor(max_workers=1) as aside:
        opening = aside.submit(open_practice, cabinet, cle)
        for module in modules:
            import_module(module)
    practice = opening.result()
    if practice.nouveau:
        click.echo(f"Nouveau journal créé : {practice.journal.lieu}", err=True)
    return practice


@contextmanager
def existing_session(cabinet: Cabinet) -> Iterator[Practice | None]:
    """The practice of a command that can do without a journal: `None` while there is none, and no key is then asked."""
    place = cabinet.journal_place
    if isinstance(place, Path) and not place.exists():
        yield None
        return
    with open_existing(cabinet, _key()) as practice:
        yield practice


def _key() -> str:
    return secret("FSE_CLE_JOURNAL", "Clé du journal")
