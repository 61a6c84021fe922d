"""Events: what happened outside, in the order in which the journal learned it.

The list of genres is closed and extended by a decision (architecture, decision 8): a match, a state or a residue is
never an event. A content names things by identifier and fingerprint; it never holds a NIR or a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Genre(StrEnum):
    """The closed list of what can happen."""

    FACTURE_SECURISEE = "facture_securisee"
    FACTURE_ANNULEE = "facture_annulee"
    LOT_CONSTITUE = "lot_constitue"
    LOT_SIGNE = "lot_signe"
    FICHIER_ECRIT = "fichier_ecrit"
    ENVOI_TENTE = "envoi_tente"
    COURRIER_RELEVE = "courrier_releve"
    COURRIER_LU = "courrier_lu"
    FICHIER_RECU = "fichier_recu"
    FICHIER_ECARTE = "fichier_ecarte"
    ACTE_MANUEL = "acte_manuel"
    REPRISE_EFFECTUEE = "reprise_effectuee"
    RELANCE_DECIDEE = "relance_decidee"
    DUPLICATA_EDITE = "duplicata_edite"
    PIECE_DEPOSEE = "piece_deposee"
    PIECE_SUIVIE = "piece_suivie"
    OBLIGATION_FAITE = "obligation_faite"
    PRESTATION_DEROGATOIRE = "prestation_derogatoire"
    DEROGATOIRE_ANNULEE = "derogatoire_annulee"
    INCIDENT_CONSTATE = "incident_constate"
    SAUVEGARDE_RESTAUREE = "sauvegarde_restauree"
    ALLOCATION_REPRISE = "allocation_reprise"
    CLE_TOURNEE = "cle_tournee"
    LECTURE_EN_CLAIR = "lecture_en_clair"
    ARCHIVE_DETRUITE = "archive_detruite"
    PERSONNE_PURGEE = "personne_purgee"


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event of a transaction that is not committed yet: it has no rank."""

    genre: Genre
    contenu: str


def canonical(value: object) -> str:
    """One text for one value: JSON with sorted keys, no blanks, characters as they are. No NaN, no dates."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def pending(genre: Genre, contenu: Mapping[str, object]) -> PendingEvent:
    """An event to append. Raises `TypeError` on a content that JSON cannot hold."""
    return PendingEvent(genre, canonical(dict(contenu)))


def utc_instant(now: datetime) -> str:
    """ISO 8601 in UTC, to the microsecond, of fixed width. Raises `ValueError` on a clock without a zone."""
    if now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
