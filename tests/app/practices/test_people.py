"""`[[salaries]]`, `[[remplacements]]` and `[[exercices]]`: what a practice may not say, and who is there on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.cabinet.personnes import employed_at, replacement_at
from fse.base.errors import UsageError
from tests.app.cabinet import CABINET, PRESTATAIRE, write_cabinet

EMPLOYED, STANDIN, SECOND = "003456787", "002345676", "004567897"
SECOND_DOCTOR = f"""
[[prestataires]]
numero = "{SECOND}"
nom = "DR DOMINIQUE AUTRE"
specialite = "01"
cle = "praticien.p12"
"""


def section(name: str, **values: str) -> str:
    """A table, its values as TOML writes them; one that is "" is left out."""
    return "\n".join([f"\n[[{name}]]", *(f"{key} = {value}" for key, value in values.items() if value), ""])


def employee(**changes: str) -> str:
    usual = {
        "numero": f'"{EMPLOYED}"',
        "nom": '"DR ALIX SALARIE"',
        "employeur": f'"{PRESTATAIRE}"',
        "specialite": '"01"',
        "profession": '"medecin"',
        "debut": "2026-01-01",
    }
    return section("salaries", **{**usual, **changes})


def standin(**changes: str) -> str:
    usual = {
        "remplace": f'"{PRESTATAIRE}"',
        "remplacant": f'"{STANDIN}"',
        "nom": '"DR SACHA REMPLACANT"',
        "debut": "2026-10-05",
        "fin": "2026-10-18",
        "ordre": '"75/1"',
        "adresse": '"1 rue de l\'Essai"',
        "cabinet": '"2 rue de l\'Essai"',
    }
    return section("remplacements", **{**usual, **changes})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (employee(numero='"003456788"'), "003456788"),
        (employee(employeur=f'"{SECOND}"'), "n'est pas un des [[prestataires]]"),
        (employee(numero=f'"{PRESTATAIRE}"'), "lui-même"),
        (employee(nom='" "'), "nom n'est pas vide"),
        (employee(specialite='"00"'), "specialite"),
        (employee(profession='"dentiste"'), "profession vaut"),
        (employee(discipline='"sourcier"'), "discipline"),
        (employee(profession='"infirmier"', discipline='"generaliste"'), "discipline"),
        (employee(condition='"stagiaire"'), "condition vaut"),
        (employee(condition='"adjoint"', titres="true"), "titres"),
        (employee(fin="2025-12-31"), "fin précède debut"),
        (employee() + employee(debut="2026-06-01"), "deux emplois"),
        (standin(remplace=f'"{SECOND}"'), "n'est pas un des [[prestataires]]"),
        (standin(remplacant=f'"{PRESTATAIRE}"'), "lui-même"),
        (standin(remplacant='"002345677"'), "002345677"),
        (standin(ordre=""), "licence"),
        (standin(adresse='""'), "adresse"),
        (standin(cabinet='" "'), "cabinet"),
        (standin(jours='["mardis"]'), "lundi, mardi"),
        (standin(fin="2026-10-04"), "fin précède debut"),
        (standin() + standin(debut="2026-10-18", fin="2026-10-20"), "remplacé deux fois"),
        (section("exercices", prestataire=f'"{STANDIN}"', debut="2026-01-01"), "ni un des remplaçants"),
    ],
)
def test_what_a_practice_may_not_say(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_cabinet(tmp_path, CABINET + text)
    assert caught.value.code == "cabinet.valeur"
    assert told in caught.value.message


def test_who_is_there_on_a_day(tmp_path: Path) -> None:
    """Employed by two doctors of the practice, replaced by one on Mondays and by another on Thursdays."""
    text = (
        employee(fin="2026-06-30")
        + employee(employeur=f'"{SECOND}"', condition='"adjoint"', debut="2026-06-01")
        + standin(jours='["lundi"]')
        + standin(remplacant=f'"{EMPLOYED}"', jours='["jeudi"]', ordre="", licence='"L-1"')
        + section("exercices", prestataire=f'"{STANDIN}"', debut="2026-01-01", statut='"suspendu"')
    )
    cabinet = write_cabinet(tmp_path, CABINET + SECOND_DOCTOR + text)

    def employer(le: date, billing: str) -> str:
        found = employed_at(cabinet, EMPLOYED, le, billing)
        return "" if found is None else found.employeur

    assert employer(date(2025, 12, 31), PRESTATAIRE) == ""
    assert [employer(date(2026, 6, 15), one) for one in (PRESTATAIRE, SECOND)] == [PRESTATAIRE, SECOND]
    assert employer(date(2026, 7, 1), PRESTATAIRE) == SECOND
    found = [replacement_at(cabinet, PRESTATAIRE, date(2026, 10, day)) for day in (4, 5, 6, 8, 12, 19)]
    assert [one.remplacant if one else "" for one in found] == ["", STANDIN, "", EMPLOYED, STANDIN, ""]
    assert replacement_at(cabinet, SECOND, date(2026, 10, 5)) is None
