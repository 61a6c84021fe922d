"""`fse journal …`: the system of record, proved, rebuilt, backed up, put back, and what leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from fse.app.cli.journal_export import export, match
from fse.app.cli.options import auteur_option, cabinet_option, format_option, le_option, motif_option, secret
from fse.app.cli.output import print_findings, print_json, to_json
from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.journal.lectures import lectures
from fse.app.operations.journal.opening import open_journal
from fse.app.operations.journal.purger import purger_personne
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.reprendre import DerniersNumeros, reprendre_allocation
from fse.app.operations.journal.sauvegarder import (
    Restauration,
    declarer_restauration,
    restaurer_journal,
    sauvegarder_journal,
)
from fse.app.operations.journal.verifier import VerificationJournal, parse_head, verifier_journal
from fse.app.operations.practice import Practice
from fse.base.errors import StorageError, UsageError
from fse.base.french import counted

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.group(name="journal", help="Le journal du cabinet : le prouver, le reconstruire, le sauvegarder, le restaurer.")
def command() -> None:
    """Sub-commands below."""


command.add_command(export)
command.add_command(match)


def existing_session(cabinet_path: Path) -> Practice:
    """The practice with the journal that is there: none is created."""
    return open_journal(load_cabinet(cabinet_path), secret("FSE_CLE_JOURNAL", "Clé du journal"))


@command.command(
    name="verifier",
    help="Prouve le journal : chaîne, faits, contenus chiffrés, retours relus dans leurs archives, états recalculés. "
    "Montre la tête de la chaîne, à noter hors de l'ordinateur. Sortie 5 si quelque chose est rompu.",
)
@click.option("--tete", help="Une tête notée auparavant, RANG:MAC : elle doit être encore dans la chaîne.")
@cabinet_option
@format_option
def verify(tete: str | None, cabinet_path: Path, output: str) -> int:
    noted = parse_head(tete) if tete is not None else None
    with existing_session(cabinet_path) as practice:
        result = verifier_journal(practice, tete=noted)
    if output == "json":
        print_json({"intact": result.intact, **to_json(result)})
    else:
        print_verification(result)
    return 0 if result.intact else StorageError.status


def print_verification(result: VerificationJournal) -> None:
    """What was proved, what was not, and the head to note."""
    for one in result.controles:
        verdict = counted(len(one.constats), "anomalie") if one.constats else "rien à signaler"
        click.echo(f"{one.nom} ({one.nombre}) : {verdict}")
        print_findings(one.constats)
    for text in result.non_controle:
        click.echo(f"non contrôlé : {text}")
    click.echo("Le journal est intact." if result.intact else "Le journal n'est pas intact.")
    click.echo(f"Tête de la chaîne, à noter ailleurs : {result.tete_rang}:{result.tete_mac}")


@command.command(
    name="reconstruire",
    help="Relit les retours dans leurs archives et recalcule tous les états depuis les faits ; dit ce qui différait.",
)
@cabinet_option
@format_option
def rebuild(cabinet_path: Path, output: str) -> int:
    with existing_session(cabinet_path) as practice:
        result = reconstruire_journal(practice)
    if output == "json":
        print_json(result)
        return 0
    click.echo(f"{counted(result.retours, 'retour relu')}, tous les états recalculés.")
    click.echo(counted(len(result.ecarts), "différence") + (", remplacée par le calcul." if result.ecarts else "."))
    print_findings(result.ecarts)
    return 0


@command.command(
    name="sauvegarder",
    help="Copie le journal dans un fichier, sans l'arrêter, et contrôle la copie. N'écrase jamais rien.",
)
@click.option("--sortie", type=_PATH, required=True, help="Fichier à écrire ; il ne doit pas exister.")
@cabinet_option
@format_option
def back_up(sortie: Path, cabinet_path: Path, output: str) -> int:
    with existing_session(cabinet_path) as practice:
        result = sauvegarder_journal(practice, sortie)
    if output == "json":
        print_json(result)
        return 0
    click.echo(f"Sauvegarde écrite et contrôlée : {result.chemin} ({result.octets} octets)")
    click.echo("Elle est chiffrée et s'ouvre avec la clé du journal : garder l'une et l'autre, à deux endroits.")
    click.echo(f"Tête de la chaîne, à noter ailleurs : {result.tete_rang}:{result.tete_mac}")
    return 0


@command.command(
    name="restaurer",
    help="Met une sauvegarde à la place du journal. Ensuite aucun numéro n'est donné tant que fse journal reprendre "
    "n'a pas dit lesquels ont servi depuis la sauvegarde ; recevoir des retours reste possible.",
)
@click.argument("sauvegarde", type=_PATH, required=False)
@click.option("--mettre-de-cote", is_flag=True, help="Garde sous un autre nom le journal qui est à cet endroit.")
@click.option("--en-place", is_flag=True, help="Le journal a déjà été remis par un autre moyen (pg_restore).")
@motif_option
@auteur_option
@cabinet_option
@format_option
def restore(
    sauvegarde: Path | None,
    mettre_de_cote: bool,
    en_place: bool,
    motif: str,
    auteur: str,
    cabinet_path: Path,
    output: str,
) -> int:
    if (sauvegarde is None) is not en_place:
        raise UsageError(
            "restauration.options",
            "Donner soit la sauvegarde à remettre, soit --en-place.",
            action="fse journal restaurer SAUVEGARDE, ou fse journal restaurer --en-place après pg_restore.",
        )
    result = _restore(sauvegarde, mettre_de_cote, motif, auteur, cabinet_path)
    if output == "json":
        print_json(result)
        return 0
    if result.mis_de_cote is not None:
        click.echo(f"Le journal qui était là est gardé : {result.mis_de_cote}")
    click.echo(f"Journal restauré, tel qu'il était à la tête {result.tete_rang}:{result.tete_mac}")
    click.echo("Aucun numéro n'est donné jusqu'à fse journal reprendre. Recevoir de nouveau les retours reçus depuis.")
    return 0


def _restore(sauvegarde: Path | None, aside: bool, motif: str, auteur: str, cabinet_path: Path) -> Restauration:
    if sauvegarde is None:
        with existing_session(cabinet_path) as practice:
            return declarer_restauration(practice, auteur=auteur, motif=motif)
    cabinet = load_cabinet(cabinet_path)
    key = secret("FSE_CLE_JOURNAL", "Clé du journal, celle de la sauvegarde")
    return restaurer_journal(cabinet, sauvegarde, key, auteur=auteur, motif=motif, mettre_de_cote=aside)


@command.command(
    name="reprendre",
    help="Après une restauration, relève les compteurs au-dessus de tout ce qui a servi depuis la sauvegarde, et "
    "permet de nouveau de donner des numéros. Le plus grand de ce qui est dit ou lu l'emporte.",
)
@click.option("--dernier-numero", "numeros", multiple=True, metavar="PRATICIEN=N", help="Dernier numéro de facture.")
@click.option("--dernier-lot", "lots", multiple=True, metavar="PRATICIEN=N", help="Dernier numéro de lot, de 1 à 999.")
@click.option("--dernier-fichier", type=click.IntRange(0, 999_999), default=0, help="Dernier identifiant de fichier.")
@click.option(
    "--fichiers",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier des fichiers B2 émis, lus pour trouver ce qui est parti depuis. Une facture sécurisée et jamais "
    "émise n'y est pas : la dire par --dernier-numero.",
)
@motif_option
@auteur_option
@cabinet_option
@format_option
def resume(
    numeros: tuple[str, ...],
    lots: tuple[str, ...],
    dernier_fichier: int,
    fichiers: Path | None,
    motif: str,
    auteur: str,
    cabinet_path: Path,
    output: str,
) -> int:
    told = DerniersNumeros(
        factures=_numbers(numeros, "--dernier-numero", 999_999_999),
        lots=_numbers(lots, "--dernier-lot", 999),
        fichier=dernier_fichier,
    )
    with existing_session(cabinet_path) as practice:
        result = reprendre_allocation(practice, told, auteur=auteur, motif=motif, fichiers=fichiers)
    if output == "json":
        print_json(result)
        return 0
    if fichiers is not None:
        click.echo(f"{counted(result.fichiers, 'fichier émis lu')}")
    for one in result.compteurs:
        click.echo(f"  {one.nom} : {one.avant} → {one.apres}")
    for gone in result.deja_parties:
        click.echo(
            f"  Attention : la facture {gone.numero:09d} du praticien {gone.prestataire} est déjà partie (fichier "
            f"{gone.fichier}) ; fse emettre l'enverrait une seconde fois. Demander à la caisse si elle l'a reçue."
        )
    click.echo(
        "Des numéros peuvent de nouveau être donnés."
        if result.compteurs
        else "Aucun compteur n'était à relever. Des numéros peuvent de nouveau être donnés."
    )
    return 0


def _numbers(given: Iterable[str], option: str, most: int) -> dict[str, int]:
    """PRATICIEN=N, as told. Raises `UsageError` (`reprise.option`)."""
    found: dict[str, int] = {}
    for text in given:
        prestataire, _, number = text.partition("=")
        if not number.isascii() or not number.isdigit() or int(number) > most:
            raise UsageError(
                "reprise.option",
                f"{option} s'écrit PRATICIEN=N, N de 0 à {most}.",
                action="Par exemple 001234566=120.",
                lieu=text,
            )
        found[prestataire] = max(int(number), found.get(prestataire, 0))
    return found


@command.command(
    name="purger",
    help="Détruit tout ce qui nomme la personne d'une facture, quand toutes ses factures sont soldées et plus "
    "anciennes que leur conservation. La chaîne reste prouvable.",
)
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@motif_option
@auteur_option
@cabinet_option
@le_option
@format_option
def purge(
    numero: int, praticien: str | None, motif: str, auteur: str, cabinet_path: Path, le: date | None, output: str
) -> int:
    with existing_session(cabinet_path) as practice:
        result = purger_personne(practice, numero, prestataire=praticien, auteur=auteur, motif=motif, le=le)
    if output == "json":
        print_json(result)
        return 0
    click.echo(f"Personne purgée : {counted(len(result.factures), 'facture')} ne nomment plus personne.")
    click.echo("Les sauvegardes faites avant la contiennent encore : les détruire à leur terme.")
    return 0


@command.command(name="lectures", help="Qui a lu quelle facture en clair, et quand.")
@cabinet_option
@format_option
def readings(cabinet_path: Path, output: str) -> int:
    with existing_session(cabinet_path) as practice:
        found, zone = lectures(practice), practice.cabinet.zone
    if output == "json":
        print_json(found)
        return 0
    for one in found:
        instant = datetime.fromisoformat(one.instant).astimezone(zone)
        click.echo(
            f"{instant:%d/%m/%Y %H:%M}  {one.auteur}  {one.commande} {one.numero:09d}, praticien {one.prestataire}"
        )
    if not found:
        click.echo("Aucune lecture en clair.")
    return 0
