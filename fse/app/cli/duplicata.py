"""`fse duplicata NUMERO --sortie F.pdf --motif … (--caisse | --patient)`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.options import auteur_option, cabinet_option, current_user, format_option, le_option, motif_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.duplicata import DuplicataEdite, duplicata
from fse.app.operations.utilisateurs import visible_prestataires
from fse.app.reports.duplicata import rendu_duplicata
from fse.base.errors import UsageError


@click.command(
    name="duplicata",
    help="Édite le duplicata sur papier d'une FSE qui n'a pas pu être transmise, et le note au journal. Sans calage, "
    "c'est un brouillon, qui ne remplace pas le formulaire réglementaire ; avec, les valeurs seules, à imprimer sur le "
    "formulaire que le cabinet fournit. Le patient y est nommé en clair : cette lecture est notée au journal.",
)
@click.argument("numero", type=click.IntRange(1, 999_999_999))
@click.option("--sortie", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Fichier PDF à écrire.")
@motif_option
@click.option("--caisse", is_flag=True, help="Le professionnel l'envoie à la caisse.")
@click.option("--patient", is_flag=True, help="Il est remis au patient, qui l'envoie (sans tiers payant).")
@click.option("--patient-na-pas-signe", is_flag=True, help="Il dit que l'assuré n'a pas pu signer (avec --caisse).")
@click.option("--calage", type=click.Path(path_type=Path), help="Où écrire chaque valeur sur le formulaire (TOML).")
@click.option("--formulaire", type=click.Path(path_type=Path), help="Le formulaire en PDF, sur lequel les écrire.")
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont une facture de ce numéro.")
@auteur_option
@cabinet_option
@le_option
@format_option
def command(
    numero: int,
    sortie: Path,
    motif: str,
    caisse: bool,
    patient: bool,
    patient_na_pas_signe: bool,
    calage: Path | None,
    formulaire: Path | None,
    praticien: str | None,
    auteur: str,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    if caisse == patient:
        raise UsageError(
            "duplicata.voie",
            "Un duplicata va à la caisse ou au patient, à l'un des deux.",
            action="Donner --caisse ou --patient.",
        )
    rendu = rendu_duplicata(calage, formulaire)
    with open_session(cabinet_path) as practice:
        done = duplicata(
            practice,
            numero,
            sortie,
            rendu,
            motif=motif,
            voie="caisse" if caisse else "patient",
            auteur=auteur,
            patient_signe=not patient_na_pas_signe,
            prestataire=praticien,
            visibles=visible_prestataires(practice.cabinet, current_user(), praticien),
            le=le,
        )
    if output == "json":
        print_json(done)
    else:
        print_duplicata(done)
    return 0


def print_duplicata(done: DuplicataEdite) -> None:
    """What was made, and what is left to do with it."""
    again = ", déjà noté au journal, écrit de nouveau" if done.deja_edite else ""
    click.echo(
        f"Duplicata n° {done.rang} de la facture {done.numero:09d}, lot {done.numero_lot:03d} du "
        f"{done.date_lot:%d/%m/%Y}{again} : {done.chemin}"
    )
    if done.voie == "patient":
        click.echo("  → Le signer et le remettre au patient, qui le signe et l'envoie à sa caisse.")
    elif done.patient_signe:
        click.echo("  → Le signer, le faire signer par le patient, puis l'envoyer à la caisse.")
    else:
        click.echo("  → Le signer et l'envoyer à la caisse : il dit que l'assuré n'a pas pu signer.")
    for name in done.retenus:
        click.echo(f"  Le fichier {name}, qui contient cette feuille, ne part plus, elle serait payée deux fois.")
        click.echo("  → Faire aussi le duplicata de ses autres feuilles.")
