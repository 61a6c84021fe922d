"""The inputs of the cases are what their recipes say, and what is expected of them holds by the oracles alone.

Records, offsets, texts, amounts, counts and sums are redone here from positions retyped by hand (`tests/oracles`): an
expectation copied from the product would show.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.conformance.cases import Case, load_cases
from tests.conformance.make_cases import made
from tests.conformance.reading import read_file
from tests.conformance.recipes import entity_offsets, make
from tests.each import each
from tests.oracles import arl_oracle, b2_oracle, keys, noemie_oracle
from tests.oracles.positions_arl import ARL

CASES = load_cases()
MADE = {case.name: case for case in CASES if case.entree}
CONTROLS = re.compile(r"arl\.nombre|b2\.(nombre|somme)_.*|noemie\.(nombre|somme|niveau)(_suppose)?")


FILES = {f"{case.name}/{expected['fichier']}": (case, expected) for case in CASES for expected in case.lire}
"""Each file of each case, with what is expected of reading it."""


def entities_of(case: Case, fichier: str) -> list[bytes] | None:
    """The records or entities of the first logical file, by the oracles; `None` when they cannot cut it."""
    data = case.bytes_of(fichier)
    try:
        if fichier.endswith((".b2", ".arl")):
            records = b2_oracle.records(data)
            if any(set(record) & set(b"\r\n") for record in records):
                return None
            return records[: [record[:3] for record in records].index(b"999") + 1]
        return noemie_oracle.logical_files(noemie_oracle.unwrap(data))[0]
    except (ValueError, IndexError):
        return None


def family_of(fichier: str) -> str:
    return {".b2": "b2", ".arl": "arl"}.get(fichier[fichier.rindex(".") :], "noemie")


def type_of(fichier: str, entity: bytes) -> str:
    return b2_oracle.record_type(entity) if fichier.endswith(".b2") else noemie_oracle.entity_type(entity)


def oracle_of(fichier: str) -> Any:
    """The function of the oracles that finds what is announced wrong in a file of this family."""
    wrong = {"b2": b2_oracle.wrong_totals, "arl": arl_oracle.wrong_counts, "noemie": noemie_oracle.wrong_controls}
    return wrong[family_of(fichier)]


def cut(fichier: str, entities: list[bytes], entity: bytes) -> dict[str, str]:
    """The fields of one of these entities; a B2 file says by its first two records which edition it follows.

    None of a record whose type that edition does not have.
    """
    if fichier.endswith(".arl"):
        return arl_oracle.cut(entity) if arl_oracle.record_type(entity) in ARL else {}
    if not fichier.endswith(".b2"):
        return noemie_oracle.cut(entity)
    edition = b2_oracle.edition_of(entities)
    return b2_oracle.cut(entity, edition) if b2_oracle.is_known(b2_oracle.record_type(entity), edition) else {}


@each("case", MADE)
def test_the_files_are_what_their_recipes_give(case: Case) -> None:
    """When this fails after a recipe changed: `python -m tests.conformance.make_cases`."""
    assert {path: path.read_bytes() for path in made(case)} == made(case)


def test_every_file_of_a_case_is_told_and_expected() -> None:
    for case in CASES:
        told = {recipe["fichier"] for recipe in case.entree}
        present = {path.name for path in case.folder.iterdir()}
        assert told <= present, case.name
        unread = present - {one["fichier"] for one in case.lire}
        assert {name for name in unread if not name.endswith((".p7s", ".toml"))} == set(), case.name


@each("case, expected", FILES)
def test_the_oracles_cut_every_sound_file(case: Case, expected: Any) -> None:
    """So no test below passes by seeing nothing."""
    if case.nature == "positif":
        assert entities_of(case, expected["fichier"]) is not None


@each("case, expected", FILES)
def test_expected_types_and_values_hold_by_the_oracles(case: Case, expected: Any) -> None:
    fichier = expected["fichier"]
    entities = entities_of(case, fichier)
    if entities is None or len(expected.get("fichiers", ())) > 1:
        return
    kinds = [type_of(fichier, entity) for entity in entities]
    if "enregistrements" in expected:
        assert Counter(kinds) == expected["enregistrements"]
    for values in expected.get("valeurs", ()):
        texts = cut(fichier, entities, entities[values["rang"] - 1])
        assert kinds[values["rang"] - 1] == values["type"]
        for name, value in values.items():
            if name not in ("rang", "type"):
                sign = texts.get("signe_" + name.removeprefix("montant_"), "P")
                assert says(texts[name], sign, value), (
                    f"rang {values['rang']}, {name}: {texts[name]!r} is not {value!r}"
                )


def says(text: str, sign: str, value: Any) -> bool:
    """True when this text of the file means this value: unlike the product, by the plainest reading there is."""
    if isinstance(value, int):
        return text.isdigit() and int(text) * (-1 if sign == "N" else 1) == value
    if isinstance(value, date):
        return text == f"{value.year % 100:02d}{value.month:02d}{value.day:02d}"
    if re.fullmatch(r"\d+\.\d\d", value):
        return int(text) == int(value.replace(".", ""))
    return value in (text.rstrip(" "), text.lstrip("0"))


@each("case, expected", FILES)
def test_findings_are_expected_where_the_record_stands(case: Case, expected: Any) -> None:
    data = case.bytes_of(expected["fichier"])
    try:
        places = entity_offsets(family_of(expected["fichier"]), data)
    except (ValueError, IndexError):
        return
    for constat in expected.get("constats", ()):
        if "rang" in constat and "octet" in constat:
            octet, entity = places[constat["rang"] - 1]
            assert constat["octet"] == octet
            assert constat["type"] == type_of(expected["fichier"], entity)


@each("case, expected", FILES)
def test_lire_cuts_records_and_fields_as_the_oracles_do(case: Case, expected: Any) -> None:
    fichier = expected["fichier"]
    try:
        places = entity_offsets(family_of(fichier), case.bytes_of(fichier))
    except (ValueError, IndexError):
        return
    reading = read_file(case.folder / fichier)
    if any(end["edition"] is None for end in reading.ends):
        return
    rows = reading.rows
    assert [(row["octet"], row["rang"]) for row in rows] == [
        (octet, rank) for rank, (octet, _) in enumerate(places, start=1)
    ] or len(reading.ends) > 1
    entities = [entity for _, entity in places]
    for row, entity in zip(rows, entities, strict=True):
        texts = {champ["nom"]: champ["brut"] for champ in row["champs"]}
        assert "".join(texts.values()).encode("latin-1") == entity
        assert row["type"] == type_of(fichier, entity)
        if "inconnu" not in texts:
            assert texts == cut(fichier, entities, entity)


@each("case, expected", FILES)
def test_wrong_counts_and_sums_are_expected_and_no_others(case: Case, expected: Any) -> None:
    """What the oracles find wrong names the type of a record where a finding of counts or sums is expected."""
    fichier = expected["fichier"]
    oracle = oracle_of(fichier)
    if entities_of(case, fichier) is None or len(expected.get("fichiers", ())) > 1 or case.name == BLANK_LOT:
        return
    try:
        wrong = {line.split(".")[0].split(" ")[0] for line in oracle(case.bytes_of(fichier))}
    except ValueError:
        return
    found = [one for one in expected.get("constats", ()) if CONTROLS.fullmatch(one["code"])]
    assert wrong <= {one["type"] for one in found}
    if found and not any(one["code"] in UNSEEN for one in expected["constats"]):
        assert wrong


BLANK_LOT = "noemie/numerique-blanc"
"""The oracle takes a blank lot number for a lot; the catalogue says that blanks are read as absent (`cas.toml`)."""

UNSEEN = {"structure.type_inconnu"}
"""What the product cannot read and the oracle can: the sums that it leaves out are right for the oracle."""


@each("case, expected", FILES)
def test_everybody_in_the_files_is_nobody(case: Case, expected: Any) -> None:
    """Prestataires in 00, NIR of order number 000, with right keys but where a wrong one is expected (decision 11)."""
    fichier = expected["fichier"]
    wrong = {one.get("champ") for one in expected.get("constats", ()) if one["code"] == "champ.numero_faux"}
    entities = entities_of(case, fichier) or []
    for entity in entities:
        kind, texts = type_of(fichier, entity), cut(fichier, entities, entity)
        for nir, key in NIRS:
            if texts.get(nir, "").strip(" 0"):
                assert texts[nir][10:] == "000"
                assert texts[key] == keys.nir_key(texts[nir]) or nir in wrong
        for name in PEOPLE & set(texts):
            number = texts[name].strip()[-9:]
            if number.strip("0"):
                assert number[:2] == "00", f"{kind}.{name}"
                assert number == keys.number_with_key(number[:8]) or name in wrong, f"{kind}.{name}"
        for name in NAMES & set(texts) if fichier.endswith(".b2") else ():
            assert texts[name].strip() in ("", "ESSAI"), f"{kind}.{name}"
        for name in RPPS & set(texts):
            assert texts[name].startswith("00"), f"{kind}.{name}"


NIRS = (("nir", "cle_nir"), ("nir_individuel", "cle_nir_individuel"))
"""Fields that hold a NIR, and those of their keys, in the oracles' tables."""

