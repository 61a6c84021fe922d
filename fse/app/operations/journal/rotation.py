"""`cle tourner`: another key for the user, the same data key under it."""

from __future__ import annotations

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from fse.infra.journal.upkeep.rotation import rotate


def tourner_cle(practice: Practice, ancienne: str, nouvelle: str, *, auteur: str, motif: str) -> None:
    """Make the new key open the journal, and the old one not. Backups made before keep the old one.

    Raises `UsageError` (`cle.identique`), `StorageError` (`journal.cle`, `journal.cle_courte`, `journal.cle_vide`).
    """
    if ancienne == nouvelle:
        raise UsageError(
            "cle.identique", "La nouvelle clé est l'ancienne.", action="Donner une autre clé : rien n'a changé."
        )
    rotate(practice.journal, ancienne, nouvelle, now(), auteur=auteur, motif=motif)
