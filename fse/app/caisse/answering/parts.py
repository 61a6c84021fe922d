"""The parts of one answer, and the rejects that say why they are not paid.

A rejected line leaves its part paid, less the line; R is for the whole part, which then gets nothing and a reject of
the invoice (precisions, "Line reject"; noemie.md 1.7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from fse.app.caisse.facture import FactureJugee
from fse.app.caisse.scenario import ABSENT, PartVoulue, RejetVoulu, ReponseVoulue
from fse.app.caisse.scenario.wanted import BLANC
from fse.norm.model import PartRetour, Prestation, RejetRetour, to_b2
from fse.norm.referentiels.codes import PACKAGED

SANS_MOTIF = "9900"
"""The reject of a part that the scenario rejects without saying why: fictive, ours."""

LETTRES = {"AMO": "O", "AMC": "C"}
"""How a reject names a part; O is also "or both"."""

_AS_ASKED = PartVoulue()
_REJECTED = PartVoulue(etat="R")


@dataclass(frozen=True, slots=True)
class Demande:
    """A part that is answered: what it asks, and what becomes of it."""

    partie: str
    demande: int
    voulu: PartVoulue


def demandes_of(facture: FactureJugee, wanted: ReponseVoulue | None, parts: Set[str]) -> tuple[Demande, ...]:
    """What is answered of these parts of an invoice: all rejected when it is unsound, whatever is wanted."""
    asked = {partie: amount for partie, amount in facture.demandes.items() if partie in parts}
    if facture.motif:
        return tuple(Demande(partie, amount, _REJECTED) for partie, amount in asked.items())
    wished = [
        (partie, amount, (wanted.part(partie) if wanted else None) or _AS_ASKED) for partie, amount in asked.items()
    ]
    return tuple(Demande(*one) for one in wished if one[2].etat != ABSENT)


def rejets_of(
    facture: FactureJugee, wanted: ReponseVoulue | None, demandes: Sequence[Demande]
) -> tuple[RejetVoulu, ...]:
    """The rejects of these parts: that of an unsound invoice, else those wanted and those that are missing."""
    if facture.motif:
        return (_whole(facture.motif, demandes),)
    given = wanted.rejets if wanted else ()
    return (*given, *_missing(demandes, given))


def part_of(facture: FactureJugee, demande: Demande, rejets: Sequence[RejetVoulu]) -> PartRetour:
    """The entity 198 or 199 of a part."""
    voulu, amc = demande.voulu, facture.amc if demande.partie == "AMC" else None
    paid = 0
    if voulu.etat == "P":
        lines = {one.ligne for one in rejets if one.ligne and one.partie == LETTRES[demande.partie]}
        refused = sum(_amount(facture.prestations[ligne - 1], demande.partie) for ligne in lines)
        paid = demande.demande - refused if voulu.montant is None else voulu.montant
    return PartRetour(
        partie=demande.partie,
        montant_demande=demande.demande if voulu.demande is None else voulu.demande,
        etat=None if voulu.etat == BLANC else voulu.etat,
        montant_rembourse=paid,
        numero_amc=amc.numero_amc if amc else None,
        numero_adherent=amc.numero_adherent if amc else None,
    )


def rejet_of(facture: FactureJugee, voulu: RejetVoulu, rank: int) -> RejetRetour:
    """The entity 294 of a reject, `rank` being its ordinal in the answer."""
    known = PACKAGED.rejet(voulu.code, "", facture.jour)
    assert known is not None
    line = facture.prestations[voulu.ligne - 1] if voulu.ligne else None
    return RejetRetour(
        code_rejet=voulu.code,
        libelle_rejet=to_b2(known.libelle),
        niveau=voulu.niveau,
        partie=voulu.partie,
        code_acte=voulu.acte or (_code_acte(line) if line else None),
        date_soins=line.date_soins if line else None,
        executant=line.executant if line else None,
        numero_ligne=voulu.ligne,
        rang_rejet=rank if voulu.rang is None else voulu.rang,
        information=voulu.information,
    )


def _amount(prestation: Prestation, partie: str) -> int:
    return prestation.montant_amo if partie == "AMO" else prestation.montant_amc


def _missing(demandes: Sequence[Demande], given: Sequence[RejetVoulu]) -> Iterator[RejetVoulu]:
    """A reject for the rejected parts that the scenario gives none: none is rejected without a word.

    Part O of a reject is "compulsory, or both": with both parts rejected it covers the two.
    """
    said = {one.partie for one in given if one.niveau == "F"}
    rejected = [one for one in demandes if one.voulu.etat == "R"]
    uncovered = [one for one in rejected if LETTRES[one.partie] not in said]
    if uncovered and not ("O" in said and len(rejected) == len(LETTRES)):
        yield _whole(SANS_MOTIF, uncovered)


def _whole(code: str, rejected: Sequence[Demande]) -> RejetVoulu:
    """The reject of the invoice for these parts: C for the complementary alone, else O."""
    alone = all(one.partie == "AMC" for one in rejected)
    return RejetVoulu(code=code, niveau="F", partie="C" if alone else "O", ligne=None)


def _code_acte(line: Prestation) -> str:
    """The code on four characters, then its complement."""
    return f"{line.code_acte:<4}{line.complement_acte}" if line.complement_acte else line.code_acte
