"""The norm as data, proved without the engine: `schemas/layouts`, and the lists they name, read without `fse`.

Nothing of `fse` is imported: a vendor who writes no Python edits these files, and what is wrong must show here first.
The positions are compared with those that `tests/oracles` retypes on its own.
"""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.each import each
from tests.oracles.positions import Position
from tests.oracles.positions_arl import ARL
from tests.oracles.positions_b2 import B2_EDITIONS, PARENTS
from tests.oracles.positions_b2 import PERSONAL as PERSONAL_B2
from tests.oracles.positions_cfonb import CFONB
from tests.oracles.positions_cfonb import PERSONAL as PERSONAL_CFONB
from tests.oracles.positions_noemie import NOEMIE
from tests.oracles.positions_noemie import PERSONAL as PERSONAL_NOEMIE
from tests.schemas.documents import (
    LAYOUTS,
    blocks_of,
    manifest_of,
    own,
    parent_of,
    raw_records_of,
    read_toml,
    records_of,
)

CODES = LAYOUTS.parent / "codes"

CONFIDENCE = {"3src", "2src", "1src", "deduit", "memoire", "choix"}
NUMERIC = {"chiffres", "entier", "montant", "decimal", "date", "jour"}
GENRES = NUMERIC | {"texte", "code", "signe", "blanc", "montant_signe"}
FIELD_KEYS = {
    *("nom", "debut", "fin", "longueur", "genre", "presence", "libelle", "constante", "defaut", "zeros", "table"),
    *("signe_de", "decimales", "decimales_de", "cadrage", "personnel", "source", "confiance", "ouverte"),
}
PERSONAL = PERSONAL_B2.union(PERSONAL_CFONB, *PERSONAL_NOEMIE.values())
POSITIONS = {"arl/fse-2026": ARL, "cfonb/cfonb120": CFONB, "noemie/ps-2007": NOEMIE} | {
    f"b2/{edition}": tables for edition, tables in B2_EDITIONS.items()
}


EDITIONS = sorted(str(path.parent.relative_to(LAYOUTS).as_posix()) for path in LAYOUTS.glob("*/*/famille.toml"))
RECORDS = {f"{edition}/{name}": record for edition in EDITIONS for name, record in records_of(edition).items()}

each_record = each("record", RECORDS)
each_edition = pytest.mark.parametrize("edition", EDITIONS)
ENVELOPED = [edition for edition in EDITIONS if manifest_of(edition)["cadrage"] != "lignes"]
"""Those whose files have the envelope of these norms: a bank statement has none."""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_edition_is_compared_with_positions_retyped_by_hand() -> None:
    assert set(POSITIONS) == set(EDITIONS)
    assert {f"b2/{heir}": f"b2/{parent}" for heir, parent in PARENTS.items()} == {
        edition: parent_of(edition) for edition in EDITIONS if parent_of(edition)
    }


@pytest.mark.parametrize(("edition", "positions"), POSITIONS.items(), ids=POSITIONS)
def test_fields_stand_where_the_norm_prints_them(edition: str, positions: dict[str, list[Position]]) -> None:
    layouts = {
        name: [(field["nom"], field["debut"], field["fin"]) for field in record["champs"]]
        for name, record in records_of(edition).items()
    }
    assert layouts == positions


@each_record
def test_fields_touch_and_sum_to_the_declared_length(record: dict[str, Any]) -> None:
    following = 1
    for field in record["champs"]:
        assert field["debut"] == following, field["nom"]
        assert field["fin"] - field["debut"] + 1 == field["longueur"] > 0, field["nom"]
        following = field["fin"] + 1
    assert following - 1 == record["longueur"] == sum(field["longueur"] for field in record["champs"])


@each("place", {place: place for place in RECORDS})
def test_a_record_names_itself_and_its_fields_once(place: str) -> None:
    record = RECORDS[place]
    names = [field["nom"] for field in record["champs"]]
    assert len(set(names)) == len(names)
    letters = [field["constante"].strip() for field in record["champs"] if field["nom"] == "sous_type"]
    assert record["type"] == record["champs"][0]["constante"] + "".join(letters) == place.rsplit("/", 1)[1]
    _prove_provenance(record)


@each_record
def test_a_sign_names_an_amount_of_its_record(record: dict[str, Any]) -> None:
    genres = {field["nom"]: field["genre"] for field in record["champs"]}
    for field in record["champs"]:
        assert (field["genre"] == "signe") == ("signe_de" in field), field["nom"]
        assert "signe_de" not in field or genres[field["signe_de"]] == "montant", field["nom"]


