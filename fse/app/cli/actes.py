"""`fse actes`, and how the commands that do something by hand show what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from fse.app.cli.options import cabinet_option, current_user, format_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.actes.acte import Acte
from fse.app.operations.actes.actes import actes
from fse.app.operations.actes.pose import ActesPoses, Changement
from fse.app.operations.utilisateurs import visible_prestataires
from fse.base.money import format_euros

_Function = TypeVar("_Function", bound=Callable[..., Any])


@click.command(name="actes", help="Tout ce qui a été fait à la main : quoi, qui, quand, pourquoi, annulé ou non.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@format_option
def command(praticien: str | None, cabinet_path: Path, output: str) -> int:
    with open_session(cabinet_path) as practice:
        result = actes(practice, praticiens=visible_prestataires(practice.cabinet, current_user(), praticien))
    if output == "json":
        print_json(result)
        return 0
    if not result:
        click.echo("Rien n'a été fait à la main.")
    for one in result:
        print_act(one)
    return 0


def signed_options(function: _Function) -> _Function:
    """`--motif` and `--auteur`, which every act has."""
    why = click.option("--motif", required=True, help="Pourquoi, sans rien qui désigne le patient.")
    who = click.option("--auteur", default=current_user, help="Qui le fait ; par défaut, l'utilisateur de la session.")
    return why(who(function))


def print_act(acte: Acte) -> None:
    """One act, and what became of it."""
    click.echo(f"Acte n° {acte.acte}, de {acte.auteur}, le {acte.pose_le:%d/%m/%Y} : {acte.libelle}")
    click.echo(f"  motif : {acte.motif}")
    if acte.annulation:
        by = acte.annulation
        click.echo(f"  annulé par {by.auteur} le {by.pose_le:%d/%m/%Y} (acte n° {by.acte}) : {by.motif}")
    elif acte.statut == "caduc":
        click.echo("  caduc : les réponses des payeurs ont changé depuis")


def print_done(result: ActesPoses) -> None:
    """Acts just done, what they change, and how to take them back."""
    for acte in result.actes:
        print_act(acte)
    print_changes(result.changements)
    undoable = [str(acte.acte) for acte in result.actes if acte.genre != "annulation_acte"]
    if undoable:
        click.echo(f"Pour revenir en arrière : fse annuler-acte {' '.join(undoable)} --motif …")


def print_changes(changements: Iterable[Changement]) -> None:
    """What acts change of each part."""
    for one in changements:
        states = one.libelle_apres if one.avant == one.apres else f"{one.libelle_avant} → {one.libelle_apres}"
        paid = (
            f", payé {format_euros(one.paye_avant)} → {format_euros(one.paye_apres)}"
            if one.paye_avant != one.paye_apres
            else ""
        )
        click.echo(f"  facture {one.numero:09d}, part {one.partie} : {states}{paid}")
        if one.rejet_lu:
            click.echo("    le rejet reçu en dernier est lu et réglé : rien à faire")
        if one.force_caduc is not None:
            click.echo(
                f"    l'état forcé par l'acte n° {one.force_caduc} ne vaut plus : les réponses ont changé depuis"
            )
