"""Ranks, parents and succession: what is attached to what, and what is attached to nothing."""

from fse.norm.layout import EntityRow, frame, read
from tests.norm.layout.samples import (
    NOEMIE,
    b2_facture,
    b2_file,
    b2_lot,
    noemie_entities,
    noemie_facture,
    noemie_group,
    noemie_rejet,
)


def rows_of(data: bytes) -> list[EntityRow]:
    return [item for item in read([data]) if isinstance(item, EntityRow)]


def tree_of(rows: list[EntityRow]) -> list[tuple[int, str, int | None]]:
    return [(row.rang, row.type, row.rang_parent) for row in rows]


def codes_of(rows: list[EntityRow]) -> list[tuple[str, str]]:
    return [(row.type, finding.code) for row in rows for finding in row.constats]


def test_the_parent_is_the_nearest_open_one() -> None:
    groups = [
        noemie_group(1, [*noemie_facture(1), noemie_rejet(), *noemie_facture(2, amc=None)], somme=0, nombre=2),
        noemie_group(2, noemie_facture(3, amc=None), somme=0, nombre=1),
    ]
    rows = rows_of(frame(NOEMIE, noemie_entities(*groups, total=0)))
    assert tree_of(rows) == [
        (1, "000", None),
        (2, "040", 1),
        (3, "071", 2),
        (4, "081", 3),
        (5, "102", 4),
        (6, "198", 5),
        (7, "199", 5),
        (8, "294", 5),
        (9, "102", 4),
        (10, "198", 9),
        (11, "990", 3),
        (12, "040", 1),
        (13, "071", 12),
        (14, "081", 13),
        (15, "102", 14),
        (16, "198", 15),
        (17, "990", 13),
        (18, "999", 1),
    ]
    assert codes_of(rows) == []


def test_a_record_whose_parent_is_missing_is_an_orphan_and_still_a_parent() -> None:
    facture = b2_facture(1, lignes=2)
    rows = rows_of(b2_file([*facture, b2_lot(1, [facture])[-1]]))
    assert tree_of(rows) == [
        (1, "000", None),
        (2, "2", None),
        (3, "4", 2),
        (4, "4", 2),
        (5, "5", 2),
        (6, "6", None),
        (7, "999", 1),
    ]
    assert codes_of(rows) == [
        ("2", "structure.succession"),
        ("2", "structure.parent_absent"),
        ("6", "structure.parent_absent"),
    ]


def test_a_part_after_its_lost_invoice_never_goes_to_another_group() -> None:
    groups = [
        noemie_group(1, noemie_facture(1, amc=None), somme=0, nombre=1),
        noemie_group(2, noemie_facture(2, amc=None)[1:], somme=0, nombre=1),
    ]
    rows = rows_of(frame(NOEMIE, noemie_entities(*groups, total=0)))
    orphan = [row for row in rows if row.type == "198"][1]
    assert orphan.rang_parent is None
    assert {finding.code for finding in orphan.constats} == {"structure.succession_supposee", "structure.parent_absent"}
