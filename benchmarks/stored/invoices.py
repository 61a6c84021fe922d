"""The invoices of a practice that has worked for years, and what a caisse answers to them, for measurements.

Everything about an invoice follows from its rank, so that N invoices hold the same mix whatever N. Four prestataires
each secure 20 invoices a day, sent the same evening in one lot each and one file. The four give the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fse.base.dates import from_days, to_days
from fse.norm.codec.noemie.building import build
from fse.norm.model.mouvement import DetailForfait, ForfaitRetour, MouvementRetour
from fse.norm.model.retour import (
    AssureRetour,
    FactureRetour,
    GroupeVirement,
    PartRetour,
    RejetRetour,
    RetourNoemie,
    TypeRetour,
)

PRESTATAIRES = ("001234566", "002345676", "003456787", "004567897")
SOCIETE = "005678917"
"""Who is paid for the last prestataire."""
REMPLACANT = "006789127"

PER_LOT = 20
PER_DAY = PER_LOT * len(PRESTATAIRES)
DAYS = 5
WEEK = DAYS * PER_DAY
"""Invoices of a week, after which the mix is the same again: one return answers them."""
FIRST_DAY = to_days(date(1992, 1, 6))
LOTS = 999
"""Numbers of lots, which come back."""

AMO, AMC = 2100, 900
"""What each part of every invoice asks, in centimes."""

KINDS = {
    "payee": 76,
    "sans_lot": 5,
    "remplacant": 2,
    "papier": 1,
    "sans_retour": 4,
    "rejetee": 3,
    "amc_rejetee": 2,
    "payee_moins": 2,
    "payee_plus": 1,
    "differee": 1,
    "sans_numero": 1,
    "inconnue": 1,
    "annulee": 1,
}
"""What becomes of an invoice, in hundredths."""

NOT_IN_A_LOT = ("papier", "annulee")
NOT_ANSWERED = ("sans_retour", "annulee")

_SHARES = tuple(kind for kind, share in KINDS.items() for _ in range(share))
_SPREAD = 61
"""Prime to 100: a hundred invoices in a row hold each share once, in no order."""
_MISSED = 500_000_000
"""Added to a number, it makes one that no invoice has."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """The invoice of this rank, from 0."""

    rank: int

    @property
    def jour(self) -> int:
        """The day of the visit, of the lot and of the file (days since 1970)."""
        return FIRST_DAY + self.rank // PER_DAY

    @property
    def prestataire(self) -> str:
        return PRESTATAIRES[self.rank % PER_DAY // PER_LOT]

    @property
    def ordre(self) -> int:
        """Its place in the lot of the day, from 1."""
        return self.rank % PER_LOT + 1

    @property
    def numero(self) -> int:
        return self.rank // PER_DAY * PER_LOT + self.ordre

    @property
    def numero_lot(self) -> int:
        return self.rank // PER_DAY % LOTS + 1

    @property
    def kind(self) -> str:
        return _SHARES[self.rank * _SPREAD % 100]

    @property
    def parties(self) -> tuple[str, ...]:
        """The parts that are awaited."""
        return ("AMO", "AMC") if self.rank * 7 % 10 < 6 else ("AMO",)

    @property
    def remplacant(self) -> str:
        return REMPLACANT if self.kind == "remplacant" else ""

    @property
    def named(self) -> str:
        """The prestataire that the return names: the remplacant, or the payee of a fifth of the last one's."""
        if self.prestataire == PRESTATAIRES[-1] and self.rank % 5 == 0:
            return SOCIETE
        return self.remplacant or self.prestataire

    @property
    def nir(self) -> str:
        """Order number 000: nobody's."""
        person = self.rank // 8
        return f"{1 + person % 2}{person // 2 % 100:02}{1 + person // 200 % 12:02}75{100 + person // 2400 % 800}000"

    @property
    def remplace(self) -> int | None:
        """The number of the invoice of the week before, rejected, that this one corrects: the next one in its lot."""
        earlier = Invoice(self.rank - WEEK + 1 - (PER_LOT if self.ordre == PER_LOT else 0))
        return earlier.numero if earlier.rank >= 0 and earlier.kind == "rejetee" else None