@each_record
def test_fields_are_well_formed(record: dict[str, Any]) -> None:
    for field in record["champs"]:
        nom, genre = field["nom"], field["genre"]
        _prove_provenance(field)
        assert set(field) <= FIELD_KEYS, nom
        assert re.fullmatch(r"[a-z][a-z0-9_]*", nom)
        assert genre in GENRES, nom
        assert field.get("presence", "O") in ("O", "F"), nom
        assert (genre == "blanc") == nom.startswith("blanc_"), nom
        assert genre != "blanc" or nom == f"blanc_{field['debut']}", nom
        assert (genre == "decimal") == ("decimales" in field), nom
        assert "zeros" not in field or (genre in NUMERIC and field["zeros"] in ("absent", "0")), nom
        assert "cadrage" not in field or (genre == "texte" and field["cadrage"] == "droite"), nom
        assert field.get("personnel", False) == (nom in PERSONAL), nom


@each_record
def test_a_constant_or_a_default_fits_its_field(record: dict[str, Any]) -> None:
    for field in record["champs"]:
        texts = [field[key] for key in ("constante", "defaut") if key in field]
        assert len(texts) <= 1, field["nom"]
        for text in texts:
            assert len(text) == field["longueur"], field["nom"]
            assert re.fullmatch(r"[A-Z0-9 @]*", text), field["nom"]
            assert field["genre"] not in NUMERIC or re.fullmatch(r"[0-9]+", text), field["nom"]


@each_record
def test_what_stands_in_an_optional_number_left_out_is_said(record: dict[str, Any]) -> None:
    for field in record["champs"]:
        if field["genre"] in NUMERIC and field.get("presence") == "F":
            assert "zeros" in field or "defaut" in field, field["nom"]


@each_record
def test_a_table_exists_and_knows_the_default(record: dict[str, Any]) -> None:
    for field in record["champs"]:
        assert "ouverte" not in field or (field["ouverte"] is True and "table" in field), field["nom"]
        if "table" in field:
            assert field["genre"] in ("code", "signe", "chiffres"), field["nom"]
            codes = _codes(field["table"])
            assert all(1 <= len(code) <= field["longueur"] for code in codes), field["nom"]
            assert "defaut" not in field or field["defaut"] in codes, field["nom"]


@each_edition
def test_a_manifest_names_only_records_and_fields_of_its_edition(edition: str) -> None:
    manifest, records = manifest_of(edition), records_of(edition)
    assert edition == f"{manifest['famille']}/{manifest['edition']}"
    _prove_provenance(manifest)
    assert set(manifest["parents"]) == set(records) - {manifest["tete"]}
    assert set(manifest["succession"]) == set(records)
    assert {type for types in manifest["parents"].values() for type in types} <= set(records)
    assert {type for types in manifest["succession"].values() for type in types} == set(records) - {manifest["tete"]}
    assert manifest["succession"][manifest["pied"]] == []
    lot = dict(manifest.get("reconnaissance_lot", {}))
    for type, conditions in ((manifest["tete"], manifest["reconnaissance"]), (lot.pop("type", manifest["tete"]), lot)):
        fields = {field["nom"]: field for field in records[type]["champs"]}
        for name, condition in conditions.items():
            assert len(condition) == 1
            if edition not in ENVELOPED:
                assert name in fields
                continue
            assert _holds(condition, fields[name].get("constante") or fields[name]["defaut"]), (
                "our own files must match"
            )


@each_edition
def test_details_count_with_a_number_and_follow_a_date_of_their_record(edition: str) -> None:
    manifest, records = manifest_of(edition), records_of(edition)
    for type, detail in manifest.get("details", {}).items():
        genres = {field["nom"]: field["genre"] for field in records[type]["champs"]}
        widths = {field["nom"]: field["longueur"] for field in records[type]["champs"]}
        assert manifest["parents"][type]
        assert set(detail) <= {"maximum", "numero", "croissant"}
        assert detail["maximum"] > 0
        assert genres[detail.get("numero", "type")] in ("entier", "chiffres", "code")
        assert "croissant" not in detail or genres[detail["croissant"]] == "date"
        assert "numero" not in detail or detail["maximum"] < 10 ** widths[detail["numero"]]


@each_edition
def test_controls_add_up_amounts_of_records_of_the_edition(edition: str) -> None:
    """Every count and total of a trailer of the norm B2 is controlled, but what no source defines (`UNDEFINED`)."""
    manifest, records = manifest_of(edition), records_of(edition)
    for type, control in manifest.get("controles", {}).items():
        genres = {field["nom"]: field["genre"] for field in records[type]["champs"]}
        nombres, sommes = control["nombres"], control.get("sommes", {})
        assert control["ouvre"] in records
        assert all(genres[name] == "entier" for name in nombres)
        assert all(genres[name] == "montant" for name in sommes)
        patterns = [pattern for types in nombres.values() for pattern in types]
        assert all(pattern in records or pattern[:-1] in ("", *records) for pattern in patterns)
        for term in (term for terms in sommes.values() for term in terms):
            counted, name = term.removeprefix("-").split(".")
            assert next(field["genre"] for field in records[counted]["champs"] if field["nom"] == name) == "montant"
        announced = {name for name, genre in genres.items() if genre == "montant" or name.startswith("nombre_")}
        assert announced - set(nombres) - set(sommes) == (UNDEFINED if (edition[:5], type) == ("b2/cp", "5") else set())
    assert set(manifest.get("controles", {})) == CONTROLLED[manifest["famille"]]


