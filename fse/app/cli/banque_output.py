"""What the commands say of the bank: statements received, transfers on the account, what neither side explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from fse.app.operations.banque.preuves import PreuveBancaire
from fse.app.operations.banque.releves import ReleveRecu
from fse.app.operations.banque.suivi import Banque, CompteSuivi, PreuveVirement
from fse.base.french import counted
from fse.base.money import format_euros


def print_statement(releve: ReleveRecu) -> None:
    """What a statement just received is, and what it brings."""
    if releve.du is None or releve.au is None or releve.verdict != "recu":
        return
    click.echo(
        f"  {releve.nom} ({releve.compte}), du {releve.du:%d/%m/%Y} au {releve.au:%d/%m/%Y} : "
        f"{counted(releve.mouvements, 'mouvement')}, dont {counted(releve.nouveaux, 'enregistré')}, "
        f"solde {format_euros(releve.cloture)}"
    )


def print_proofs(preuves: Iterable[PreuveBancaire]) -> None:
    """The transfers proved by what was just received."""
    for one in preuves:
        click.echo(
            f"  virement {one.virement} : reçu sur le compte le {one.jour:%d/%m/%Y}, {format_euros(one.montant)} "
            f"({one.libelle})"
        )


def proof_lines(virement: str, preuve: PreuveVirement) -> Iterator[str]:
    """Where a transfer stands on the account; the lines that may be it, for a person to choose."""
    if preuve.prouve_le is not None:
        how = f", en {preuve.mouvements} lignes" if preuve.mouvements > 1 else ""
        yield f"    reçu sur le compte le {preuve.prouve_le:%d/%m/%Y}{how} ({preuve.libelle})"
        return
    received = f" ({format_euros(preuve.recu)} reçus)" if preuve.nature == "virement_partiel" else ""
    yield f"    {preuve.libelle}{received}"
    for one in preuve.suggestions:
        yield f"      peut-être la ligne du {one.jour:%d/%m/%Y}, {format_euros(one.montant)} : si c'est elle,"
        yield f"        fse rattacher {one.ligne} --virement {virement} --motif …"


def print_bank(banque: Banque) -> None:
    """The accounts, what is proved of the announced money, and what is missing."""
    for one in banque.comptes:
        click.echo(f"  {_account(one)}")
    amounts = [("prouvé sur le compte", banque.prouve), ("encore attendu", banque.attendu), ("absent", banque.manque)]
    told = " ; ".join(f"{label} : {format_euros(amount)}" for label, amount in amounts if amount)
    if told:
        click.echo(f"  virements annoncés : {told}")
    for hole in banque.manquants:
        click.echo(
            f"  ! {hole.compte} : il manque un relevé entre le {hole.apres:%d/%m/%Y} ({format_euros(hole.solde)}) "
            f"et le {hole.avant:%d/%m/%Y} ({format_euros(hole.ouverture)})"
        )
        click.echo("    → Télécharger à la banque les relevés de cette période, puis les recevoir.")
    waiting = [one for one in banque.inexpliques if one.nature == "paiement_inexplique"]
    if waiting:
        total = format_euros(sum(one.montant for one in waiting))
        click.echo(f"  {counted(len(waiting), 'paiement')} d'organismes sans retour encore : {total}")


def _account(one: CompteSuivi) -> str:
    if one.du is None or one.au is None:
        return f"{one.nom} ({one.compte}) : aucun relevé reçu"
    return f"{one.nom} ({one.compte}) : relevés du {one.du:%d/%m/%Y} au {one.au:%d/%m/%Y}, {format_euros(one.solde)}"