def contents_of(invoices: Iterable[Invoice], ordinal: int, created: int) -> bytes:
    """The return that answers these invoices, created on this day (days); its file id is `ordinal`.

    It also withholds a debt, of which ten returns in a row tell, and pays a lump sum.
    """
    ordered = sorted((one for one in invoices if one.kind not in NOT_ANSWERED), key=lambda one: (one.named, one.rank))
    groups = {named: tuple(_lines(group)) for named, group in groupby(ordered, key=lambda one: one.named)}
    retours = [TypeRetour(code_retour="01", lieu_execution=named, factures=lines) for named, lines in groups.items()]
    retour = RetourNoemie(
        type_emetteur="CP",
        numero_emetteur="00000019980000",
        type_destinataire="TP",
        numero_destinataire=PRESTATAIRES[0],
        identifiant_fichier=f"{ordinal:06d}",
        date_creation=from_days(created),
        marque="T",
        groupes=(
            GroupeVirement(
                beneficiaire_reglement=PRESTATAIRES[0],
                date_comptable=from_days(created),
                libelle_virement_1="CPAM 998",
                organisme_payeur="CPAM998",
                retours=(*retours, _beside(ordinal, created)),
            ),
        ),
    )
    return build(retour)


def _beside(ordinal: int, created: int) -> TypeRetour:
    month = DetailForfait(date_debut=from_days(created - 30), date_fin=from_days(created), montant=500)
    debt = MouvementRetour(
        reference_creance=f"C{ordinal // 10:09d}", nature_creance="IND", operation="RPR", montant=100, solde=1000
    )
    return TypeRetour(
        code_retour="05",
        lieu_execution=PRESTATAIRES[0],
        forfaits=(ForfaitRetour(code_paiement="FORF1", montant=500, details=(month,)),),
        mouvements=(debt,),
    )


def _lines(invoices: Iterable[Invoice]) -> Iterator[FactureRetour]:
    for one in invoices:
        if one.kind == "differee":
            yield _line(one, "D", 0)
        yield _line(one, "R" if one.kind == "rejetee" else "P", _paid(one))


def _paid(one: Invoice) -> int:
    return {"rejetee": 0, "payee_moins": AMO - 600, "payee_plus": AMO + 600}.get(one.kind, AMO)


def _line(one: Invoice, etat: str, paid: int) -> FactureRetour:
    lot = None if one.kind in ("sans_lot", "papier") else one.numero_lot
    refuses_amc = etat == "R" or one.kind == "amc_rejetee"
    parts = {
        "AMO": PartRetour(partie="AMO", montant_demande=AMO, etat=etat, montant_rembourse=paid),
        "AMC": PartRetour(
            partie="AMC",
            montant_demande=AMC,
            etat="R" if refuses_amc else etat,
            montant_rembourse=0 if refuses_amc or etat == "D" else AMC,
            numero_amc="99800001",
        ),
    }
    line = FactureRetour(
        numero_facture=one.numero + _MISSED if one.kind == "inconnue" else one.numero,
        numero_lot=lot,
        date_lot=None if lot is None else from_days(one.jour),
        type_facture="F",
        date_facture=from_days(one.jour),
        nature_assurance="10",
        assure=AssureRetour(nir=one.nir),
        parts=tuple(parts[partie] for partie in one.parties),
        rejets=tuple(_rejects(one, etat)),
    )
    if one.kind == "sans_numero":
        object.__setattr__(line, "numero_facture", None)  # the model refuses what payers do send
    return line


def _rejects(one: Invoice, etat: str) -> Iterator[RejetRetour]:
    if etat == "R":
        yield RejetRetour(code_rejet="0250", libelle_rejet="DROITS NON OUVERTS", niveau="F", partie="O")
    elif one.kind == "amc_rejetee" and "AMC" in one.parties:
        yield RejetRetour(code_rejet="9921", libelle_rejet="AMC INCONNUE", niveau="F", partie="C")
    elif one.kind == "payee_moins":
        yield RejetRetour(code_rejet="9920", libelle_rejet="ACTE REFUSE", niveau="L", partie="O", numero_ligne=2)
