"""Acknowledgements of the lot that `tests.app.emitted` sent: lot 001 of 5 October, file 000001."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from fse.norm.codec.arl.building import build
from fse.norm.model import AccuseLot, FichierAccuse
from tests.app.cabinet import JOUR, PRESTATAIRE

ACCUSE_LE = date(2026, 10, 6)

POSITIF = AccuseLot(
    prestataire=PRESTATAIRE,
    numero_lot=1,
    date_lot=JOUR,
    organisme_destinataire="998",
    fichier_accuse="000001",
    sens="P",
    date_accuse=ACCUSE_LE,
)
NEGATIF = replace(POSITIF, sens="N", cause="9950", libelle="(fictif) Lot altéré pendant sa transmission")
FICHIER = FichierAccuse(
    type_emetteur="CT",
    numero_emetteur="998",
    type_destinataire="TP",
    numero_destinataire=PRESTATAIRE.zfill(14),
    identifiant_fichier="ARL001",
    date_creation=ACCUSE_LE,
    marque="T",
    accuses=(POSITIF,),
)


def arl(*accuses: AccuseLot, identifiant: str = "ARL001", **head: Any) -> bytes:
    """An ARL of these lots, the positive one by default."""
    return build(replace(FICHIER, accuses=accuses or (POSITIF,), identifiant_fichier=identifiant, **head))
