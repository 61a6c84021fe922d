"""The norm as data, proved without the engine: `schemas/layouts`, and the lists they name, read without `fse`.

Nothing of `fse` is imported: a vendor who writes no Python edits these files, and what is wrong must show here first.
The positions are compared with those that `tests/oracles` retypes on its own.
"""

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.oracles.positions import B2, Position
from tests.oracles.positions_noemie import NOEMIE
from tests.oracles.positions_noemie import PERSONAL as PERSONAL_NOEMIE

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
LAYOUTS = SCHEMAS / "layouts"
CODES = SCHEMAS / "codes"

CONFIDENCE = {"3src", "2src", "1src", "deduit", "memoire", "choix"}
NUMERIC = {"chiffres", "entier", "montant", "decimal", "date"}
GENRES = NUMERIC | {"texte", "code", "signe", "blanc"}
FIELD_KEYS = {
    *("nom", "debut", "fin", "longueur", "genre", "presence", "libelle", "constante", "defaut", "zeros", "table"),
    *("signe_de", "decimales", "cadrage", "personnel", "source", "confiance"),
}
PERSONAL = {"nir", "cle_nir", "numero_adherent", "date_naissance"}.union(*PERSONAL_NOEMIE.values())


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _records(edition: str) -> dict[str, dict[str, Any]]:
    """Records of an edition by the name of their file, blocks included, each field with its source and confidence."""
    folder = LAYOUTS / edition
    blocks = _toml(folder / "blocs.toml") if (folder / "blocs.toml").exists() else {}
    records = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem in ("famille", "blocs"):
            continue
        record = _toml(path)
        provenance = {key: record[key] for key in ("source", "confiance") if key in record}
        entries: list[dict[str, Any]] = []
        for entry in record["champs"]:
            entries.extend(blocks[entry["bloc"]]["champs"] if "bloc" in entry else [entry])
        records[path.stem] = record | {"champs": [provenance | entry for entry in entries]}
    return records


EDITIONS = sorted(str(path.parent.relative_to(LAYOUTS).as_posix()) for path in LAYOUTS.glob("*/*/famille.toml"))
RECORDS = {f"{edition}/{name}": record for edition in EDITIONS for name, record in _records(edition).items()}

each_record = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
each_edition = pytest.mark.parametrize("edition", EDITIONS)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("edition", "positions"), [("b2/ps-2003", B2), ("noemie/ps-2007", NOEMIE)])
def test_fields_stand_where_the_norm_prints_them(edition: str, positions: dict[str, list[Position]]) -> None:
    layouts = {
        name: [(field["nom"], field["debut"], field["fin"]) for field in record["champs"]]
        for name, record in _records(edition).items()
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


@pytest.mark.parametrize("place", RECORDS)
def test_a_record_names_itself_and_its_fields_once(place: str) -> None:
    record = RECORDS[place]
    names = [field["nom"] for field in record["champs"]]
    assert len(set(names)) == len(names)
    assert record["type"] == record["champs"][0]["constante"] == place.rsplit("/", 1)[1]
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
        if "table" in field:
            assert field["genre"] in ("code", "signe"), field["nom"]
            codes = _codes(field["table"])
            assert all(1 <= len(code) <= field["longueur"] for code in codes), field["nom"]
            assert "defaut" not in field or field["defaut"] in codes, field["nom"]


@each_edition
def test_a_manifest_names_only_records_and_fields_of_its_edition(edition: str) -> None:
    manifest, records = _toml(LAYOUTS / edition / "famille.toml"), _records(edition)
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
            assert _holds(condition, fields[name].get("constante") or fields[name]["defaut"]), (
                "our own files must match"
            )


@each_edition
def test_a_type_is_told_by_the_first_rule_that_gives_a_known_one(edition: str) -> None:
    manifest, records = _toml(LAYOUTS / edition / "famille.toml"), _records(edition)
    for type in records:
        record = type.ljust(128)
        candidates = []
        for rule in manifest["discriminants"]:
            debut, fin = rule["prefixe"]
            letter = record[rule["lettre"] - 1].strip() if "lettre" in rule else ""
            if "lettre" not in rule or (letter and record[debut - 1 : fin] in rule["parmi"]):
                candidates.append(record[debut - 1 : fin] + letter)
        assert next(candidate for candidate in candidates if candidate in records) == type


@each_edition
def test_the_framing_agrees_with_the_records(edition: str) -> None:
    manifest, records = _toml(LAYOUTS / edition / "famille.toml"), _records(edition)
    envelopes = {manifest["tete"], manifest["pied"]}
    assert all(records[type]["longueur"] == manifest["longueur"] for type in envelopes)
    if manifest["cadrage"] == "fixe":
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


@each_edition
def test_the_envelope_is_what_every_head_writes(edition: str) -> None:
    envelope = _toml(LAYOUTS / "enveloppe.toml")
    head = _records(edition)[_toml(LAYOUTS / edition / "famille.toml")["tete"]]
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
