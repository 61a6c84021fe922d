"""`reclamer`: the claim files of a fund, CSV for it to look invoices up: those that it never answered, and the rejects
about rights that it cannot oppose to the card that was read.

Other rejects are not claimed: their invoices are corrected. A file names invoices, lots and the files that
carried them; it names patients only when asked in clear, and each such reading is recorded first.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from fse.app.operations.delivery import PRIVATE, deliver
from fse.app.operations.journal.lectures import record_reading
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import suivi
from fse.app.operations.transmission.histoire import first_departure
from fse.app.operations.worklist.garantie import Garantie
from fse.app.operations.worklist.taches import Tache
from fse.base.dates import from_days
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.transaction import Reading

NATURE = "sans_retour"
"""The nature of the tasks that are claimed: no answer at all beyond the delay."""

Genre = Literal["reclamation", "contestation"]
"""Of a file, and how its name starts: what was never answered; rejects about rights, with the evidence of the card."""

_COLUMNS = (
    *("praticien", "facture", "date_facture", "lot", "date_lot", "fichier_envoye", "envoyee_le"),
    *("part", "montant", "jours"),
)
_EVIDENCE = ("motif", "carte_lue_le", "opposition", "droits", "article")
_PERSON = ("nir", "nom", "prenom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclamation:
    """A claim file of one fund: how many parts of invoices it claims, and their amount in centimes."""

    genre: Genre
    organisme: str
    chemin: Path
    parts: int
    montant: int


def reclamer(
    practice: Practice,
    sortie: Path,
    *,
    organismes: Collection[str] | None = None,
    praticiens: Collection[str] | None = None,
    le: date | None = None,
    en_clair_par: str | None = None,
) -> list[Reclamation]:
    """Write `reclamation-<organisme>-<date>.csv` in `sortie` for each fund that owes an answer, the largest first; then
    `contestation-<organisme>-<date>.csv` for each that rejects the rights of a card that was not in opposition.

    `en_clair_par` is who asks for the patients' identity, `None` to leave it out; only the owner of a file that names
    them reads it. CSV: semicolons, UTF-8 with its mark,
    amounts in euros with a comma, as French spreadsheets read it. Raises `StorageError` (`sortie.differente`…).
    """
    result = suivi(practice, le=le, praticiens=praticiens)
    groups: dict[tuple[Genre, str], list[Tache]] = {}
    for tache in result.taches:
        genre = _genre(tache)
        if genre is not None and (organismes is None or tache.organisme in organismes):
            groups.setdefault((genre, tache.organisme), []).append(tache)
    if en_clair_par is not None:
        for prestataire, numero in sorted(
            {(one.prestataire, one.numero) for group in groups.values() for one in group}
        ):
            record_reading(practice, auteur=en_clair_par, commande="reclamer", prestataire=prestataire, numero=numero)
    done = []
    for (genre, organisme), taches in groups.items():
        path = sortie / f"{genre}-{organisme}-{result.le}.csv"
        with practice.journal.reading() as reading:
            content = _csv(_lines(reading, genre, taches, en_clair=en_clair_par is not None))
        if en_clair_par is None:
            deliver(path, content)
        else:
            deliver(path, content, PRIVATE)
        amount = sum(tache.montant for tache in taches)
        done.append(Reclamation(genre=genre, organisme=organisme, chemin=path, parts=len(taches), montant=amount))
    return sorted(done, key=lambda one: (one.genre != "reclamation", -one.montant, one.organisme))


def _genre(tache: Tache) -> Genre | None:
    """The file that a task goes in, `None` for one that is not claimed."""
    if tache.nature == NATURE:
        return "reclamation"
    return "contestation" if tache.garantie is not None else None


def _lines(reading: Reading, genre: Genre, taches: Iterable[Tache], *, en_clair: bool) -> Iterable[tuple[str, ...]]:
    yield (*_COLUMNS, *(_EVIDENCE if genre == "contestation" else ()), *(_PERSON if en_clair else ()))
    for tache in taches:
        row = factures.find(reading, tache.prestataire, tache.numero)
        assert row is not None
        lot = lots.lot_of(reading, row.prestataire, row.numero)
        sent = first_departure(reading, lot.key) if lot else None
        yield (
            row.prestataire,
            f"{row.numero:09d}",
            f"{from_days(row.date_facture):%d/%m/%Y}",
            f"{lot.numero_lot:03d}" if lot else "",
            f"{from_days(lot.date_lot):%d/%m/%Y}" if lot else "",
            sent.fichier if sent else "",
            f"{sent.jour:%d/%m/%Y}" if sent else "",
            tache.partie,
            f"{tache.montant // 100},{tache.montant % 100:02d}",
            str(tache.age),
            *(_evidence(tache, tache.garantie) if tache.garantie is not None else ()),
            *(_person(reading, row.personne) if en_clair else ()),
        )


def _evidence(tache: Tache, garantie: Garantie) -> tuple[str, ...]:
    """Why the reject cannot stand: what the card said at the visit."""
    codes = sorted({motif.code for motif in tache.motifs if not motif.consequence})
    lue = f"{garantie.lecture_le:%d/%m/%Y}"
    return ", ".join(codes), lue, "non", garantie.periodes, garantie.article


def _person(reading: Reading, id: str) -> tuple[str, str, str]:
    person = reading.load_person(id)
    names = json.loads(person.identite)["beneficiaire"]
    return person.nir, names["nom"], names["prenom"]


def _csv(lines: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8-sig")
