"""A backup put back in the place of a journal. From then on no number is given (see `suspension`).

The backup is copied beside the place, proved, opened with its key, marked as restored, and only then takes the place,
in one rename: a run killed anywhere leaves the journal as it was, or restored, never absent. The journal that was
there is kept under another name.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from fse.base.errors import StorageError
from fse.infra.journal import chain
from fse.infra.journal.chain import Head
from fse.infra.journal.events import Genre
from fse.infra.journal.journal import Journal
from fse.infra.journal.upkeep import suspension
from fse.infra.journal.upkeep.backup import broken, make_private, remove, settle, written_errors

_ASIDE = "mis-de-cote"


@dataclass(frozen=True, slots=True)
class Restoration:
    """`tete`: the end of the chain in the backup; `mis_de_cote`: where the journal that was there is now."""

    tete: Head
    mis_de_cote: Path | None


def restore(
    sauvegarde: Path,
    path: Path,
    cabinet: str,
    cle: str,
    now: datetime,
    *,
    auteur: str,
    motif: str,
    mettre_de_cote: bool,
) -> Restoration:
    """Put this backup at `path`. `mettre_de_cote` keeps the journal that is there under another name.

    Raises `StorageError`: `journal.existe` when one is there and must not be set aside, `journal.sauvegarde_absente`,
    `journal.sauvegarde_rompue`, `journal.verrouille`, and those of opening (`journal.cle`, `journal.autre_cabinet`…).
    """
    if path.exists() and not mettre_de_cote:
        raise StorageError(
            "journal.existe",
            "Un journal est déjà à cet endroit : il n'est pas écrasé.",
            action="Si c'est voulu, ajouter --mettre-de-cote : il sera gardé sous un autre nom.",
            lieu=str(path),
        )
    temporary = path.with_name(f".{path.name}.tmp")
    aside = _free_name(path) if path.exists() else None
    with written_errors(path):
        digest = _copy(sauvegarde, temporary)
        try:
            with Journal.open(temporary, cabinet, cle) as journal:
                if journal.verify():
                    raise broken(str(temporary))
                content = {"auteur": auteur, "motif": motif, "empreinte": digest}
                head = _record(journal, now, content | {"mis_de_cote": aside.name if aside else ""})
        except StorageError as error:
            remove(temporary)
            error.lieu = str(sauvegarde)
            raise
        settle(temporary)
        if aside is not None:
            _keep(path, aside)
        temporary.replace(path)
    return Restoration(head, aside)


def mark_restored(journal: Journal, now: datetime, *, auteur: str, motif: str) -> Head:
    """Say that this open journal is itself a backup put back by other means (pg_restore); the head before that."""
    return _record(journal, now, {"auteur": auteur, "motif": motif, "empreinte": "", "mis_de_cote": ""})


def _copy(sauvegarde: Path, temporary: Path) -> str:
    """Copy the backup; SHA-256 of its bytes. Raises `StorageError` (`journal.sauvegarde_absente`)."""
    wal = sauvegarde.with_name(f"{sauvegarde.name}-wal")
    if not sauvegarde.is_file() or (wal.exists() and wal.stat().st_size):
        raise StorageError(
            "journal.sauvegarde_absente",
            "Il n'y a pas de sauvegarde à cet endroit : une sauvegarde est un seul fichier, écrit par fse journal "
            "sauvegarder.",
            action="Vérifier le chemin ; un journal en service ne se restaure pas, il se sauvegarde.",
            lieu=str(sauvegarde),
        )
    make_private(temporary)
    shutil.copyfile(sauvegarde, temporary)
    with temporary.open("rb") as file:
        digest = sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _record(journal: Journal, now: datetime, content: Mapping[str, str]) -> Head:
    with journal.transaction(now) as transaction:
        head = chain.head(transaction.connection, journal.cabinet)
        suspension.suspend(transaction.connection, journal.cabinet, transaction.instant)
        transaction.event(Genre.SAUVEGARDE_RESTAUREE, {**content, "rang": head.rang, "mac": head.mac})
    return head


def _free_name(path: Path) -> Path:
    ordinal = 1
    while (name := path.with_name(f"{path.name}.{_ASIDE}-{ordinal}")).exists():
        ordinal += 1
    return name


def _keep(path: Path, aside: Path) -> None:
    """Give the journal that is there its second name. A damaged one is kept with all that lies beside it."""
    try:
        settle(path)
    except sqlite3.DatabaseError:  # not a database any more
        for side in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + side).replace(aside.with_name(aside.name + side))
    try:
        os.link(path, aside)
    except OSError:  # a disk without second names
        make_private(aside)
        shutil.copyfile(path, aside)
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
