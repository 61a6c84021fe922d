"""A record type, its code list, its limits and what the trailers count of it are data: added here without any Python.

A copy of `schemas/` gets an edition that inherits the B2 of the liberal professions, with one more record, `4Z`.
"""

import shutil
from pathlib import Path

import pytest

from fse.base import resources
from fse.norm.codec.reading import read
from fse.norm.layout import Edition, EntityRow
from fse.norm.layout.loading import loader
from tests.norm.layout.samples import AMC, AMO, DAY, HONORAIRES, b2_facture, b2_key, b2_lot

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas"

HEIR = """
herite = "ps-2003"
edition = "ps-essai"
libelle = "B2 inventé"
source = "notre choix"
confiance = "choix"
[reconnaissance_lot]
type = "1"
numero_version = { parmi = ["992099"] }
[details]
4Z = { maximum = 2, numero = "sequence", croissant = "date_mesure" }
[controles.5]
ouvre = "2"
nombres = { nombre_lignes = ["4", "4Z"] }
sommes = { total_honoraires = ["4.honoraires", "4Z.supplement"] }
"""
RECORD = """
type = "4Z"
libelle = "Mesure inventée"
longueur = 128
source = "notre choix"
confiance = "choix"
champs = [
  { nom = "type", debut = 1, fin = 1, longueur = 1, genre = "code", constante = "4" },
  { bloc = "cle" },
  { nom = "sous_type", debut = 36, fin = 36, longueur = 1, genre = "code", constante = "Z" },
  { nom = "sequence", debut = 37, fin = 38, longueur = 2, genre = "chiffres" },
  { nom = "date_mesure", debut = 39, fin = 44, longueur = 6, genre = "date" },
  { nom = "instrument", debut = 45, fin = 46, longueur = 2, genre = "code", table = "instrument" },
  { nom = "supplement", debut = 47, fin = 52, longueur = 6, genre = "montant" },
  { nom = "blanc_53", debut = 53, fin = 128, longueur = 76, genre = "blanc" },
]
"""
CODES = "code,libelle,debut,fin,source,confiance\nTM,Thermomètre,,,notre choix,choix\n"


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The made-up edition, loaded from the copy."""
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    folder = tmp_path / "schemas" / "layouts" / "b2" / "ps-essai"
    folder.mkdir()
    parent = loader.tomllib.loads((folder.parent / "ps-2003" / "famille.toml").read_text(encoding="utf-8"))
    tree = "".join(
        f"[{table}]\n" + "".join(f'"{type}" = {values}\n' for type, values in (parent[table] | more).items())
        for table, more in (
            ("parents", {"4Z": ["4"]}),
            ("succession", {"4": [*parent["succession"]["4"], "4Z"], "4Z": ["4Z", "4", "5"]}),
        )
    )
    (folder / "famille.toml").write_text(HEIR + tree, encoding="utf-8")
    (folder / "4Z.toml").write_text(RECORD, encoding="utf-8")
    (tmp_path / "schemas" / "codes" / "instrument.csv").write_text(CODES, encoding="utf-8")
    monkeypatch.setattr(resources, "_root", lambda name: tmp_path / name)
    return loader.read_edition("layouts/b2/ps-essai")


def measure(edition: Edition, sequence: int, jour: int, **values: object) -> bytes:
    given = {"sequence": f"{sequence:02}", "date_mesure": DAY.replace(day=jour), "instrument": "TM", "supplement": 100}
    return edition.build("4Z", b2_key(1) | given | values)


def codes_found(edition: Edition, measures: list[bytes], lines: int, total: int) -> list[tuple[str, str, str | None]]:
    """Type, code and field of the findings on a file of one invoice of one line and these measures."""
    header, line, trailer = b2_facture(1)
    announced = {"nombre_lignes": lines, "total_honoraires": total, "total_amo": AMO, "total_amc": AMC}
    trailer = edition.build("5", b2_key(1) | announced | {"part_assure": HONORAIRES - AMO})
    lot = b2_lot(1, [[header, line, *measures, trailer]], sealed=False)
    lot[0] = edition.build("1", edition.layouts["1"].parse(lot[0]) | {"numero_version": "992099"})
    lot[-1] = edition.build("6", edition.layouts["6"].parse(lot[-1]) | {"total_honoraires": total})
    head = edition.build("000", HEAD | {"date_creation": DAY})
    counts = {"nombre_enregistrements": len(lot) + 2, "nombre_lots": 1}
    data = b"".join([head, *lot, edition.build("999", HEAD | counts)])
    rows = [
        item for item in read([data], (edition, loader.load_edition("b2", "ps-2003"))) if isinstance(item, EntityRow)
    ]
    assert [row.rang_parent for row in rows if row.type == "4Z"] == [4] * len(measures)
    return [(row.type, finding.code, finding.place.champ) for row in rows for finding in row.constats]


HEAD = {
    "type_emetteur": "TP",
    "numero_emetteur": "00000001234566",
    "type_destinataire": "CT",
    "numero_destinataire": "997",
    "identifiant_fichier": "000001",
}


def test_it_is_read_and_counted(edition: Edition) -> None:
    measures = [measure(edition, 1, 1), measure(edition, 2, 2)]
    assert codes_found(edition, measures, lines=3, total=HONORAIRES + 200) == []


def test_its_limits_hold(edition: Edition) -> None:
    measures = [measure(edition, 1, 2), measure(edition, 3, 1), measure(edition, 3, 1)]
    assert codes_found(edition, measures, lines=4, total=HONORAIRES + 300) == [
        ("4Z", "structure.numero_de_detail", "sequence"),
        ("4Z", "structure.date_decroissante", "date_mesure"),
        ("4Z", "structure.trop_nombreux", None),
    ]


def test_its_codes_and_its_sums_are_checked(edition: Edition) -> None:
    measures = [measure(edition, 1, 1, instrument="XX")]
    assert codes_found(edition, measures, lines=1, total=HONORAIRES) == [
        ("4Z", "champ.code_inconnu", "instrument"),
        ("5", "b2.nombre_lignes", None),
        ("5", "b2.somme_facture", None),
    ]


def test_another_parent_counts_from_one_again(edition: Edition) -> None:
    header, line, _ = b2_facture(1)
    records = [header, line, measure(edition, 1, 2), line, measure(edition, 1, 1)]
    data = edition.build("000", HEAD | {"date_creation": DAY}) + b"".join(records)
    found = [one.code for item in read([data], (edition,)) if isinstance(item, EntityRow) for one in item.constats]
    assert not [code for code in found if code.startswith("structure.") and code not in STRANGE_START]


STRANGE_START = {"structure.succession", "structure.parent_absent"}
"""The file of the last test has no lot."""
