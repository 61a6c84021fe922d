"""`fse convertir`: tables that say what the file says, whole or not at all, without personal data unless asked."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import fse
from fse.app.cli import root, run
from fse.app.operations.convertir import Conversion
from fse.base.errors import StorageError, UnreadableError, UsageError
from fse.norm.layout import EntityRow, read
from tests.norm.layout.rebuilding import in_chunks
from tests.norm.layout.samples import DAY, b2_facture, b2_file, b2_lot, noemie_file

FILES = {"b2": b2_file(), "noemie": noemie_file()}
NIR, BIRTH, MEMBER = "2951099126000", "951301", "ADH123"


def convert(data: bytes, sortie: Path, **options: bool) -> Conversion:
    return fse.convertir(lambda: in_chunks(data, 1000), sortie, **options)


def tables_in(folder: Path) -> dict[str, Any]:
    """Each table read back, by its path in the folder."""
    return {path.relative_to(folder).as_posix(): pq.read_table(path) for path in sorted(folder.rglob("*.parquet"))}


def command(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """`fse convertir …` in this process; `return_value` is the exit status."""
    result = CliRunner().invoke(root, ["convertir", *map(str, arguments)], input=stdin, standalone_mode=False)
    assert result.exception is None, result.exception
    return result


@pytest.mark.parametrize("name", FILES)
def test_every_value_of_the_file_is_in_a_table(name: str, tmp_path: Path) -> None:
    conversion = convert(FILES[name], tmp_path / "f.parquet", en_clair=True)
    tables = {path: table.to_pylist() for path, table in tables_in(tmp_path / "f.parquet").items()}
    assert list(tables) == [table.chemin for table in conversion.tables]
    assert [len(table) for table in tables.values()] == [table.lignes for table in conversion.tables]
    folder = {"b2": "b2-ps-2003", "noemie": "noemie-ps-2007"}[name]
    rows = [item for item in read([FILES[name]]) if isinstance(item, EntityRow)]
    assert sum(len(table) for table in tables.values()) == len(rows)
    for row in rows:
        found = next(one for one in tables[f"{folder}/{row.type}.parquet"] if one["rang"] == row.rang)
        assert (found["fichier"], found["rang_parent"], found["octet"]) == (1, row.rang_parent, row.octet)
        assert row.layout is not None
        for field in row.layout.champs:
            if not (field.is_filler or field.nom in ("type", "niveau", "terminateur")):
                assert found[field.nom] == row.valeurs[field.nom], (row.type, field.nom)


def test_amounts_are_signed_centimes_and_dates_are_dates(tmp_path: Path) -> None:
    convert(FILES["noemie"], tmp_path / "f")
    parts = pq.read_table(tmp_path / "f" / "noemie-ps-2007" / "198.parquet")
    assert str(parts.schema.field("montant_rembourse").type) == "int64"
    assert parts["montant_rembourse"].to_pylist() == [1855, 1000, -500]
    head = pq.read_table(tmp_path / "f" / "noemie-ps-2007" / "000.parquet")
    assert head["date_creation"].to_pylist() == [date(DAY.year, DAY.month, DAY.day)]


def test_tables_say_where_they_come_from(tmp_path: Path) -> None:
    convert(FILES["noemie"], tmp_path / "f")
    schema = pq.read_schema(tmp_path / "f" / "noemie-ps-2007" / "198.parquet")
    assert schema.metadata[b"famille"] == b"noemie"
    assert schema.metadata[b"edition"] == b"ps-2007"
    assert schema.metadata[b"source"]
    amount = schema.field("montant_rembourse").metadata
    assert amount[b"libelle"].decode() == "Montant payé"
    assert (amount[b"unite"], amount[b"positions"]) == (b"centime", b"15-22")


def test_personal_columns_are_left_out_unless_asked(tmp_path: Path) -> None:
    masked = convert(FILES["b2"], tmp_path / "masked")
    clear = convert(FILES["b2"], tmp_path / "clear", en_clair=True)
    personal = {"nir", "cle_nir", "accident", "date_naissance", "numero_adherent"}
    assert {name for table in masked.tables for name in table.laissees} == personal
    assert all(table.laissees == () for table in clear.tables)
    for path in (tmp_path / "masked").rglob("*.parquet"):
        content = pq.read_table(path)
        assert not personal & set(content.schema.names)
        assert not any(secret in str(content.to_pylist()) for secret in (NIR, BIRTH, MEMBER))
    head = pq.read_table(tmp_path / "clear" / "b2-ps-2003" / "2.parquet").to_pylist()[0]
    assert (head["nir"], head["date_naissance"], head["numero_adherent"]) == (NIR, BIRTH, MEMBER)


def test_a_container_of_two_editions_makes_two_folders(tmp_path: Path) -> None:
    conversion = convert(FILES["b2"] + FILES["noemie"], tmp_path / "f")
    assert sorted(path.name for path in (tmp_path / "f").iterdir()) == ["b2-ps-2003", "noemie-ps-2007"]
    assert pq.read_table(tmp_path / "f" / "noemie-ps-2007" / "000.parquet")["fichier"].to_pylist() == [2]
    assert [group.premier.code for group in conversion.constats] == ["cadrage.fichiers_concatenes"]


def test_many_rows_are_written_in_several_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fse.app.operations.convertir._MOST_WAITING", 1)
    conversion = convert(b2_file(b2_lot(1, [b2_facture(1, 500)])), tmp_path / "f")
    path = tmp_path / "f" / "b2-ps-2003" / "4.parquet"
    assert pq.read_table(path).num_rows == 500
    assert {table.type: table.lignes for table in conversion.tables}["4"] == 500


# --- what does not read ----------------------------------------------------------------------------------------------


def test_findings_are_counted_by_code_and_field(tmp_path: Path) -> None:
    data = bytearray(b2_file(b2_lot(1, [b2_facture(1, 30)])))
    for line in range(3, 33):
        data[line * 128 + 67 : line * 128 + 73] = b"990231"
    conversion = convert(bytes(data), tmp_path / "f")
    (group,) = [group for group in conversion.constats if group.premier.code == "champ.date_impossible"]
    assert (group.nombre, group.premier.place.rang, conversion.status) == (30, 4, 1)
    values = pq.read_table(tmp_path / "f" / "b2-ps-2003" / "4.parquet")[group.premier.place.champ or ""]
    assert values.null_count == 30


def test_a_content_that_is_not_regular_is_converted_all_the_same(tmp_path: Path) -> None:
    data = b"\r\n".join(in_chunks(FILES["b2"], 128))
    conversion = convert(data, tmp_path / "f")
    assert conversion.relais == 0
    assert [group.premier.code for group in conversion.constats] == ["cadrage.fins_de_ligne"]
    assert sum(table.lignes for table in conversion.tables) == len(FILES["b2"]) // 128


def test_records_that_no_layout_reads_are_counted(tmp_path: Path) -> None:
    data = FILES["b2"].replace(b2_facture(1)[1][:9], b"8" + b2_facture(1)[1][1:9], 1)
    conversion = convert(data, tmp_path / "f")
    assert conversion.inconnues == 1
    assert "1 enregistrement inconnu" in command("-", "--sortie", tmp_path / "g", stdin=data).output


def test_nothing_is_written_of_an_edition_that_is_not_known(tmp_path: Path) -> None:
    data = FILES["b2"][: FILES["b2"].index(b"B2")] + b"ZZ" + FILES["b2"][FILES["b2"].index(b"B2") + 2 :]
    result = command("-", "--sortie", tmp_path / "f", stdin=data)
    assert result.return_value == 1
    assert "rien n'est écrit" in result.output
    assert list(tmp_path.iterdir()) == []


# --- whole or not at all ---------------------------------------------------------------------------------------------


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("à moi")
    with pytest.raises(UsageError) as refusal:
        convert(FILES["b2"], tmp_path / "f")
    assert refusal.value.code == "sortie.existe"
    assert (tmp_path / "f").read_text() == "à moi"


def test_nothing_is_left_of_a_reading_that_fails(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield FILES["b2"][:128]
        yield b"".join(b2_lot(1, [b2_facture(1, 100)])) * 1200
        assert (tmp_path / ".f.tmp").is_dir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fse.convertir(failing, tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".f.tmp" / "b2-ps-2003").mkdir(parents=True)
    (tmp_path / ".f.tmp" / "b2-ps-2003" / "9.parquet").write_bytes(b"PAR1")
    convert(FILES["b2"], tmp_path / "f")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert "b2-ps-2003/9.parquet" not in tables_in(tmp_path / "f")


def test_a_disk_that_refuses_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError) as refusal:
        convert(FILES["b2"], tmp_path / "file" / "f")
    assert refusal.value.code == "sortie.impossible"


def test_what_is_not_ours_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        convert(b"%PDF-1.7", tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_wrote_and_what_it_did_not_check(tmp_path: Path) -> None:
    (tmp_path / "retour.noe").write_bytes(FILES["noemie"])
    result = command(tmp_path / "retour.noe", "--sortie", tmp_path / "f.parquet")
    assert result.return_value == 0
    assert "noemie-ps-2007/198.parquet : 3 lignes (Part obligatoire (AMO) de la facture)" in result.output
    assert "Colonnes personnelles laissées de côté" in result.output
    assert "Non contrôlé ici : listes de codes, nombres et totaux (fse lire)" in result.output
    assert (tmp_path / "f.parquet").is_dir()


def test_json_says_the_same_and_masks_personal_values(tmp_path: Path) -> None:
    data = FILES["b2"].replace(BIRTH.encode(), b"95X301", 1)
    found = {}
    for name, options in (("masked", []), ("clear", ["--en-clair"])):
        result = command("-", "--sortie", tmp_path / name, "--format", "json", *options, stdin=data)
        assert result.return_value == 1
        found[name] = json.loads(result.output)
    assert (found["masked"]["etat"], found["masked"]["relais"]) == (1, None)
    assert {table["type"]: table["lignes"] for table in found["masked"]["tables"]}["4"] == 3
    (group,) = found["masked"]["constats"]
    assert (group["nombre"], group["premier"]["champ"], group["premier"]["brut"]) == (1, "date_naissance", "•••")
    assert found["clear"]["constats"][0]["premier"]["brut"] == "95X301"


def test_exit_statuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "b2").write_bytes(FILES["b2"])
    for arguments, status in (
        (["b2", "--sortie", "f"], 0),
        (["b2", "--sortie", "f"], 2),
        (["absent", "--sortie", "g"], 2),
        (["pdf", "--sortie", "g"], 3),
        (["b2"], 2),
    ):
        expanded = [str(tmp_path / one) if not one.startswith("-") else one for one in arguments]
        assert run(["convertir", *expanded]) == status, arguments
    assert "f : La sortie existe déjà" in capsys.readouterr().err


def test_without_the_extra_the_command_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, **options: Any) -> Any:
        raise UsageError("installation.extra_absent", "absent", action="pip install")

    (tmp_path / "b2").write_bytes(FILES["b2"])
    monkeypatch.setattr("fse.app.operations.convertir.require", missing)
    assert run(["convertir", str(tmp_path / "b2"), "--sortie", str(tmp_path / "f")]) == 2
    assert not (tmp_path / "f").exists()
