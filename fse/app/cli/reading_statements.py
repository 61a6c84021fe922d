"""What `fse lire` prints of a statement in XML, which has no records: its balances, and its movements one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fse.app.cli.output import MASKED, finding_json
from fse.base.money import format_euros
from fse.norm.codec.releves import ReleveLu
from fse.norm.layout import printable


def json_line(fichier: str, one: ReleveLu, *, en_clair: bool) -> str:
    """One object: `type` is `releve`. All it says is there, labels included, as for the fields of records."""
    releve = one.releve
    said: dict[str, Any] = {}
    if releve is not None:
        said = {
            "compte": releve.compte,
            "devise": releve.devise,
            "identifiant": releve.identifiant,
            "ouverture": {"jour": releve.ouverture.jour.isoformat(), "montant": releve.ouverture.montant},
            "cloture": {"jour": releve.cloture.jour.isoformat(), "montant": releve.cloture.montant},
            "mouvements": [
                {
                    "rang": movement.rang,
                    "date_operation": movement.date_operation.isoformat(),
                    "date_valeur": movement.date_valeur.isoformat() if movement.date_valeur else None,
                    "montant": movement.montant,
                    "libelles": list(movement.libelles),
                    "reference": movement.reference,
                }
                for movement in releve.mouvements
            ],
        }
    head = {"fichier": fichier, "type": "releve", "ordinal": one.ordinal, "empreinte": one.empreinte}
    findings = [finding_json(constat, en_clair=en_clair) for constat in one.constats]
    return json.dumps({**head, **said, "champs": [], "constats": findings})


def text_lines(fichier: str, one: ReleveLu, *, en_clair: bool) -> Iterator[str]:
    """The statement for a reader; labels may name a person, and are masked unless asked."""
    yield f"{fichier}, relevé n° {one.ordinal} : camt.053, relevé de compte bancaire"
    releve = one.releve
    if releve is not None:
        yield f"  Compte : {printable(releve.compte)}, {printable(releve.devise)}"
        yield f"  Ancien solde au {releve.ouverture.jour:%d/%m/%Y} : {format_euros(releve.ouverture.montant)}"
        for movement in releve.mouvements:
            labels = printable(" / ".join(movement.libelles)) if en_clair else MASKED
            amount = format_euros(movement.montant)
            yield f"    {movement.rang}. {movement.date_operation:%d/%m/%Y} : {amount}, {labels}"
        yield f"  Nouveau solde au {releve.cloture.jour:%d/%m/%Y} : {format_euros(releve.cloture.montant)}"
    for constat in one.constats:
        yield f"  ! {constat.gravite.value} [{constat.code}] {printable(constat.message)}"
        yield f"    → {constat.action}"
