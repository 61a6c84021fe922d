"""`relancer`: what is to be done of the lots that did not arrive, and that needs no card; and what needs somebody.

A lot without an acknowledgement after two working days, or refused, leaves again unchanged in a new file; one refused
for an invoice frees the others for a new lot, to be signed (CSS R161-47; architecture, decision 16). Each decision is
one transaction, taken from the facts as they are then: run again, or stopped anywhere, nothing is decided twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.ecriture import FichierEmis, to_hand_over, write_files
from fse.app.operations.fichier import make_file
from fse.app.operations.practice import Practice
from fse.app.operations.recipients import Recipients, open_recipients
from fse.app.operations.states import refresh
from fse.app.operations.transmission.lots import FichierEnAttente, LotTransmis, lots_told, transmissions
from fse.app.operations.worklist.envois import sheet_deadlines
from fse.app.operations.worklist.retours import Retours, fetched
from fse.base.dates import to_days
from fse.base.errors import UsageError
from fse.base.findings import Finding
from fse.domain.echeances.delais import Echeance
from fse.infra.journal import Transaction
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.facts.exchanges import relances
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Relance:
    """What was decided of a lot: sent again in `fichier` (`renvoi`), or its `factures` freed for a new lot (`relot`),
    but those that are corrected or on paper.

    `en_cause`: the invoices that the payer named; the first stays behind, the others leave with the rest unless they
    are corrected before. `echeance` is the last day for it to leave again.
    """

    genre: Literal["renvoi", "relot"]
    motif: str
    prestataire: str
    numero_lot: int
    date_lot: date
    fichier: str
    factures: tuple[int, ...]
    en_cause: tuple[int, ...]
    echeance: Echeance


@dataclass(frozen=True, slots=True, kw_only=True)
class ASigner:
    """What waits for the card of a prestataire, or of who replaces them ("" for nobody).

    `factures` wait for a lot, `lots` for a signature; `echeance` is the first to come.
    """

    prestataire: str
    remplacant: str
    factures: tuple[int, ...]
    lots: tuple[int, ...]
    echeance: Echeance


@dataclass(frozen=True, slots=True, kw_only=True)
class Relances:
    """What was decided and written on the day `le`, then what is left: for a card, for paper, for the outbox.

    `a_ecrire` counts the files that someone else sends and that are not on the disk yet; `constats` tell those that
    must not leave any more. `retours`: whether what comes back was fetched.
    """

    le: date
    retours: Retours | None
    relances: tuple[Relance, ...]
    fichiers: tuple[FichierEmis, ...]
    a_ecrire: int
    a_signer: tuple[ASigner, ...]
    duplicatas: tuple[LotTransmis, ...]
    a_refaire: tuple[LotTransmis, ...]
    en_attente: tuple[FichierEnAttente, ...]
    constats: tuple[Finding, ...] = ()


def relancer(practice: Practice, *, sortie: Path | None = None, le: date | None = None) -> Relances:
    """Decide what the delays ask for, without a card. The files that fse sends wait for `fse envoyer`.

    `sortie` is where to write the files, as `emettre` does: needed when someone else sends them. What a payer answered
    something of is never sent again. Raises `SignatureError` (certificates of the recipients), `StorageError` (journal,
    disk), `UsageError` (`relance.centre_inconnu`, no file id left).
    """
    day, cabinet = practice.day(le), practice.cabinet
    with practice.journal.reading() as reading:
        asking = [one for one in transmissions(reading, cabinet, day) if one.transmission.suite]
    recipients = _recipients(cabinet, asking, day)
    done = [_decide(practice, one.key, recipients, day) for one in asking]
    with practice.journal.reading() as reading:
        ready = to_hand_over(reading, cabinet, day)
    written = tuple(write_files(practice, ready.fichiers, sortie, to_days(day))) if sortie else ()
    with practice.journal.reading() as reading:
        left = transmissions(reading, cabinet, day)
        return Relances(
            le=day,
            retours=fetched(reading, cabinet),
            relances=tuple(one for one in done if one is not None),
            fichiers=written,
            a_ecrire=0 if sortie else len(ready.fichiers),
            a_signer=tuple(_to_sign(reading, cabinet, day)),
            duplicatas=tuple(one for one in left if one.transmission.etat == "duplicata"),
            a_refaire=tuple(one for one in left if one.transmission.etat == "a_refaire"),
            en_attente=tuple(_outbox(left)),
            constats=ready.constats,
        )


def _recipients(cabinet: Cabinet, asking: Iterable[LotTransmis], day: date) -> Recipients:
    """The certificates to encrypt for, when something is to be sent again."""
    again = [one for one in asking if one.transmission.suite == "renvoi"]
    if not again:
        return {}
    found = open_recipients(cabinet, to_days(day))
    for one in again:
        if (one.type_destinataire, one.centre) not in found:
            raise UsageError(
                "relance.centre_inconnu",
                f"Un lot est à renvoyer au centre {one.type_destinataire} {one.centre}, qui n'est plus dans les "
                "destinations.",
                action="Le remettre dans cabinet.toml jusqu'à ce que ses lots soient reçus.",
                lieu=f"praticien {one.prestataire}, lot {one.numero_lot:03d}",
            )
    return found


def _decide(practice: Practice, key: LotKey, recipients: Recipients, day: date) -> Relance | None:
    """The decision about one lot, from its facts as they are now; `None` when another run took it meanwhile."""
    with practice.journal.transaction(now()) as transaction:
        for one in lots_told(transaction, practice.cabinet, [key], day):
            if one.transmission.suite == "renvoi":
                return _send_again(practice.cabinet, transaction, one, recipients, day)
            if one.transmission.suite == "relot":
                return _free(transaction, one, day)
    return None


def _send_again(
    cabinet: Cabinet, transaction: Transaction, one: LotTransmis, recipients: Recipients, day: date
) -> Relance:
    today = to_days(day)
    fichier = make_file(cabinet, transaction, (one.type_destinataire, one.centre), [one.key], recipients, today)
    relances.send_again(transaction, one.key, fichier, motif=one.transmission.motif, le=today)
    refresh(transaction, one.factures)
    return _relance(one, "renvoi", fichier.nom, one.factures)


def _free(transaction: Transaction, one: LotTransmis, day: date) -> Relance:
    named = {said.numero_facture for said in one.accuses if said.sens == "N"}
    corrected = (numero for numero in one.factures if numero in named)  # corrected already: it must not leave again
    behind = next(iter(one.transmission.nommees), 0) or next(corrected, 0)
    relances.free_the_others(transaction, one.key, behind, motif=one.transmission.motif, le=to_days(day))
    refresh(transaction, one.factures)
    return _relance(one, "relot", "", tuple(numero for numero in one.restent if numero != behind))


def _relance(one: LotTransmis, genre: Literal["renvoi", "relot"], fichier: str, numeros: tuple[int, ...]) -> Relance:
    return Relance(
        genre=genre,
        motif=one.transmission.motif,
        prestataire=one.prestataire,
        numero_lot=one.numero_lot,
        date_lot=one.date_lot,
        fichier=fichier,
        factures=numeros,
        en_cause=one.transmission.nommees,
        echeance=one.transmission.echeances[0],
    )


def _to_sign(reading: Reading, cabinet: Cabinet, day: date) -> Iterator[ASigner]:
    """The waiting invoices and the lots without a signature, by who signs; who must be quick comes first."""
    loose: dict[tuple[str, str], list[FactureRow]] = {}
    for row in factures.waiting(reading):
        loose.setdefault((row.prestataire, row.remplacant), []).append(row)
    bound: dict[tuple[str, str], list[int]] = {}
    held: dict[tuple[str, str], list[FactureRow]] = {signer: list(found) for signer, found in loose.items()}
    for lot in lots.unsigned_lots(reading):
        signer = (lot.prestataire, lot.remplacant)
        bound.setdefault(signer, []).append(lot.numero_lot)
        held.setdefault(signer, []).extend(lots.factures_of(reading, lot.key))
    due = sheet_deadlines(reading, cabinet, [row for found in held.values() for row in found], day)
    found = [
        ASigner(
            prestataire=signer[0],
            remplacant=signer[1],
            factures=tuple(row.numero for row in loose.get(signer, ())),
            lots=tuple(bound.get(signer, ())),
            echeance=min((due[row.prestataire, row.numero] for row in rows), key=lambda one: (one.le, one.nom)),
        )
        for signer, rows in held.items()
    ]
    yield from sorted(found, key=lambda one: (one.echeance.le, one.prestataire, one.remplacant))


def _outbox(left: Iterable[LotTransmis]) -> Iterator[FichierEnAttente]:
    """The files that wait to be sent by fse, each once."""
    files = {(file.emetteur, file.identifiant): file for one in left for file in one.en_attente if file.canal}
    yield from (files[key] for key in sorted(files))
