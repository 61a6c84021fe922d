"""Code lists asked at a date: ours, then those of a practice, which replace ours code by code."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.norm.referentiels.codes import PACKAGED, complete, list_names
from fse.norm.referentiels.entries import CodeListError

DAY = date(2026, 10, 5)
CODES = "code,libelle,debut,fin,source,confiance\n"
CAUSES = "code,libelle,cause,action,famille,suite,debut,fin,source,confiance\n"
REJETS = "code,precision,libelle,cause,action,famille,debut,fin,source,confiance\n"


def test_a_code_is_asked_at_a_date() -> None:
    assert PACKAGED.code_at("qualificatif", "M", date(2005, 5, 31)) is None
    added = PACKAGED.code_at("qualificatif", "M", date(2005, 6, 1))
    assert added is not None
    assert added.confiance == "1src"
    assert PACKAGED.code_at("qualificatif", "Z", DAY) is None


def test_an_unknown_list_is_no_list() -> None:
    with pytest.raises(FileNotFoundError):
        PACKAGED.code_at("inconnue", "A", DAY)


def test_the_cross_table_is_no_code_list() -> None:
    assert {"rejets", "lettre_cle", "regime"} <= set(list_names())
    assert "depassements" not in list_names()


@pytest.mark.parametrize(
    ("code", "precision", "libelle"),
    [
        ("0250", "050", "Assuré inconnu de la caisse"),
        ("0250", "", "Assuré inconnu de la caisse"),
        ("0250", "051", None),
        ("9901", "", "(fictif) Quantité refusée sur la ligne"),
        ("9901", "777", "(fictif) Quantité refusée sur la ligne"),
        ("1234", "", None),
        ("", "", None),
    ],
)
def test_a_reject_is_known_by_its_code_and_precision(code: str, precision: str, libelle: str | None) -> None:
    found = PACKAGED.rejet(code, precision, DAY)
    assert (found.libelle if found else None) == libelle


def test_a_code_with_two_precisions_and_none_given_is_not_guessed() -> None:
    lists = complete({"rejets": f"{REJETS}0250,051,Autre,,,droits,,,,\n"})
    assert lists.rejet("0250", "", DAY) is None
    for precision, libelle in (("050", "Assuré inconnu de la caisse"), ("051", "Autre")):
        found = lists.rejet("0250", precision, DAY)
        assert found is not None
        assert found.libelle == libelle
    assert lists.has_rejet("0250")
    assert not lists.has_rejet("1234")


def test_what_a_practice_says_of_a_code_replaces_what_ours_says() -> None:
    lists = complete(
        {
            "lieu": f"{CODES}1,Chez le patient,2026-10-05,2026-10-31,,\n",
            "lettre_cle": f"{CODES}TCG,Téléconsultation,,,mon syndicat,1src\n",
            "rejets": f"{REJETS}0250,050,À nous,cause,action,maison,2026-10-05,,,\n1234,,Nouveau,,,droits,,,,\n",
            "famille_rejet": f"{CODES}maison,La nôtre,,,,\n",
        }
    )
    assert [label(lists.code_at("lieu", code, DAY)) for code in "01"] == ["Cabinet", "Chez le patient"]
    assert lists.code_at("lieu", "1", date(2026, 11, 1)) is None
    assert label(lists.code_at("lettre_cle", "TCG", DAY)) == "Téléconsultation"
    assert label(lists.rejet("0250", "050", DAY)) == "À nous"
    assert lists.rejet("0250", "050", date(2026, 10, 4)) is None
    assert label(lists.rejet("1234", "", DAY)) == "Nouveau"
    assert label(PACKAGED.code_at("lieu", "1", DAY)) == "Domicile du patient, ou transport"


def test_a_cause_of_an_arl_is_known_and_a_practice_adds_its_own() -> None:
    ours = PACKAGED.cause_arl("9990", DAY)
    assert ours is not None
    assert (ours.suite, ours.famille) == ("relot", "facture")
    assert PACKAGED.cause_arl("0042", DAY) is None
    assert (PACKAGED.has_cause_arl("9990"), PACKAGED.has_cause_arl("0042")) == (True, False)
    lists = complete({"causes_arl": f"{CAUSES}0042,Frontal,,Renvoyer,,renvoi,2026-10-05,,,\n"})
    added = lists.cause_arl("0042", DAY)
    assert added is not None
    assert (added.libelle, added.action, added.suite) == ("Frontal", "Renvoyer", "renvoi")
    assert lists.cause_arl("0042", date(2026, 10, 4)) is None
    assert lists.cause_arl("9990", DAY) == ours


def label(entry: object) -> str:
    return str(getattr(entry, "libelle", None))


@pytest.mark.parametrize(
    "text",
    [
        f"{CODES}TCG,Téléconsultation,,,,\n",
        f"{CODES}TCG,Téléconsultation,,,,",
        f"\ufeff{CODES}TCG,Téléconsultation,,,,\n".replace(",", ";").replace("\n", "\r\n"),
        f"{CODES}\n;\n"[:-2] + " TCG , Téléconsultation ,,,,\n,,,,,\n",
        "libelle,code,source,confiance,fin,debut\nTéléconsultation,TCG,,,,\n",
    ],
    ids=["comma", "no last line end", "spreadsheet", "blanks", "other order"],
)
def test_what_a_spreadsheet_writes_is_read(text: str) -> None:
    assert label(complete({"lettre_cle": text}).code_at("lettre_cle", "TCG", DAY)) == "Téléconsultation"


WRONG = {
    "not one of ours": ("lettres", CODES, 1, "n'est pas une de nos listes"),
    "the cross-table": ("depassements", CODES, 1, "n'est pas une de nos listes"),
    "empty": ("lieu", "", 1, "nomme les colonnes : code, libelle, debut, fin, source, confiance"),
    "a column is missing": ("lieu", "code,libelle\n2,École\n", 1, "nomme les colonnes"),
    "columns of another list": ("rejets", f"{CODES}1234,x,,,,\n", 1, "nomme les colonnes : code, precision"),
    "a comma not quoted": ("lieu", f"{CODES}2,École, crèche,,,,\n", 2, "7 cellules au lieu de 6"),
    "a quote left open": ("lieu", f'{CODES}2,"École,,,,\n', 2, "ce n'est pas du CSV"),
    "no code": ("lieu", f"{CODES}\n,École,,,,\n", 3, "« code » est vide"),
    "no label": ("lieu", f"{CODES}2,,,,,\n", 2, "« libelle » est vide"),
    "no date": ("lieu", f"{CODES}2,École,1/2/2026,,,\n", 2, "« debut » est vide, ou une date AAAA-MM-JJ"),
    "back in time": ("lieu", f"{CODES}2,École,2026-02-01,2026-01-31,,\n", 2, "avant le début"),
    "twice": ("lieu", f"{CODES}2,École,,2026-01-31,,\n2,Crèche,2026-01-31,,,\n", 3, "figure deux fois"),
    "no such confidence": ("lieu", f"{CODES}2,École,,,,certain\n", 2, "« confiance »"),
    "zeros lost": ("nature_assurance", f"{CODES}9,Autre,,,,\n", 2, "2 caractères"),
    "zeros of a reject lost": ("rejets", f"{REJETS}250,,x,,,droits,,,,\n", 2, "zéros de tête"),
    "zeros of a precision lost": ("rejets", f"{REJETS}0250,50,x,,,droits,,,,\n", 2, "zéros de tête"),
    "no such family": ("rejets", f"{REJETS}1234,,x,,,autre,,,,\n", 2, "la famille est l'une de"),
    "zeros of a cause lost": ("causes_arl", f"{CAUSES}42,x,,,,renvoi,,,,\n", 2, "zéros de tête"),
    "no such end of a lot": ("causes_arl", f"{CAUSES}0042,x,,,,rien,,,,\n", 2, "la suite est l'une de renvoi, relot"),
    "a cause twice": ("causes_arl", f"{CAUSES}0042,x,,,,renvoi,,,,\n0042,y,,,,relot,,,,\n", 3, "figure deux fois"),
    "a reject twice": ("rejets", f"{REJETS}1234,,x,,,droits,,,,\n1234,,y,,,droits,,,,\n", 3, "figure deux fois"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_list_that_cannot_be_used_says_which_line_and_why(case: tuple[str, str, int, str]) -> None:
    liste, text, ligne, raison = case
    with pytest.raises(CodeListError) as raised:
        complete({liste: text})
    assert (raised.value.liste, raised.value.ligne) == (liste, ligne)
    assert raison in raised.value.raison
    assert raised.value.raison.endswith(".")


def test_two_periods_that_do_not_touch_are_two_meanings() -> None:
    lists = complete({"lieu": f"{CODES}2,École,,2026-01-31,,\n2,Crèche,2026-02-01,,,\n"})
    found = [label(lists.code_at("lieu", "2", day)) for day in (date(2026, 1, 31), date(2026, 2, 1))]
    assert found == ["École", "Crèche"]


@given(
    st.sampled_from(["lieu", "rejets", "causes_arl"]),
    st.text(max_size=40),
    st.sampled_from(["", CODES, REJETS, CAUSES]),
)
def test_any_text_is_read_or_refused_in_words(liste: str, text: str, header: str) -> None:
    with suppress(CodeListError):
        complete({liste: header + text})
