"""How the duties of speech therapists are told: nature by nature, the invoice that each follows."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fse.app.operations.obligations.suivi import Obligation

_CLOSED = {"faite": "faite", "sans_objet": "sans objet"}


def print_obligations(found: Sequence[Obligation]) -> None:
    """The duties that are left, then those that a person closed."""
    for nature in dict.fromkeys(one.nature for one in found):
        ones = [one for one in found if one.nature == nature]
        click.echo(f"\n{ones[0].libelle[0].upper()}{ones[0].libelle[1:]} : {len(ones)}")
        click.echo(f"  → {ones[0].action} {ones[0].a_noter}")
        for one in ones:
            click.echo(f"  facture {one.numero:09d}, praticien {one.prestataire} : {_state(one)}")


def _state(one: Obligation) -> str:
    since = f"depuis le {one.depuis:%d/%m/%Y}"
    if one.close_le is None:
        return since
    reason = f" ({one.motif})" if one.motif else ""
    return f"{since}, {_CLOSED[one.etat]} le {one.close_le:%d/%m/%Y} par {one.auteur}{reason}"
