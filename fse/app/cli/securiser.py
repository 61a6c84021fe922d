"""`fse securiser ENTREE…`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fse.app.cli.options import cabinet_option, format_option, le_option, read_input
from fse.app.cli.output import print_findings, print_json, status_of
from fse.app.cli.session import first_session
from fse.base.french import counted
from fse.base.money import format_euros

if TYPE_CHECKING:
    from fse.app.operations.reseaux.enregistrer import DerogatoireEnregistree
    from fse.app.operations.securiser import FactureSecurisee, Securisation


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
    with first_session(cabinet_path, "fse.app.operations.securiser") as practice:
        from fse.app.operations.securiser import securiser

        return [securiser(practice, read_input(path), le=le) for path in entrees]


def print_securisation(nom: str, result: Securisation) -> None:
    """What became of one document."""
    click.echo(f"{nom} : {_summary(result)}")
    several = len({facture.prestataire for facture in result.factures}) > 1
    for facture in result.factures:
        click.echo(f"  {_line(facture)}{f', praticien {facture.prestataire}' if several else ''}")
    for service in result.derogatoires:
        click.echo(f"  réseau {service.reseau}  {_service(service)}")
    print_findings(result.constats)


def _summary(result: Securisation) -> str:
    if not result.factures and not result.derogatoires:
        return "refusé, rien n'est écrit"
    told = []
    if result.factures:
        told.append(_counted(result.factures, "facture sécurisée"))
    if result.derogatoires:
        told.append(_counted(result.derogatoires, "prestation dérogatoire enregistrée"))
    return " ; ".join(told)


def _counted(done: Sequence[FactureSecurisee | DerogatoireEnregistree], what: str) -> str:
    known = sum(one.deja_connue for one in done)
    return f"{counted(len(done) - known, what)}, {known} déjà connue{'s' if known > 1 else ''}"


def _service(service: DerogatoireEnregistree) -> str:
    known = " (déjà enregistrée)" if service.deja_connue else ""
    return f"{service.reference}  {service.code}  {format_euros(service.montant)}{known}"


def _line(facture: FactureSecurisee) -> str:
    known = " (déjà sécurisée)" if facture.deja_connue else ""
    return f"{facture.numero:09d}  {facture.reference}  {format_euros(facture.total_honoraires)}{known}"
