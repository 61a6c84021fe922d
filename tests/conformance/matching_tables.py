"""What a case expects and what was found, in the same plain shapes; what `attendu.toml` does not say has a default."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fse.app.operations.motifs import MotifRejet
from fse.app.operations.suivi import Suivi, VirementRecu
from fse.app.operations.worklist.dettes import Dette
from fse.app.operations.worklist.taches import Tache
from tests.app.cabinet import PRESTATAIRE
from tests.app.emitted import rows
from tests.conformance.matching_cases import MatchingCase, Table
from tests.conformance.matching_play import Played, lines_of

Plain = dict[str, Any]


def sorted_plain(tables: Iterable[Plain]) -> list[Plain]:
    """In an order that says nothing, so that two lists are compared as bags."""
    return sorted(tables, key=lambda one: json.dumps(one, sort_keys=True, default=str))


# --- what is expected


def expected_invoices(case: MatchingCase) -> list[Plain]:
    return sorted_plain(
        {"prestataire": PRESTATAIRE, "remplacee_par": 0}
        | {key: value for key, value in one.items() if key not in ("amo", "amc")}
        | {partie: {"saisi": 0} | one[partie] for partie in ("amo", "amc")}
        for one in case.attendu["facture"]
    )


def expected_line(one: Table) -> Plain:
    if "residu" in one:
        return {"facture": 0, "politique": "", "prestataire": ""} | dict(one)
    return {"residu": "", "prestataire": PRESTATAIRE, "numero": 0} | dict(one)


def expected_tasks(one: Table) -> list[Plain]:
    return sorted_plain(
        {"prestataire": PRESTATAIRE, "reference": "", "garantie": None}
        | dict(task)
        | {
            "motifs": [{"ligne": 0, "consequence": False} | each for each in task.get("motifs", ())],
            "suggestions": [{"prestataire": PRESTATAIRE} | each for each in task.get("suggestions", ())],
        }
        for task in one["taches"]
    )


def expected_debts(case: MatchingCase) -> list[Plain]:
    nothing = {"numero": None, "notifiee_le": None, "contestable_jusqu_au": None}
    return [nothing | dict(one) for one in case.attendu.get("dette", ())]


# --- what was found


def found_invoices(played: Played) -> list[Plain]:
    invoices = {
        (row["prestataire"], row["numero"]): {name: row[name] for name in ("prestataire", "numero", "etat")}
        | {"remplacee_par": row["remplacee_par"]}
        for row in rows(played.practice, "SELECT * FROM etat_facture")
    }
    for row in rows(played.practice, "SELECT * FROM etat_part"):
        part = {name: row[name] for name in ("etat", "demande", "paye", "saisi")}
        invoices[row["prestataire"], row["numero"]][str(row["partie"]).lower()] = part
    return sorted_plain(invoices.values())


def found_lines(played: Played, name: str) -> list[Plain]:
    """Where each line ended; `numero`, that the return gives, is told of a residue only."""
    return [
        {
            "verse": row["verse"],
            "facture": row["facture"] or 0,
            "politique": row["politique"] or "",
            "prestataire": row["prestataire"] or "",
            "residu": row["residu"] or "",
            "numero": row["numero"] if row["residu"] else 0,
        }
        for row in lines_of(played, name)
    ]


def found_rejects(played: Played, name: str) -> list[Plain]:
    sql = (
        "SELECT l.numero AS facture, r.code, r.niveau, r.partie, r.numero_ligne AS ligne, r.ordre AS rang, "
        "r.code_acte AS acte FROM rejet_retour r JOIN ligne_retour l "
        "ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang_ligne "
        f"WHERE r.fichier = '{played.digests[name]}' ORDER BY r.rang"
    )
    return [
        {key: value if value is not None else 0 if key in ("ligne", "rang") else "" for key, value in row.items()}
        for row in rows(played.practice, sql)
    ]


def found_transfers(played: Played, name: str, suivi: Suivi) -> list[VirementRecu]:
    return [one for one in suivi.virements if one.fichier == played.digests[name]]


def same_keys(expected: Table, one: VirementRecu) -> Plain:
    """A transfer under the keys that are expected of it."""
    found: Plain = {name: getattr(one, name) for name in ("montant", "rapproche", "residu", "forfaits", "retenues")}
    found["repartition"] = {share.prestataire: share.net for share in one.repartition}
    found["libelles"] = list(one.libelles)
    return {key: found[key] for key in expected}


def found_tasks(suivi: Suivi) -> list[Plain]:
    return sorted_plain(_task(one) for one in suivi.taches)


def _task(one: Tache) -> Plain:
    found: Plain = {
        name: getattr(one, name) for name in ("nature", "numero", "partie", "montant", "prestataire", "reference")
    }
    found["garantie"] = one.garantie.lecture_le if one.garantie else None
    found["motifs"] = list(_reasons(one.motifs))
    found["suggestions"] = [
        {"numero": each.numero, "raison": each.raison, "prestataire": each.prestataire} for each in one.suggestions
    ]
    return found


def _reasons(motifs: Iterable[MotifRejet]) -> Iterator[Plain]:
    for one in motifs:
        yield {
            "code": one.code,
            "niveau": one.niveau,
            "famille": one.famille_code,
            "ligne": one.ligne or 0,
            "consequence": one.consequence,
        }


def found_debts(suivi: Suivi) -> list[Plain]:
    return [_debt(one) for one in suivi.dettes]


def _debt(one: Dette) -> Plain:
    names = ("reference", "retenu", "solde", "numero", "notifiee_le", "contestable_jusqu_au")
    moves = [
        {name: getattr(each, name) for name in ("operation", "montant", "retenu", "solde")} for each in one.mouvements
    ]
    return {name: getattr(one, name) for name in names} | {"mouvements": moves}
