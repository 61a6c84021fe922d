"""What leaves the journal: archives whole at the end of their retention, then a person; the proof stays green."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from fse.app.cli.output import to_json
from fse.app.operations.facture import facture as histoire
from fse.app.operations.journal.archives import PurgeArchives, purger_archives, verifier_archives
from fse.app.operations.journal.purger import Purge, purger_personne
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import suivi
from fse.base.errors import FseError, StorageError
from tests.app.cabinet import JOUR, PATIENTS
from tests.app.emitted import RETOUR, answered_practice, derived, noe, receive, rows
from tests.app.journal.hand import by_hand
from tests.app.journal.scene import AFTER, emit, found, settle_all

pytestmark = pytest.mark.usefixtures("years_later")

SENT_AFTER = JOUR + timedelta(days=90)
EVENTS = "SELECT contenu FROM evenement WHERE genre = 'archive_detruite' ORDER BY rang"


@pytest.fixture
def answered(tmp_path: Path) -> Iterator[Practice]:
    with answered_practice(tmp_path / "cabinet") as practice:
        yield practice


def purge(practice: Practice, numero: int = 1, le: date = AFTER) -> Purge:
    return purger_personne(practice, numero, auteur="essai", motif="fin de conservation", le=le)


def purge_archives(practice: Practice, le: date = AFTER) -> PurgeArchives:
    return purger_archives(practice, auteur="essai", motif="fin de conservation", le=le)


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(FseError) as raised:
        call()
    return raised.value.code, f"{raised.value.message} {raised.value.action}"


def test_archives_wait_for_their_age_and_for_what_they_hold(answered: Practice) -> None:
    kept = purge_archives(answered)
    assert kept.detruites == ()
    assert {one.nature: one.soldee for one in kept.gardees} == {"lot": False, "fichier": False, "retour": False}
    settle_all(answered)
    assert purge_archives(answered, SENT_AFTER - timedelta(days=1)).detruites == ()
    assert {one.nature for one in purge_archives(answered, SENT_AFTER).detruites} == {"lot", "fichier"}
    assert {one.nature for one in purge_archives(answered, AFTER - timedelta(days=1)).detruites} == set()
    assert {one.nature for one in purge_archives(answered, AFTER).detruites} == {"retour"}
    assert purge_archives(answered, AFTER).gardees == ()
    assert verifier_archives(answered).ecarts == ()


def test_nothing_is_destroyed_on_a_day_to_come(answered: Practice) -> None:
    settle_all(answered)
    tomorrow = answered.day(None) + timedelta(days=1)
    for call in (lambda: purge_archives(answered, tomorrow), lambda: purge(answered, le=tomorrow)):
        code, words = refusal(call)
        assert (code, "01/01/2041" in words, "02/01/2041" in words) == ("purge.date_future", True, True)
    assert verifier_archives(answered).detruites == 0
    assert purge_archives(answered, answered.day(None)).gardees == ()


def test_who_destroyed_an_archive_and_why_is_told(answered: Practice) -> None:
    settle_all(answered)
    purge_archives(answered)
    events = [json.loads(str(one["contenu"])) for one in rows(answered, EVENTS)]
    assert {(one["auteur"], one["motif"]) for one in events} == {("essai", "fin de conservation")}


def test_the_invoices_of_an_archive_are_listed_in_order(answered: Practice) -> None:
    held = [one["factures"] for one in to_json(purge_archives(answered))["gardees"]]
    assert len(held) == 3
    assert all(factures == sorted(factures) and len(factures) > 1 for factures in held)


def test_what_waits_to_be_sent_is_kept_for_ever(practice: Practice) -> None:
    emit(practice, "V-1")
    by_hand(practice, "DELETE FROM fichier_ecrit")
    assert purge_archives(practice, date(2040, 1, 1)).detruites == ()


def test_a_destroyed_return_is_still_proved(answered: Practice) -> None:
    settle_all(answered)
    before = derived(answered)
    purge_archives(answered)
    assert verifier_journal(answered).intact
    assert reconstruire_journal(answered).ecarts == ()
    assert derived(answered) == before
    by_hand(answered, "UPDATE noemie_198 SET montant_rembourse = montant_rembourse + 1 WHERE rang = 6")
    assert "journal.retour_different" in {one.code for one in found(answered)}


def test_a_file_received_again_after_its_destruction_is_known(answered: Practice) -> None:
    settle_all(answered)
    purge_archives(answered)
    assert [one.verdict for one in receive(answered, noe())] == ["deja_recu"]


def test_a_person_leaves_and_the_rest_stays(answered: Practice) -> None:
    settle_all(answered)
    purge_archives(answered)
    nir = PATIENTS[0][0].encode()
    query = "SELECT chiffre FROM personne ORDER BY id"
    ciphers = {row["chiffre"] for row in rows(answered, query)}
    head, states = answered.journal.head(), derived(answered)

    done = purge(answered)
    assert done.factures == (("001234566", 1), ("001234566", 6))
    gone = ciphers - {row["chiffre"] for row in rows(answered, query)}
    assert len(gone) == done.personnes == 1
    for path in answered.cabinet.folder.glob("journal.sqlite*"):
        data = path.read_bytes()
        assert nir not in data
        assert not any(cipher in data for cipher in gone), f"her ciphertext is still in {path.name}"

    assert verifier_journal(answered, tete=head).intact
    assert derived(answered) == states
    assert histoire(answered, 1).nom == ""
    assert histoire(answered, 2).nom != ""
    assert suivi(answered, le=AFTER)
    with answered.journal.reading() as reading, pytest.raises(StorageError) as raised:
        reading.load(str(rows(answered, "SELECT contenu_fse FROM facture WHERE numero = 1")[0]["contenu_fse"]))
    assert raised.value.code == "journal.contenu_absent"
    assert refusal(lambda: purge(answered))[0] == "personne.deja_purgee"


def test_a_person_with_an_open_invoice_stays(answered: Practice) -> None:
    code, words = refusal(lambda: purge(answered, 2))
    assert code == "personne.facture_ouverte"
    assert "fse facture" in words


def test_a_person_stays_until_the_last_day(answered: Practice) -> None:
    settle_all(answered)
    code, words = refusal(lambda: purge(answered, le=SENT_AFTER - timedelta(days=1)))
    assert code == "personne.conservation"
    assert f"{SENT_AFTER:%d/%m/%Y}" in words


def test_a_person_stays_while_an_archive_holds_her(answered: Practice) -> None:
    settle_all(answered)
    code, words = refusal(lambda: purge(answered, le=SENT_AFTER))
    assert (code, "fse archive purger" in words) == ("personne.archive", True)
    purge_archives(answered, SENT_AFTER)
    code, words = refusal(lambda: purge(answered, le=SENT_AFTER))
    assert (code, f"{RETOUR + timedelta(days=90):%d/%m/%Y}" in words) == ("personne.archive", True)
    purge_archives(answered, AFTER)
    purge(answered)


def test_a_purge_that_comes_back_is_named(answered: Practice) -> None:
    settle_all(answered)
    purge_archives(answered)
    by_hand(answered, "CREATE TABLE gardee AS SELECT * FROM personne")
    purge(answered)
    by_hand(answered, "INSERT OR IGNORE INTO personne SELECT * FROM gardee")
    assert {one.code for one in found(answered)} == {"journal.contenu_encore_la"}
