"""What happened to an invoice between the practice and its payer: each sending, acknowledgement, resend, duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from fse.app.operations.pieces.depot import NATURES
from fse.base.dates import from_days
from fse.infra.journal.facts.exchanges import duplicatas, envois, ordre, pieces, relances
from fse.infra.journal.facts.exchanges.ordre import Fait
from fse.infra.journal.facts.exchanges.relances import RelanceRow
from fse.infra.journal.facts.exchanges.transmissions import (
    CarrierRow,
    LotOnItsWay,
    acknowledged_by,
    lots_that_held,
    of_lots,
)
from fse.infra.journal.facts.fichiers_emis import name_of
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.transaction import Reading

WAYS = {
    "": "écrite dans le fichier d'envoi",
    "courriel": "envoyée par courriel",
    "repertoire": "déposée dans le dossier d'envoi",
}
"""How an invoice left, by the way of its file."""

_ATTEMPTS = {
    "differe": "envoi différé",
    "refuse": "envoi refusé",
    "incertain": "envoi incertain",
    "non_remis": "signalée comme non remise",
}
_MOTIFS = {"sans_accuse": "aucun accusé dans le délai", "accuse_negatif": "lot refusé"}
_VOIES = {"caisse": "à envoyer à la caisse", "patient": "à remettre au patient"}
_PIECES = {
    "envoyee": "envoyée",
    "echec": "non envoyée",
    "acceptee": "acceptée par la caisse",
    "refusee": "refusée par la caisse",
    "papier": "envoyée sur papier",
}

_PLACES = {"lot_quitte": 0, "lot": 1, "essai": 2, "emise": 2, "depart": 2, "accuse": 3}
"""What happens on one day in this order, when none but attempts happened twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echange:
    """One step. `fichier` is the digest of a received file, "" for what we did; `nom` is how a person calls the file.

    `fait` is the fact that it tells, as `facts.exchanges.ordre` knows it.
    """

    jour: date
    evenement: str
    libelle: str
    fait: Fait
    fichier: str = ""
    nom: str = ""


def exchanges(reading: Reading, prestataire: str, numero: int) -> list[Echange]:
    """The steps of an invoice in order of time, from the lot that it first entered; on one day, as the journal learned
    them. `emise` is the first departure of the lot where it is live, `depart` any other.
    """
    found: list[Echange] = []
    for one in of_lots(reading, lots_that_held(reading, prestataire, numero)):
        live = any(held.vivante for held in one.factures if held.numero == numero)
        found += _of_lot(reading, one, numero, live=live)
    found += _on_paper(reading, prestataire, numero)
    found += _documents(reading, prestataire, numero)
    return _in_order(reading, found)


def _in_order(reading: Reading, found: list[Echange]) -> list[Echange]:
    """By day, then as the journal learned them; it is asked when what happened on a day does not say that already."""
    days = {day: [one.evenement for one in found if one.jour == day] for day in {one.jour for one in found}}
    if any(_is_mixed(events) for events in days.values()):
        ranks = ordre.ranks(reading, [one.fait for one in found])
        return sorted(found, key=lambda one: (one.jour, ranks.get(one.fait, 0)))
    return sorted(found, key=lambda one: (one.jour, _PLACES.get(one.evenement, 0)))


def _is_mixed(events: list[str]) -> bool:
    once = [event for event in events if event != "essai"]
    plain = set(events) <= set(_PLACES) and len(once) == len(set(once)) and not {"emise", "depart"} <= set(once)
    return len(events) > 1 and not plain


def _of_lot(reading: Reading, one: LotOnItsWay, numero: int, *, live: bool) -> Iterator[Echange]:
    key = one.lot.key
    signed = "" if not live else ", signé" if one.lot.signe else ", à signer"
    yield Echange(
        jour=from_days(key.date_lot),
        evenement="lot" if live else "lot_quitte",
        libelle=f"dans le lot {key.numero_lot:03d} pour l'organisme {one.lot.organisme}{signed}",
        fait=("lot", key.prestataire, key.numero_lot, key.date_lot),
    )
    first = live
    for file in sorted(one.fichiers, key=lambda file: (file.date_creation, file.identifiant)):
        for step in _of_file(reading, file):
            emitted = first and step.evenement == "depart"
            yield replace(step, evenement="emise") if emitted else step
            first = first and not emitted
    for empreinte, accuse in acknowledged_by(reading, key):
        yield _acknowledged(accuse, empreinte)
    for decision in relances.decisions(reading, key):
        yield _decided(decision, key, numero)


