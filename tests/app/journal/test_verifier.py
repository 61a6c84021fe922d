"""A hand in any table is named by the proof of the journal, which itself changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from fse.app.operations.journal.verifier import parse_head, verifier_journal
from fse.app.operations.practice import Practice
from fse.base.errors import StorageError, UsageError
from fse.infra.journal import Head
from tests.app.cabinet import reopen
from tests.app.journal.hand import by_hand
from tests.app.journal.scene import emit, found, lived

pytestmark = pytest.mark.long

DECLARED = {"prestataire", "mandat", "compte_prestataire"}
"""What `cabinet.toml` declares: no event records it, the proof says so."""

OF_THE_CHAIN = {"evenement", "tete_chaine"}
"""Proved by the chain, whose own tests change each of their columns."""

ELSEWHERE = {"cabinet", "compteur", "suspension"}
"""Each has its test below, or a finding of its own (`tests/findings/cas_journal.py`)."""

OF_THE_LABELS = {"citation_bancaire", "payeur_cite", "payeur_connu"}
"""What fse reads in the labels of bank statements: not proved, and the proof says so."""

OF_THE_NIGHTS = {"verrou", "nuit", "nuit_etape", "nuit_laisse"}
"""What the nightly job keeps of itself: no event records it, nothing is computed from it."""


@cache
def template() -> Path:
    folder = Path(mkdtemp(prefix="fse-vecu-")) / "cabinet"
    lived(folder).close()
    return folder


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    shutil.copytree(template(), tmp_path / "cabinet")
    with reopen(tmp_path / "cabinet") as opened:
        yield opened


def tables() -> dict[str, tuple[list[str], list[str], int]]:
    """Of each table of the journal: its key, its other columns, its number of rows."""
    found: dict[str, tuple[list[str], list[str], int]] = {}
    with closing(sqlite3.connect(template() / "journal.sqlite")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in (name for name in names if not name.startswith("sqlite_")):
            columns = connection.execute(f"SELECT name, pk FROM pragma_table_info('{name}')").fetchall()
            key = [column for column, rank in columns if rank]
            count = connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            found[name] = key, [column for column, rank in columns if not rank], count
    return found


def proved() -> list[str]:
    return sorted(
        name
        for name, (_, _, count) in tables().items()
        if count and name not in DECLARED | OF_THE_CHAIN | ELSEWHERE | OF_THE_LABELS | {"identifiant"}
    )


def first_row(name: str) -> str:
    key, _, _ = tables()[name]
    names = ", ".join(key)
    return f"({names}) = (SELECT {names} FROM {name} ORDER BY {names} LIMIT 1)"


def named(practice: Practice) -> set[str]:
    """The words of the messages: tables among them."""
    return {word.strip(",:") for finding in found(practice) for word in finding.message.split()}


def test_a_journal_that_nobody_touched_is_whole(practice: Practice) -> None:
    head = practice.journal.head()
    result = verifier_journal(practice, tete=head)
    assert [one.constats for one in result.controles] == [()] * len(result.controles)
    assert result.intact
    assert all(one.nombre for one in result.controles)
    assert practice.journal.head() == head == Head(result.tete_rang, result.tete_mac)
    assert any("cabinet.toml" in text for text in result.non_controle)


def test_the_days_of_the_scene_fill_what_is_proved() -> None:
    assert {
        "facture",
        "annulation",
        "lot",
        "lot_facture",
        "signature_lot",
        "fichier_emis",
        "fichier_lot",
        "fichier_ecrit",
        "fichier_recu",
        "acte_manuel",
        "accuse",
        "envoi",
        "relance",
        "courrier",
        "courrier_lu",
        "duplicata",
        "piece",
        "piece_suite",
        "incident",
        "personne",
        "contenu",
        "noemie_102",
        "ligne_retour",
        "appariement",
        "etat_part",
        "etat_facture",
        "virement",
    } <= set(proved())


@pytest.mark.parametrize("name", proved())
def test_a_row_altered_is_named(practice: Practice, name: str) -> None:
    _, others, _ = tables()[name]
    column = others[-1] if others else tables()[name][0][-1]
    change = f"UPDATE {name} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 7000 "
    change += f"WHEN 'blob' THEN CAST({column} || x'00' AS BLOB) WHEN 'null' THEN 7 ELSE {column} || '7' END"
    by_hand(practice, f"{change} WHERE {first_row(name)}")
    assert name in named(practice)


@pytest.mark.parametrize("name", proved())
def test_a_row_removed_is_named(practice: Practice, name: str) -> None:
    pointing = {"personne": "facture", "contenu": None}
    by_hand(practice, f"DELETE FROM {name} WHERE {first_row(name)}")
    wanted = pointing.get(name, name)
    assert wanted in named(practice) if wanted else "journal.contenu_absent" in {one.code for one in found(practice)}


@pytest.mark.parametrize("name", proved())
def test_a_row_added_is_named(practice: Practice, name: str) -> None:
    key, others, _ = tables()[name]
    last = key[-1]
    unique = {"facture": "reference", "acte_manuel": "vise", "fichier_recu": "identifiant"}.get(name)
    added = f"CASE typeof({last}) WHEN 'integer' THEN {last} + 7000 ELSE {last} || 'x' END"
    cells = [f"{one} || 'x'" if one == unique else one for one in others]
    if name == "lot_facture":
        cells = ["numero + 7000"]
    columns, values = ", ".join([*key, *others]), ", ".join([*key[:-1], added, *cells])
    by_hand(practice, f"INSERT INTO {name} ({columns}) SELECT {values} FROM {name} WHERE {first_row(name)}")
    assert name in named(practice)


def test_the_insured_of_a_line_is_what_the_archive_says(practice: Practice) -> None:
    by_hand(practice, "INSERT INTO assure_retour SELECT cabinet, empreinte, 5, 'x' FROM fichier_recu")
    assert "assure_retour" in named(practice)


def test_every_table_is_proved_or_said_not_to_be() -> None:
    """A table that comes later fails here until its rows are proved (`upkeep.facts.RECORDED`)."""
    empty_here = {name for name, (_, _, count) in tables().items() if not count}
    from fse.app.operations.journal.etats import TABLES
    from fse.app.operations.practice import entity_tables
    from fse.infra.journal.upkeep.facts import RECORDED_TABLES

    known = {table.name for table in (*RECORDED_TABLES, *TABLES, *entity_tables().metadata.tables.values())}
    known |= {"assure_retour", "personne", "contenu", "identifiant"} | DECLARED | OF_THE_CHAIN | ELSEWHERE
    known |= OF_THE_NIGHTS | OF_THE_LABELS
    assert (empty_here | set(proved())) - known == set()


def test_a_head_noted_earlier_stays_in_the_chain(practice: Practice) -> None:
    noted = practice.journal.head()
    emit(practice, "V-8")
    assert verifier_journal(practice, tete=noted).intact
    by_hand(
        practice,
        f"DELETE FROM evenement WHERE rang >= {noted.rang}",
        "UPDATE tete_chaine SET (rang, mac) = (SELECT rang, mac FROM evenement ORDER BY rang DESC LIMIT 1)",
    )
    [broken] = verifier_journal(practice, tete=noted).controles[0].constats
    assert broken.code == "journal.tete_inconnue"
    assert verifier_journal(practice).controles[0].constats == ()


def test_the_head_of_an_empty_journal_is_under_every_event(practice: Practice) -> None:
    assert not verifier_journal(practice, tete=Head(0, "0" * 64)).intact


@pytest.mark.parametrize("text", ["", "12", "12:abc", "x:" + "0" * 64, "-1:" + "0" * 64])
def test_a_head_is_written_as_it_is_shown(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_head(text)
    assert raised.value.code == "journal.tete_notee"


def test_the_head_row_gone_is_said(practice: Practice) -> None:
    by_hand(practice, "DELETE FROM tete_chaine")
    with pytest.raises(StorageError) as raised:
        verifier_journal(practice)
    assert raised.value.code == "journal.chaine"
