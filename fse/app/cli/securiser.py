"""`fse securiser ENTREE…`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.session import first_session
from fse.app.operations.securiser import FactureSecurisee, Securisation, securiser
from fse.base.french import counted
from fse.base.money import format_euros


@click.command(
    name="securiser",
    help="Contrôle, numérote, scelle et fige les factures de documents XML ou JSON (- : entrée standard) ; elles "
    "attendent un lot.",
)
@click.argument("entrees", metavar="ENTREE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@cabinet_option
@le_option
@format_option
def command(entrees: tuple[Path, ...], cabinet_path: Path, le: date | None, output: str) -> int:
    results = secure_all(entrees, cabinet_path, le)
    if output == "json":
        print_json(results)
    else:
        for path, result in zip(entrees, results, strict=True):
            print_securisation(str(path), result)
    return max(status_of(result.constats) for result in results)


def secure_all(entrees: tuple[Path, ...], cabinet_path: Path, le: date | None) -> list[Securisation]:
    """Each document secured by itself, in order."""
    with first_session(cabinet_path) as practice:
        return [securiser(practice, read_input(path), le=le) for path in entrees]


def print_securisation(nom: str, result: Securisation) -> None:
    """What became of one document."""
    click.echo(f"{nom} : {_summary(result)}")
    several = len({facture.prestataire for facture in result.factures}) > 1
    for facture in result.factures:
        click.echo(f"  {_line(facture)}{f', praticien {facture.prestataire}' if several else ''}")
    print_findings(result.constats)


def _summary(result: Securisation) -> str:
    if not result.factures:
        return "refusé, rien n'est écrit"
    known = sum(facture.deja_connue for facture in result.factures)
    return (
        f"{counted(len(result.factures) - known, 'facture sécurisée')}, {known} déjà connue{'s' if known > 1 else ''}"
    )


def _line(facture: FactureSecurisee) -> str:
    known = " (déjà sécurisée)" if facture.deja_connue else ""
    return f"{facture.numero:09d}  {facture.reference}  {format_euros(facture.total_honoraires)}{known}"
