"""`facture`: the whole history of one invoice, from the visit to the last return, down to file and byte offset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.annuler import resolve
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.journal.lectures import record_reading
from fse.app.operations.motifs import ETATS, MotifRejet, motif_of
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer, ask_invoices
from fse.base.dates import from_days
from fse.base.masking import mask_name, mask_nir
from fse.domain.reconciliation.life_cycle import FACTURE, PART
from fse.domain.reconciliation.policies import POLICIES, RESIDUES
from fse.infra.journal.facts import factures, fichiers_emis, fichiers_recus, lots
from fse.infra.journal.transaction import Reading

_CLASSED = {one.nom: f"rapprochée : {one.libelle}" for one in POLICIES} | {one.nom: one.libelle for one in RESIDUES}
"""What became of a return line, in French."""


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
    """One step. For a return: `fichier` (digest of the logical file), `rang` and `octet` (0-based) of the entity.

    `fichier_nom` is how a person calls the file: the name written, or the payer's file id and its date.
    """

    jour: date | None
    evenement: str
    partie: str
    libelle: str
    montant: int | None
    motif: MotifRejet | None
    fichier: str
    fichier_nom: str
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
    practice: Practice, numero: int, *, prestataire: str | None = None, en_clair: bool = False, auteur: str = ""
) -> HistoireFacture:
    """The history of one invoice. Reads only, except that a reading in clear is first noted in the name of `auteur`.

    Raises `UsageError`: `facture.inconnue`, `facture.ambigue`, `lecture.auteur` (in clear, and nobody's).
    """
    if en_clair:
        with practice.journal.reading() as reading:
            who = resolve(reading, numero, prestataire)
        record_reading(practice, auteur=auteur, commande="facture", prestataire=who, numero=numero)
    with practice.journal.reading() as reading:
        who = resolve(reading, numero, prestataire)
        row = factures.find(reading, who, numero)
        assert row is not None
        ask_invoices(reading, [numero])
        [known] = [one for one in answer(reading, "factures_du_bloc") if one["prestataire"] == who]
        state = FACTURE[known["etat"]]
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
            parts=tuple(_part(one) for one in answer(reading, "parts_du_bloc") if one["prestataire"] == who),
            etapes=tuple(_etapes(reading, row, practice.cabinet)),
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


def _etapes(reading: Reading, row: factures.FactureRow, cabinet: Cabinet) -> Iterator[Etape]:
    cancelled = factures.find_cancellation(reading, row.prestataire, row.numero)
    lot = lots.lot_of(reading, row.prestataire, row.numero)
    sent = fichiers_emis.files_of(reading, lot.key) if lot else []
    steps = (one for one in answer(reading, "histoire_facture") if one["prestataire"] == row.prestataire)
    for step in steps:
        jour, libelle, fichier_nom = step["jour"], _label(step), ""
        if step["evenement"] == "annulee" and cancelled:
            jour, libelle = cancelled.annulee_le, f"annulée par {cancelled.auteur} : {cancelled.motif}"
        elif step["evenement"] == "lot" and lot:
            libelle = f"dans le lot {lot.numero_lot:03d} pour l'organisme {lot.organisme}"
        elif step["evenement"] == "emise" and sent:
            fichier_nom = sent[0].nom
        elif step["fichier"]:
            fichier_nom = _received_name(reading, step["fichier"])
        yield Etape(
            jour=from_days(jour) if jour else None,
            evenement=step["evenement"],
            partie=step["partie"],
            libelle=libelle,
            montant=step["paye"],
            motif=motif_of(step, cabinet, from_days(row.date_facture)) if step["evenement"] == "rejet" else None,
            fichier=step["fichier"],
            fichier_nom=fichier_nom,
            rang=step["rang"] or None,
            octet=step["octet"],
        )


def _received_name(reading: Reading, empreinte: str) -> str:
    """What a payer calls the file of this digest: its id and its date."""
    received = fichiers_recus.find_digest(reading, empreinte)
    if received is None:
        return empreinte
    return f"{received.identifiant} du {from_days(received.date_creation):%d/%m/%Y}"


def _label(step: dict[str, Any]) -> str:
    event = step["evenement"]
    if event == "securisee":
        return f"sécurisée, mode {step['code']}"
    if event == "emise":
        return "écrite dans le fichier d'envoi"
    if event == "virement":
        return (
            f"réponse de {step['code'] or 'un payeur non nommé'}, virement {step['libelle'] or 'sans libellé'} en tout"
        )
    if event == "ligne":
        return str(_CLASSED.get(step["libelle"], step["libelle"]))
    if event == "part":
        return f"part {step['partie']} {ETATS.get(step['code'], step['code'])}"
    if event == "rejet":
        return f"rejet {step['code']} {step['libelle']}".strip()
    return str(event)
