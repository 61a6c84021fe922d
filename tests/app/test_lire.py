"""`fse lire`: nothing left out, a file rebuilt by a ten-line script, personal data masked where people look."""

import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from fse.app.cli import root
from fse.app.cli.reading_output import json_lines
from fse.app.cli.reading_text import text_lines
from fse.app.operations.lire import lire
from fse.base.errors import UnreadableError
from fse.norm.layout import frame
from tests.norm.layout.samples import (
    NOEMIE,
    PRESTATAIRE,
    b2_facture,
    b2_file,
    b2_lot,
    foreign_noemie_file,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
    noemie_part,
)

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "docs" / "reconstruire.py"
NIR, BIRTH, MEMBER = "2951099126000", "951301", "ADH123"
FILES = {"b2": b2_file(), "noemie": noemie_file(), "other": foreign_noemie_file()}


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """`fse lire …` in this process; `return_value` is the exit status."""
    result = CliRunner().invoke(root, ["lire", *map(str, arguments)], input=stdin, standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def objects_of(data: bytes, **options: bool) -> list[dict[str, Any]]:
    return [json.loads(line) for line in json_lines("f", lire([data]), **options)]


def rebuilt(lines: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What the script of the documentation makes of these lines, run in this process."""
    out = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        patch.setattr(sys, "stdout", type("Out", (), {"buffer": out}))
        exec(compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec"), {})
    return out.getvalue()


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return {name: tmp_path / name for name in FILES}


# --- jsonl: the shape of the contract --------------------------------------------------------------------------------


def test_a_record_is_an_object_of_the_contract() -> None:
    one = next(one for one in objects_of(FILES["noemie"]) if one["type"] == "102")
    assert list(one) == ["fichier", "rang", "octet", "longueur", "type", "niveau", "champs", "constats"]
    assert (one["rang"], one["longueur"], one["niveau"], one["constats"]) == (5, 40, "03", [])
    assert one["champs"][2] == {"nom": "numero_facture", "debut": 6, "fin": 14, "brut": "000000001", "valeur": 1}
    assert FILES["noemie"][one["octet"] :].startswith(b"10203000000001")


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_the_raw_texts_of_a_record_are_the_record(data: bytes) -> None:
    octet = -1
    for one in objects_of(data):
        if "octet" in one:
            assert one["octet"] > octet
            octet = one["octet"]
        if "rang" not in one:
            continue
        assert sum(len(champ["brut"]) for champ in one["champs"]) == one["longueur"]
        following = 1
        for champ in one["champs"]:
            assert champ["debut"] == following
            assert champ["fin"] == following + len(champ["brut"]) - 1
            following = champ["fin"] + 1


def test_b2_has_no_level_and_gives_the_sub_type() -> None:
    facture = b2_facture(1)
    detail = b"4" + facture[1][1:35] + b"Z" + b" " * 92
    objects = objects_of(b2_file(b2_lot(1, [[*facture[:2], detail, facture[2]]])))
    assert all("niveau" not in one for one in objects)
    assert [one["type"] for one in objects if "rang" in one] == ["000", "1", "2", "4", "4Z", "5", "6", "999"]
    unknown = next(one for one in objects if one["type"] == "4Z")
    assert unknown["champs"] == [{"nom": "inconnu", "debut": 1, "fin": 128, "brut": detail.decode(), "valeur": None}]
    assert [constat["code"] for constat in unknown["constats"]] == ["structure.type_inconnu"]


def test_values_are_signed_centimes_iso_dates_and_decimals_as_text() -> None:
    values = {
        (one["type"], champ["nom"]): champ["valeur"]
        for name in ("b2", "noemie")
        for one in objects_of(FILES[name])
        for champ in one.get("champs", [])
    }
    assert values["198", "montant_rembourse"] == -500
    assert values["198", "signe_rembourse"] == "N"
    assert values["4", "coefficient"] == "1.00"
    assert values["4", "date_soins"] == "2024-03-01"
    assert values["2", "date_naissance"] == "951301"
    assert values["2", "prescripteur"] is None
    assert values["1", "blanc_95"] is None
    assert values["2", "numero_amc"] == "99999999"


def test_a_value_that_does_not_read_is_null_with_its_finding() -> None:
    part = noemie_part("198", 100)
    broken = part[:14] + b"00O00100P@"
    group = noemie_group(1, [noemie_facture(1)[0], broken], somme=0, nombre=1)
    one = next(one for one in objects_of(frame(NOEMIE, noemie_entities(group, total=0))) if one["type"] == "198")
    champ = next(champ for champ in one["champs"] if champ["nom"] == "montant_rembourse")
    assert (champ["brut"], champ["valeur"]) == ("00O00100", None)
    constat = one["constats"][0]
    assert {"code", "gravite", "champ", "message", "action"} <= set(constat)
    assert (constat["code"], constat["gravite"], constat["champ"]) == (
        "champ.montant_illisible",
        "erreur",
        "montant_rembourse",
    )


def test_framing_findings_and_ends_of_files_are_objects_too() -> None:
    data = b"bruit" + FILES["b2"] + FILES["noemie"]
    objects = objects_of(data)
    assert objects[0] == {"fichier": "f", "type": "cadrage", "octet": 0, "brut": "bruit"}
    constats = [one for one in objects if one["type"] == "constat"]
    assert [one["constats"][0]["code"] for one in constats] == [
        "cadrage.octets_hors_fichier",
        "cadrage.fichiers_concatenes",
        "noemie.non_couvert",
    ]
    assert all(one["champs"] == [] for one in constats)
    ends = [one for one in objects if one["type"] == "fichier"]
    assert [(one["famille"], one["edition"], one["complet"]) for one in ends] == [
        ("b2", "ps-2003", True),
        ("noemie", "ps-2007", True),
    ]


def test_lines_are_ascii_whatever_the_bytes() -> None:
    data = b"\x85\x80\xff\xe9" + FILES["b2"]
    lines = list(json_lines("é", lire([data])))
    assert all(line.isascii() and len(line.splitlines()) == 1 for line in lines)
    assert json.loads(lines[0]) == {"fichier": "é", "type": "cadrage", "octet": 0, "brut": "\x85\x80\xff\xe9"}


# --- the script ------------------------------------------------------------------------------------------------------


@given(data=st.data())
def test_the_script_rebuilds_every_file_that_is_read(data: st.DataObject) -> None:
    content = bytearray(b"".join(data.draw(st.lists(st.sampled_from(list(FILES.values())), min_size=1, max_size=2))))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        lines = list(json_lines("f", lire([bytes(content)])))
    except UnreadableError:
        return
    with pytest.MonkeyPatch.context() as patch:
        assert rebuilt(lines, patch) == bytes(content)


def test_the_script_is_ten_lines_and_runs_alone(paths: dict[str, Path]) -> None:
    code = SCRIPT.read_text(encoding="utf-8").split('"""')[2]
    assert len([line for line in code.splitlines() if line and not line.startswith("import")]) <= 10
    lines = run("--format", "jsonl", paths["noemie"]).stdout_bytes
    done = subprocess.run([sys.executable, str(SCRIPT)], input=lines, capture_output=True, check=True)
    assert done.stdout == FILES["noemie"]


# --- the command -----------------------------------------------------------------------------------------------------


def test_several_files_give_the_highest_status(paths: dict[str, Path], tmp_path: Path) -> None:
    pdf = tmp_path / "facture.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    cut = tmp_path / "coupe.noe"
    cut.write_bytes(FILES["noemie"][:-1])
    assert run(paths["b2"], paths["noemie"]).return_value == 0
    assert run(paths["b2"], cut, paths["b2"]).return_value == 1
    assert run(tmp_path / "absent", paths["b2"]).return_value == 2
    result = run(pdf, paths["noemie"], tmp_path / "absent", cut)
    assert result.return_value == 3
    assert "facture.pdf" in result.stderr
    assert "absent" in result.stderr
    assert "Journée comptable" in result.stdout


@pytest.mark.parametrize("output", ["texte", "json", "jsonl"])
def test_what_is_not_ours_prints_nothing_on_standard_output(output: str, tmp_path: Path) -> None:
    (tmp_path / "f.pdf").write_bytes(b"%PDF-1.7" + b"x" * 5000)
    result = run("--format", output, tmp_path / "f.pdf")
    assert result.return_value == 3
    assert result.stdout == ("[]\n" if output == "json" else "")


def test_standard_input_is_a_dash(paths: dict[str, Path]) -> None:
    result = run("--format", "jsonl", "-", stdin=FILES["b2"])
    assert {json.loads(line)["fichier"] for line in result.stdout.splitlines()} == {"-"}


def test_json_holds_the_objects_of_jsonl(paths: dict[str, Path]) -> None:
    files = [paths["b2"], paths["noemie"]]
    lines = run("--format", "jsonl", *files).stdout.splitlines()
    assert json.loads(run("--format", "json", *files).stdout) == [json.loads(line) for line in lines]


def test_it_needs_no_cabinet(paths: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FSE_CABINET", "nulle part.toml")
    assert run(paths["b2"].name).return_value == 0


def test_the_help_says_what_is_masked() -> None:
    assert "masquées" in CliRunner().invoke(root, ["lire", "--help"]).stdout


# --- text, and personal data -----------------------------------------------------------------------------------------


def text_of(data: bytes, **options: bool) -> str:
    return "\n".join(text_lines("f", lire([data]), **options))


def test_text_reads_as_people_write() -> None:
    text = text_of(FILES["noemie"])
    assert "Montant payé : -5,00" in text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Date de la facture : 01/03/2024" in text
    assert "État de la part : P, Payée" in text
    assert "Fin du fichier n° 1 : 9 enregistrements, complet" in text
    assert "Zone à blanc" not in text
    assert "Fin d'entité" not in text


def test_personal_data_is_masked_in_text_unless_asked() -> None:
    masked, clear = text_of(FILES["b2"]), text_of(FILES["b2"], en_clair=True)
    for secret in (NIR, BIRTH, MEMBER):
        assert secret not in masked
        assert secret in clear
    assert "NIR de l'assuré : •••" in masked


def b2_of_broken_nir() -> bytes:
    """A NIR and its key with a control character each: both make findings."""
    facture = [record[:11] + b"29\x010991260000" + b"2A" + record[26:] for record in b2_facture(1)]
    return b2_file(b2_lot(1, [facture]))


def test_personal_data_is_masked_in_the_raw_value_of_findings() -> None:
    data = b2_of_broken_nir()
    for en_clair, expected in ((False, {"•••"}), (True, {"29\x010991260000", "2A"})):
        constats = [constat for one in objects_of(data, en_clair=en_clair) for constat in one.get("constats", [])]
        personal = [constat for constat in constats if constat.get("champ") in ("nir", "cle_nir")]
        assert len(personal) >= 4
        assert {constat["brut"] for constat in personal} == expected
    text = text_of(data)
    assert "099126" not in text
    assert "\x01" not in text + text_of(data, en_clair=True)


def test_an_unknown_record_is_not_shown_unless_asked() -> None:
    group = noemie_group(1, [*noemie_facture(1), b"10304DUPONT JEANNE@"], somme=1855 + 795, nombre=1)
    data = frame(NOEMIE, noemie_entities(group, total=1855 + 795))
    assert "DUPONT" not in text_of(data)
    assert "DUPONT JEANNE" in text_of(data, en_clair=True)


def test_what_could_move_the_cursor_is_not_printed() -> None:
    group = noemie_group(1, noemie_facture(1), somme=1855 + 795, nombre=1)
    group[1] = group[1][:11] + b"\x9b31m\x1b[2J" + group[1][19:]
    text = text_of(frame(NOEMIE, noemie_entities(group, total=1855 + 795)))
    assert "\x9b" not in text
    assert "\x1b" not in text
    assert PRESTATAIRE in text


def test_a_small_file_imports_nothing_slow(paths: dict[str, Path]) -> None:
    start = "import sys; from fse.app.cli import main; sys.argv = ['fse', 'lire', sys.argv[1]]\n"
    check = "try: main()\nexcept SystemExit: print('|'.join(sys.modules), file=sys.stderr)"
    for path in paths.values():
        done = subprocess.run(
            [sys.executable, "-c", start + check, str(path)], capture_output=True, text=True, check=True
        )
        imported = {name.split(".")[0] for name in done.stderr.split("|")}
        assert "fse" in imported
        assert not imported & {"numpy", "sqlalchemy", "sqlite3", "xmlschema", "lxml", "pyhanko", "cryptography"}


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(invoices: int) -> int:
        facture = b"".join(b2_facture(1))
        chunks = iter([FILES["b2"][:256], *[facture] * invoices])
        tracemalloc.start()
        for _ in json_lines("f", lire(chunks)):
            pass
        _, found = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(1500) < peak(150) + (2 << 20)
