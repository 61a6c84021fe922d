"""`saisir`: enters what a payer answered on paper, line by line of its statement; all of it or nothing.

Each line is an act, which counts as an answer of its day, is shown as entered by hand, and can be annulled by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fse.app.operations.actes.cibles import sent_invoice
from fse.app.operations.actes.pose import ActesPoses, record
from fse.app.operations.actes.redaction import author_and_reason, words
from fse.app.operations.actes.releve import LigneReleve, doubles, plain, read_statement
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer
from fse.base.dates import from_days, to_days
from fse.base.errors import UsageError
from fse.base.findings import Finding, Place, finding
from fse.base.money import format_euros
from fse.infra.journal import Transaction
from fse.infra.journal.facts import factures
from fse.infra.journal.facts.actes import ActeRow, actes_of, annulments, next_acte
from fse.infra.journal.transaction import Reading

_TOO_MUCH = 10
"""An amount above so many times what is asked of its part is doubted (our choice)."""

_TELL_WHO = "Ajouter au fichier une colonne « praticien », avec son numéro."


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What became of a statement. `total`: signed sum of its lines, in centimes; `lignes`: how many of them read.

    `poses` is `None` when a finding is an error: nothing is booked then.
    """

    piece: str
    jour: date
    lignes: int
    total: int
    poses: ActesPoses | None
    constats: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entree:
    """A line whose invoice is known, and what is asked of its part (centimes)."""

    ligne: LigneReleve
    prestataire: str
    demande: int


def saisir(
    practice: Practice,
    releve: bytes,
    *,
    piece: str,
    jour: date,
    motif: str,
    auteur: str,
    total: int | None = None,
    le: date | None = None,
) -> Saisie:
    """Enter the lines of a statement (`read_statement` says their form), which `piece` names and which is of `jour`.

    `total` in centimes, when the statement prints one, is compared with the sum. A line entered twice from one piece
    (invoice, part, amount, day; its name compared as `plain` writes it) is an error; an amount far above what is asked
    is a warning. Raises `UsageError`: those of `read_statement` and of `redaction`,
    `acte.jour_a_venir`.
    """
    who, why = author_and_reason(auteur, motif)
    paper = words("la pièce", piece)
    today = practice.day(le)
    if jour > today:
        raise UsageError(
            "acte.jour_a_venir",
            f"Le relevé est daté du {jour:%d/%m/%Y}, qui n'est pas encore venu.",
            action="Vérifier la date, écrite AAAA-MM-JJ.",
        )
    lines, found = read_statement(releve)
    found.extend(doubles(lines))
    somme = sum(line.montant for line in lines)
    if total is not None and total != somme and not found:
        found.append(finding("releve.total", somme=format_euros(somme), total=format_euros(total)))
    poses = None
    with practice.journal.transaction(now()) as transaction:
        entries = list(_entries(transaction, lines, found, jour))
        found.extend(_entered(transaction, entries, paper, jour))
        found.extend(_too_much(entries))
        if not any(one.is_error for one in found):
            rows = [_row(transaction, entry, paper, jour, who, why, today) for entry in entries]
            poses = record(transaction, rows, {(line.numero, "") for line in lines})
    return Saisie(piece=paper, jour=jour, lignes=len(lines), total=somme, poses=poses, constats=tuple(found))


def _entries(reading: Reading, lines: Iterable[LigneReleve], found: list[Finding], jour: date) -> Iterator[_Entree]:
    """The lines whose invoice can be answered; a finding is added for each of the others."""
    for line in lines:
        place = Place(rang=line.ligne)
        try:
            owner = sent_invoice(reading, line.numero, line.prestataire)
        except UsageError as error:
            found.append(
                finding(
                    "releve.facture",
                    place,
                    ligne=line.ligne,
                    numero=line.numero,
                    raison=error.message[0].lower() + error.message[1:],
                    action=_TELL_WHO if error.code == "facture.ambigue" else error.action,
                )
            )
            continue
        row = factures.find(reading, owner, line.numero)
        assert row is not None
        if row.date_facture > to_days(jour):
            day = f"{from_days(row.date_facture):%d/%m/%Y}"
            found.append(finding("releve.date", place, ligne=line.ligne, numero=line.numero, date_facture=day))
        [demande] = [
            part["demande"]
            for part in answer(reading, "parts_du_bloc")
            if (part["prestataire"], part["partie"]) == (owner, line.partie)
        ]
        yield _Entree(ligne=line, prestataire=owner, demande=demande)


def _entered(reading: Reading, entries: Iterable[_Entree], piece: str, jour: date) -> Iterator[Finding]:
    """The lines that were entered already from the same piece, by an act that still holds."""
    for entry in entries:
        line = entry.ligne
        key = (entry.prestataire, line.partie, line.montant, to_days(jour), plain(piece))
        known = [row for row in actes_of(reading, line.numero) if row.genre == "paiement_saisi"]
        same = [
            row for row in known if (row.prestataire, row.partie, row.montant, row.jour, plain(row.piece or "")) == key
        ]
        annulled = annulments(reading, [row.acte for row in same])
        for row in same:
            if row.acte not in annulled:
                yield finding(
                    "releve.deja_saisi",
                    Place(rang=line.ligne),
                    ligne=line.ligne,
                    numero=line.numero,
                    partie=line.partie,
                    acte=row.acte,
                )


def _too_much(entries: Iterable[_Entree]) -> Iterator[Finding]:
    """The amounts so far above what is asked that a comma was probably forgotten."""
    for entry in entries:
        line = entry.ligne
        if abs(line.montant) > _TOO_MUCH * entry.demande:
            yield finding(
                "releve.montant_eleve",
                Place(rang=line.ligne),
                ligne=line.ligne,
                numero=line.numero,
                partie=line.partie,
                montant=format_euros(line.montant),
                demande=format_euros(entry.demande),
            )


def _row(
    transaction: Transaction, entry: _Entree, piece: str, jour: date, auteur: str, motif: str, today: date
) -> ActeRow:
    return ActeRow(
        acte=next_acte(transaction),
        genre="paiement_saisi",
        auteur=auteur,
        motif=motif,
        pose_le=to_days(today),
        prestataire=entry.prestataire,
        numero=entry.ligne.numero,
        partie=entry.ligne.partie,
        etat=entry.ligne.etat,
        montant=entry.ligne.montant,
        jour=to_days(jour),
        piece=piece,
    )
