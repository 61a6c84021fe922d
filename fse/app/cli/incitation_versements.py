"""What `fse incitation --indicateurs` prints of the payments followed and of the social contributions."""

from __future__ import annotations

from collections.abc import Iterator

import click

from fse.app.operations.worklist.taches import line_name
from fse.base.money import format_euros
from fse.domain.incitation.contributions import SECTEURS, Participation
from fse.domain.incitation.taux import percent
from fse.domain.incitation.versements import Fondement, Recu, Suivi, Versements
from fse.norm.referentiels.parametres import EN_PROJET

EXERCICE = "à titre d'exercice, non versé"
"""Beside any amount that only the draft states."""

ETATS = {
    "a-venir": "à venir",
    "attendu": "attendu",
    "en-retard": "en retard",
    "partiel": "reçu en partie",
    "solde": "reçu",
    "trop-percu": "reçu en trop",
    "recu": "reçu, sans montant auquel le comparer",
    "nul": "rien à recevoir",
    "non-recu": "non reçu",
    "exercice": "rien n'en est dû",
    "en-regard": "en regard",
}
MENTIONS: dict[Fondement, str] = {
    "en-vigueur": "",
    "a-verifier": " (à vérifier : ce montant n'est pas sûr)",
    "projet": f" ({EXERCICE})",
}
"""After what an amount that is not sure, or not owed, is for."""

_RIEN_DU = " ; rien n'en est dû, ces forfaits restent parmi ceux qui ne répondent à aucun"
LIENS = {"periode": "par sa période", "montant": "par son montant", "code": "par son code"}
_COTISATIONS = {
    "maladie": "maladie, maternité, décès",
    "allocations": "allocations familiales",
    "asv": "avantages complémentaires de vieillesse (ASV)",
}


def print_payments(versements: Versements) -> None:
    """Each expected payment with what answered it, the totals, the sums that answer nothing."""
    click.echo("\n  Versements attendus, et forfaits que les retours annoncent (261)")
    if not versements.lignes:
        click.echo("    Aucun versement n'est attendu.")
    for one in versements.lignes:
        for text in _payment(one):
            click.echo(f"    {text}")
    due, got = versements.total("en-vigueur")
    if due:
        click.echo(f"    Ensemble : attendu {format_euros(due)}, reçu {format_euros(got)}, {_gap(got - due)}")
    for fondement in ("a-verifier", "projet"):
        worth, beside = versements.total(fondement)
        if worth:
            told = f"calculé {format_euros(worth)}, en regard {format_euros(beside)}"
            click.echo(f"    Ensemble{MENTIONS[fondement]} : {told}")
    if versements.autres:
        click.echo("    Forfaits reçus qui ne répondent à aucun de ceux-ci :")
        for sum_ in versements.autres:
            click.echo(f"      {_received(sum_)}")


def _payment(one: Suivi) -> Iterator[str]:
    attendu = one.attendu
    amount = "montant inconnu" if attendu.montant is None else format_euros(attendu.montant)
    days = f"entre le {attendu.du:%d/%m/%Y} et le {attendu.au:%d/%m/%Y}"
    yield f"{attendu.libelle}{MENTIONS[attendu.fondement]} : {amount}, {days}"
    yield f"  {attendu.calcul}"
    gap = "" if one.ecart is None or not one.recus else f", {_gap(one.ecart)}"
    state = ETATS[one.etat]
    kept = _RIEN_DU if attendu.fondement == "projet" else ""
    yield f"  {state} : {format_euros(one.recu)}{gap}{kept}" if one.recus else f"  {state}"
    for sum_, link in one.recus:
        yield f"    {_received(sum_)}, {LIENS[link]}"


def _gap(cents: int) -> str:
    if not cents:
        return "sans différence"
    return f"différence {'+' if cents > 0 else ''}{format_euros(cents)}"


def _received(one: Recu) -> str:
    period = "" if one.debut is None else f", pour le {one.debut:%d/%m/%Y}"
    if one.debut is not None and one.fin is not None and one.fin != one.debut:
        period = f", du {one.debut:%d/%m/%Y} au {one.fin:%d/%m/%Y}"
    place = line_name(one.fichier, one.rang)
    return f"{one.le:%d/%m/%Y} {one.code} {format_euros(one.montant)} (ligne {place}{period})"


def print_contributions(found: Participation, comptes: int) -> None:
    """The share of each contribution, on what it is set; `comptes`: the fees that the journal holds, centimes."""
    given, apart = found.assiette, found.assiette.forfaits_hors_retours
    click.echo("\n  Part des cotisations sociales prise en charge par les caisses (estimation)")
    click.echo(f"    ! {EN_PROJET} : {EXERCICE}")
    if found.motif:
        click.echo(f"    Aucune part n'est calculée : {found.motif}")
        return
    click.echo(
        f"    Assiette : {format_euros(given.base)} = {format_euros(given.honoraires)} ({SECTEURS[given.secteur]}) + "
        f"{format_euros(given.forfaits)} (forfaits de permanence des soins que les retours ont payés)"
        + (f" + {format_euros(apart)} (les mêmes, payés hors des retours : fichier)" if apart else "")
    )
    click.echo(
        f"    Honoraires que tient le journal : {format_euros(comptes)}, facturés cette année pour ses propres soins, "
        "sans ceux de qui le remplace ou l'assiste. L'article 73 dit « perçus » : ce qui est rejeté ou impayé y est "
        "encore."
    )
    for one in found.parts:
        made = " + ".join(f"{format_euros(base)} × {percent(taux)}" for base, taux in one.assises if base)
        click.echo(f"    {_COTISATIONS[one.nom]} : {format_euros(one.montant)} = {made or format_euros(0)}")
    click.echo(f"    Total : {format_euros(found.total)}")
    click.echo(
        "    Note : le projet écrit « 9,7 % du montant de la cotisation » ; fse le lit comme une part de l'assiette, "
        "que l'article 73 donne."
    )
    if found.autre_lecture is not None:
        click.echo(f"    À la lettre, la part maladie serait de {format_euros(found.autre_lecture)}.")
