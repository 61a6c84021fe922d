"""The command line. One module a command, imported when it is called: `fse --version` stays quick.

`run` alone turns errors into a French message on standard error and an exit status (see `fse.base.errors`).
"""

from __future__ import annotations

import gc
import io
import signal
import sys
from importlib import import_module

import click

from fse import __version__
from fse.app.cli.language import speak_french
from fse.base.errors import FseError

speak_french()  # before any command exists: click keeps some of its words from then on

COMMANDS = {
    "demo": "joue l'histoire entière d'un cabinet sur les exemples livrés",
    "reprise": "reprend la suite d'un autre logiciel",
    "coter": "cote et contrôle les soins, acte par acte, et explique chaque montant",
    "information": "l'information écrite du patient sur un dépassement",
    "securiser": "contrôle, numérote, scelle et fige des factures",
    "annuler": "annule une facture qui n'est pas dans un lot signé",
    "emettre": "groupe en lots, signe, écrit les fichiers",
    "envoyer": "envoie les fichiers qui attendent de partir",
    "relever": "relève la boîte ou le dossier des retours et les enregistre",
    "recevoir": "enregistre accusés et retours, et les rapproche des factures",
    "relancer": "renvoie ce qui n'est pas arrivé, liste ce qui attend une carte",
    "nuit": "envoie, relève, reçoit, relance et écrit la page du matin, sans personne",
    "suivi": "ce qui attend, tarde ou est rejeté, et quoi faire",
    "rapport": "la page du matin, et les tableaux pour le comptable",
    "cloture": "la fin de journée : feuilles, lots partis, reçus, papiers, délais",
    "facture": "toute l'histoire d'une facture",
    "rattacher": "rattache à la main un retour ou une créance à une facture",
    "forcer": "dit à la main ce qu'est devenue une part d'une facture",
    "saisir": "saisit un relevé reçu sur papier",
    "classer": "dit qu'un retour ou un virement vu ne demande rien de plus",
    "actes": "ce qui a été fait à la main, par qui et pourquoi",
    "annuler-acte": "annule ce qui a été fait à la main",
    "reclamer": "liste à réclamer, par organisme, des factures sans réponse",
    "copie": "la copie d'une feuille, pour le patient qui la demande",
    "duplicata": "édite le duplicata sur papier d'une feuille non transmise",
    "piece": "pièces justificatives : dépose, envoie, suit jusqu'à l'acceptation",
    "obligation": "orthophonistes : comptes rendus, notes d'évolution, demandes à faire",
    "reseau": "réseaux de santé : l'état de ce qu'ils paient hors NGAP",
    "pratique": "médecins : honoraires sans dépassement, majorations d'urgence, SNP",
    "incitation": "où en est chacun dans les dispositifs qui récompensent la télétransmission",
    "incidents": "ce qui a échoué, quand, pour quels lots, et ce qui a été fait",
    "lire": "montre le contenu de fichiers B2, NOEMIE ou ARL",
    "convertir": "convertit un fichier en tables Parquet",
    "masse": "lit et rapproche les retours d'un dossier entier, sur tous les cœurs",
    "verifier": "contrôle totaux, sceaux et signatures de fichiers",
    "journal": "prouve, reconstruit, sauvegarde et restaure le journal",
    "archive": "contrôle les archives, détruit celles arrivées à leur terme",
    "cle": "clés de signature d'essai, changement de la clé du journal",
    "caisse": "caisse simulée, pour les essais",
}
"""Each command, in the order of a practice's day, in one line of help; the module of its name carries it out."""

GARBAGE = 50_000
"""Objects made between two looks for cycles: Python's 700 are reached two hundred times while a command starts."""

NOTICE = "fse n'est pas un logiciel agréé : il n'écrit que des flux de test ou de démonstration."


class Commands(click.Group):
    """A group whose commands are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"fse.app.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commandes"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    name="fse",
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
    help=f"Feuilles de soins électroniques : émettre, recevoir, rapprocher.\n\n{NOTICE}\n\n"
    "Les données personnelles sont masquées, sauf dans « lire --format json ou jsonl » et avec --en-clair. "
    "Les secrets viennent de l'environnement (FSE_CLE_JOURNAL, FSE_MOT_DE_PASSE, FSE_PIN, FSE_MOT_DE_PASSE_COURRIER) "
    "ou sont demandés.",
)
@click.version_option(__version__, "--version", prog_name="fse", message="%(prog)s %(version)s", help="La version.")
@click.help_option("--help", help="Cette aide.")
def root() -> None:
    """Everything is in the sub-commands."""


def run(arguments: list[str]) -> int:
    """Exit status: 0 done, 1 errors in the content, 2 usage, 3 unreadable, 4 key or card, 5 journal or transport."""
    try:
        status = root.main(arguments, standalone_mode=False)
    except FseError as error:
        click.echo(f"Erreur : {error}", err=True)
        return error.status
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("Interrompu.", err=True)
        return 2
    return status if isinstance(status, int) else 0


def main() -> None:
    """Entry point of the command `fse`. A character that the terminal lacks is replaced, never an error.

    Asked to stop (SIGTERM), it does as for Ctrl-C: what is open is closed, a night lets its lock go.
    """
    gc.set_threshold(GARBAGE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    status = run(sys.argv[1:])
    gc.freeze()  # the process ends: what it holds is not looked through once more
    sys.exit(status)
