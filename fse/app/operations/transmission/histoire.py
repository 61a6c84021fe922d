"""What happened to an invoice between the practice and its payer: each sending, acknowledgement, resend, duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fse.base.dates import from_days
from fse.infra.journal.facts.exchanges import duplicatas, envois, relances
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
_SENT, _DECIDED, _RESENT = 1, 3, 4
"""On one day: sent, acknowledged, decided, sent again, acknowledged."""

_MOTIFS = {"sans_accuse": "aucun accusé dans le délai", "accuse_negatif": "lot refusé"}
_VOIES = {"caisse": "envoyé à la caisse", "patient": "remis au patient"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Echange:
    """One step. `fichier` is the digest of a received file, "" for what we did; `nom` is how a person calls the file.

    `quitte` is true of what happened in a lot that the invoice left; `ordre` sorts the steps of one day.
    """

    jour: date
    ordre: int = 0
    evenement: str
    libelle: str
    fichier: str = ""
    nom: str = ""
    quitte: bool = False


def exchanges(reading: Reading, prestataire: str, numero: int) -> list[Echange]:
    """The steps of an invoice, in order of time lot after lot. What the first departure of its live lot says is not
    told again: it is known without them.
    """
    found: list[Echange] = []
    for one in of_lots(reading, lots_that_held(reading, prestataire, numero)):
        left = not any(held.vivante for held in one.factures if held.numero == numero)
        found += sorted(_of_lot(reading, one, numero, left=left), key=lambda step: (step.jour, step.ordre))
    for row in duplicatas.of_invoice(reading, prestataire, numero):
        libelle = f"duplicata édité par {row.auteur}, {_VOIES[row.voie]} : {row.motif}"
        found.append(Echange(jour=from_days(row.edite_le), evenement="duplicata", libelle=libelle))
    return found


def _of_lot(reading: Reading, one: LotOnItsWay, numero: int, *, left: bool) -> Iterator[Echange]:
    key = one.lot.key
    if left:
        yield Echange(
            jour=from_days(key.date_lot),
            evenement="lot_quitte",
            libelle=f"dans le lot {key.numero_lot:03d} pour l'organisme {one.lot.organisme}",
            quitte=True,
        )
    known = not left
    decided = relances.decisions(reading, key)
    again = {decision.identifiant for decision in decided}
    for file in sorted(one.fichiers, key=lambda file: (file.date_creation, file.identifiant)):
        ordre = _RESENT if file.identifiant in again else _SENT
        for step in _of_file(reading, file, ordre, left=left):
            if known and step.evenement == "depart":
                known = False  # the first departure of its live lot: the step « emise » tells it
                continue
            yield step
    for empreinte, accuse in acknowledged_by(reading, key):
        ordre = _RESENT if accuse.identifiant_fichier in again else _SENT
        yield _acknowledged(accuse, empreinte, ordre + 1, left=left)
    for decision in decided:
        yield _decided(decision, key, numero, left=left)


def _of_file(reading: Reading, file: CarrierRow, ordre: int, *, left: bool) -> Iterator[Echange]:
    nom = name_of(file.emetteur, file.identifiant)
    if not file.canal:
        if file.parti_le is not None:
            day = from_days(file.parti_le)
            yield Echange(jour=day, ordre=ordre, evenement="depart", libelle=WAYS[""], nom=f"{nom}.b2", quitte=left)
        return
    for row in envois.attempts(reading, file.emetteur, file.identifiant):
        event, libelle = "depart", WAYS[file.canal]
        if row.resultat != "accepte":
            why = f"{row.code} {row.detail}".strip()
            event, libelle = "essai", f"{_ATTEMPTS[row.resultat]}{f' : {why}' if why else ''}"
        yield Echange(jour=from_days(row.jour), ordre=ordre, evenement=event, libelle=libelle, nom=nom, quitte=left)


def _acknowledged(accuse: AccuseRow, empreinte: str, ordre: int, *, left: bool) -> Echange:
    libelle = "accusé de réception positif"
    if accuse.sens == "N":
        named = f", facture en cause {accuse.numero_facture:09d}" if accuse.numero_facture else ""
        libelle = f"accusé de réception négatif : {accuse.cause} {accuse.libelle}".rstrip(" :") + named
    day = from_days(accuse.recu_le)
    return Echange(jour=day, ordre=ordre, evenement="accuse", libelle=libelle, fichier=empreinte, quitte=left)


def _decided(row: RelanceRow, key: LotKey, numero: int, *, left: bool) -> Echange:
    why = _MOTIFS[row.motif]
    nom = ""
    if row.genre == "renvoi":
        libelle, nom = f"à renvoyer telle quelle, {why}", row.fichier
    elif row.numero_facture == numero:
        libelle = f"reste seule dans le lot {key.numero_lot:03d}, {why} : à corriger et à refaire"
    else:
        libelle = f"quitte le lot {key.numero_lot:03d}, {why} : attend un nouveau lot"
    day = from_days(row.decidee_le)
    return Echange(jour=day, ordre=_DECIDED, evenement=row.genre, libelle=libelle, nom=nom, quitte=left)


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
