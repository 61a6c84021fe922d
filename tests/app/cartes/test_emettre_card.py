"""Lots signed by a card, as a command does it; a card pulled out at every step leaves what is signed signed."""

from __future__ import annotations

import hashlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pkcs11
import pytest
from sqlalchemy import event

from fse.app.cli.signers import PracticeSigners
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import SignatureError
from fse.infra.engines import of
from fse.infra.journal.facts import lots
from tests.app.cabinet import CLE, JOUR, document, facture
from tests.app.cartes.practice import carte, described, opened
from tests.app.test_cli import Shell
from tests.domain.signature_pki import openssl_accepts
from tests.infra.keys.soft_card import FINAL_TRY, SoftCard, SoftReader, soft_reader
from tests.oracles import b2_oracle

FSE = str(Path(sys.executable).with_name("fse"))
ENTREE = document(facture("V-1"), facture("V-2", patient=1, mode="F"), facture("V-3", patient=2, destinataire="00"))


@pytest.fixture
def reader(tmp_path: Path) -> SoftReader:
    return soft_reader(tmp_path / "reader")


# --- the command, in a process of its own ----------------------------------------------------------------------------


def command(folder: Path, reader: SoftReader, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    values = {**os.environ, **reader.environment, "FSE_CLE_JOURNAL": CLE, **environment}
    line = [FSE, *arguments]
    return subprocess.run(line, capture_output=True, check=False, text=True, env=values, cwd=folder)


EMIT = ("emettre", "entree.xml", "--sortie", "envoi", "--le", str(JOUR))


@pytest.fixture
def card(reader: SoftReader, tmp_path: Path) -> SoftCard:
    """A card, and a practice beside that signs with it, its input given."""
    card = reader.insert(pin="73915", key_options=["--always-auth"])
    described(tmp_path, carte(card))
    (tmp_path / "entree.xml").write_bytes(ENTREE)
    return card


def test_emettre_signs_with_the_card_and_openssl_accepts(reader: SoftReader, card: SoftCard, tmp_path: Path) -> None:
    done = command(tmp_path, reader, *EMIT, FSE_PIN=card.pin)
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "envoi").glob("*.b2")
    contents = [b"".join(lot) for lot in b2_oracle.lots(b2_oracle.records(path.read_bytes()))]
    signatures = sorted((tmp_path / "envoi").glob("*.p7s"))
    assert len(contents) == len(signatures) == 2
    for content, signature in zip(contents, signatures, strict=True):
        assert openssl_accepts(tmp_path, content, signature.read_bytes(), card.anchor)
    (tmp_path / "ancre.pem").write_bytes(card.anchor)
    proved = Shell(tmp_path).run("verifier", str(path), "--ancre", "ancre.pem")
    assert proved.returncode == 0, proved.stdout
    assert card.pin not in done.stdout + done.stderr + proved.stdout
    assert not any(card.pin.encode() in one.read_bytes() for one in tmp_path.glob("journal*"))


def test_a_wrong_pin_is_tried_once_and_nothing_is_secured(reader: SoftReader, card: SoftCard, tmp_path: Path) -> None:
    done = command(tmp_path, reader, *EMIT, FSE_PIN="51937")
    assert done.returncode == 4
    assert "[carte.pin_faux]" in done.stderr
    assert "(variable FSE_PIN) est faux" in done.stderr
    assert "Corriger FSE_PIN avant de recommencer" in done.stderr
    assert "51937" not in done.stdout + done.stderr
    assert not (tmp_path / "envoi").exists()
    shell = Shell(tmp_path)
    assert "numero" not in shell.ok("suivi", "--format", "json", "--le", str(JOUR))
    told = shell.run("incidents", "--le", str(JOUR)).stdout
    assert "Panne (carte) [carte.pin_faux]" in told
    assert "51937" not in told


@pytest.mark.long
def test_without_a_pin_or_a_terminal(reader: SoftReader, card: SoftCard, tmp_path: Path) -> None:
    done = command(tmp_path, reader, *EMIT)
    assert done.returncode == 2
    assert "FSE_PIN" in done.stderr
    assert "[secret.absent]" in done.stderr


@pytest.mark.long
def test_the_last_try_is_typed_after_a_warning(reader: SoftReader, card: SoftCard, tmp_path: Path) -> None:
    card.set_flags(FINAL_TRY)
    refused = command(tmp_path, reader, *EMIT, FSE_PIN=card.pin)
    assert refused.returncode == 4
    assert "[carte.dernier_essai]" in refused.stderr
    typed, shown = on_a_terminal(tmp_path, reader, card.pin, FSE_PIN="a false one")
    assert typed == 0, shown
    assert "ATTENTION" in shown
    assert card.pin not in shown
    assert len(list((tmp_path / "envoi").glob("*.p7s"))) == 2


