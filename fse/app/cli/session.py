"""Opens the practice for a command: its `cabinet.toml`, and its journal with the key from the environment."""

from __future__ import annotations

from pathlib import Path

import click

from fse.app.cli.options import secret
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.practice import Practice, open_practice


def open_session(cabinet_path: Path) -> Practice:
    """The practice of a command, to be used as a context manager; says on standard error when its journal is new."""
    cabinet = load_cabinet(cabinet_path)
    practice = open_practice(cabinet, secret("FSE_CLE_JOURNAL", "Clé du journal"))
    if practice.nouveau:
        click.echo(f"Nouveau journal créé : {practice.journal.lieu}", err=True)
    return practice
