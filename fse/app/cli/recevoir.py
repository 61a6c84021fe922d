"""`fse recevoir FICHIER|DIR…`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from fse.app.cli.banque_output import print_proofs, print_statement
from fse.app.cli.options import cabinet_option, chunks_of, format_option, le_option
from fse.app.cli.output import print_findings, print_json
from fse.app.cli.session import open_session
from fse.app.cli.suivi import print_unknown_rejects
from fse.app.operations.accuses import AccuseRecu
from fse.app.operations.motifs import ETATS, merge
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, PartRecue, recevoir
from fse.app.operations.virements import Forfait, MouvementCreance, VirementAnnonce
from fse.base.errors import UnreadableError
from fse.base.money import format_euros
from fse.domain.reconciliation.life_cycle import PART
from fse.infra.transport.names import printable

_VERDICTS = {
    "recu": "reçu",
    "deja_recu": "déjà reçu, rien n'est compté deux fois",
    "ecarte": "mis de côté, rien n'en est compté",
    "pas_un_retour": "laissé en place, rien n'en est compté",
}


@click.command(
    name="recevoir",
    help="Enregistre des retours d'organismes (accusés et NOEMIE) et les rapproche des factures émises ; enregistre "
    "des relevés de compte (CFONB 120, camt.053) et prouve par eux les virements annoncés.",
)
@click.argument("chemins", metavar="FICHIER|DIR…", nargs=-1, required=True, type=click.Path(path_type=Path))
@cabinet_option
@le_option
@format_option
def command(chemins: tuple[Path, ...], cabinet_path: Path, le: date | None, output: str) -> int:
    status = 0
    received: list[FichierRecu] = []
    with open_session(cabinet_path) as practice:
        for path in _files(chemins):
            try:
                for one in _receive(practice, path, le):
                    received.append(one)
                    status = max(status, _status(one))
                    if output == "texte":
                        print_received(one)
            except UnreadableError as error:
                status = max(status, error.status)
                click.echo(f"{printable(str(path))} : laissé en place. {error}", err=True)
    if output == "json":
        print_json(received)
    else:
        print_unknown_rejects(merge(unknown for one in received for unknown in one.rejets_inconnus))
    return status


def _files(chemins: tuple[Path, ...]) -> Iterator[Path]:
    """Files given, and those of the folders given, sorted by name; hidden ones are left."""
    for path in chemins:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        else:
            yield path


def _receive(practice: Practice, path: Path, le: date | None) -> Iterator[FichierRecu]:
    name = printable(path.name)
    for one in recevoir(practice, chunks_of(path), fichier=name, le=le):
        located = tuple(replace(constat, place=replace(constat.place, fichier=name)) for constat in one.constats)
        yield replace(one, constats=located)


def _status(one: FichierRecu) -> int:
    if one.verdict == "pas_un_retour":
        return UnreadableError.status
    return int(one.verdict == "ecarte" or any(constat.is_error for constat in one.constats))


def print_received(one: FichierRecu) -> None:
    """What became of one logical file: what it says of each invoice, then what is strange in it."""
    rank = f" (fichier n° {one.ordinal})" if one.ordinal > 1 else ""
    click.echo(f"{one.fichier}{rank} : {_VERDICTS[one.verdict]}")
    several = len({part.prestataire for part in one.parts if part.prestataire}) > 1
    for (prestataire, numero), parts in groupby(one.parts, key=lambda part: (part.prestataire, part.numero)):
        name = f"facture {numero:09d}" if numero else "facture sans numéro lisible"
        name += f" (praticien {prestataire})" if several and prestataire else ""
        name += " non rapprochée" if not prestataire else ""
        click.echo(f"  {name} : {', '.join(_part(part) for part in parts)}")
    for accuse in one.accuses:
        _print_accuse(accuse)
    for virement in one.virements:
        if virement.forfaits or virement.mouvements:
            _print_transfer(virement)
    if one.releve:
        print_statement(one.releve)
    print_proofs(one.preuves)
    print_findings(one.constats)


_TOLD = frozenset({"payee_moins", "payee_plus", "remplacee", "abandonnee"})
"""The states of a part that what the return says of it does not already tell."""


def _part(part: PartRecue) -> str:
    asked = f" sur {format_euros(part.demande)}" if part.demande is not None else ""
    said = f"{part.partie} {ETATS.get(part.etat, part.etat)} ({format_euros(part.paye)}{asked})"
    return f"{said} → {PART[part.etat_part].libelle.lower()}" if part.etat_part in _TOLD else said


_SENS = {"P": "accusé positif", "N": "accusé négatif"}


def _print_accuse(accuse: AccuseRecu) -> None:
    """`lot 012 du 05/10/2026 : accusé négatif, cause 9990 Facture en cause…, facture 000000003`, then what to do."""
    cause = " ".join(text for text in (accuse.cause, accuse.libelle) if text)
    told = _SENS[accuse.sens] + (f", cause {cause}" if cause else "")
    told += f", facture {accuse.numero_facture:09d}" if accuse.numero_facture else ""
    unknown = "" if accuse.connu else f" (praticien {accuse.prestataire}, lot inconnu de ce cabinet)"
    click.echo(f"  lot {accuse.numero_lot:03d} du {accuse.date_lot:%d/%m/%Y}{unknown} : {told}")
    if accuse.action:
        click.echo(f"    {accuse.action}.")


def _print_transfer(virement: VirementAnnonce) -> None:
    """A transfer that holds more than invoices: one line for each thing."""
    labels = " / ".join(label for label in virement.libelles if label) or "sans libellé"
    day = f" du {virement.date_comptable:%d/%m/%Y}" if virement.date_comptable else ""
    montant = "montant illisible" if virement.montant is None else format_euros(virement.montant)
    click.echo(f"  virement{day}, {labels} : {montant}")
    for forfait in virement.forfaits:
        click.echo(f"    dont {_lump_sum(forfait)}")
    for mouvement in virement.mouvements:
        click.echo(f"    {_movement(mouvement)}")


def _lump_sum(forfait: Forfait) -> str:
    details = f", {forfait.details} détail{'s' * (forfait.details > 1)}" if forfait.details else ""
    return f"{format_euros(forfait.montant)} de forfait ou de paiement ponctuel (code {forfait.code}{details})"


def _movement(mouvement: MouvementCreance) -> str:
    nature = f", {mouvement.nature}" if mouvement.nature else ""
    debt = f"créance {mouvement.reference}{nature} ; reste dû {format_euros(mouvement.solde)}"
    if not mouvement.retenue:
        return f"pour information, {format_euros(mouvement.montant)} : {mouvement.libelle} ({debt})"
    verb = "rendus après une retenue" if mouvement.montant < 0 else "retenus"
    return f"dont {format_euros(abs(mouvement.montant))} {verb} ({debt})"
