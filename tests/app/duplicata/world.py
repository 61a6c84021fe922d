"""Duplicates of the sheets of `tests.app.emitted`, made without PDF: what is recorded does not depend on the paper."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from fse.app.operations.clock import now
from fse.app.operations.duplicata import Duplicata, DuplicataEdite, duplicata
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.infra.journal.facts.fichiers_recus import AccuseRow, FichierRecuRow, insert_received
from tests.app.cabinet import JOUR, PRESTATAIRE
from tests.app.emitted import rows

LATER = date(2026, 10, 12)
MOTIF = "deux transmissions sans accusé"


def plain(duplicata: Duplicata) -> bytes:
    """A document of what tells two duplicates apart."""
    d = duplicata
    told = (d.numero, d.rang, d.numero_lot, d.date_lot, d.demande, d.facture, d.contexte, d.tiers_payant)
    return repr(told).encode()


def make(practice: Practice, numero: int = 1, **changes: Any) -> DuplicataEdite:
    """The duplicate of a sheet with third-party payment, sent to the caisse and signed by all."""
    wanted = {"motif": MOTIF, "voie": "caisse", "auteur": "marie", "le": LATER, "rendu": plain}
    options = wanted | {"sortie": practice.cabinet.folder / f"duplicata-{numero}.pdf"} | changes
    return duplicata(practice, numero, **options)


def recorded(practice: Practice) -> list[dict[str, object]]:
    return rows(practice, "SELECT * FROM duplicata ORDER BY numero, rang")


def events(practice: Practice, genre: str) -> list[dict[str, Any]]:
    """The contents of the events of a genre, oldest first; the chain must be whole."""
    assert practice.journal.verify() == []
    found = rows(practice, f"SELECT contenu FROM evenement WHERE genre = '{genre}' ORDER BY rang")
    return [json.loads(str(row["contenu"])) for row in found]


def etat(practice: Practice, numero: int) -> str:
    (row,) = rows(practice, f"SELECT etat FROM etat_facture WHERE numero = {numero}")
    return str(row["etat"])


def acknowledge(practice: Practice, sens: str, numero_lot: int = 1) -> None:
    """An ARL of the lot, as a fact: how its bytes are read is told elsewhere."""
    empreinte = sha256(f"{sens}{numero_lot}".encode()).hexdigest()
    received = FichierRecuRow(
        empreinte=empreinte,
        famille="arl",
        emetteur="998",
        destinataire=PRESTATAIRE,
        identifiant=f"ARL{numero_lot}{sens}",
        date_creation=to_days(JOUR),
        marque="T",
        contenu_archive=None,
        recu_le=to_days(JOUR),
        verdict="recu",
        motif=None,
        conteneur_empreinte=empreinte,
        octet=0,
    )
    one = AccuseRow(
        rang=2,
        prestataire=PRESTATAIRE,
        numero_lot=numero_lot,
        date_lot=to_days(JOUR),
        identifiant_fichier="000001",
        sens=sens,  # type: ignore[arg-type]
        cause="" if sens == "P" else "01",
        libelle="",
        numero_facture=0,
        date_accuse=to_days(date(2026, 10, 7)),
        recu_le=to_days(date(2026, 10, 7)),
    )
    with practice.journal.transaction(now()) as transaction:
        insert_received(transaction, received, [one])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}
