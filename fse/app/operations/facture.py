"""`facture`: the whole history of one invoice, from the visit to the last return, down to file and byte offset."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.annuler import resolve
from fse.app.operations.motifs import ETATS, MotifRejet, motif_of
from fse.app.operations.practice import Practice
from fse.base.dates import from_days
from fse.base.masking import mask_name, mask_nir
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.life_cycle import FACTURE, PART
from fse.infra.engines import sqlite
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.transaction import Reading

_STATES = (
    "SELECT e.partie, e.demande, e.paye, e.etat FROM etat_part e JOIN bloc b "
    "ON b.cabinet = e.cabinet AND b.prestataire = e.prestataire AND b.numero = e.numero ORDER BY e.partie"
)
_STATE = (
    "SELECT e.etat FROM etat_facture e JOIN bloc b "
    "ON b.cabinet = e.cabinet AND b.prestataire = e.prestataire AND b.numero = e.numero"
)
_FILES = "SELECT r.empreinte, r.emetteur, r.identifiant FROM fichier_recu r"


@dataclass(frozen=True, slots=True, kw_only=True)
class EtatPart:
    """One part: amounts in centimes, the state's name and its French label."""

    partie: str
    demande: int
    paye: int
    etat: str
    libelle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Etape:
    """One step. For a return: `fichier` (digest of the logical file), `rang` and `octet` (0-based) of the entity."""

    jour: date | None
    evenement: str
    partie: str
    libelle: str
    montant: int | None
    motif: MotifRejet | None
    fichier: str
    rang: int | None
    octet: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoireFacture:
    """Everything known of one invoice. `nir`, `nom` and `prenom` are masked unless asked in clear."""

    prestataire: str
    numero: int
    reference: str
    etat: str
    libelle: str
    action: str
    mode: str
    date_facture: date
    total_honoraires: int
    nir: str
    nom: str
    prenom: str
    remplace: int | None
    remplacee_par: int | None
    parts: tuple[EtatPart, ...]
    etapes: tuple[Etape, ...]


def facture(
    practice: Practice, numero: int, *, prestataire: str | None = None, en_clair: bool = False
) -> HistoireFacture:
    """The history of one invoice. Raises `UsageError` (`facture.inconnue`, `facture.ambigue`). Reads only."""
    with practice.journal.reading() as reading:
        who = resolve(reading, numero, prestataire)
        row = factures.find(reading, who, numero)
        assert row is not None
        sqlite.set_blocks(reading.connection, [(reading.cabinet, who, numero)])
        state = FACTURE[sqlite.rows(reading.connection, _STATE)[0]["etat"]]
        successor = factures.find_successor(reading, who, numero)
        nir, nom, prenom = _person(reading, row.personne, en_clair)
        return HistoireFacture(
            prestataire=who,
            numero=numero,
            reference=row.reference,
            etat=state.nom,
            libelle=state.libelle,
            action=state.action,
            mode=row.mode,
            date_facture=from_days(row.date_facture),
            total_honoraires=row.total_honoraires,
            nir=nir,
            nom=nom,
            prenom=prenom,
            remplace=row.remplace,
            remplacee_par=successor.numero if successor else None,
            parts=tuple(_part(one) for one in sqlite.rows(reading.connection, _STATES)),
            etapes=tuple(_etapes(reading, row)),
        )


def _person(reading: Reading, id: str, en_clair: bool) -> tuple[str, str, str]:
    person = reading.load_person(id)
    names = json.loads(person.identite)["beneficiaire"]
    if en_clair:
        return person.nir, names["nom"], names["prenom"]
    return mask_nir(person.nir), mask_name(names["nom"]), mask_name(names["prenom"])


def _part(row: dict[str, Any]) -> EtatPart:
    return EtatPart(
        partie=row["partie"],
        demande=row["demande"],
        paye=row["paye"],
        etat=row["etat"],
        libelle=PART[row["etat"]].libelle,
    )


def _etapes(reading: Reading, facture_row: factures.FactureRow) -> list[Etape]:
    cancelled = factures.find_cancellation(reading, facture_row.prestataire, facture_row.numero)
    lot = lots.lot_of(reading, facture_row.prestataire, facture_row.numero)
    found = []
    for row in sqlite.rows(reading.connection, statements.query("histoire_facture").sql):
        jour = row["jour"]
        libelle = _label(row)
        if row["evenement"] == "annulee" and cancelled:
            jour, libelle = cancelled.annulee_le, f"annulée par {cancelled.auteur} : {cancelled.motif}"
        if row["evenement"] == "lot" and lot:
            libelle = f"lot {lot.numero_lot:03d} pour l'organisme {lot.organisme}"
        found.append(
            Etape(
                jour=from_days(jour) if jour else None,
                evenement=row["evenement"],
                partie=row["partie"],
                libelle=libelle,
                montant=row["paye"],
                motif=motif_of(row) if row["evenement"] == "rejet" else None,
                fichier=row["fichier"],
                rang=row["rang"] or None,
                octet=row["octet"],
            )
        )
    return found


def _label(row: dict[str, Any]) -> str:
    event = row["evenement"]
    if event == "securisee":
        return f"sécurisée, mode {row['code']}"
    if event == "emise":
        return "écrite dans un fichier d'envoi"
    if event == "virement":
        return f"virement {row['libelle'] or 'sans libellé'} de {row['code'] or 'payeur non nommé'}"
    if event == "ligne":
        return f"retour, rapprochement : {row['libelle']}"
    if event == "part":
        return f"part {row['partie']} {ETATS.get(row['code'], row['code'])}"
    if event == "rejet":
        return f"rejet {row['code']} {row['libelle']}".strip()
    return str(event)
