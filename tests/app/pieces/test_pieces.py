"""A supporting document from its deposit to its acceptance: when it leaves, what leaves, once, by one way."""

from __future__ import annotations

import email
import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.pieces.depot import deposer_piece
from fse.app.operations.pieces.envoi import envoyer_pieces
from fse.app.operations.pieces.suivi import Piece, noter_piece, suivre_pieces
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import FseError
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture
from tests.app.emitted import rows
from tests.app.journal.exchanges import (
    ACCUSE,
    acknowledge,
    attempt,
    emit,
    folder_practice,
    print_duplicate,
    recipient,
    send,
)
from tests.app.pieces.paper import MARK, pdf

PAPER = pdf(text=MARK)
OTHER = pdf(text=b"AUTRE")


def no_password() -> str:
    raise AssertionError("no account here")


@pytest.fixture(params=[True, False], ids=["sealed", "clear"])
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Practice]:
    with folder_practice(tmp_path / "cabinet", sealed=request.param) as opened:
        (opened.cabinet.folder / "oct").mkdir()
        yield opened


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Practice]:
    with folder_practice(tmp_path / "cabinet") as opened:
        (opened.cabinet.folder / "oct").mkdir()
        yield opened


def deposit(
    practice: Practice, numero: int = 1, content: bytes | None = PAPER, *, nature: str = "ordonnance", **more: object
) -> Piece:
    return deposer_piece(practice, numero, content, nature=nature, auteur="essai", le=JOUR, **more)  # type: ignore[arg-type]


def run(practice: Practice, le: date = ACCUSE) -> list[str]:
    return [one.etat for one in envoyer_pieces(practice, mot_de_passe=no_password, le=le)]


def states(practice: Practice, le: date = ACCUSE) -> dict[int, str]:
    return {one.piece: one.etat for one in suivre_pieces(practice, le=le, toutes=True)}


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(FseError) as raised:
        call()
    return raised.value.code


def received(practice: Practice) -> dict[str, dict[str, bytes]]:
    """What the OCT finds, by sealed file or by name: opened by openssl alone."""
    found: dict[str, dict[str, bytes]] = {}
    key = practice.cabinet.folder / "caisse.key"
    key.write_bytes(recipient()[1])
    for path in sorted((practice.cabinet.folder / "oct").iterdir()):
        if path.suffix != ".p7m":
            found.setdefault(path.stem, {})[path.name] = path.read_bytes()
            continue
        command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", str(path), "-inkey", str(key)]
        clear = subprocess.run(command, check=True, capture_output=True).stdout
        parts = email.message_from_bytes(clear).walk()
        files = {part.get_filename(): part.get_payload(decode=True) for part in parts if part.get_filename()}
        found[path.stem.rsplit("-", 1)[0]] = {str(name): bytes(content) for name, content in files.items()}  # type: ignore[arg-type]
    return found


# --- when it leaves --------------------------------------------------------------------------------------------------


def test_a_document_leaves_at_the_positive_acknowledgement_and_not_before(practice: Practice) -> None:
    identifiant = emit(practice)
    assert deposit(practice).etat == "attend_lot"
    assert run(practice) == []
    send(practice, identifiant)
    assert run(practice) == []
    acknowledge(practice, 1)
    assert run(practice) == ["envoyee"]
    assert run(practice) == [], "once"
    name = f"{PRESTATAIRE}-000000001-1"
    assert received(practice)[name][f"{name}.pdf"] == PAPER
    told = json.loads(received(practice)[name][f"{name}.json"])
    assert told == {
        "format": "fse-piece-1",
        "marque": "T",
        "prestataire": PRESTATAIRE,
        "facture": 1,
        "lot": {"numero": 1, "date": "2026-10-05"},
        "piece": 1,
        "nature": "ordonnance",
        "empreinte": hashlib.sha256(PAPER).hexdigest(),
        "document": f"{name}.pdf",
        "reprend": None,
    }
    assert verifier_journal(practice).intact


