"""What one invoice is answered: each part paid, rejected, deferred or absent, and the rejects that say why.

A rejected line leaves its part paid, less the line; R is for the whole part, which then gets nothing and a reject of
the invoice (precisions, "Line reject"; noemie.md 1.7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fse.app.caisse.facture import FactureJugee
from fse.app.caisse.scenario import ABSENT, PartVoulue, RejetVoulu, ReponseVoulue
from fse.base.errors import UsageError
from fse.norm.model import FactureRetour, PartRetour, Prestation, RejetRetour, to_b2
from fse.norm.referentiels.codes import PACKAGED

SANS_MOTIF = "9900"
"""The reject of a part that the scenario rejects without saying why: fictive, ours."""

_PARTIES = {"AMO": "O", "AMC": "C"}
_AS_ASKED = PartVoulue()
_REJECTED = PartVoulue(etat="R")


@dataclass(frozen=True, slots=True)
class _Demande:
    """A part that is answered: what it asks, and what becomes of it."""

    partie: str
    demande: int
    voulu: PartVoulue


def check_wanted(facture: FactureJugee, wanted: ReponseVoulue) -> None:
    """Raises `UsageError` (`scenario.facture`) when the scenario names a part or line that a sound invoice has not."""
    if facture.motif:
        return
    for partie in _PARTIES:
        voulu = wanted.part(partie)
        if voulu is not None and voulu.etat != ABSENT and partie not in facture.demandes:
            raise _error(facture, wanted, f"ne demande rien à l'{partie} pour le professionnel")
    for one in wanted.rejets:
        partie = "AMO" if one.partie == "O" else "AMC"
        if partie not in facture.demandes:
            raise _error(facture, wanted, f"ne demande rien à l'{partie} pour le professionnel")
        if one.ligne and one.ligne > len(facture.prestations):
            raise _error(facture, wanted, f"n'a pas de ligne {one.ligne}")


def silence_of(facture: FactureJugee, wanted: ReponseVoulue | None) -> str:
    """Why an invoice is not answered (French); empty when it is."""
    if not facture.demandes:
        return "rien n'est à régler au professionnel"
    if wanted is not None and wanted.silence:
        return "le scénario n'y répond pas"
    if not facture.motif and not list(_demandes(facture, wanted)):
        return "le scénario n'en rend aucune part"
    return ""


def answer_facture(facture: FactureJugee, wanted: ReponseVoulue | None) -> FactureRetour:
    """The entity 102 of an invoice with its parts and rejects. An unsound invoice is rejected whatever is wanted.

    `wanted` has passed `check_wanted`, and `silence_of` is empty.
    """
    if facture.motif:
        demandes = [_Demande(partie, amount, _REJECTED) for partie, amount in facture.demandes.items()]
        wanted_rejects = [_whole(facture.motif, demandes)]
    else:
        demandes = list(_demandes(facture, wanted))
        given = wanted.rejets if wanted else ()
        wanted_rejects = [*given, *_missing(demandes, given)]
    return replace(
        facture.reponse,
        parts=tuple(_part(facture, demande, wanted_rejects) for demande in demandes),
        rejets=tuple(_rejet(facture, one, rank) for rank, one in enumerate(wanted_rejects, start=1)),
    )


def _demandes(facture: FactureJugee, wanted: ReponseVoulue | None) -> Iterator[_Demande]:
    for partie, amount in facture.demandes.items():
        voulu = (wanted.part(partie) if wanted else None) or _AS_ASKED
        if voulu.etat != ABSENT:
            yield _Demande(partie, amount, voulu)


def _part(facture: FactureJugee, demande: _Demande, rejets: Sequence[RejetVoulu]) -> PartRetour:
    voulu, amc = demande.voulu, facture.amc if demande.partie == "AMC" else None
    paid = 0
    if voulu.etat == "P":
        lines = {one.ligne for one in rejets if one.ligne and one.partie == _PARTIES[demande.partie]}
        refused = sum(_amount(facture.prestations[ligne - 1], demande.partie) for ligne in lines)
        paid = demande.demande - refused if voulu.montant is None else voulu.montant
    return PartRetour(
        partie=demande.partie,
        montant_demande=demande.demande,
        etat=voulu.etat,
        montant_rembourse=paid,
        numero_amc=amc.numero_amc if amc else None,
        numero_adherent=amc.numero_adherent if amc else None,
    )


def _amount(prestation: Prestation, partie: str) -> int:
    return prestation.montant_amo if partie == "AMO" else prestation.montant_amc


def _missing(demandes: Sequence[_Demande], given: Sequence[RejetVoulu]) -> Iterator[RejetVoulu]:
    """A reject for the rejected parts that the scenario gives none: none is rejected without a word.

    Part O of a reject is "compulsory, or both": with both parts rejected it covers the two.
    """
    said = {one.partie for one in given if one.niveau == "F"}
    rejected = [one for one in demandes if one.voulu.etat == "R"]
    uncovered = [one for one in rejected if _PARTIES[one.partie] not in said]
    if uncovered and not ("O" in said and len(rejected) == len(_PARTIES)):
        yield _whole(SANS_MOTIF, uncovered)


def _whole(code: str, rejected: Sequence[_Demande]) -> RejetVoulu:
    """The reject of the invoice for these parts: C for the complementary alone, else O."""
    alone = all(one.partie == "AMC" for one in rejected)
    return RejetVoulu(code=code, niveau="F", partie="C" if alone else "O", ligne=None)


def _rejet(facture: FactureJugee, voulu: RejetVoulu, rank: int) -> RejetRetour:
    known = PACKAGED.rejet(voulu.code, "", facture.date_lot)
    assert known is not None
    line = facture.prestations[voulu.ligne - 1] if voulu.ligne else None
    return RejetRetour(
        code_rejet=voulu.code,
        libelle_rejet=to_b2(known.libelle),
        niveau=voulu.niveau,
        partie=voulu.partie,
        code_acte=_code_acte(line) if line else None,
        date_soins=line.date_soins if line else None,
        executant=line.executant if line else None,
        numero_ligne=voulu.ligne,
        rang_rejet=rank,
    )


def _code_acte(line: Prestation) -> str:
    """The code on four characters, then its complement."""
    return f"{line.code_acte:<4}{line.complement_acte}" if line.complement_acte else line.code_acte


def _error(facture: FactureJugee, wanted: ReponseVoulue, reason: str) -> UsageError:
    return UsageError(
        "scenario.facture",
        f"La facture {facture.numero} {reason}.",
        action="Corriger le scénario, puis recommencer.",
        lieu=wanted.lieu,
    )
