"""The overlay: each value at the asked millimetres, alone or on a form; nothing is cut, left out or off the sheet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from fse.app.operations.duplicata import Duplicata
from fse.app.operations.practice import Practice
from fse.app.reports.duplicata import rendu_duplicata
from fse.app.reports.duplicata.calage import Calage, Case, Colonne, Lignes, Place, load_calage
from fse.app.reports.duplicata.calque import calque
from fse.app.reports.duplicata.valeurs import OBLIGATOIRES, TOTAUX, valeurs, valeurs_ligne
from fse.app.reports.pdf import make_pdf
from fse.base.errors import UsageError
from tests.app.cabinet import facture, prestation
from tests.app.emitted import emitted_practice
from tests.app.reports.paper import duplicata_of, facts, ink, of_practice, pages, word, words

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "fixtures" / "duplicata" / "calage.toml"
NEAR = 0.15
"""Millimetres."""


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as opened:
        yield opened


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Duplicata:
    with emitted_practice(tmp_path_factory.mktemp("calque") / "cabinet") as opened:
        return of_practice(opened, 3)


@pytest.fixture(scope="module")
def laid_out(one: Duplicata) -> bytes:
    """This duplicate, as the example places it."""
    return calque(one, load_calage(EXAMPLE))


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The example with these changes, in a file."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path = folder / "calage.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, one: Duplicata, *changes: tuple[str, str]) -> UsageError:
    with pytest.raises(UsageError) as error:
        rendu_duplicata(written(folder, *changes))(one)
    return error.value


# --- places ----------------------------------------------------------------------------------------------------------


def test_a_value_starts_where_it_is_asked_and_stands_on_its_line(one: Duplicata, tmp_path: Path) -> None:
    content = calque(
        one,
        load_calage(
            written(tmp_path, ("numero_lot = { x = 150.0, y = 45.0 }", "numero_lot = { x = 140.0, y = 200.0 }"))
        ),
    )
    found = word(content, "001")
    assert abs(found.left - 140.0) < NEAR
    left, _, _, bottom = ink(content, 130, 190, 160, 205)
    assert abs(bottom - 200.0) < NEAR, "the ink ends on the line: digits have no tail"
    assert 0 <= left - 140.0 < 0.8, "the side of the first digit is blank"


def test_amounts_end_where_they_are_asked(laid_out: bytes) -> None:
    found = word(laid_out, "40,00")
    assert abs(found.right - 198.0) < NEAR
    assert found.top < 240.0 < found.bottom


def test_a_number_in_boxes_has_one_character_a_box(laid_out: bytes) -> None:
    boxes = [each for each in words(laid_out) if each.top < 70.0 < each.bottom and each.left < 80]
    assert "".join(each.text for each in boxes) == "1490675113000"
    for rank, each in enumerate(boxes):
        assert abs(each.left - (12.0 + 5.0 * rank)) < NEAR


def test_a_cross_is_in_the_middle_of_its_box(laid_out: bytes) -> None:
    cross = word(laid_out, "X")
    assert abs((cross.left + cross.right) / 2 - 30.0) < NEAR
    assert cross.top < 126.0 < cross.bottom


def test_each_act_is_one_line_lower(laid_out: bytes) -> None:
    first, second = word(laid_out, "VG"), word(laid_out, "MD")
    assert abs(second.bottom - first.bottom - 8.0) < NEAR
    assert abs(first.left - 38.0) < NEAR
    assert first.top < 160.0 < first.bottom


def test_a_printer_that_shifts_is_made_up_for(one: Duplicata, laid_out: bytes, tmp_path: Path) -> None:
    before = word(laid_out, "VG")
    moved = written(tmp_path, ("decalage_x = 0.0", "decalage_x = -3.5"), ("decalage_y = 0.0", "decalage_y = 2.25"))
    after = word(calque(one, load_calage(moved)), "VG")
    assert abs(after.left - before.left + 3.5) < NEAR
    assert abs(after.bottom - before.bottom - 2.25) < NEAR


def test_a_long_reason_goes_on_the_next_line(practice: Practice) -> None:
    reason = "le serveur de la caisse a refusé deux fois le fichier, puis la ligne est restée coupée pendant huit jours"
    content = calque(of_practice(practice, 3, motif=reason), load_calage(EXAMPLE))
    assert reason in " ".join(pages(content))
    first, last = word(content, "serveur"), word(content, "jours")
    assert abs(last.bottom - first.bottom - 4.0) < NEAR


# --- what it says ----------------------------------------------------------------------------------------------------


def test_it_says_all_that_a_duplicate_must(laid_out: bytes) -> None:
    (text,) = pages(laid_out)
    for said in (
        *("TEST, sans valeur", "DUPLICATA", "deux transmissions sans accusé", "0 0 0 0 0 0 0 0 3", "001"),
        *("LEFEVRE ZOE", "DR CAMILLE ESSAI", "001234566", "998 0000"),
        *("05/10/2026 VG 1 1 21,00 9,00 30,00", "05/10/2026 MD 1 1 7,00 3,00 10,00", "28,00 12,00 40,00"),
    ):
        assert said in text, said
    assert "formulaire" not in text, "values alone"
    assert "signer" not in text


def test_the_mention_and_the_rank_are_said(practice: Practice, tmp_path: Path) -> None:
    of_practice(practice, 6, voie="patient")
    second = of_practice(practice, 6, motif="perdu", patient_signe=False, sortie=tmp_path / "second.pdf")
    (text,) = pages(calque(second, load_calage(EXAMPLE)))
    assert "l'assuré n'a pas pu signer" in text
    assert "DUPLICATA n° 2" in text


def test_more_acts_than_lines_make_more_sheets_and_the_totals_are_on_the_last(tmp_path: Path) -> None:
    acts = tuple(prestation(1000 * rank, amc=False) for rank in range(1, 20))
    one = duplicata_of(tmp_path, facture("V-1", destinataire="05", lignes=acts))
    told = pages(calque(one, load_calage(EXAMPLE)))
    assert [text.count("05/10/2026 G ") for text in told] == [8, 8, 3]
    for rank, text in enumerate(told, start=1):
        assert f"{rank}/3" in text
        assert "0 0 0 0 0 0 0 0 1" in text
        assert "TEST, sans valeur" in text
    assert ["1 900,00" in text for text in told] == [False, False, True]


def test_the_example_has_a_place_for_whatever_a_sheet_may_say(tmp_path: Path) -> None:
    """Every name has a place or is said to be absent."""
    one = duplicata_of(tmp_path, facture("V-1"))
    document = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    placed = {*document["champs"], *(box["champ"] for box in document["cases"]), *document["lignes"]["colonnes"]}
    known = {*valeurs(one), *valeurs_ligne(one, one.facture.prestations[0]), "feuille"}
    assert placed | {*document["absents"]} == known
    assert not placed & {*document["absents"]}
    assert known >= OBLIGATOIRES | TOTAUX


def test_the_example_says_that_its_positions_are_made_up() -> None:
    first = EXAMPLE.read_text(encoding="utf-8").splitlines()[0]
    assert "INVENTÉES" in first


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("motif = {", "cause = {"), "calage.nom_inconnu", "« cause »"),
        (('"date_edition"', '"date_edicion"'), "calage.nom_inconnu", "« date_edicion »"),
        (('"date_edition",', '"date_edition", "motif",'), "calage.obligatoire", "« motif »"),
        (
            ("assure_cle = { x = 82.0, y = 70.0, pas = 5.0, caracteres = 2 }", ""),
            "calage.place_absente",
            "« assure_cle »",
        ),
        (('valeur = "10"', 'valeur = "11"'), "calage.place_absente", "« nature_assurance »"),
        (("montant_amc = { x = 170.0,", "base = { x = 170.0,"), "calage.place_absente", "« montant_amc »"),
        (("pas = 5.0, caracteres = 13", "pas = 5.0, caracteres = 12"), "calage.trop_long", "13 caractères"),
        (("caracteres = 30 }", "caracteres = 3 }"), "calage.trop_long", "« assure_nom »"),
        (("x = 12.0, y = 100.0", "x = 200.0, y = 100.0"), "calage.hors_page", "« prestataire_nom »"),
        (("decalage_y = 0.0", "decalage_y = -12.0"), "calage.hors_page", "« marque »"),
        (("nombre = 8", "nombre = 0"), "calage.valeur", "« nombre »"),
        (("taille = 9.0", 'taille = "9"'), "calage.valeur", "« taille »"),
        (('alignement = "centre"', 'alignement = "milieu"'), "calage.valeur", "« alignement » dans champs.duplicata"),
        (("largeur = 210.0", "larg = 210.0"), "calage.cle_inconnue", "« larg »"),
        (("[lignes]\ny = 160.0", "[lignes]"), "calage.cle_absente", "« y » manque dans lignes"),
        (("[champs]", "[champs"), "calage.illisible", "TOML"),
    ],
)
def test_a_calibration_that_would_print_less_or_wrong_is_refused(
    one: Duplicata, tmp_path: Path, change: tuple[str, str], code: str, said: str
) -> None:
    error = refused(tmp_path, one, change)
    assert (error.code, said in error.message) == (code, True), error.message
    assert not {"LEFEVRE", "1490675113000"} & set(str(error).split()), "nothing personal is told"


def test_a_calibration_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        rendu_duplicata(tmp_path / "rien.toml")
    assert (error.value.code, "il n'existe pas" in error.value.message) == ("calage.illisible", True)


# --- the form --------------------------------------------------------------------------------------------------------


def form(path: Path, size: str = "210mm 297mm") -> Path:
    """A form of ours, of two pages: there is no official one here."""
    page = f"<html><style>@page {{ size: {size} }}</style><body><p>FORMULAIRE<p style='break-before:page'>NOTICE"
    path.write_bytes(make_pdf(page, date(2026, 1, 1)))
    return path


def test_the_values_are_laid_on_the_first_page_of_the_form(one: Duplicata, tmp_path: Path) -> None:
    alone = rendu_duplicata(EXAMPLE)(one)
    laid = rendu_duplicata(EXAMPLE, form(tmp_path / "formulaire.pdf"))(one)
    (text,) = pages(laid)
    assert ("FORMULAIRE" in text, "NOTICE" in text, "TEST, sans valeur" in text) == (True, False, True)
    for wanted in ("VG", "MD", "40,00", "X"):
        here, there = word(alone, wanted), word(laid, wanted)
        assert abs(here.left - there.left) + abs(here.bottom - there.bottom) < NEAR
    assert facts(laid)["Page size"].endswith("(A4)")
    assert rendu_duplicata(EXAMPLE, tmp_path / "formulaire.pdf")(one) == laid, "the same bytes"


def test_a_form_laid_down_on_its_side_is_filled_as_it_is_seen(one: Duplicata, tmp_path: Path) -> None:
    writer = PdfWriter()
    lying = writer.add_page(PdfReader(form(tmp_path / "couche.pdf", "297mm 210mm")).pages[0])
    lying.rotate(90)
    writer.write(tmp_path / "tourne.pdf")
    laid = rendu_duplicata(EXAMPLE, tmp_path / "tourne.pdf")(one)
    assert abs(word(laid, "40,00").right - 198.0) < NEAR


def test_each_sheet_has_its_form(tmp_path: Path) -> None:
    acts = tuple(prestation(1000 * rank, amc=False) for rank in range(1, 12))
    one = duplicata_of(tmp_path, facture("V-1", destinataire="05", lignes=acts))
    told = pages(rendu_duplicata(EXAMPLE, form(tmp_path / "formulaire.pdf"))(one))
    assert ["FORMULAIRE" in text for text in told] == [True, True]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nrien", b"\x00" * 99])
def test_what_is_no_pdf_is_no_form(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "formulaire.pdf"
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        rendu_duplicata(EXAMPLE, path)
    assert error.value.code == "formulaire.illisible"


def test_a_form_of_another_size_is_not_the_one_that_was_measured(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        rendu_duplicata(EXAMPLE, form(tmp_path / "petit.pdf", "148mm 210mm"))
    assert (error.value.code, "148 mm sur 210" in error.value.message) == ("formulaire.dimensions", True)


def test_a_form_that_is_not_there_or_has_no_calibration(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        rendu_duplicata(EXAMPLE, tmp_path / "rien.pdf")
    assert error.value.code == "formulaire.absent"
    with pytest.raises(UsageError) as error:
        rendu_duplicata(None, form(tmp_path / "formulaire.pdf"))
    assert error.value.code == "calage.attendu"


# --- the documentation -----------------------------------------------------------------------------------------------


def test_the_page_for_vendors_names_every_value_and_every_key(tmp_path: Path) -> None:
    one = duplicata_of(tmp_path, facture("V-1"))
    page = (ROOT / "docs" / "duplicata.md").read_text(encoding="utf-8")
    known = {*valeurs(one), *valeurs_ligne(one, one.facture.prestations[0]), "feuille"}
    keys = {each.name for kind in (Calage, Place, Colonne, Case, Lignes) for each in fields(kind)} - {"lieu"}
    assert {name for name in known | keys if f"`{name}`" not in page} == set()
