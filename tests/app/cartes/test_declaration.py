"""`[[cartes]]` of cabinet.toml: what may not be said, which card signs for whom, the shipped example and page."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from fse.app.operations.cabinet import Cabinet, load_cabinet
from fse.app.operations.cabinet.cartes import cards_for, pin_variable
from fse.app.operations.cabinet.description import Carte
from fse.base.errors import SignatureError, UsageError
from tests.app.cartes.practice import INFIRMIERE, MEDECIN, REMPLACANT, described

ROOT = Path(__file__).resolve().parents[3]


def card(*prestataires: str, jeton: str = "CPS A", module: str = "/a.so", titulaire: str = "X", **keys: object) -> str:
    values = {"jeton": jeton, "module": module, "titulaire": titulaire, **keys}
    told = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}" for key, value in values.items()
    ]
    return "\n".join(("\n[[cartes]]", *told, f"prestataires = {list(prestataires or (MEDECIN,))}\n"))


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ([card(jeton="")], "jeton"),
        ([card(jeton=" CPS")], "jeton"),
        ([card(jeton="é" * 17)], "jeton"),
        ([card(module=" ")], "module"),
        ([card(titulaire="")], "titulaire"),
        ([card(genre="CPF")], "genre"),
        ([card().replace(MEDECIN, "")], "n'est pas un des"),
        ([card().replace(f"['{MEDECIN}']", "[]")], "au moins un prestataire"),
        ([card(MEDECIN, MEDECIN)], "deux fois"),
        ([card(REMPLACANT)], REMPLACANT),
        ([card(remplacant="003456788")], "003456788"),
        ([card(remplacant=MEDECIN)], "lui-même"),
        ([card(remplacant=REMPLACANT, genre="CPE")], "CPE"),
        ([card(), card(titulaire="Y")], "deux titulaires"),
        ([card(), card()], "deux fois"),
        ([card(), card(jeton="cps-a")], "trop proches"),
        ([], "ni clé d'essai"),
    ],
)
def test_what_a_practice_may_not_say(tmp_path: Path, cards: list[str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        described(tmp_path, *cards)
    assert caught.value.code == "cabinet.valeur"
    assert told in caught.value.message


def test_a_prestataire_with_a_key_needs_no_card_and_the_other_way_round(tmp_path: Path) -> None:
    assert cards_for(described(tmp_path, key=True), MEDECIN, "") == ()
    (one,) = cards_for(described(tmp_path, card()), MEDECIN, "")
    assert one.jeton == "CPS A"


def jetons(cabinet: Cabinet, prestataire: str, remplacant: str = "") -> list[str]:
    return [one.jeton for one in cards_for(cabinet, prestataire, remplacant)]


def test_each_lot_has_the_cards_of_its_prestataire_and_of_who_replaced_them(tmp_path: Path) -> None:
    cabinet = described(
        tmp_path,
        card(jeton="CPS MEDECIN"),
        card(jeton="CPS REMPLACANT", remplacant=REMPLACANT),
        card(MEDECIN, INFIRMIERE, jeton="CPE SECRETAIRE", genre="CPE"),
        second=True,
    )
    assert jetons(cabinet, MEDECIN) == ["CPS MEDECIN", "CPE SECRETAIRE"]
    assert jetons(cabinet, MEDECIN, REMPLACANT) == ["CPS REMPLACANT"]
    assert jetons(cabinet, INFIRMIERE) == ["CPE SECRETAIRE"]
    with pytest.raises(SignatureError) as caught:
        cards_for(cabinet, INFIRMIERE, REMPLACANT)
    assert caught.value.code == "carte.non_declaree"
    assert REMPLACANT in caught.value.message


def test_a_salaried_professional_signs_for_the_employer(tmp_path: Path) -> None:
    """Article 68: the card is the employee's, the number billed is the employer's."""
    cabinet = described(tmp_path, card(INFIRMIERE, jeton="CPS SALARIEE", titulaire="004567898"), second=True, key=True)
    assert jetons(cabinet, INFIRMIERE) == ["CPS SALARIEE"]


def test_the_two_rights_are_told_apart(tmp_path: Path) -> None:
    for lacking in ("factures", "lots"):
        cabinet = described(tmp_path, card(**{f"signe_{lacking}": False}))
        with pytest.raises(SignatureError) as caught:
            cards_for(cabinet, MEDECIN, "")
        assert caught.value.code == f"carte.sans_droit_{lacking}"
        assert f"signe_{lacking}" in caught.value.action
        assert "CPS A" in caught.value.lieu


def test_a_card_with_both_rights_takes_the_place_of_one_without(tmp_path: Path) -> None:
    cabinet = described(
        tmp_path,
        card(jeton="CPE 1", genre="CPE", signe_lots=False),
        card(jeton="CPE 2", genre="CPE", signe_factures=False),
        card(jeton="CPS"),
    )
    assert jetons(cabinet, MEDECIN) == ["CPS"]


def test_the_pin_of_one_card_is_never_that_of_another(tmp_path: Path) -> None:
    one = described(tmp_path, card(), card(jeton="CPS A", remplacant=REMPLACANT))
    assert {pin_variable(one, each) for each in one.cartes} == {"FSE_PIN"}
    two = described(tmp_path, card(jeton="Cps n°1 (accueil)"), card(jeton="CPE-2", genre="CPE"))
    assert [pin_variable(two, each) for each in two.cartes] == ["FSE_PIN_CPS_N_1_ACCUEIL", "FSE_PIN_CPE_2"]


def test_the_example_and_the_page_show_every_key(tmp_path: Path) -> None:
    example = (ROOT / "fixtures" / "demo" / "cabinet.toml").read_text(encoding="utf-8")
    before, _, rest = example.partition("\n# [[cartes]]\n")
    shown = rest.partition("\n\n")[0]
    page = (ROOT / "docs" / "cabinet.md").read_text(encoding="utf-8").partition("\n### [cartes]")[2]
    for one in fields(Carte):
        assert re.search(rf"(?m)^# {one.name} = ", shown), one.name
        assert f"`{one.name}`" in page.partition("\n### ")[0]
    uncommented = re.sub(r"(?m)^# ", "", shown)
    (tmp_path / "cabinet.toml").write_text(f"{before}\n[[cartes]]\n{uncommented}\n", encoding="utf-8")
    assert len(load_cabinet(tmp_path / "cabinet.toml").cartes) == 1
