"""`fse masse DIR --sortie DIR`: many returns at once, for those who handle those of many practices."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from fse.app.cli.masse_progress import Bar
from fse.app.cli.options import any_cabinet_option, format_option
from fse.app.cli.output import print_json
from fse.base.french import counted
from fse.base.money import format_euros
from fse.base.resources import require
from fse.domain.reconciliation.life_cycle import FACTURE, PART, TASKS

_HELP = """Lit tous les retours NOEMIE d'un dossier, sur tous les cœurs, et les rapproche de ce qui a été envoyé.

Tout ce qui est sous DIR est lu, quel que soit son nom : un fichier qui n'est pas un retour est laissé, un retour faux
est mis de côté et dit, aucun n'arrête les autres. Un même fichier n'est jamais compté deux fois. Les lignes sont
écrites en tables Parquet par caisse et par jour, sans rien de personnel.

Avec --envois, les lignes sont rapprochées des factures par le même SQL que le journal d'un cabinet. Une archive est un
dossier écrit par « fse journal exporter » ou par l'émission en masse, ou un dossier qui en contient.

La même commande reprend après un arrêt, quel qu'il soit, là où elle en était ; de nouveaux fichiers dans DIR
s'ajoutent. SORTIE/rapport.json garde le compte rendu.

Demande les compléments « masse » et « duckdb » (« spark » avec --spark). État de sortie : 0 ; 1 si un fichier est mis
de côté, si une unité a échoué ou si un total n'est pas tenu ; 2 si un dossier ou un complément manque ; 5 si le disque
refuse d'écrire ou si la place manque.
"""

_FOLDER = click.Path(path_type=Path, file_okay=False)
_PHASES = {"lecture": "Lecture", "doublons": "Doublons", "rapprochement": "Rapprochement"}
_UNITS = {"lecture": "octets", "doublons": "tables", "rapprochement": "factures"}
_LISTED = 20
"""Files set aside that are told one by one; the report has them all."""


@click.command(name="masse", help=_HELP, short_help="Lit et rapproche les retours d'un dossier entier.")
@click.argument("entree", metavar="DIR", type=_FOLDER)
@click.option("--sortie", metavar="DIR", required=True, type=_FOLDER, help="Dossier des tables et du compte rendu.")
@click.option(
    "--envois", metavar="ARCHIVE", multiple=True, type=_FOLDER, help="Archives de ce qui a été envoyé (répétable)."
)
@click.option("--processus", type=click.IntRange(1, 512), help="Nombre de processus ; par défaut, un par cœur.")
@click.option("--spark", help="Serveur Spark Connect, sc://hôte:port, qui atteint les mêmes dossiers et rapproche.")
@any_cabinet_option
@format_option
def command(
    entree: Path, sortie: Path, envois: tuple[Path, ...], processus: int | None, spark: str | None, output: str
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
        watch=lambda phase: Bar(_PHASES.get(phase, phase), _UNITS.get(phase, ""), sys.stderr),
    )
    if output == "json":
        print_json({"etat": rapport.status, **rapport.content})
    else:
        _print(rapport.content, sortie)
    return rapport.status


def _print(found: dict[str, Any], sortie: Path) -> None:
    files = found["fichiers"]
    click.echo(f"{counted(found['contenus'], 'fichier lu')} ({found['octets'] / 1e6:.1f} Mo)")
    click.echo(
        f"  retours reçus : {files.get('recu', 0)} ; déjà reçus : {files.get('deja_recu', 0)} ; "
        f"mis de côté : {files.get('ecarte', 0)} ; pas des retours : {files.get('pas_un_retour', 0)}"
    )
    click.echo(f"  {counted(found['lignes'], 'ligne')} ; versé : {format_euros(found['verse'])}")
    if found["rapprochement"] is not None:
        nobody = found["sans_cabinet"]
        if nobody["lignes"] or nobody["verse"]:
            click.echo(
                f"  Sans cabinet connu : {counted(nobody['lignes'], 'ligne')}, {format_euros(nobody['verse'])} : "
                "aucune archive n'a ce praticien"
            )
        _print_matching(found["rapprochement"])
    _print_aside(found)
    for law in found["conservation"]:
        if not law["tenue"]:
            click.echo(f"Total non tenu : {law['loi']} : {law['gauche']} et {law['droite']}")
    phases = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in found["phases"].items())
    click.echo(f"Durées : {phases}")
    click.echo(f"Tables et compte rendu → {sortie}")


def _print_matching(found: dict[str, Any]) -> None:
    lines, balance = found.get("lignes", {}), found.get("bilan", {})
    click.echo(
        f"Rapprochées : {counted(lines.get('lignes_rapprochees', 0), 'ligne')}, "
        f"{format_euros(lines.get('rapproche', 0))} ; non rapprochées : "
        f"{counted(lines.get('lignes_residu', 0), 'ligne')}, {format_euros(lines.get('residu', 0))}"
    )
    for nature, one in sorted(found.get("residus", {}).items()):
        label = TASKS[nature].libelle if nature in TASKS else nature
        click.echo(f"  {label} : {counted(one['lignes'], 'ligne')}, {format_euros(one['paye'])}")
    for etat, one in sorted(found.get("factures", {}).items()):
        click.echo(f"  {FACTURE[etat].libelle} : {counted(one['factures'], 'facture')}")
    for etat, one in sorted(found.get("parts", {}).items()):
        click.echo(
            f"  {PART[etat].libelle} : {counted(one['parts'], 'part')}, demandé {format_euros(one['demande'])}, "
            f"payé {format_euros(one['paye'])}"
        )
    click.echo(
        f"Demandé : {format_euros(balance.get('demande', 0))} ; payé : {format_euros(balance.get('paye', 0))} ; "
        f"reste : {format_euros(balance.get('reste', 0))} ; payé en trop : {format_euros(balance.get('trop_paye', 0))}"
    )


def _print_aside(found: dict[str, Any]) -> None:
    """What must be looked at by somebody."""
    for one in found["ecartes"][:_LISTED]:
        click.echo(f"Mis de côté : {one['chemin']}, octet {one['octet']} [{one['motif']}] {one['message']}")
        click.echo(f"    → {one['action']}")
    if len(found["ecartes"]) > _LISTED:
        click.echo(f"… et {counted(len(found['ecartes']) - _LISTED, 'autre')} : voir rapport.json")
    for one in found["echecs"]:
        click.echo(f"Échec de l'unité {one['unite']} [{one['code']}] {one['message']} {one['lieu']}".rstrip())
        click.echo(f"    → {one['action']}")