def test_a_refused_lot_keeps_its_documents(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    deposit(sealed)
    acknowledge(sealed, 1, "N")
    assert (run(sealed), states(sealed)) == ([], {1: "attend_lot"})


def test_a_degraded_sheet_awaits_no_acknowledgement(sealed: Practice) -> None:
    identifiant = emit(sealed, facture("V-1", mode="D"))
    deposit(sealed)
    assert run(sealed) == []
    send(sealed, identifiant)
    assert run(sealed) == ["envoyee"]


def test_a_document_may_come_after_the_acknowledgement(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    acknowledge(sealed, 1)
    assert deposit(sealed).etat == "a_envoyer"
    assert run(sealed) == ["envoyee"]


def test_without_a_way_out_nothing_leaves_and_it_is_listed(practice: Practice, tmp_path: Path) -> None:
    from tests.app.cabinet import new_practice

    with new_practice(tmp_path / "autre") as other:
        emit(other)
        deposit(other)
        assert run(other) == []
        assert [(one.etat, "papier" in one.action) for one in suivre_pieces(other, le=JOUR)] == [("a_envoyer", True)]


def test_a_sheet_that_is_corrected_has_its_document_no_more(sealed: Practice) -> None:
    send(sealed, emit(sealed, facture("V-1")))
    deposit(sealed)
    securiser(sealed, document(facture("V-2", before="<remplace>1</remplace>")), le=JOUR)
    assert states(sealed) == {1: "sans_objet"}
    assert refusal(lambda: deposit(sealed, 1, OTHER, nature="autre")) == "piece.facture_annulee"
    assert deposit(sealed, 2, PAPER).reprend is None


# --- a series --------------------------------------------------------------------------------------------------------


def test_the_same_document_of_a_person_is_sent_once_then_referred_to(practice: Practice) -> None:
    send(practice, emit(practice, facture("V-1"), facture("V-2"), facture("V-3", patient=1)))
    first, second, stranger = deposit(practice, 1), deposit(practice, 2), deposit(practice, 3)
    assert [one.reprend for one in (first, second, stranger)] == [None, 1, None]
    named = deposit(practice, 2, None, nature="autre", reprend=2)
    assert named.reprend == 1, "a reference to a reference is one to the document"
    acknowledge(practice, 1)
    assert states(practice) == {1: "a_envoyer", 2: "attend_piece", 3: "a_envoyer", 4: "attend_piece"}
    assert run(practice) == ["envoyee"] * 4
    name = f"{PRESTATAIRE}-000000002-2"
    assert set(received(practice)[name]) == {f"{name}.json"}
    told = json.loads(received(practice)[name][f"{name}.json"])
    assert told["document"] is None
    assert told["reprend"] == {"prestataire": PRESTATAIRE, "facture": 1, "piece": 1}
    assert len(rows(practice, "SELECT id FROM contenu WHERE genre = 'piece'")) == 2


def test_a_reference_to_what_will_never_leave_carries_the_document(sealed: Practice) -> None:
    securiser(sealed, document(facture("V-1"), facture("V-2")), le=JOUR)
    deposit(sealed, 1)
    deposit(sealed, 2)
    annuler(sealed, 1, motif="essai", auteur="essai", le=JOUR)
    send(sealed, emit(sealed, facture("V-3", patient=1)))
    acknowledge(sealed, 2)
    assert states(sealed) == {1: "sans_objet", 2: "a_envoyer"}
    run(sealed)
    name = f"{PRESTATAIRE}-000000002-2"
    assert received(sealed)[name][f"{name}.pdf"] == PAPER


def test_a_document_of_somebody_else_is_not_referred_to(sealed: Practice) -> None:
    emit(sealed)
    deposit(sealed, 1)
    assert refusal(lambda: deposit(sealed, 2, None, reprend=1)) == "piece.autre_personne"
    assert refusal(lambda: deposit(sealed, 2, None, reprend=7)) == "piece.inconnue"


# --- one document, one way -------------------------------------------------------------------------------------------


def test_the_same_document_again_does_nothing_and_another_is_refused(sealed: Practice) -> None:
    emit(sealed)
    assert deposit(sealed).piece == deposit(sealed).piece == 1
    assert refusal(lambda: deposit(sealed, 1, OTHER)) == "piece.autre_document"
    assert deposit(sealed, 1, OTHER, nature="accord_prealable").piece == 2


def test_what_left_is_not_printed_too(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    deposit(sealed)
    assert refusal(lambda: noter_piece(sealed, 1, "acceptee", auteur="essai")) == "piece.pas_envoyee"
    acknowledge(sealed, 1)
    run(sealed)
    assert refusal(lambda: noter_piece(sealed, 1, "papier", auteur="essai")) == "piece.un_seul_canal"
    assert [one.etat for one in suivre_pieces(sealed, le=ACCUSE)] == ["envoyee"], "listed until it is accepted"
    noter_piece(sealed, 1, "acceptee", auteur="essai", le=ACCUSE)
    assert suivre_pieces(sealed, le=ACCUSE) == []
    assert refusal(lambda: noter_piece(sealed, 1, "papier", auteur="essai")) == "piece.close"
    assert refusal(lambda: noter_piece(sealed, 5, "papier", auteur="essai")) == "piece.inconnue"


def test_a_refused_document_is_made_again_or_goes_on_paper(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    acknowledge(sealed, 1)
    deposit(sealed)
    run(sealed)
    assert noter_piece(sealed, 1, "refusee", auteur="essai", detail="trop noir").detail == "trop noir"
    again = deposit(sealed, 1, OTHER)
    assert (again.piece, again.etat, states(sealed)[1]) == (2, "a_envoyer", "remplacee")
    run(sealed)
    noter_piece(sealed, 2, "refusee", auteur="essai")
    noter_piece(sealed, 2, "papier", auteur="essai")
    assert suivre_pieces(sealed, le=ACCUSE) == []
    assert refusal(lambda: deposit(sealed, 1, PAPER)) == "piece.autre_document"


def test_what_goes_on_paper_takes_its_document_along(sealed: Practice) -> None:
    send(sealed, emit(sealed, facture("V-1"), facture("V-2", patient=1)))
    deposit(sealed, 1)
    print_duplicate(sealed, 1, ACCUSE)
    assert (run(sealed), states(sealed)) == ([], {1: "sur_papier"})
    print_duplicate(sealed, 2, ACCUSE)
    assert refusal(lambda: deposit(sealed, 2)) == "piece.facture_papier"


@pytest.mark.parametrize(("mode", "code"), [("S", "piece.facture_annulee"), ("papier", "piece.facture_papier")])
def test_a_sheet_that_is_not_transmitted_has_no_document_to_send(sealed: Practice, mode: str, code: str) -> None:
    securiser(sealed, document(facture("V-1", mode=mode)), le=JOUR)
    if mode == "S":
        annuler(sealed, 1, motif="essai", auteur="essai", le=JOUR)
    assert refusal(lambda: deposit(sealed)) == code


def test_a_document_is_of_a_known_nature_and_is_there(sealed: Practice) -> None:
    emit(sealed)
    assert refusal(lambda: deposit(sealed, nature="photo")) == "piece.nature"
    assert refusal(lambda: deposit(sealed, 1, None)) == "piece.contenu"
    assert refusal(lambda: deposit(sealed, 1, PAPER, reprend=1)) == "piece.contenu"
    assert refusal(lambda: deposit(sealed, 9)) == "facture.inconnue"


# --- failures --------------------------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_for_five_days_then_goes_on_paper(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    acknowledge(sealed, 1)
    deposit(sealed)
    (sealed.cabinet.folder / "oct").rmdir()
    first = ACCUSE + timedelta(days=2)
    for day in (first, first + timedelta(days=5)):
        (one,) = envoyer_pieces(sealed, mot_de_passe=no_password, le=day)
        assert (one.etat, one.jusqu_au) == ("a_reessayer", first + timedelta(days=5))
        assert "dossier" in one.detail
    late = first + timedelta(days=6)
    assert run(sealed, late) == []
    (listed,) = suivre_pieces(sealed, le=late)
    assert (listed.etat, listed.tentatives) == ("sur_papier", 2)
    (sealed.cabinet.folder / "oct").mkdir()
    assert run(sealed, late) == [], "a person has it now"
    assert noter_piece(sealed, 1, "papier", auteur="essai", le=late).etat == "papier"
    assert suivre_pieces(sealed, le=late) == []


def test_a_folder_that_comes_back_in_time_takes_it(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    acknowledge(sealed, 1)
    deposit(sealed)
    (sealed.cabinet.folder / "oct").rmdir()
    assert run(sealed) == ["a_reessayer"]
    (sealed.cabinet.folder / "oct").mkdir()
    assert run(sealed, ACCUSE + timedelta(days=5)) == ["envoyee"]


def test_a_failing_folder_is_one_incident_a_day(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    acknowledge(sealed, 1)
    deposit(sealed, 1)
    deposit(sealed, 2)
    (sealed.cabinet.folder / "oct").rmdir()
    run(sealed)
    run(sealed)
    assert len(rows(sealed, "SELECT rang FROM incident")) == 1
    assert len(rows(sealed, "SELECT rang FROM piece_suite WHERE fait = 'echec'")) == 4


def test_a_run_killed_between_the_folder_and_the_journal_changes_nothing(practice: Practice) -> None:
    """The file is there, the journal does not know: the next run finds it, and leaves it as it is."""
    from fse.app.operations.pieces import envoi

    class Killed(BaseException):
        pass

    send(practice, emit(practice))
    acknowledge(practice, 1)
    deposit(practice)

    def dying(*arguments: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(envoi, "_record", dying)
        with pytest.raises(Killed):
            run(practice)
    before = {path.name: path.read_bytes() for path in (practice.cabinet.folder / "oct").iterdir()}
    assert before
    assert states(practice) == {1: "a_envoyer"}
    assert run(practice) == ["envoyee"]
    assert {path.name: path.read_bytes() for path in (practice.cabinet.folder / "oct").iterdir()} == before


def test_a_file_in_the_outbox_delays_its_documents(sealed: Practice) -> None:
    identifiant = emit(sealed)
    attempt(sealed, identifiant, "differe", JOUR, "451")
    deposit(sealed)
    assert run(sealed) == []


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_the_document_is_nowhere_in_clear(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    acknowledge(sealed, 1)
    deposit(sealed)
    run(sealed)
    for path in sealed.cabinet.folder.rglob("*"):
        if path.is_file():
            assert MARK not in path.read_bytes(), path.name


def test_what_will_leave_by_itself_is_not_said_to_be_on_paper(sealed: Practice) -> None:
    send(sealed, emit(sealed))
    deposit(sealed)
    for state in ("attend_lot", "a_envoyer"):
        if state == "a_envoyer":
            acknowledge(sealed, 1)
        assert states(sealed)[1] == state
        assert refusal(lambda: noter_piece(sealed, 1, "papier", auteur="essai", le=ACCUSE)) == "piece.partira"
    without = replace(sealed, cabinet=replace(sealed.cabinet, envoi=None))
    assert noter_piece(without, 1, "papier", auteur="essai", le=ACCUSE).etat == "papier"
