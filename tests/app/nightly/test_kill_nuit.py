"""A night with everything to do, killed at every step: the next one ends in the same state.

A step is what another can see: a statement or a commit of the journal, a name that appears in a folder or leaves it, a
flush to the disk. The night that was killed still holds its lock: the next one comes after it expired.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
import time_machine

from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from tests.app.accused import POSITIF, arl
from tests.app.cabinet import JOUR, document, facture, reopen, signer
from tests.app.emitted import derived
from tests.app.killing import ENDURANCE, needs_fork
from tests.app.nightly.scene import drop, night, night_practice
from tests.app.transmission.killing import chosen, count_steps, killed_at
from tests.app.transmission.scene import answers, arrive, opener, rows, sealed, send

pytestmark = [needs_fork, pytest.mark.timeout(7200 if ENDURANCE else 300)]

KILLS = 52
PARTS = range(4)
VENDREDI = date(2026, 10, 9)
AFTER = timedelta(hours=2)

REFUS = replace(
    POSITIF,
    numero_lot=3,
    sens="N",
    fichier_accuse="000003",
    cause="9990",
    libelle="(fictif) Facture en cause",
    numero_facture=4,
)
"""Lot 003 is refused for invoice 4 (V-4)."""

FACTS = (
    "SELECT identifiant, numero_lot FROM fichier_lot ORDER BY identifiant, numero_lot",
    "SELECT identifiant, tentative, resultat FROM envoi ORDER BY identifiant, tentative",
    "SELECT numero_lot, rang, genre, motif, identifiant FROM relance ORDER BY numero_lot, rang",
    "SELECT empreinte, verdict, motif FROM fichier_recu ORDER BY empreinte",
    "SELECT numero_lot, sens FROM accuse ORDER BY numero_lot, sens",
    "SELECT verdict, COUNT(*) AS nombre FROM courrier_lu GROUP BY verdict ORDER BY verdict",
    "SELECT nature, code, COUNT(*) AS nombre FROM incident GROUP BY nature, code ORDER BY nature, code",
    "SELECT genre, COUNT(*) AS nombre FROM evenement GROUP BY genre ORDER BY genre",
    "SELECT * FROM etat_facture ORDER BY numero",
    "SELECT nom FROM verrou",
    "SELECT fin FROM nuit WHERE rang = (SELECT MAX(rang) FROM nuit) AND fin IS NULL",
    "SELECT etape FROM nuit_etape WHERE rang = (SELECT MAX(rang) FROM nuit) AND issue IN ('faite', 'sans_objet')",
)


def prepared(folder: Path) -> Practice:
    """Lots that left on Monday: the first is paid by the returns that wait, the second is late, the third refused for
    one of its invoices. A fourth is to leave. Other returns are cut, come twice, or are none.
    """
    practice = night_practice(folder)
    send(practice)
    (answer,) = answers(practice)
    emit(practice, "V-3")
    send(practice)
    emit(practice, "V-4", "V-5")
    send(practice)
    emit(practice, "V-6")
    arrive(practice, "1-retour.p7m", sealed_answer(answer))
    arrive(practice, "2-coupe.noe", answer[:-128])
    arrive(practice, "3-lettre.pdf", b"%PDF-1.7")
    drop(practice, "1-accuse.arl", arl())
    drop(practice, "2-retour.noe", answer)
    drop(practice, "3-coupe.noe", answer[:-256])
    drop(practice, "4-lettre.pdf", b"%PDF-1.7")
    drop(practice, "5-refus.arl", arl(REFUS, identifiant="ARL002"))
    return practice


def emit(practice: Practice, *references: str) -> None:
    securiser(practice, document(*(facture(one, patient=2) for one in references)), le=JOUR)
    emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)


@cache
def sealed_answer(answer: bytes) -> bytes:
    return sealed(("retour.noe", answer))


def friday(practice: Practice) -> None:
    """The night after the second working day: what nobody acknowledged is late."""
    night(practice, VENDREDI)


def state(folder: Path) -> object:
    """All that must be the same."""
    with reopen(folder) as practice:
        assert practice.journal.verify() == []
        found = [rows(practice, query) for query in FACTS]
        return found, derived(practice), contents(folder)


def contents(folder: Path) -> list[tuple[str, str]]:
    """Every file of the folders, by its name; the bytes of a page hold the head of a chain that is its own."""
    return [
        (str(path.relative_to(folder)), "" if name == "matin" else hashlib.sha256(path.read_bytes()).hexdigest())
        for name in ("oct", "arrivees", "depots", "matin")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file() and not (name == "oct" and path.suffix == ".p7m") and not path.name.startswith(".")
    ] + [(path.name, "") for path in sorted((folder / "oct").glob("*.p7m"))]


@cache
def template() -> Path:
    folder = Path(mkdtemp(prefix="fse-nuit-")) / "cabinet"
    prepared(folder).close()
    return folder


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(template(), folder))


@cache
def whole() -> tuple[int, object]:
    """The steps of a night that nothing stops, and how it ends."""
    signer(), opener("caisse"), opener("reception")  # made once a process, before steps are counted
    folder = copied(Path(mkdtemp(prefix="fse-nuit-")) / "entier")
    with reopen(folder) as practice:
        friday(practice)  # what is imported and compiled once is not a step
    folder = copied(Path(mkdtemp(prefix="fse-nuit-")) / "entier")
    with reopen(folder) as practice:
        steps = count_steps(practice, friday)
    return steps, state(folder)


def test_a_night_killed_at_a_few_steps_is_ended_by_the_next(tmp_path: Path) -> None:
    kill(tmp_path, chosen(whole()[0], 3, endurance=False))


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_a_night_killed_anywhere_is_ended_by_the_next(tmp_path: Path, part: int) -> None:
    kill(tmp_path, chosen(whole()[0], KILLS)[part :: len(PARTS)])


def kill(parent: Path, wanted: Sequence[int]) -> None:
    """Kill the night at each of these steps, then live another."""
    steps, expected = whole()
    for step in wanted:
        folder = copied(parent / str(step))
        assert killed_at(step, partial(reopen, folder), friday), f"step {step} was not reached"
        with reopen(folder) as practice, time_machine.travel(datetime.now(UTC) + AFTER):
            friday(practice)
        assert state(folder) == expected, f"killed at step {step}"
    print(f"{len(wanted)} kills of {steps} steps")
