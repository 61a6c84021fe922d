"""Whether each lot of a B2 file is received or refused, and why; a lot that is refused gets no other answer.

Causes are ours (`causes_arl.csv`): none is public. Without a scenario a lot gets what it deserves: refused when it was
damaged on the way, when its signature, its seals or its counts are wrong, when it comes before its date, when it is
there already; received otherwise. A degraded lot awaits no acknowledgement, and gets none.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fse.app.caisse.judgement import Jugement, LotJuge, LotRefuse
from fse.app.caisse.reception import Flux
from fse.app.caisse.scenario import AccuseVoulu, Scenario
from fse.base.findings import Finding, finding
from fse.norm.codec.b2.reading import RawLot
from fse.norm.referentiels.codes import PACKAGED

VOULU, ALTERE, ILLISIBLE, SANS_SIGNATURE, SIGNATAIRE = "9940", "9950", "9951", "9960", "9961"
SCEAU, COMPTES, AVANT_SA_DATE, DEJA_RECU = "9970", "9971", "9980", "9985"

_CAUSES = (
    ("signature.absente", SANS_SIGNATURE),
    ("signature.invalide", ALTERE),
    ("signature.", SIGNATAIRE),
    ("caisse.sceau_", SCEAU),
)
"""What the code of a reason starts with, and the cause that it gives; the first that holds of any reason counts: a lot
whose signature holds arrived as it was made. Any other reason is one of counts."""

CleLot = tuple[str, int, date]
"""Prestataire, number and date: what names a lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDecide:
    """One lot. `cle` is `None` when its header does not say what names it. `factures`: how many it holds.

    `sens`: P, N, or "" when nothing can or must be said; `muet` is then why, in French, and also why what was decided
    is not written. `voulu`: what the scenario wants of it.
    """

    ordinal: int
    cle: CleLot | None
    organisme: str
    factures: int
    sens: str
    cause: str = ""
    numero_facture: int | None = None
    muet: str = ""
    voulu: AccuseVoulu | None = None

    @property
    def libelle(self) -> str:
        """The label of the cause, "" without one."""
        known = PACKAGED.cause_arl(self.cause, date.max) if self.cause else None
        return known.libelle if known else ""


def decide(
    flux: Flux, jugement: Jugement, scenario: Scenario, le: date, recus: Container[CleLot] = ()
) -> tuple[LotDecide, ...]:
    """The decision on each lot of a file that came on the day `le`; `recus` are the lots that came before."""
    refused = {one.ordinal: one.motifs for one in jugement.refuses}
    return tuple(_decide(flux, lot, refused.get(lot.ordinal), scenario, le, recus) for lot in flux.lots)


def withdraw(jugement: Jugement, decided: Iterable[LotDecide]) -> Jugement:
    """The same judgement, where the lots that an ARL refuses are not answered."""
    refused = {one.ordinal: one for one in decided if one.sens == "N"}
    gone = tuple(_refusal(lot, refused[lot.ordinal]) for lot in jugement.lots if lot.ordinal in refused)
    if not gone:
        return jugement
    return replace(
        jugement,
        lots=tuple(lot for lot in jugement.lots if lot.ordinal not in refused),
        refuses=tuple(sorted((*jugement.refuses, *gone), key=lambda one: one.ordinal)),
    )


def _decide(
    flux: Flux,
    lot: RawLot,
    reasons: Sequence[Finding] | None,
    scenario: Scenario,
    le: date,
    recus: Container[CleLot],
) -> LotDecide:
    one = LotDecide(ordinal=lot.ordinal, cle=_cle(lot), organisme=_organisme(lot), factures=len(lot.runs), sens="")
    if one.cle is None or not one.organisme or flux.entete is None:
        return replace(one, cle=None, muet="ce qui désigne le lot, ou son fichier, ne se lit pas")
    prestataire, numero, _ = one.cle
    voulu = scenario.accuse(prestataire, numero, flux.entete.identifiant_fichier)
    one = replace(one, voulu=voulu)
    if voulu is not None and voulu.sens is not None:
        one = replace(one, sens=voulu.sens, numero_facture=voulu.facture)
        one = replace(one, cause=voulu.cause or VOULU) if voulu.sens == "N" else one
    elif lot.header is not None and lot.header.valeurs["certification"] == "D":
        return replace(one, muet="un lot dégradé n'attend pas d'accusé")
    elif cause := _cause(flux, one, reasons, le, recus):
        one = replace(one, sens="N", cause=cause)
    else:
        one = replace(one, sens="P")
    return replace(one, muet="accusé perdu, à la demande du scénario") if voulu and voulu.perdu else one


def _cle(lot: RawLot) -> CleLot | None:
    if lot.header is None:
        return None
    prestataire, numero, jour = (lot.header.valeurs.get(name) for name in ("prestataire", "numero_lot", "date_lot"))
    if isinstance(prestataire, str) and isinstance(numero, int) and numero and isinstance(jour, date):
        return prestataire, numero, jour
    return None


def _organisme(lot: RawLot) -> str:
    found = lot.header.valeurs.get("organisme_destinataire") if lot.header else None
    return found if isinstance(found, str) else ""


def _cause(
    flux: Flux, one: LotDecide, reasons: Sequence[Finding] | None, le: date, recus: Container[CleLot]
) -> str | None:
    """Why a lot is refused, `None` when it is not."""
    assert one.cle is not None
    if flux.defauts:
        return ILLISIBLE
    if reasons is not None:
        codes = [reason.code for reason in reasons]
        return next((cause for start, cause in _CAUSES if any(code.startswith(start) for code in codes)), COMPTES)
    if one.cle in recus:
        return DEJA_RECU
    return AVANT_SA_DATE if one.cle[2] > le else None


def _refusal(lot: LotJuge, decided: LotDecide) -> LotRefuse:
    reason = finding("caisse.lot_refuse", rang=lot.ordinal, cause=decided.cause, libelle=decided.libelle)
    return LotRefuse(
        ordinal=lot.ordinal,
        prestataire=lot.entete.prestataire,
        numero_lot=lot.entete.numero_lot,
        factures=decided.factures,
        motifs=(*lot.constats, reason),
    )


def arrived(decided: Iterable[LotDecide]) -> Iterator[CleLot]:
    """The lots that the caisse has from now on."""
    return (one.cle for one in decided if one.cle is not None and one.sens != "N")
