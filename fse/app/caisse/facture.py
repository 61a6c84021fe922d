"""One invoice as the caisse sees it: what names it, what it asks of whom, and whether its content is sound.

An invoice is rejected with a fictive code (`motif`) when the codec or the model finds fault with it, provided it can
still be named; otherwise there is nothing to put in an answer, and `None` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fse.norm.codec.b2.reading import Run, read_facture
from fse.norm.codec.mapping import compose
from fse.norm.layout import Value
from fse.norm.model import AssureRetour, ContratAmc, EnteteLot, Facture, FactureRetour, ModelError, Prestation
from fse.norm.model.tiers_payant import PARTS_REGLEES, parts_attendues, parts_demandees

TOTAUX = "9910"
ILLISIBLE = "9912"
PRESTATAIRE = "9913"
_TOTALS = frozenset({"b2.somme_facture", "b2.nombre_lignes"})

ORIGINE_FSE = "F"
"""Origin of the invoice in entity 102 (precisions, "Defaults of the NOEMIE fields")."""

_NAMES = {"numero_facture": "numero_facture", "nature_assurance": "nature_assurance"}
_PAYER = ("regime", "caisse", "centre")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Payeur:
    """Who pays: the caisse of the insured. Each one answers with a file of its own."""

    regime: str
    caisse: str
    centre: str

    @property
    def numero(self) -> str:
        """What names it as the emitter of a file, before it is filled with zeros."""
        return f"{self.regime}{self.caisse}{self.centre}"

    @property
    def nom(self) -> str:
        """What names it on a transfer."""
        return f"CPAM {self.caisse}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureJugee:
    """An invoice of a lot that is answered.

    `reponse` names it (entity 102) and has no part yet. `demandes`: centimes asked, by part that the professional is
    paid. `prestations`, `amc` and `assure` are empty when the content does not read. `motif`: the reject code, `None`
    if sound. `rang` and `octet` are those of its record 2.
    """

    prestataire: str
    payeur: Payeur
    reponse: FactureRetour
    demandes: dict[str, int]
    amc: ContratAmc | None
    prestations: tuple[Prestation, ...]
    assure: AssureRetour | None
    motif: str | None
    rang: int
    octet: int

    @property
    def numero(self) -> int:
        """Its number, 0 when the return gives it none."""
        return self.reponse.numero_facture or 0

    @property
    def jour(self) -> date:
        """The day at which codes are asked: that of its lot; of the invoice itself when it is in none."""
        found = self.reponse.date_lot or self.reponse.date_facture
        assert found is not None
        return found

    @property
    def cle(self) -> tuple[str, int, int | None, date | None]:
        """What tells it from any other invoice: the same one sent again has the same."""
        return self.prestataire, self.numero, self.reponse.numero_lot, self.reponse.date_lot


def judge_facture(run: Run, lot: EnteteLot) -> FactureJugee | None:
    """The invoice of a whole run of a lot, judged; `None` when it cannot be named in an answer."""
    header, trailer = run.rows[0].valeurs, run.rows[-1].valeurs
    facture, day = _read(run), header["date_facture"]
    payer = {name: header[name] for name in _PAYER}
    if not isinstance(header["numero_facture"], int):
        return None
    try:
        reponse = compose(
            FactureRetour,
            _NAMES,
            header,
            numero_lot=lot.numero_lot,
            date_lot=lot.date_lot,
            type_facture=ORIGINE_FSE,
            date_facture=day if isinstance(day, date) else None,
            parts=(),
        )
    except ModelError:
        return None
    demandes = parts_attendues(facture) if facture else _announced(header["destinataire_reglement"], trailer)
    if demandes is None or not all(isinstance(text, str) for text in payer.values()):
        return None
    return FactureJugee(
        prestataire=lot.prestataire,
        payeur=Payeur(**{name: str(text) for name, text in payer.items()}),
        reponse=reponse,
        demandes=demandes,
        amc=facture.amc if facture else None,
        prestations=facture.prestations if facture else (),
        assure=_assure(facture) if facture else None,
        motif=_motif(run, facture, lot),
        rang=run.rows[0].rang,
        octet=run.rows[0].octet,
    )


def _assure(facture: Facture) -> AssureRetour:
    """Who was cared for, as a return says it: numbers and birth, no name, for the invoice gives none."""
    person = facture.beneficiaire
    individual = person.nir_individuel
    return AssureRetour(
        nir=facture.assure.nir,
        cle_nir=_filled(facture.assure.cle_nir),
        nir_individuel=individual.nir if individual else None,
        cle_nir_individuel=individual.cle_nir if individual else None,
        date_naissance=_filled(person.date_naissance),
        rang_naissance=person.rang_naissance,
    )


def _filled(digits: str) -> str | None:
    """Digits that are all zeros are none in a return."""
    return digits if digits.strip("0") else None


def _read(run: Run) -> Facture | None:
    try:
        return read_facture(run)
    except ModelError:
        return None


def _motif(run: Run, facture: Facture | None, lot: EnteteLot) -> str | None:
    """The first fault, from the gravest: a content that does not read, another prestataire, false totals."""
    errors = {one.code for row in run.rows for one in row.constats if one.is_error}
    if facture is None or errors - _TOTALS:
        return ILLISIBLE
    if facture.prestataire != lot.prestataire:
        return PRESTATAIRE
    return TOTAUX if errors else None


def _announced(destinataire: Value, trailer: Mapping[str, Value]) -> dict[str, int] | None:
    """What an invoice that does not read asks, by its own totals (record 5); `None` when even these do not read."""
    amo, amc = trailer["total_amo"], trailer["total_amc"]
    if not isinstance(destinataire, str) or destinataire not in PARTS_REGLEES:
        return None
    return parts_demandees(destinataire, amo, amc) if isinstance(amo, int) and isinstance(amc, int) else None