CONTROLLED: dict[str, set[str]] = {"b2": {"5", "6", "999"}, "arl": {"999"}, "cfonb": set(), "noemie": set()}
"""The trailers that the manifest controls, by family."""

UNDEFINED = {"part_assure"}


@pytest.mark.parametrize("edition", [edition for edition in EDITIONS if parent_of(edition)])
def test_an_heir_states_differences_only(edition: str) -> None:
    parent = parent_of(edition)
    assert parent is not None
    manifest, blocks, records = own(edition)
    inherited = {**manifest_of(parent), "retire": []}
    assert {key for key, value in manifest.items() if inherited.get(key) == value} <= {"famille", "source", "confiance"}
    assert set(manifest.get("retire", ())) <= set(raw_records_of(parent))
    assert not {name for name, block in blocks.items() if blocks_of(parent).get(name) == block}
    assert not {name for name in records if records_of(parent).get(name) == records_of(edition)[name]}
    entries = [entry for record in raw_records_of(edition).values() for entry in record["champs"]]
    assert set(blocks) <= {entry["bloc"] for entry in entries if "bloc" in entry}


@each_edition
def test_a_type_is_told_by_the_first_rule_that_gives_a_known_one(edition: str) -> None:
    manifest, records = manifest_of(edition), records_of(edition)
    for type in records:
        fields = records[type]["champs"]
        record = "".join(field.get("constante", " " * field["longueur"]) for field in fields)
        candidates = []
        for rule in manifest["discriminants"]:
            debut, fin = rule["prefixe"]
            letter = record[rule["lettre"] - 1].strip() if "lettre" in rule else ""
            if "lettre" not in rule or (letter and record[debut - 1 : fin] in rule["parmi"]):
                candidates.append(record[debut - 1 : fin] + letter)
        assert next(candidate for candidate in candidates if candidate in records) == type


@each_edition
def test_the_framing_agrees_with_the_records(edition: str) -> None:
    manifest, records = manifest_of(edition), records_of(edition)
    envelopes = {manifest["tete"], manifest["pied"]}
    assert all(records[type]["longueur"] == manifest["longueur"] for type in envelopes)
    if manifest["cadrage"] in ("fixe", "lignes"):
        assert manifest["structure"] == "etablie"
        assert {record["longueur"] for record in records.values()} == {manifest["longueur"]}
    else:
        assert manifest["cadrage"] == "flux"
        assert manifest["structure"] == "supposee"
        for type in set(records) - envelopes:
            head, level, *_, last = records[type]["champs"]
            assert (head["nom"], level["nom"], last["nom"]) == ("type", "niveau", "terminateur")
            assert last["constante"] == manifest["flux"]["terminateur"]
            assert re.fullmatch(r"[0-9]{2}", level["defaut"])


@pytest.mark.parametrize("edition", ENVELOPED)
def test_the_envelope_is_what_every_head_writes(edition: str) -> None:
    envelope = read_toml(LAYOUTS / "enveloppe.toml")
    head = records_of(edition)[manifest_of(edition)["tete"]]
    assert envelope["longueur"] == head["longueur"]
    spans = {(field["debut"], field["fin"]): field for field in head["champs"]}
    for condition in envelope["conditions"]:
        field = spans[condition["debut"], condition["fin"]]
        written = [field["constante"]] if "constante" in field else _codes(field["table"])
        assert all(re.fullmatch(condition["motif"], text) for text in written)


def _codes(table: str) -> list[str]:
    return [row["code"] for row in _rows(CODES / f"{table}.csv")]


def _holds(condition: dict[str, Any], text: str) -> bool:
    text = text.rstrip(" ")
    if "motif" in condition:
        return re.fullmatch(condition["motif"], text) is not None
    return text in condition["parmi"] if "parmi" in condition else text not in condition["sauf"]


def _prove_provenance(entry: dict[str, Any]) -> None:
    assert entry["libelle"].strip(), entry
    assert entry["source"].strip(), entry
    assert entry["confiance"] in CONFIDENCE, entry
    assert (entry["source"] == "notre choix") == (entry["confiance"] == "choix"), entry
