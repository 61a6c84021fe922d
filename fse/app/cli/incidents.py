"""`fse incidents`: what failed, when, which lots and caisse, what was done; exported as the evidence for the caisse."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from fse.app.cli.options import CivilDate, cabinet_option, current_user, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.incidents import ecrire_incidents, incidents
from fse.app.operations.incidents.fichier import counted_lines
from fse.app.operations.incidents.ligne import Incident, ReleveIncidents
from fse.app.operations.utilisateurs import visible_prestataires


@click.command(
    name="incidents",
    help="Les incidents de télétransmission : envois en échec, pannes, accusés négatifs ou absents, et ce qui a été "
    "fait (renvois, duplicata). --sortie en écrit le relevé (CSV) à remettre à la caisse, sans NIR ni nom de patient, "
    "avec la tête du journal pour qu'il se contrôle.",
)
@click.option("--depuis", type=CivilDate(), help="Premier jour ; par défaut, 90 jours avant le dernier.")
@click.option("--jusqu", type=CivilDate(), help="Dernier jour ; par défaut, aujourd'hui.")
@click.option("--organisme", help="Seulement cet organisme (et les pannes, qui ne sont d'aucun).")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@click.option("--sortie", type=click.Path(path_type=Path, dir_okay=False), help="Fichier CSV à écrire.")
@cabinet_option
@le_option
@format_option
def command(
    depuis: date | None,
    jusqu: date | None,
    organisme: str | None,
    praticien: str | None,
    sortie: Path | None,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    with open_session(cabinet_path) as practice:
        zone = practice.cabinet.zone
        seen = visible_prestataires(practice.cabinet, current_user(), praticien)
        releve = incidents(practice, depuis=depuis, jusqu=jusqu, organisme=organisme, praticiens=seen, le=le)
    if sortie is not None:
        ecrire_incidents(releve, sortie)
    if output == "json":
        print_json(releve)
        return 0
    _print(releve, zone)
    if sortie is not None:
        click.echo(f"Relevé écrit : {sortie}")
    return 0


def _print(releve: ReleveIncidents, zone: ZoneInfo) -> None:
    period = f"du {releve.depuis:%d/%m/%Y} au {releve.jusqu:%d/%m/%Y}"
    click.echo(f"{counted_lines(releve)} {period} (tête du journal {releve.tete})")
    for one in releve.incidents:
        click.echo(
            f"{one.jour:%d/%m/%Y}  {_hour(one, zone)}  {one.libelle}"
            f"{f' [{one.code}]' if one.code else ''} : {one.constat}"
        )
        where = _where(one)
        if where:
            click.echo(f"      {where}")
        if one.suite:
            click.echo(f"      → {one.suite}")


def _hour(one: Incident, zone: ZoneInfo) -> str:
    """The hour at which it was recorded, when that was on its day (`--le` gives another)."""
    if one.instant:
        local = datetime.fromisoformat(one.instant).astimezone(zone)
        if local.date() == one.jour:
            return f"{local:%H:%M}"
    return "     "


def _where(one: Incident) -> str:
    lots = ", ".join(str(lot) for lot in one.lots)
    return ", ".join(
        part
        for part in (
            f"fichier{'s' if ' ' in one.fichier else ''} {one.fichier}" if one.fichier else "",
            lots,
            f"factures {' '.join(f'{numero:09d}' for numero in one.factures)}" if one.factures else "",
            f"organisme {' '.join(one.organismes)}" if one.organismes else "",
        )
        if part
    )
