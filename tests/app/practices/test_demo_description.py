"""The shipped `cabinet.toml` is the example of every key: what it comments out is right as it stands."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from fse.app.operations import cabinet as description
from fse.app.operations.cabinet import Cabinet, load_cabinet
from fse.base.working_days import Calendrier

DEMO = Path(__file__).resolve().parents[3] / "fixtures" / "demo" / "cabinet.toml"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "cabinet.md"

SECTIONS = {
    "emetteur": description.Emetteur,
    "prestataires": description.Prestataire,
    "destinations": description.Destination,
    "codes": description.Codes,
    "reseaux": description.Reseaux,
    "cotation": description.Cotation,
    "poste": description.Poste,
    "autres_postes": description.AutrePoste,
    "mandats": description.Mandat,
    "utilisateurs": description.Utilisateur,
    "forclusions": description.Forclusion,
    "exercices": description.PeriodeExercice,
    "salaries": description.Salarie,
    "remplacements": description.Remplacement,
    "cartes": description.Carte,
    "confiance": description.Confiance,
    "envoi": description.Envoi,
    "releve": description.Releve,
    "comptes": description.Compte,
    "nuit": description.Nuit,
    "calendriers": Calendrier,
    "cahier_des_charges": description.CahierDesCharges,
}
KEYS = sorted(
    [("", one.name) for one in fields(Cabinet) if one.name not in ("folder", "listes", "profil", "reseaux_decrits")]
    + [(name, one.name) for name, kind in SECTIONS.items() for one in fields(kind)]
)


def test_what_is_commented_out_is_right(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", DEMO.read_text(encoding="utf-8"))
    (tmp_path / "cabinet.toml").write_text(text, encoding="utf-8")
    (tmp_path / "codes").mkdir()
    (tmp_path / "reseaux").mkdir()
    cabinet = load_cabinet(tmp_path / "cabinet.toml")
    assert cabinet.poste
    assert cabinet.codes
    assert [len(many) for many in (cabinet.mandats, cabinet.utilisateurs, cabinet.autres_postes)] == [1, 2, 1]


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_key_stands_in_the_example_and_in_the_page(section: str, key: str) -> None:
    assert re.search(rf"(?m)^(# )?(\[+)?{key}\b", DEMO.read_text(encoding="utf-8"))
    title = f"[{section}]" if section else "At the top"
    table = PAGE.read_text(encoding="utf-8").partition(f"\n### {title}")[2].partition("\n### ")[0]
    assert f"`{key}`" in table
