"""One answer to one invoice: what is wanted of it against what it is, and the entity 102 with all under it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date

from fse.app.caisse.answering.parts import LETTRES, demandes_of, part_of, rejet_of, rejets_of
from fse.app.caisse.facture import FactureJugee
from fse.app.caisse.scenario import ABSENT, ReponseVoulue
from fse.app.caisse.scenario.values import error, located
from fse.base.errors import UsageError
from fse.norm.model import CommentaireRetour, FactureRetour

_FLUX, _RAPPELS = "01", "04"
"""Kinds of return (entity 081): what was sent, and amounts taken back."""


@dataclass(frozen=True, slots=True)
class Reponse102:
    """One answer: what stands under the entity 081 of this kind and place."""

    code: str
    lieu: str
    prestataire: str
    facture: FactureRetour


def check_wanted(facture: FactureJugee, wanted: ReponseVoulue, part: str | None = None) -> None:
    """Raises `UsageError` (`scenario.facture`) when the scenario names a part or line that a sound invoice has not.

    `part`: the only one that the transfer pays.
    """
    if facture.motif:
        return
    absent = {partie for partie in LETTRES if (voulu := wanted.part(partie)) and voulu.etat == ABSENT}
    for partie in sorted((wanted.named_parts() | ({part} if part else set())) - absent):
        if partie not in facture.demandes:
            raise _error(facture, wanted, f"ne demande rien à l'{partie} pour le professionnel")
    for one in wanted.rejets:
        if one.ligne and one.ligne > len(facture.prestations):
            raise _error(facture, wanted, f"n'a pas de ligne {one.ligne}")


def answer_facture(facture: FactureJugee, wanted: ReponseVoulue | None, parts: Set[str]) -> Reponse102 | None:
    """The answer to these parts of an invoice, `None` when none is left. `wanted` has passed `check_wanted`."""
    demandes = demandes_of(facture, wanted, parts)
    if not demandes:
        return None
    rejets = rejets_of(facture, wanted, demandes)
    with located(wanted.lieu if wanted else ""):
        found = replace(
            facture.reponse,
            parts=tuple(part_of(facture, one, rejets) for one in demandes),
            rejets=tuple(rejet_of(facture, one, rank) for rank, one in enumerate(rejets, start=1)),
        )
        code = _RAPPELS if any(part.montant_rembourse < 0 for part in found.parts) else _FLUX
        if wanted is None:
            return Reponse102(code, facture.prestataire, facture.prestataire, found)
        said: dict[str, int | str | date | None] = dict(wanted.cite)
        lieu = str(said.pop("lieu_execution", facture.prestataire))
        cited = replace(_completed(found, facture, wanted), **said)  # type: ignore[arg-type]  # the model checks them
        return Reponse102(wanted.code or code, lieu, facture.prestataire, cited)


def _completed(found: FactureRetour, facture: FactureJugee, wanted: ReponseVoulue) -> FactureRetour:
    return replace(
        found,
        type_facture=wanted.type or found.type_facture,
        traitement_amc=wanted.traitement_amc,
        assure=facture.assure if wanted.assure or wanted.inventee else None,
        commentaires=(CommentaireRetour(texte=wanted.commentaire),) if wanted.commentaire else (),
    )


def _error(facture: FactureJugee, wanted: ReponseVoulue, reason: str) -> UsageError:
    return error("scenario.facture", f"La facture {facture.numero} {reason}.", wanted.lieu)