def on_a_terminal(folder: Path, reader: SoftReader, typed: str, **environment: str) -> tuple[int, str]:
    """The command with a terminal, on which this is typed when it asks: its status and all that it showed."""
    ours, theirs = pty.openpty()
    values = {**os.environ, **reader.environment, "FSE_CLE_JOURNAL": CLE, **environment}
    process = subprocess.Popen(
        [FSE, *EMIT],
        stdin=theirs, stdout=theirs, stderr=theirs, env=values, cwd=folder, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
            if shown.endswith(("» : ".encode(), "»: ".encode())):
                os.write(ours, f"{typed}\n".encode())
        return process.wait(60), shown.decode(errors="replace")
    finally:
        os.close(ours)
        process.kill()


@pytest.mark.long
def test_a_python_without_the_extra_is_told_how_to_get_it(reader: SoftReader, card: SoftCard, tmp_path: Path) -> None:
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / "pkcs11.py").write_text("raise ImportError('not installed')")
    done = command(tmp_path, reader, *EMIT, FSE_PIN=card.pin, PYTHONPATH=str(tmp_path / "absent"))
    assert done.returncode == 2
    assert "fse[carte]" in done.stderr


# --- pulled out at every step ----------------------------------------------------------------------------------------


def emit(practice: Practice) -> None:
    with PracticeSigners(practice.cabinet) as signers:
        emettre(practice, practice.cabinet.folder / "envoi", signers, le=JOUR)


def state(practice: Practice) -> object:
    """All that must be the same, and the bytes of the B2 files."""
    assert practice.journal.verify() == []
    with practice.journal.reading() as reading:
        rows = [
            of(reading.connection).rows(query)
            for query in (
                "SELECT prestataire, numero_lot, date_lot, ordre, numero FROM lot_facture ORDER BY numero",
                "SELECT identifiant, centre, empreinte FROM fichier_emis",
                "SELECT * FROM etat_facture ORDER BY numero",
                "SELECT genre, COUNT(*) AS nombre FROM evenement GROUP BY genre ORDER BY genre",
            )
        ]
    sent = sorted((practice.cabinet.folder / "envoi").iterdir())
    files = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in sent if path.suffix == ".b2"]
    return rows, files, [path.name for path in sent]


def signed(practice: Practice) -> dict[object, bytes]:
    with practice.journal.reading() as reading:
        found = {lot.key: lots.signature_of(reading, lot.key) for lot in lots.live_lots(reading)}
    return {key: cms for key, cms in found.items() if cms is not None}


def a_day(folder: Path, card: SoftCard) -> Practice:
    practice = opened(folder, carte(card), taille_lot=1)
    assert securiser(practice, ENTREE, le=JOUR).factures
    return practice


def test_pulled_out_at_every_step(reader: SoftReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each commit of an emission; the next run, card put back, ends as one that nothing stopped."""
    card = reader.insert()
    monkeypatch.setenv("FSE_PIN", card.pin)
    with reader.plugged(), a_day(tmp_path / "whole", card) as practice:
        commits: list[int] = []
        event.listen(practice.journal.engine, "commit", lambda _: commits.append(1))
        emit(practice)
        expected = state(practice)
    stopped_after = []
    for step in range(1, len(commits) + 1):
        with a_day(tmp_path / str(step), card) as practice:
            left = pulled_out_after(step, practice, card, reader)
            with reader.plugged():
                emit(practice)
            assert state(practice) == expected
            assert left.items() <= signed(practice).items()  # what was signed was not signed again
            stopped_after.append(len(left))
    assert stopped_after == sorted(stopped_after)
    assert set(stopped_after) == {0, 1, 2, 3}


def stopped_by(practice: Practice) -> str:
    """The code of the error of the card during an emission, if any."""
    try:
        emit(practice)
    except SignatureError as error:
        return error.code
    return ""


def pulled_out_after(step: int, practice: Practice, card: SoftCard, reader: SoftReader) -> dict[object, bytes]:
    """An emission during which the card goes after that many commits: the lots that were signed."""
    reached: list[int] = []

    def commit(_: object) -> None:
        reached.append(1)
        if len(reached) == step:
            card.pull_out()

    event.listen(practice.journal.engine, "commit", commit)
    try:
        with reader.plugged():
            assert stopped_by(practice) in ("carte.retiree", "")  # after the last signature nothing is asked of it
    finally:
        event.remove(practice.journal.engine, "commit", commit)
        card.put_back()
    assert practice.journal.verify() == []
    return signed(practice)


def test_the_library_is_not_left_open(reader: SoftReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logged out after an error too: another command of the same process opens the card."""
    card = reader.insert()
    monkeypatch.setenv("FSE_PIN", card.pin)
    with reader.plugged(), a_day(tmp_path / "cabinet", card) as practice:
        (practice.cabinet.folder / "envoi").write_text("in the way")
        with pytest.raises(Exception, match="envoi"):
            emit(practice)
        (practice.cabinet.folder / "envoi").unlink()
        emit(practice)
        session = pkcs11.lib(card.module).get_token(token_label=card.label).open(user_pin=card.pin)
        session.close()
