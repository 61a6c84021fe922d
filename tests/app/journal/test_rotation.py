"""Another key: the old one opens nothing more, and nothing but the envelope is rewritten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fse.app.operations.journal.opening import open_journal
from fse.app.operations.journal.rotation import tourner_cle
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice, open_practice
from fse.base.errors import FseError
from tests.app.cabinet import CLE, write_cabinet
from tests.app.journal.scene import emit

NOUVELLE = "la nouvelle clé du journal"


def dump(practice: Practice) -> set[str]:
    with closing(sqlite3.connect(practice.cabinet.journal_path)) as connection:
        return set(connection.iterdump())


def test_the_old_key_opens_nothing_more(practice: Practice) -> None:
    emit(practice, "V-1")
    with closing(sqlite3.connect(practice.cabinet.journal_path)) as connection:
        [envelope] = connection.execute("SELECT cle_enveloppee FROM cabinet").fetchone()
    before = dump(practice)
    tourner_cle(practice, CLE, NOUVELLE, auteur="essai", motif="départ d'une secrétaire")
    changed = {line.split("(")[0].split(" VALUES")[0] for line in before ^ dump(practice)}
    assert changed == {'INSERT INTO "cabinet"', 'INSERT INTO "evenement"', 'INSERT INTO "tete_chaine"'}
    practice.close()
    with pytest.raises(FseError) as raised:
        open_journal(practice.cabinet, CLE)
    assert raised.value.code == "journal.cle"
    with open_journal(practice.cabinet, NOUVELLE) as opened:
        assert verifier_journal(opened).intact
    files = practice.cabinet.folder.glob("journal.sqlite*")
    assert not any(envelope in path.read_bytes() for path in files), "the old envelope left the disk"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (CLE, "courte", "journal.cle_courte"),
        (CLE, "onze lettre", "journal.cle_courte"),
        (CLE, "", "journal.cle_vide"),
        (CLE, CLE, "cle.identique"),
        ("une autre clé, longue", NOUVELLE, "journal.cle"),
    ],
)
def test_a_bad_key_changes_nothing(practice: Practice, old: str, new: str, code: str) -> None:
    before = dump(practice)
    with pytest.raises(FseError) as raised:
        tourner_cle(practice, old, new, auteur="essai", motif="essai")
    assert raised.value.code == code
    assert dump(practice) == before


def test_a_new_journal_wants_a_long_key(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path)
    with pytest.raises(FseError) as raised:
        open_practice(cabinet, "onze lettre")
    assert raised.value.code == "journal.cle_courte"
    assert "12 caractères" in raised.value.message
    open_practice(cabinet, "douze lettre").close()
