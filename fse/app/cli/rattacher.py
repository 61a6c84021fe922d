"""`fse rattacher LIGNE --facture NUMERO`, `fse rattacher LIGNE --virement VIREMENT`, `… --creance REFERENCE …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fse.app.cli.actes import print_act, print_done, signed_options
from fse.app.cli.options import CivilDate, cabinet_option, format_option, le_option
from fse.app.cli.output import print_json
from fse.app.cli.session import open_session
from fse.app.operations.actes.creance import CreanceRattachee, rattacher_creance
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.banque.rattachement import rattacher_virement
from fse.base.money import format_euros


@click.command(
    name="rattacher",
    help="Rattache à la main une ligne de retour (telle que suivi et facture la désignent, par exemple 3f9a1c2e:12) à "
    "une facture, une ligne du compte à un virement annoncé (--virement), ou une créance retenue à une facture et à la "
    "date de sa notification.",
)
@click.argument("ligne", required=False)
@click.option("--creance", help="Référence d'une créance, au lieu d'une ligne de retour.")
@click.option("--facture", "numero", type=click.IntRange(1, 999_999_999), help="Numéro de la facture.")
@click.option("--virement", help="Le virement annoncé qu'est une ligne du compte, tel que suivi le désigne.")
@click.option("--notifiee-le", type=CivilDate(), help="Date de la notification de la créance, AAAA-MM-JJ.")
@click.option("--praticien", help="Numéro du praticien, si plusieurs ont cette facture ou cette créance.")
@click.option("--organisme", help="Organisme qui recouvre la créance, si plusieurs ont cette référence.")
@signed_options
@cabinet_option
@le_option
@format_option
def command(
    ligne: str | None,
    creance: str | None,
    numero: int | None,
    virement: str | None,
    notifiee_le: date | None,
    praticien: str | None,
    organisme: str | None,
    motif: str,
    auteur: str,
    cabinet_path: Path,
    le: date | None,
    output: str,
) -> int:
    if (ligne is None) is (creance is None):
        raise click.UsageError("Donner une ligne de retour, ou une créance par --creance.")
    if ligne is not None and ((numero is None) is (virement is None) or notifiee_le is not None):
        raise click.UsageError("Une ligne de retour se rattache par --facture, une ligne du compte par --virement.")
    if creance is not None and virement is not None:
        raise click.UsageError("Une créance ne se rattache pas à un virement.")
    with open_session(cabinet_path) as practice:
        if creance is not None:
            debt = rattacher_creance(
                practice,
                creance,
                facture=numero,
                notifiee_le=notifiee_le,
                prestataire=praticien,
                organisme=organisme,
                motif=motif,
                auteur=auteur,
                le=le,
            )
            print_json(debt) if output == "json" else _print_debt(debt, practice.day(le))
        elif ligne is not None and virement is not None:
            proved = rattacher_virement(practice, ligne, virement, motif=motif, auteur=auteur, le=le)
            print_json(proved) if output == "json" else print_done(proved)
        elif ligne is not None and numero is not None:
            done = rattacher(practice, ligne, numero, prestataire=praticien, motif=motif, auteur=auteur, le=le)
            print_json(done) if output == "json" else print_done(done)
    return 0


def _print_debt(result: CreanceRattachee, today: date) -> None:
    """What is known of the debt from now on, and until when it can be disputed."""
    print_act(result.acte)
    dette = result.dette
    click.echo(f"  retenu {format_euros(dette.retenu)}, reste dû {format_euros(dette.solde)}")
    if dette.contestable_jusqu_au is None:
        click.echo("  date de notification inconnue : la demander à la caisse, deux mois courent à partir d'elle")
    else:
        late = " : ce délai est passé" if dette.contestable_jusqu_au < today else ""
        click.echo(
            f"  à payer ou à contester jusqu'au {dette.contestable_jusqu_au:%d/%m/%Y}, deux mois après la notification "
            f"(R133-9-1 du code de la sécurité sociale){late}"
        )
    click.echo(f"Pour revenir en arrière : fse annuler-acte {result.acte.acte} --motif …")
