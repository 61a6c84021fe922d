"""Our ARL: the writer against the hand oracle, the reader against the writer, any bytes kept, recognised by content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base.findings import Finding
from fse.norm.codec.arl.building import EDITION, build
from fse.norm.codec.arl.reading import read_fichier
from fse.norm.codec.reading import read, uncovered_fields
from fse.norm.layout import EntityRow, FileEnd, FileStart, Item, editions
from fse.norm.model import AccuseLot, FichierAccuse, ModelError
from tests.norm.layout.rebuilding import in_chunks, rebuild
from tests.norm.layout.samples import b2_file, noemie_file
from tests.oracles import arl_oracle
from tests.oracles.positions_arl import ARL
from tests.strategies import strategy_for

RECU = AccuseLot(
    prestataire="001234566",
    numero_lot=12,
    date_lot=date(2026, 10, 5),
    organisme_destinataire="998",
    fichier_accuse="000001",
    sens="P",
    date_accuse=date(2026, 10, 6),
)
REFUSE = replace(RECU, numero_lot=13, sens="N", cause="9990", libelle="(fictif) Facture en cause", numero_facture=3)
FICHIER = FichierAccuse(
    type_emetteur="CT",
    numero_emetteur="998",
    type_destinataire="TP",
    numero_destinataire="00000001234566",
    identifiant_fichier="ARL001",
    date_creation=date(2026, 10, 6),
    marque="T",
    accuses=(RECU, REFUSE),
)


def items_of(*chunks: bytes) -> list[Item]:
    return list(read(chunks))


def rows_of(data: bytes) -> list[EntityRow]:
    return [item for item in items_of(data) if isinstance(item, EntityRow)]


def codes(items: Iterable[Item]) -> list[str]:
    found: list[str] = []
    for item in items:
        if isinstance(item, EntityRow):
            found += [one.code for one in item.constats]
        elif isinstance(item, Finding):
            found.append(item.code)
    return found


def as_an_organisme_writes(drawn: FichierAccuse) -> FichierAccuse:
    """Codes of the lists, a cause when a lot is refused, no lot said both received and refused."""
    accuses = tuple(
        replace(
            one,
            numero_lot=rank,
            cause=(one.cause or "9950") if one.sens == "N" else one.cause,
            numero_facture=one.numero_facture if one.sens == "N" else None,
        )
        for rank, one in enumerate(drawn.accuses, start=1)
    )
    return replace(drawn, type_emetteur="CT", type_destinataire="TP", accuses=accuses)


@given(strategy_for(FichierAccuse))
def test_what_is_built_is_read_back(fichier: FichierAccuse) -> None:
    assert read_fichier(rows_of(build(fichier))) == fichier


@given(strategy_for(FichierAccuse).map(as_an_organisme_writes))
def test_nothing_is_to_be_noticed_in_what_is_built(fichier: FichierAccuse) -> None:
    assert codes(items_of(build(fichier))) == []


@given(strategy_for(FichierAccuse))
def test_every_field_stands_where_the_oracle_has_it(fichier: FichierAccuse) -> None:
    data = build(fichier)
    (records,) = arl_oracle.logical_files(data)
    head, *lots, _ = [arl_oracle.cut(record) for record in records]
    assert (head["norme"], head["version_norme"], head["longueur_enregistrement"]) == ("ARL ", "01", "128")
    assert head["identifiant_fichier"] == fichier.identifiant_fichier
    assert head["date_creation"] == f"{fichier.date_creation:%y%m%d}"
    assert head["numero_emetteur"].rstrip(" ") == fichier.numero_emetteur.rstrip(" ")
    assert arl_oracle.wrong_counts(data) == []
    assert len(lots) == len(fichier.accuses)
    for texts, accuse in zip(lots, fichier.accuses, strict=True):
        assert texts == {
            "type": "LOT",
            "prestataire": accuse.prestataire,
            "numero_lot": f"{accuse.numero_lot:03d}",
            "date_lot": f"{accuse.date_lot:%y%m%d}",
            "organisme_destinataire": accuse.organisme_destinataire,
            "fichier_accuse": accuse.fichier_accuse,
            "sens": accuse.sens,
            "cause": accuse.cause or "    ",
            "libelle": (accuse.libelle or "").ljust(60),
            "numero_facture": f"{accuse.numero_facture or 0:09d}",
            "date_accuse": f"{accuse.date_accuse:%y%m%d}",
            "marque": fichier.marque,
            "blanc_112": " " * 17,
        }


@given(st.sampled_from(list(ARL)), st.binary(min_size=128, max_size=128))
def test_any_record_is_kept_byte_for_byte(kind: str, noise: bytes) -> None:
    record = kind.encode() + noise[3:]
    layout = EDITION.layouts[kind]
    assert layout.build(layout.parse(record)) == record


@given(st.data())
def test_any_damage_is_kept_byte_for_byte_whatever_the_chunks(data: st.DataObject) -> None:
    content = bytearray(build(FICHIER))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(128, len(content)))])
    try:
        items = items_of(damaged)
    except Exception as error:
        assert type(error).__name__ == "UnreadableError"  # noqa: PT017
        return
    assert rebuild(items) == damaged
    for size in (1, 7, 128):
        assert list(read(in_chunks(damaged, size))) == items


def test_a_file_has_one_edition_and_only_one() -> None:
    """By its content alone; and the ARL never takes a B2 or a NOEMIE file for its own."""
    for data, famille in ((build(FICHIER), "arl"), (b2_file(), "b2"), (noemie_file(), "noemie")):
        assert {one.famille for one in editions() if one.recognises(data[:128])} == {famille}
    assert not EDITION.recognises(b2_file(norme="ARL ")[:128])


def test_the_three_families_follow_each_other_in_one_container() -> None:
    items = items_of(build(FICHIER) + noemie_file() + build(FICHIER) + b2_file())
    starts = [item.edition.famille for item in items if isinstance(item, FileStart) and item.edition]
    assert starts == ["arl", "noemie", "arl", "b2"]
    assert all(item.complet for item in items if isinstance(item, FileEnd))


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_line_ends_are_tolerated_and_told(end: bytes) -> None:
    data = build(FICHIER)
    lines = b"".join(data[start : start + 128] + end for start in range(0, len(data), 128))
    items = items_of(lines)
    assert codes(items) == ["cadrage.fins_de_ligne"]
    assert rebuild(items) == lines
    assert read_fichier([item for item in items if isinstance(item, EntityRow)]) == FICHIER


def test_what_nothing_covers_is_said() -> None:
    covered = {
        type: {field.nom for field in layout.champs if field.is_input} - set(uncovered_fields(EDITION)[type])
        for type, layout in EDITION.layouts.items()
    }
    assert covered["LOT"] == {"sens", "marque"}
    assert {"nombre_enregistrements", "nombre_lots", "positifs", "negatifs"} <= covered["999"]
    assert "date_creation" not in covered["000"]


@pytest.mark.parametrize(
    ("champ", "value"),
    [
        ("prestataire", "00123456"),
        ("numero_lot", 1000),
        ("sens", "X"),
        ("cause", "99500"),
        ("libelle", "x" * 61),
        ("libelle", " blanc devant"),
        ("numero_facture", 0),
        ("fichier_accuse", "1"),
        ("date_lot", date(2080, 1, 1)),
    ],
)
def test_the_model_refuses_what_the_record_cannot_say(champ: str, value: Any) -> None:
    with pytest.raises(ModelError):
        replace(REFUSE, **{champ: value})