PEOPLE = {
    *("prestataire", "executant", "prescripteur", "remplacant", "lieu_execution", "beneficiaire_reglement"),
    *("mandataire", "medecin_traitant"),
}
"""Fields that name a professional, in the oracles' tables; the last nine characters of the longer ones."""

NAMES = {"nom", "nom_assure", "nom_conducteur", "nom_accompagnateur", "nom_medecin_traitant"}
RPPS = {"rpps_prescripteur", "rpps_executant"}


@each("case, expected", FILES)
def test_files_carry_the_mark_that_the_case_says(case: Case, expected: Any) -> None:
    """T or D; the cases of a real flow carry its mark, say that they are synthetic, and are the only ones."""
    fichier = expected["fichier"]
    entities = entities_of(case, fichier) or []
    carrier = carrier_of_the_mark(fichier, entities)
    marks = {cut(fichier, entities, entity)["marque"] for entity in entities if type_of(fichier, entity) == carrier}
    if marks & {" ", "R"}:
        assert "synthétique" in tomllib.loads((case.folder / "cas.toml").read_text(encoding="utf-8"))["histoire"]
    assert marks <= {{"à blanc": " "}.get(case.marque, case.marque)}


def carrier_of_the_mark(fichier: str, entities: list[bytes]) -> str:
    """The type that says it: every invoice, or in the norm CP every end of a lot."""
    if not fichier.endswith(".b2"):
        return "000"
    return "6" if entities and b2_oracle.edition_of(entities).startswith("cp-") else "2"


def test_a_recipe_that_says_nothing_clear_is_refused() -> None:
    folder = next(case.folder for case in CASES if case.famille == "b2")
    for recipe in (
        {"fichier": "f"},
        {"fichier": "f", "brut": "", "reprend": []},
        {"fichier": "f", "brut": "", "inconnu": 1},
        {"fichier": "f", "enregistrements": [{"type": "4", "quantite": 100}]},
        {"fichier": "f", "enregistrements": [{"type": "4", "quantite": -1}]},
        {"fichier": "f", "enregistrements": [{"type": "4", "inconnu": 1}]},
        {"fichier": "f", "brut": "abc", "octets": [{"en": 1, "retire": 1, "insere": "x"}]},
    ):
        with pytest.raises(ValueError, match=r"."):
            make(folder, recipe)
