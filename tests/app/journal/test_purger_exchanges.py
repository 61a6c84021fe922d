"""What leaves the journal of what passed between a practice and its payers: envelopes, messages, documents, ARL."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.journal.archives import Archive, purger_archives, verifier_archives
from fse.app.operations.journal.purger import purger_personne
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.pieces.depot import deposer_piece
from fse.app.operations.pieces.envoi import envoyer_pieces
from fse.app.operations.pieces.suivi import noter_piece
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import FseError
from fse.infra.journal.facts.exchanges import courriers
from fse.infra.journal.facts.exchanges.courriers import CourrierLuRow
from tests.app.cabinet import JOUR, PATIENTS, document, facture
from tests.app.emitted import RETOUR, answered_practice, rows
from tests.app.journal.exchanges import (
    ACCUSE,
    acknowledge,
    by_folder,
    emit,
    fetch,
    folder_practice,
    print_duplicate,
    send,
)
from tests.app.journal.hand import by_hand
from tests.app.journal.scene import found, settle_all
from tests.app.pieces.paper import MARK, pdf
from tests.infra.journal.facts import NOW

pytestmark = pytest.mark.usefixtures("years_later")

KEPT = timedelta(days=90)
SEALED = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nAAAA"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with folder_practice(tmp_path / "cabinet") as opened:
        (opened.cabinet.folder / "oct").mkdir()
        yield opened


@pytest.fixture
def answered(tmp_path: Path) -> Iterator[Practice]:
    with by_folder(answered_practice(tmp_path / "cabinet")) as opened:
        settle_all(opened)
        yield opened


def purge(practice: Practice, le: date) -> tuple[list[str], list[Archive]]:
    """What was destroyed, by kind, and what is kept."""
    done = purger_archives(practice, auteur="essai", motif="fin de conservation", le=le)
    assert [one.code for one in found(practice)] == []
    return [one.nature for one in done.detruites], list(done.gardees)


def refused(practice: Practice, le: date, numero: int = 1) -> tuple[str, str]:
    with pytest.raises(FseError) as raised:
        purger_personne(practice, numero, auteur="essai", motif="essai", le=le)
    return raised.value.code, f"{raised.value.lieu} {raised.value.action}"


def ciphers(practice: Practice, genre: str) -> set[object]:
    return {row["chiffre"] for row in rows(practice, f"SELECT chiffre FROM contenu WHERE genre = '{genre}'")}


def test_an_envelope_goes_with_its_file(practice: Practice) -> None:
    send(practice, emit(practice), ACCUSE)
    acknowledge(practice, 1)
    settle_all(practice)
    gone = ciphers(practice, "enveloppe")
    assert len(gone) == 1
    assert purge(practice, ACCUSE + KEPT - timedelta(days=1))[0] == []
    assert purge(practice, ACCUSE + KEPT) == (["lot", "fichier", "retour"], [])
    assert ciphers(practice, "enveloppe") == set()
    for path in practice.cabinet.folder.glob("journal.sqlite*"):
        assert not any(bytes(cipher) in path.read_bytes() for cipher in gone)  # type: ignore[call-overload]
    assert verifier_archives(practice).ecarts == ()


def test_what_could_not_leave_is_kept_from_the_day_of_its_paper(practice: Practice) -> None:
    emit(practice, facture("V-1"))
    far = date(2040, 1, 1)
    assert purge(practice, far)[0] == []
    print_duplicate(practice, 1, ACCUSE)
    settle_all(practice)
    assert {one.nature: one.echeance for one in purge(practice, ACCUSE)[1]} == {
        "lot": ACCUSE + KEPT,
        "fichier": ACCUSE + KEPT,
    }


def test_an_acknowledgement_is_kept_until_its_lot_is_settled(practice: Practice) -> None:
    send(practice, emit(practice))
    acknowledge(practice, 1)
    far = ACCUSE + timedelta(days=400)
    destroyed, kept = purge(practice, far)
    assert (destroyed, [one.nature for one in kept]) == ([], ["lot", "fichier", "retour"])
    settle_all(practice)
    assert purge(practice, far)[0] == ["lot", "fichier", "retour"]


def test_a_message_is_kept_ninety_days_and_until_it_is_read(practice: Practice) -> None:
    fetch(practice, b"lu", JOUR)
    unread = fetch(practice, b"pas lu", JOUR, read=False)
    assert purge(practice, JOUR + KEPT - timedelta(days=1))[0] == []
    destroyed, (kept,) = purge(practice, JOUR + KEPT)
    assert (destroyed, kept.contenus, kept.soldee) == (["courrier"], (unread,), False)
    with practice.journal.transaction(NOW) as transaction:
        (left,) = courriers.to_read(transaction)
        known = CourrierLuRow(empreinte=left.empreinte, verdict="sans_retour", motif="", lu_le=left.recu_le)
        courriers.mark_read(transaction, known)
    assert purge(practice, JOUR + KEPT) == (["courrier"], [])


def test_a_message_that_comes_again_after_its_destruction_is_known(practice: Practice) -> None:
    fetch(practice, b"lu", JOUR)
    purge(practice, JOUR + KEPT)
    with practice.journal.reading() as reading:
        (row,) = rows(practice, "SELECT empreinte FROM courrier")
        assert courriers.is_known(reading, str(row["empreinte"]))


def test_a_document_is_kept_until_it_is_accepted_and_its_sheets_settled(practice: Practice) -> None:
    send(practice, emit(practice, facture("V-1"), facture("V-2")))
    acknowledge(practice, 1)
    content = pdf(text=MARK)
    for numero in (1, 2):
        deposer_piece(practice, numero, content, nature="ordonnance", auteur="essai", le=ACCUSE)
    later = ACCUSE + timedelta(days=10)
    assert "piece" in [one.nature for one in purge(practice, date(2030, 1, 1))[1]], "it did not leave"
    envoyer_pieces(practice, mot_de_passe=lambda: "", le=later)
    noter_piece(practice, 1, "acceptee", auteur="essai", le=later)
    settle_all(practice)
    assert purge(practice, later + KEPT)[0] == ["lot", "fichier", "retour"]
    noter_piece(practice, 2, "acceptee", auteur="essai", le=later)
    assert purge(practice, later + KEPT - timedelta(days=1))[0] == []
    assert purge(practice, later + KEPT) == (["piece"], [])
    again = deposer_piece(practice, 2, content, nature="autre", auteur="essai", le=later)
    assert again.reprend is None, "what was destroyed is not referred to"


def test_a_document_of_a_cancelled_sheet_is_kept_from_its_deposit(practice: Practice) -> None:
    securiser(practice, document(facture("V-1")), le=JOUR)
    deposer_piece(practice, 1, pdf(text=MARK), nature="ordonnance", auteur="essai", le=JOUR)
    annuler(practice, 1, motif="essai", auteur="essai", le=JOUR)
    assert purge(practice, JOUR + KEPT - timedelta(days=1))[0] == []
    assert purge(practice, JOUR + KEPT) == (["piece"], [])


def test_a_person_stays_while_a_document_of_hers_is_kept(practice: Practice) -> None:
    send(practice, emit(practice, facture("V-1"), facture("V-2", patient=1)))
    acknowledge(practice, 1)
    deposer_piece(practice, 1, pdf(text=MARK), nature="ordonnance", auteur="essai", le=ACCUSE)
    envoyer_pieces(practice, mot_de_passe=lambda: "", le=ACCUSE)
    settle_all(practice)
    far = ACCUSE + timedelta(days=400)
    purge(practice, far)
    code, words = refused(practice, far)
    assert (code, "piece 1" in words) == ("personne.archive", True)
    purger_personne(practice, 2, auteur="essai", motif="essai", le=far)
    noter_piece(practice, 1, "acceptee", auteur="essai", le=ACCUSE)
    purge(practice, far)
    purger_personne(practice, 1, auteur="essai", motif="essai", le=far)
    assert verifier_journal(practice).intact


def test_a_person_stays_while_a_message_may_name_her(answered: Practice) -> None:
    far = RETOUR + timedelta(days=400)
    purge(answered, far)
    nir = PATIENTS[0][0].encode()
    encoded = b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"102 " + nir)
    for data, day in ((encoded, far), (b"rien " + nir, far), (SEALED, RETOUR)):
        fetch(answered, data, day)
        code, words = refused(answered, far)
        assert (code, "courrier" in words) == ("personne.archive", True)
        by_hand(answered, "DELETE FROM courrier_lu", "DELETE FROM courrier")
    fetch(answered, SEALED, far, read=False)
    code, words = refused(answered, far)
    assert (code, "fse relever" in words) == ("personne.archive", True)
    by_hand(answered, "DELETE FROM courrier_lu", "DELETE FROM courrier")
    fetch(answered, SEALED, far)
    fetch(answered, b"rien de personne", RETOUR)
    assert purger_personne(answered, 1, auteur="essai", motif="essai", le=far).personnes == 1


def test_a_message_altered_is_named(practice: Practice) -> None:
    fetch(practice, b"lu", JOUR)
    by_hand(practice, f"UPDATE courrier SET empreinte = '{'0' * 64}'")
    assert "journal.contenu_different" in {one.code for one in found(practice)}


def test_a_document_altered_is_named(practice: Practice) -> None:
    emit(practice, facture("V-1"))
    deposer_piece(practice, 1, pdf(text=MARK), nature="ordonnance", auteur="essai", le=JOUR)
    by_hand(practice, "UPDATE piece SET empreinte = 'x'")
    assert "journal.contenu_different" in {one.code for one in found(practice)}
