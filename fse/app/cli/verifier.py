"""`fse verifier FICHIER…`: what was checked in a file, what was not, and what does not hold."""

from __future__ import annotations

import glob
import sys
from pathlib import Path
from typing import Any

import click

from fse.app.cli.options import format_option, read_input
from fse.app.cli.output import print_findings, print_json, to_json
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.cabinet.confiance import read_ancres, read_lcr
from fse.app.operations.verifier import LotVerifie, Verification, verifier
from fse.base.errors import UnreadableError, UsageError
from fse.base.french import counted

_HELP = """Vérifie des fichiers B2 ou NOEMIE : structure, nombres, totaux, sceaux, signatures.

Les signatures d'un fichier B2 (un .p7s par lot, écrits avec lui) sont cherchées à côté de lui. Un sceau désigne la
facture ou le lot modifié ; seule la signature prouve que rien ne l'est. Ce qui n'a pas été contrôlé est dit.

Les ancres et les listes de révocation sont celles de --ancre et de --lcr, plus celles de [confiance] quand --cabinet
(ou FSE_CABINET) nomme un cabinet. Rien n'est téléchargé.

État de sortie : 0 ; 1 pour une erreur de contenu ; 3 si un contenu n'est pas reconnu ; 4 si une signature est fausse
ou manque, ou si un sceau ne tient pas. Pour plusieurs fichiers, le plus élevé.
"""


@click.command(name="verifier", help=_HELP, short_help="Vérifie des fichiers : totaux, sceaux, signatures.")
@click.argument("fichiers", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--ancre",
    "ancres",
    metavar="PEM",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Certificat de confiance qui prouve les signataires (plusieurs possibles).",
)
@click.option(
    "--lcr",
    metavar="LCR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Liste de révocation d'une autorité, PEM ou DER (plusieurs possibles).",
)
@click.option(
    "--cabinet",
    "cabinet_path",
    type=click.Path(path_type=Path),
    envvar="FSE_CABINET",
    help="Cabinet dont [confiance] donne aussi des ancres et des listes (variable FSE_CABINET).",
)
@format_option
def command(
    fichiers: tuple[Path, ...], ancres: tuple[Path, ...], lcr: tuple[Path, ...], cabinet_path: Path | None, output: str
) -> int:
    anchors, lists = [read_input(path) for path in ancres], [read_input(path) for path in lcr]
    if cabinet_path is not None:
        cabinet = load_cabinet(cabinet_path)
        anchors, lists = [*anchors, *read_ancres(cabinet)], [*lists, *read_lcr(cabinet)]
    results: list[dict[str, Any]] = []
    status = 0
    for path in fichiers:
        try:
            result = verifier(read_input(path), signatures_beside(path), anchors or None, lists)
        except (UnreadableError, UsageError) as error:
            status = max(status, error.status)
            error.lieu = error.lieu or str(path)
            sys.stdout.flush()
            click.echo(f"Erreur : {error}", err=True)
            continue
        status = max(status, result.status)
        if output == "texte":
            print_verification(str(path), result)
        else:
            results.append({"fichier": str(path), "etat": result.status, **to_json(result)})
    if output == "json":
        print_json(results)
    return status


def signatures_beside(path: Path) -> list[bytes | None]:
    """The signatures that lie beside a B2 file, `<name>-<rank of the lot>.p7s`, in the order of the lots."""
    found = {int(one.stem[-3:]): one for one in path.parent.glob(f"{glob.escape(path.stem)}-[0-9][0-9][0-9].p7s")}
    return [read_input(found[rank]) if rank in found else None for rank in range(1, max(found, default=0) + 1)]


def print_verification(fichier: str, result: Verification) -> None:
    """The verification of one file for a reader."""
    click.echo(f"{fichier} : {_conclusion(result)}")
    for lot in result.lots:
        click.echo(f"  lot n° {lot.rang} (numéro {lot.numero}) : {counted(lot.factures, 'facture')} ; {_trust(lot)}")
    print_findings(result.constats)
    for title, sentences in (("Contrôlé", result.controles), ("Non contrôlé", result.non_controles)):
        click.echo(f"  {title} :")
        for sentence in sentences:
            click.echo(f"    - {sentence}")


def _conclusion(result: Verification) -> str:
    if any(one.is_error and one.code.startswith(("sceau.", "signature.")) for one in result.constats):
        return "NE PAS S'Y FIER, un sceau ou une signature ne tient pas"
    if result.status == 4:
        return "non prouvé, une signature manque"
    return "des erreurs de contenu" if result.status else "rien à redire dans ce qui a été contrôlé"


def _trust(lot: LotVerifie) -> str:
    codes = {constat.code for constat in lot.constats}
    broken = any(code.startswith("sceau.") for code in codes)
    seals = "un sceau ne tient pas" if broken else "sceaux intacts" if lot.scelle else "sans sceau"
    if lot.verdict is None:
        return f"{seals} ; signature absente"
    name = f" de {lot.verdict.signataire}" if lot.verdict.signataire else ""
    return f"{seals} ; signature{name} : {lot.verdict.detail}"
