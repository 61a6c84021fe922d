"""`fse obligation …`: what speech therapists owe to the prescriber and to the caisse besides the care."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.obligations_output import print_obligations
from fse.app.cli.options import auteur_option, cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.obligations.noter import noter_obligation
from fse.app.operations.obligations.suivi import Obligation, suivre_obligations
from fse.app.operations.utilisateurs import visible_prestataires
from fse.infra.journal.facts.obligations import Verdict


@click.group(
    name="obligation",
    help="Orthophonistes : comptes rendus, notes d'évolution, demandes que les actes facturés font devoir. Chacune "
    "reste dans fse suivi jusqu'à ce que l'on dise qu'elle est faite.",
)
def command() -> None:
    """Sub-commands below."""


@command.command(name="suivre", help="Ce qui reste à faire, le plus ancien d'abord.")
@click.option("--toutes", is_flag=True, help="Aussi ce qui est clos.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@le_option
@format_option
def follow(toutes: bool, praticien: str | None, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        seen = visible_prestataires(practice.cabinet, current_user(), praticien)
        found = suivre_obligations(practice, le=le, praticiens=seen, toutes=toutes)
    if not found and output != "json":
        click.echo("Aucune obligation à remplir.")
        return 0
    return _show(found, output)


def _verdict(name: str, verdict: Verdict, help: str) -> None:
    @command.command(name=name, help=help)
    @click.argument("numero", type=click.IntRange(1, 999_999_999))
    @click.argument("nature")
    @click.option("--motif", default="", help="Pourquoi, sans nommer personne.")
    @click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
    @auteur_option
    @cabinet_option
    @le_option
    @format_option
    def record(
        numero: int,
        nature: str,
        motif: str,
        praticien: str | None,
        auteur: str,
        cabinet_path: Path,
        le: date | None,
        output: str,
    ) -> int:
        with open_session(cabinet_path) as practice:
            seen = visible_prestataires(practice.cabinet, current_user())
            done = noter_obligation(
                practice,
                numero,
                nature,
                verdict,
                auteur=auteur,
                motif=motif,
                prestataire=praticien,
                visibles=seen,
                le=le,
            )
        return _show(done, output)


_verdict("faite", "faite", "Dit qu'une obligation est remplie : NUMERO de la facture, NATURE que fse suivi montre.")
_verdict("sans-objet", "sans_objet", "Dit qu'une obligation n'a pas lieu d'être (--motif) : traitement suspendu…")


def _show(found: list[Obligation], output: str) -> int:
    if output == "json":
        print_json(found)
    else:
        print_obligations(found)
    return 0
