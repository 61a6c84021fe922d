"""Entity tables come from the layouts: their columns, what is left out, what each value becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from fse.infra.journal import EntityTables, Journal
from fse.infra.journal.dialects import Place
from fse.norm.layout import EntityRow, Field, Layout, Unparsed, Value
from tests.infra.journal.facts import CABINET, CLE, NOW

FICHIER = "a" * 64


def layout(type_: str, *fields: tuple[str, str, int], **options: dict[str, object]) -> Layout:
    """A small layout: (name, genre, length) one after the other; options by name of field."""
    champs, start = [], 1
    for nom, genre, longueur in fields:
        end = start + longueur - 1
        extra = options.get(nom, {})
        champs.append(Field(nom=nom, debut=start, fin=end, longueur=longueur, genre=genre, **extra))
        start = end + 1
    return Layout(type=type_, libelle="essai", longueur=start - 1, champs=tuple(champs))


INVOICE = layout(
    "102",
    ("type", "code", 3),
    ("niveau", "code", 2),
    ("numero_facture", "entier", 9),
    ("nom_prestataire", "texte", 10),
    ("prestataire", "chiffres", 9),
    ("date_facture", "date", 6),
    ("montant", "montant", 8),
    ("signe_montant", "signe", 1),
    ("coefficient", "decimal", 6),
    ("nir", "chiffres", 13),
    ("blanc_68", "blanc", 4),
    ("terminateur", "code", 1),
    nir={"personnel": True},
    coefficient={"decimales": 2},
    signe_montant={"signe_de": "montant"},
)
OTHER = layout("198", ("type", "code", 3), ("montant", "montant", 8))
ENTITIES = EntityTables("noemie", [INVOICE, OTHER])

VALUES: dict[str, Value] = {
    "type": "102",
    "niveau": "03",
    "numero_facture": 12,
    "nom_prestataire": None,
    "prestataire": "001234561",
    "date_facture": date(1970, 1, 2),
    "montant": -150,
    "signe_montant": "N",
    "coefficient": Decimal("1.50"),
    "nir": "1850599999000",
    "blanc_68": None,
    "terminateur": "@",
}


def row(rang: int, values: dict[str, Value], of: Layout | None = INVOICE, parent: int | None = None) -> EntityRow:
    return EntityRow(of.type if of else "777", rang, parent, 128 * rang, b"", values, of)


@pytest.fixture
def with_entities(place: Place) -> Journal:
    return Journal.create(place, CABINET, CLE, "T", NOW, entites=[ENTITIES])


def test_the_columns_are_the_fields_that_may_be_kept() -> None:
    columns = {column.name: type(column.type).__name__ for column in ENTITIES.table("102").columns}
    assert columns == {
        "cabinet": "Text",
        "fichier": "Text",
        "rang": "BigInteger",
        "rang_parent": "BigInteger",
        "octet": "BigInteger",
        "numero_facture": "BigInteger",
        "nom_prestataire": "Text",
        "prestataire": "Text",
        "date_facture": "BigInteger",
        "montant": "BigInteger",
        "signe_montant": "Text",
        "coefficient": "BigInteger",
    }
    assert [column.name for column in ENTITIES.table("102").primary_key] == ["cabinet", "fichier", "rang"]


def test_values_become_days_centimes_and_scaled_integers(with_entities: Journal) -> None:
    unread: dict[str, Value] = {"numero_facture": Unparsed("00000012X"), "date_facture": Unparsed("001399")}
    rows = [
        row(1, VALUES, parent=None),
        row(2, {"type": "198", "montant": 7}, OTHER, parent=1),
        row(3, {}, None, parent=1),
        row(4, VALUES | unread, parent=1),
    ]
    with with_entities as journal, journal.transaction(NOW) as transaction:
        assert ENTITIES.insert(transaction.connection, CABINET, FICHIER, rows) == 3
        found = transaction.connection.exec_driver_sql("SELECT * FROM noemie_102 ORDER BY rang").mappings().all()
    read = {
        "cabinet": CABINET,
        "fichier": FICHIER,
        "rang": 1,
        "rang_parent": 0,
        "octet": 128,
        "numero_facture": 12,
        "nom_prestataire": None,
        "prestataire": "001234561",
        "date_facture": 1,
        "montant": -150,
        "signe_montant": "N",
        "coefficient": 150,
    }
    nothing = {"numero_facture": None, "date_facture": None}
    assert [dict(one) for one in found] == [read, read | nothing | {"rang": 4, "rang_parent": 1, "octet": 512}]


def test_ten_thousand_rows_go_in_one_statement(with_entities: Journal) -> None:
    rows = [row(rang, VALUES, parent=1) for rang in range(1, 10_001)]
    batches: list[bool] = []
    with with_entities as journal, journal.transaction(NOW) as transaction:

        def count(*said: object) -> None:
            batches.append(bool(said[-1]))  # executemany

        event.listen(transaction.connection, "before_cursor_execute", count)
        assert ENTITIES.insert(transaction.connection, CABINET, FICHIER, rows) == 10_000
        event.remove(transaction.connection, "before_cursor_execute", count)
    assert batches == [True]
