"""`fse piece …`: supporting documents of invoices, deposited, sent, followed until the caisse accepts them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import (
    INTEGER_MAX,
    auteur_option,
    cabinet_option,
    current_user,
    format_option,
    le_option,
    mail_password,
    read_input,
)
from fse.app.cli.output import print_json
from fse.app.cli.pieces_output import pieces_status, print_pieces
from fse.app.cli.session import open_session
from fse.app.operations.pieces.depot import NATURES, deposer_piece
from fse.app.operations.pieces.envoi import envoyer_pieces
from fse.app.operations.pieces.suivi import Piece, Verdict, noter_piece, suivre_pieces
from fse.app.operations.utilisateurs import visible_prestataires

_PIECE = click.IntRange(1, INTEGER_MAX)


@click.group(
    name="piece",
    help="Pièces justificatives (ordonnances…) : elles partent d'elles-mêmes quand la caisse a reçu le lot de leur "
    "facture, par une seule voie, et restent listées jusqu'à leur acceptation.",
)
def command() -> None:
    """Sub-commands below."""


@command.command(
    name="deposer",
    help="Dépose le document d'une facture : un PDF d'au moins A5, numérisé à 200 points par pouce au moins. Pour une "
    "série de soins, le même document n'est envoyé qu'une fois (--reprend, ou le même fichier).",
)
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.argument("fichier", required=False, type=click.Path(path_type=Path))
@click.option("--nature", required=True, type=click.Choice(list(NATURES)), help="Ce qu'est le document.")
@click.option("--reprend", type=_PIECE, help="Numéro de la pièce déjà déposée à laquelle cette facture renvoie.")
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@auteur_option
@cabinet_option
@le_option
@format_option
def deposit(
    numero: int,
    fichier: Path | None,
    nature: str,
    reprend: int | None,
    praticien: str | None,
    auteur: str,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    content = read_input(fichier) if fichier is not None else None
    with open_session(cabinet_path) as practice:
        done = deposer_piece(
            practice, numero, content, nature=nature, auteur=auteur, reprend=reprend, prestataire=praticien, le=le
        )
    return _show([done], output)


@command.command(name="suivre", help="Les pièces qui ne sont pas encore acceptées, les plus urgentes d'abord.")
@click.option("--toutes", is_flag=True, help="Aussi celles qui sont closes.")
@click.option("--praticien", help="Seulement ce praticien (numéro).")
@cabinet_option
@le_option
@format_option
def follow(toutes: bool, praticien: str | None, cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        seen = visible_prestataires(practice.cabinet, current_user(), praticien)
        found = suivre_pieces(practice, le=le, praticiens=seen, toutes=toutes)
    if not found and output != "json":
        click.echo("Aucune pièce en attente.")
        return 0
    return _show(found, output)


@command.command(
    name="envoyer",
    help="Envoie les pièces dont la caisse a reçu le lot, et de nouveau celles dont l'envoi a échoué, 5 jours durant. "
    "fse envoyer le fait aussi. Sortie 1 si l'une n'est pas partie.",
)
@cabinet_option
@le_option
@format_option
def send(cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        done = envoyer_pieces(practice, mot_de_passe=mail_password, le=le)
    if not done and output != "json":
        click.echo("Aucune pièce à envoyer.")
        return 0
    _show(done, output)
    return pieces_status(done)


def _verdict(name: str, verdict: Verdict, help: str) -> None:
    @command.command(name=name, help=help)
    @click.argument("piece", type=_PIECE)
    @click.option("--motif", default="", help="Ce que la caisse en dit, sans nommer personne.")
    @auteur_option
    @cabinet_option
    @le_option
    @format_option
    def record(piece: int, motif: str, auteur: str, cabinet_path: Path, le: date | None, output: str) -> int:
        with open_session(cabinet_path) as practice:
            done = noter_piece(practice, piece, verdict, auteur=auteur, detail=motif, le=le)
        return _show([done], output)


_verdict("accepter", "acceptee", "Note que la caisse a accepté une pièce : elle n'est plus listée.")
_verdict("refuser", "refusee", "Note que la caisse a refusé une pièce (illisible, tronquée…) : elle est à refaire.")
_verdict("papier", "papier", "Note qu'une pièce qui n'a pas pu partir, ou refusée, a été envoyée sur papier.")


def _show(found: list[Piece], output: str) -> int:
    if output == "json":
        print_json(found)
    else:
        print_pieces(found)
    return 0