def _of_file(reading: Reading, file: CarrierRow) -> Iterator[Echange]:
    nom = name_of(file.emetteur, file.identifiant)
    if not file.canal:
        if file.parti_le is not None:
            yield Echange(
                jour=from_days(file.parti_le),
                evenement="depart",
                libelle=WAYS[""],
                fait=("ecrit", file.emetteur, file.identifiant),
                nom=f"{nom}.b2",
            )
        return
    for row in envois.attempts(reading, file.emetteur, file.identifiant):
        event, libelle = "depart", WAYS[file.canal]
        if row.resultat != "accepte":
            why = f"{row.code} {row.detail}".strip()
            event, libelle = "essai", f"{_ATTEMPTS[row.resultat]}{f' : {why}' if why else ''}"
        fait = ("envoi", file.emetteur, file.identifiant, row.tentative)
        yield Echange(jour=from_days(row.jour), evenement=event, libelle=libelle, fait=fait, nom=nom)


def _acknowledged(accuse: AccuseRow, empreinte: str) -> Echange:
    libelle = "accusé de réception positif"
    if accuse.sens == "N":
        named = f", facture en cause {accuse.numero_facture:09d}" if accuse.numero_facture else ""
        libelle = f"accusé de réception négatif : {accuse.cause} {accuse.libelle}".rstrip(" :") + named
    day = from_days(accuse.recu_le)
    return Echange(jour=day, evenement="accuse", libelle=libelle, fait=("recu", empreinte), fichier=empreinte)


def _decided(row: RelanceRow, key: LotKey, numero: int) -> Echange:
    why = _MOTIFS[row.motif]
    nom = ""
    if row.genre == "renvoi":
        libelle, nom = f"à renvoyer telle quelle, {why}", row.fichier
    elif row.numero_facture == numero:
        libelle = f"reste seule dans le lot {key.numero_lot:03d}, {why} : à corriger et à refaire"
    else:
        libelle = f"quitte le lot {key.numero_lot:03d}, {why} : attend un nouveau lot"
    fait = ("relance", key.prestataire, key.numero_lot, key.date_lot, row.rang)
    return Echange(jour=from_days(row.decidee_le), evenement=row.genre, libelle=libelle, fait=fait, nom=nom)


def _on_paper(reading: Reading, prestataire: str, numero: int) -> Iterator[Echange]:
    """Its duplicates. Nothing tells that one was posted: it is said to be sent, not that it was."""
    for row in duplicatas.of_invoice(reading, prestataire, numero):
        yield Echange(
            jour=from_days(row.edite_le),
            evenement="duplicata",
            libelle=f"duplicata n° {row.rang} édité par {row.auteur}, {_VOIES[row.voie]} : {row.motif}",
            fait=("duplicata", prestataire, numero, row.rang),
        )


def _documents(reading: Reading, prestataire: str, numero: int) -> Iterator[Echange]:
    """Its supporting documents, and what became of each."""
    held = pieces.of_invoice(reading, prestataire, numero)
    followed = pieces.followed(reading) if held else {}
    for row in held:
        named = f"pièce {row.piece}, {NATURES[row.nature]} :"
        libelle = f"{named} déposée par {row.auteur}"
        yield Echange(jour=from_days(row.deposee_le), evenement="piece", libelle=libelle, fait=("piece", row.piece, 0))
        for one in followed.get(row.piece, ()):
            why = f" : {one.detail}" if one.detail and one.fait in ("echec", "refusee") else ""
            yield Echange(
                jour=from_days(one.jour),
                evenement="piece",
                libelle=f"{named} {_PIECES[one.fait]}{why}",
                fait=("piece", row.piece, one.rang),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PremierDepart:
    """How a lot first left: when, in French how, and the name of its file."""

    jour: date
    libelle: str
    fichier: str


def first_departure(reading: Reading, key: LotKey) -> PremierDepart | None:
    """The first departure of a live lot, `None` while it did not leave."""
    (one,) = of_lots(reading, [key])
    gone = [(file.parti_le, file.identifiant, file) for file in one.fichiers if file.parti_le is not None]
    if not gone:
        return None
    day, _, file = min(gone, key=lambda known: known[:2])
    name = name_of(file.emetteur, file.identifiant) + ("" if file.canal else ".b2")
    return PremierDepart(jour=from_days(day), libelle=WAYS[file.canal], fichier=name)
