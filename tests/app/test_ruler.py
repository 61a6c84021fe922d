"""`fse lire --regle`: a position is a column, a caret is the place of a finding, and nobody's number shows."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.cli.reading_ruler import WIDTH, ruled_lines
from fse.app.cli.reading_text import text_lines
from fse.app.operations.lire import lire
from fse.norm.layout import frame
from tests.norm.layout.samples import (
    NOEMIE,
    b2_facture,
    b2_file,
    b2_lot,
    foreign_noemie_file,
    noemie_entities,
    noemie_facture,
    noemie_file,
    noemie_group,
    noemie_rejet,
)

NIR, BIRTH, MEMBER = "2951099126000", "951301", "ADH123"
RULER_128 = (
    "····|···10····|···20····|···30····|···40····|···50····|···60····|···70····|···80····|···90····|··100"
    "····|··110····|··120····|···"
)
BORDERS_5 = (
    "└└────────└└────────────└─└────────└──└──└───────────────└───────└───────└───────└───────└└──└└─"
    "└───────────────────────────────"
)
FILES = {"b2": b2_file(), "noemie": noemie_file(), "other": foreign_noemie_file()}


def ruled(data: bytes, *, en_clair: bool = False) -> list[str]:
    return list(ruled_lines("f", lire([data]), en_clair=en_clair))


def under(lines: list[str], title: str) -> list[str]:
    """The lines of the first record of this title, from its ruler to its first field."""
    start = next(index for index, line in enumerate(lines) if title in line) + 1
    end = next(index for index in range(start, len(lines)) if " : " in lines[index])
    return lines[start:end]


def one_invoice(*records: bytes) -> bytes:
    group = noemie_group(1, [*noemie_facture(1), *records], somme=1855 + 795, nombre=1)
    return frame(NOEMIE, noemie_entities(group, total=1855 + 795))


# --- the shape -------------------------------------------------------------------------------------------------------


def test_a_record_of_128_stands_on_one_line() -> None:
    assert under(ruled(b2_file(b2_lot(1, [b2_facture(1)], sealed=False))), "Fin de facture (5)") == [
        RULER_128,
        "5001234566 •••••••••••••••000000001   001                00002650000018550000079500000795",
        BORDERS_5,
    ]


def test_a_long_entity_is_folded_at_100() -> None:
    rejet = noemie_rejet(libelle_rejet="LIBELLE", executant="001234566", information="F" * 30)
    lines = under(ruled(one_invoice(rejet), en_clair=True), "Ligne de rejet (294)")
    assert [line[:12] for line in lines] == [
        *("····|···10··", "294049901LIB", "└──└─└───└──"),
        *("····|··110··", rejet[100:112].decode(), "──└─────└───"),
    ]
    assert lines[1].ljust(100) + lines[4] == rejet.decode()
    assert lines[3] == "····|··110····|··120····|··130····|··140····|··150···"
    assert lines[5] == "──└─────└────────└──└─└─────────────────────────────└"


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_a_column_is_a_position(data: bytes) -> None:
    """Whatever the record: its characters in order, and a corner under the first position of each field."""
    lines = iter(ruled(data, en_clair=True))
    for item in lire([data]):
        layout = getattr(item, "layout", None)
        if layout is None:
            continue
        characters, corners = "", set()
        for line in lines:
            if not line.startswith("····"):
                continue
            raw, borders = next(lines).ljust(len(line)), next(lines)
            assert len(borders) == len(line) <= WIDTH
            corners |= {len(characters) + column for column, mark in enumerate(borders, 1) if mark == "└"}
            characters += raw
            if len(characters) == layout.longueur:
                break
        assert characters == item.brut.decode()
        assert corners == {field.debut for field in layout.champs}


def test_it_says_all_that_the_text_says() -> None:
    def bare(line: str) -> str:
        head, colon, value = line.partition(" : ")
        return head.strip() + colon + value

    for data in FILES.values():
        said = [bare(line).lstrip("0123456789- ") for line in ruled(data)]
        for line in text_lines("f", lire([data])):
            assert bare(line).lstrip("0123456789- ") in said


def test_fields_are_named_with_their_positions() -> None:
    lines = [line.split(" : ")[0].split() for line in ruled(FILES["b2"])]
    assert ["27-35", "Numéro", "de", "la", "facture"] in lines
    assert ["37", "Marque", "de", "la", "facture"] in lines


# --- findings --------------------------------------------------------------------------------------------------------


def carets(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """First and last column under carets, and what stands beside them."""
    for line in lines:
        if "^" in line:
            yield line.index("^") + 1, line.rindex("^") + 1, line.replace("^", "").strip()


def test_carets_stand_under_what_is_wrong() -> None:
    facture = b2_facture(1)
    facture[1] = facture[1][:67] + b"241332" + facture[1][73:112] + b"000265O" + facture[1][119:]
    lines = ruled(b2_file(b2_lot(1, [facture], sealed=False)))
    found = list(carets(under(lines, "Ligne de prestation (4)")))
    assert (68, 73, "champ.date_impossible") in found
    assert (113, 119, "champ.montant_illisible") in found
    line = next(line for line in lines if "champ.montant_illisible ^" in line)
    assert len(line) == 119


def test_two_findings_of_one_place_share_their_carets() -> None:
    part = noemie_facture(1)[2]
    broken = part[:22] + b"X" + part[23:]
    group = noemie_group(1, [*noemie_facture(1)[:2], broken], somme=1855 + 795, nombre=1)
    lines = ruled(frame(NOEMIE, noemie_entities(group, total=1855 + 795)))
    assert list(carets(lines)) == [(23, 23, "champ.montant_illisible, champ.code_inconnu")]


def test_carets_of_a_folded_record_stand_under_its_second_line() -> None:
    rejet = noemie_rejet(executant="001234566")
    broken = rejet[:102] + b"241332" + rejet[108:]
    lines = under(ruled(one_invoice(broken)), "Ligne de rejet (294)")
    assert [line for line in lines if "^" in line] == ["  ^^^^^^ champ.date_impossible"]
    assert lines.index("  ^^^^^^ champ.date_impossible") == 6


# --- personal data ---------------------------------------------------------------------------------------------------


def test_personal_data_is_masked_in_the_record_unless_asked() -> None:
    masked, clear = "\n".join(ruled(FILES["b2"])), "\n".join(ruled(FILES["b2"], en_clair=True))
    for secret in (NIR, BIRTH, MEMBER):
        assert secret not in masked
        assert secret in clear
    assert f"2001234566 {NIR}10000000001" in clear


def test_a_broken_nir_is_masked_with_its_carets() -> None:
    facture = [record[:11] + b"29\x010991260000" + b"2A" + record[26:] for record in b2_facture(1)]
    data = b2_file(b2_lot(1, [facture], sealed=False))
    lines = under(ruled(data), "En-tête de facture (2)")
    assert lines[1].startswith("2001234566 " + "•" * 15 + "000000001")
    assert (12, 24) in [(first, last) for first, last, _ in carets(lines)]
    assert "099126" not in "\n".join(ruled(data))
    clear = under(ruled(data, en_clair=True), "En-tête de facture (2)")
    assert clear[1].startswith("2001234566 29·0991260000" + "2A")


def test_a_personal_field_that_gives_nothing_is_not_masked() -> None:
    lines = under(ruled(b2_file(b2_lot(1, [b2_facture(1, numero_adherent=None)]))), "En-tête de facture (2)")
    assert lines[1][95:102] == "•" * 6 + "1"
    assert lines[1][104:112] == " " * 8


def test_an_unknown_record_is_ruled_only_when_nothing_is_masked() -> None:
    data = one_invoice(b"19904DUPONT JEANNE@")
    assert "DUPONT" not in "\n".join(ruled(data))
    clear = ruled(data, en_clair=True)
    place = clear.index("19904DUPONT JEANNE@")
    assert clear[place - 1] == "····|···10····|····"
    assert "└" not in clear[place + 1]


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "f.b2").write_bytes(FILES["b2"])
    return tmp_path / "f.b2"


def test_the_command_prints_the_ruler(path: Path) -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        assert run(["lire", "--regle", str(path)]) == 0
    assert out.getvalue().splitlines()[2] == RULER_128
    assert NIR not in out.getvalue()


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_a_ruler_goes_with_text_only(output: str, path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert run(["lire", "--regle", "--format", output, str(path)]) == 2
    assert out.getvalue() == ""
    assert "--regle ne va qu'avec --format texte" in err.getvalue()
