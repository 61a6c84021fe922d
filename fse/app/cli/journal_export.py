"""`fse journal exporter` and `fse journal rapprocher`: a practice, or many, matched away from their journals."""

from __future__ import annotations

from pathlib import Path

import click

from fse.app.cli.options import any_cabinet_option, cabinet_option, format_option, secret
from fse.app.cli.output import print_json
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.journal.exporter import exporter_journal
from fse.app.operations.journal.opening import open_journal
from fse.app.operations.journal.rapprocher import rapprocher_archives
from fse.base.french import counted
from fse.base.money import format_euros

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    name="exporter",
    help="Écrit les faits du journal et les lignes des retours en tables Parquet, sans rien de personnel : de quoi "
    "rapprocher ailleurs (DuckDB, Spark) un cabinet, ou beaucoup.",
)
@click.option("--sortie", required=True, type=_FOLDER, help="Dossier à créer.")
@cabinet_option
@format_option
def export(sortie: Path, cabinet_path: Path, output: str) -> int:
    with open_journal(load_cabinet(cabinet_path), secret("FSE_CLE_JOURNAL", "Clé du journal")) as practice:
        result = exporter_journal(practice, sortie)
    if output == "json":
        print_json(result)
        return 0
    click.echo(
        f"{counted(result.lignes['facture_emise'], 'facture')} et "
        f"{counted(result.lignes['noemie_000'], 'retour')} exportés → {result.dossier}"
    )
    return 0


@click.command(
    name="rapprocher",
    help="Rapproche des archives écrites par exporter, d'un cabinet ou de plusieurs, avec le même SQL que le journal : "
    "dans DuckDB, ou dans Spark par --spark. Écrit les tables obtenues et dit où en est l'argent de chaque praticien.",
)
@click.argument("archives", metavar="DOSSIER…", nargs=-1, required=True, type=_FOLDER)
@click.option("--sortie", required=True, type=_FOLDER, help="Dossier à créer.")
@click.option("--spark", help="Serveur Spark Connect, sc://hôte:port, qui atteint les mêmes dossiers.")
@any_cabinet_option
@format_option
def match(archives: tuple[Path, ...], sortie: Path, spark: str | None, output: str) -> int:
    bilans = rapprocher_archives(archives, sortie, spark=spark)
    if output == "json":
        print_json(bilans)
        return 0
    for one in bilans:
        late = f" ; payé en trop : {format_euros(one.trop_paye)}" if one.trop_paye else ""
        click.echo(
            f"{one.cabinet}, praticien {one.prestataire} : {counted(one.factures, 'facture')}, "
            f"{counted(one.soldees, 'soldée')} ; demandé : {format_euros(one.demande)} ; "
            f"payé : {format_euros(one.paye)} ; reste : {format_euros(one.reste)}{late}"
        )
    click.echo(f"Tables écrites → {sortie}")
    return 0
