"""The sheets of a prestataire in a year, as the incentives look at them: read from the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import RowMapping, and_, case, exists, func, or_, select

from fse.base.dates import from_days, to_days
from fse.domain.echeances.departs import SANS_ACCUSE
from fse.domain.incitation.feuilles import Acte, Feuille, Suite
from fse.infra.journal import Reading
from fse.infra.journal.facts import rows
from fse.infra.journal.facts.exclusions import exclusions_of
from fse.infra.journal.schema.derived import METADATA
from fse.infra.journal.schema.fact_tables import facture, soin
from fse.infra.journal.schema.relations import SENT
from fse.norm.referentiels.incitations import Reception
from fse.norm.referentiels.ngap.lettres import lettres

_Line = tuple[int, date, str, int]
"""Rank, day of care, code of the act, quantity."""

_PART = METADATA.tables["etat_part"]
_INVOICE = ("prestataire", "numero")
_REJETEE = "rejetee"
_CAISSE = "AMO"


def feuilles_of(reading: Reading, prestataire: str, annee: int) -> list[Feuille]:
    """The sheets with an act in a year, by number: neither cancelled ones, nor those that another corrects.

    The acts of a sheet are all there, those of another year too; travel and majorations, which go with an act, are none
    (our choice). A line bills as many acts as its quantity. A replacement's sheets are those of who is replaced.
    """
    debut, fin = to_days(date(annee, 1, 1)), to_days(date(annee, 12, 31))
    actes = _acts(reading, prestataire, debut, fin)
    left_out = exclusions_of(reading, prestataire)
    return [
        Feuille(
            prestataire=prestataire,
            numero=row["numero"],
            reference=row["reference"],
            mode=row["mode"],
            recue=_received(row),
            suite=_followed(row),
            sur_papier=row["accuse"] == "papier",
            ame=(0, "ame") in left_out.get(row["numero"], ()),
            hors_presence=(0, "hors-presence") in left_out.get(row["numero"], ()),
            actes=tuple(
                Acte(
                    rang=ordre,
                    date_soins=le,
                    code_acte=code,
                    quantite=quantite,
                    nourrisson=(ordre, "nourrisson") in left_out.get(row["numero"], ()),
                )
                for ordre, le, code, quantite in _cares(actes[row["numero"]])
            ),
        )
        for row in _sheets(reading, prestataire, debut, fin)
    ]


def _sheets(reading: Reading, prestataire: str, debut: int, fin: int) -> Iterator[RowMapping]:
    """`retours`, `rejetee`: of the part of the caisse, since a mutuelle's answer proves nothing of what it has."""
    rejected = or_(_PART.c.etat == _REJETEE, and_(_PART.c.dernier == "R", _PART.c.paye == 0))
    parts = (
        select(_PART.c.numero, _PART.c.retours, case((rejected, 1), else_=0).label("rejetee"))
        .where(_PART.c.cabinet == reading.cabinet, _PART.c.prestataire == prestataire, _PART.c.partie == _CAISSE)
        .subquery()
    )
    in_year = exists(select(1).where(rows.same(soin, facture, *_INVOICE), soin.c.date_soins.between(debut, fin)))
    query = (
        select(facture.c.numero, facture.c.reference, facture.c.mode, SENT.c.accuse, SENT.c.emise_le)
        .add_columns(func.coalesce(parts.c.retours, 0).label("retours"))
        .add_columns(func.coalesce(parts.c.rejetee, 0).label("rejetee"))
        .join(SENT, rows.same(SENT, facture, *_INVOICE))
        .join(parts, parts.c.numero == facture.c.numero, isouter=True)
        .where(facture.c.cabinet == reading.cabinet, facture.c.prestataire == prestataire, in_year)
        .where(SENT.c.annulee == 0, SENT.c.remplacee_par == 0)
        .order_by(facture.c.numero)
    )
    return reading.connection.execute(query).mappings()


def _acts(reading: Reading, prestataire: str, debut: int, fin: int) -> dict[int, list[_Line]]:
    """Rank, day, code and quantity of the acts of the invoices that have one in the year, by number."""
    same = soin.alias()
    in_year = exists(select(1).where(rows.same(same, soin, *_INVOICE), same.c.date_soins.between(debut, fin)))
    query = (
        select(soin.c.numero, soin.c.ordre, soin.c.date_soins, soin.c.code_acte, soin.c.quantite)
        .where(soin.c.cabinet == reading.cabinet, soin.c.prestataire == prestataire, in_year)
        .order_by(soin.c.numero, soin.c.ordre)
    )
    found: dict[int, list[_Line]] = defaultdict(list)
    for numero, ordre, le, code, quantite in reading.connection.execute(query):
        found[numero].append((ordre, from_days(le), code, quantite))
    return found


def _cares(lines: list[_Line]) -> list[_Line]:
    """The lines that are care; those of a sheet that has none, each for one act (a quantity of travel is no number of
    acts).
    """
    known = lettres()
    cares = [one for one in lines if one[2] not in known or known[one[2]].soins]
    return cares or [(ordre, le, code, 1) for ordre, le, code, _ in lines]


def _received(row: RowMapping) -> Reception | None:
    if _rejected_degraded(row):
        return None
    if row["accuse"] == "positif":
        return "accuse"
    if row["retours"]:
        return "retour"
    sent = row["emise_le"] and row["mode"] in SANS_ACCUSE and row["accuse"] != "negatif"
    return "mode-sans-accuse" if sent else None


def _followed(row: RowMapping) -> Suite:
    if _rejected_degraded(row) or row["accuse"] == "negatif":
        return "refusee"
    return "attendue" if row["emise_le"] else "non-envoyee"


def _rejected_degraded(row: RowMapping) -> bool:
    """What proves the reception of a degraded sheet is that nothing rejected it."""
    return row["mode"] in SANS_ACCUSE and bool(row["rejetee"])
