"""`fse masse DIR --sortie DIR`: many returns at once, for those who handle those of many practices."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fse.app.cli.masse_output import text_of
from fse.app.cli.masse_progress import Bar
from fse.app.cli.options import any_cabinet_option, format_option
from fse.app.cli.output import print_json
from fse.base.errors import StorageError
from fse.base.french import system_reason
from fse.base.resources import require

if TYPE_CHECKING:
    from fse.app.masse.report import Rapport

_HELP = """Lit tous les retours NOEMIE d'un dossier, sur tous les cœurs, et les rapproche de ce qui a été envoyé.

Tout ce qui est sous DIR est lu, quel que soit son nom : un fichier qui n'est pas un retour est laissé, un retour faux
est mis de côté et dit, aucun n'arrête les autres. Un même fichier n'est jamais compté deux fois. Les lignes sont
écrites en tables Parquet par caisse et par jour, sans rien de personnel. Un lancement ne compte que les retours d'une
marque, T par défaut : un retour d'une autre marque est mis de côté.

Avec --envois, les lignes sont rapprochées des factures par le même SQL que le journal d'un cabinet. Une archive est un
dossier écrit par « fse journal exporter » ou par l'émission en masse, ou un dossier qui en contient.

La même commande reprend après un arrêt, quel qu'il soit, là où elle en était ; de nouveaux fichiers dans DIR
s'ajoutent. SORTIE/rapport.json garde le compte rendu.

Demande les compléments « masse » et « duckdb » (« spark » avec --spark). État de sortie : 0 ; 1 si un fichier est mis
de côté ou un lien laissé, si une unité a échoué ou si un total n'est pas tenu ; 2 si un dossier, une archive ou un
complément manque ou ne se lit pas ; 5 si le système refuse d'écrire, ou si la place ou le serveur Spark manque.
"""

_FOLDER = click.Path(path_type=Path, file_okay=False)
_PHASES = {"lecture": "Lecture", "doublons": "Doublons", "rapprochement": "Rapprochement"}
_UNITS = {"lecture": "octets", "doublons": "tables", "rapprochement": "factures"}


@click.command(name="masse", help=_HELP, short_help="Lit et rapproche les retours d'un dossier entier.")
@click.argument("entree", metavar="DIR", type=_FOLDER)
@click.option("--sortie", metavar="DIR", required=True, type=_FOLDER, help="Dossier des tables et du compte rendu.")
@click.option(
    "--envois", metavar="ARCHIVE", multiple=True, type=_FOLDER, help="Archives de ce qui a été envoyé (répétable)."
)
@click.option("--processus", type=click.IntRange(1, 512), help="Nombre de processus ; par défaut, un par cœur.")
@click.option("--spark", help="Serveur Spark Connect, sc://hôte:port, qui atteint les mêmes dossiers et rapproche.")
@click.option(
    "--marque",
    type=click.Choice(["T", "D"]),
    default="T",
    show_default=True,
    help="Marque des retours à compter : T (test) ou D (démonstration).",
)
@any_cabinet_option
@format_option
def command(
    entree: Path,
    sortie: Path,
    envois: tuple[Path, ...],
    processus: int | None,
    spark: str | None,
    marque: str,
    output: str,
) -> int:
    require("numpy", extra="masse")
    require("pyarrow", extra="masse")
    from fse.app.masse.masse import masse

    rapport = masse(
        entree,
        sortie,
        envois=envois,
        processus=processus,
        spark=spark,
        marque=marque,
        watch=lambda phase: Bar(_PHASES.get(phase, phase), _UNITS.get(phase, ""), sys.stderr),
    )
    _tell(rapport, output, sortie)
    return rapport.status


def _tell(rapport: Rapport, output: str, sortie: Path) -> None:
    """Raises `StorageError` (`masse.affichage`) when the output of the command takes no more."""
    try:
        if output == "json":
            print_json({"etat": rapport.status, **rapport.content})
        else:
            click.echo("\n".join(text_of(rapport.content, sortie)))
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # who reads has read enough
        with suppress(OSError, ValueError):  # what is still in memory must not fail again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StorageError(
            "masse.affichage",
            f"Le compte rendu ne peut pas être affiché : {system_reason(error)}. Tout a été fait et écrit.",
            action="Le lire dans rapport.json.",
            lieu=str(sortie / "rapport.json"),
        ) from error
