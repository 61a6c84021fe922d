"""`journal sauvegarder`, `journal restaurer`: a copy of the journal in one file, and a copy put back in its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.errors import StorageError
from fse.infra.journal.upkeep import backup, restore


@dataclass(frozen=True, slots=True, kw_only=True)
class Sauvegarde:
    """A backup written and proved. `tete_rang`, `tete_mac`: the end of the chain that it holds."""

    chemin: Path
    octets: int
    tete_rang: int
    tete_mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restauration:
    """A backup put back. `mis_de_cote`: where the journal that was there is; the head is that of the backup."""

    tete_rang: int
    tete_mac: str
    mis_de_cote: Path | None


def sauvegarder_journal(practice: Practice, sortie: Path) -> Sauvegarde:
    """Back the journal up while it is in use. Nothing is overwritten.

    Raises `StorageError`: `sortie.existe`, `sortie.impossible`, `journal.sauvegarde_serveur`,
    `journal.sauvegarde_rompue`.
    """
    head = backup.back_up(practice.journal, sortie)
    return Sauvegarde(chemin=sortie, octets=sortie.stat().st_size, tete_rang=head.rang, tete_mac=head.mac)


def restaurer_journal(
    cabinet: Cabinet,
    sauvegarde: Path,
    cle_journal: str,
    *,
    auteur: str,
    motif: str,
    mettre_de_cote: bool = False,
) -> Restauration:
    """Put a backup in the place of the journal, which must be absent, or is kept under another name.

    No number is given from then on (`reprendre_allocation`). Raises `StorageError` (see `upkeep.restore`).
    """
    place = cabinet.journal_place
    if not isinstance(place, Path):
        raise StorageError(
            "journal.restauration_serveur",
            "Ce journal est sur un serveur PostgreSQL : sa sauvegarde se remet par pg_restore.",
            action="Remettre la base par pg_restore, puis lancer fse journal restaurer --en-place.",
        )
    done = restore.restore(
        sauvegarde,
        place,
        cabinet.cabinet,
        cle_journal,
        now(),
        auteur=auteur,
        motif=motif,
        mettre_de_cote=mettre_de_cote,
    )
    return Restauration(tete_rang=done.tete.rang, tete_mac=done.tete.mac, mis_de_cote=done.mis_de_cote)


def declarer_restauration(practice: Practice, *, auteur: str, motif: str) -> Restauration:
    """Say that this journal was put back by other means (pg_restore): no number is given from then on."""
    head = restore.mark_restored(practice.journal, now(), auteur=auteur, motif=motif)
    return Restauration(tete_rang=head.rang, tete_mac=head.mac, mis_de_cote=None)
