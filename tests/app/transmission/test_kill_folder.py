"""A whole day by folders, killed at every step: secured, signed, sent, answered, fetched. The next run ends it.

No sheet is lost nor live in two lots; what the caisse holds is what was frozen; each return is received once; a file
that comes is in its folder until it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.infra.keys.opening import open_envelope
from fse.infra.transport.unpacking import read_entity
from tests.app.cabinet import JOUR, key_folder, new_practice, reopen, signer
from tests.app.emitted import derived
from tests.app.killing import ENDURANCE, needs_fork
from tests.app.transmission.killing import chosen, count_steps, killed_at
from tests.app.transmission.scene import ENTREE, RETOUR, describe, fetch, opener, rows, sealed, send

pytestmark = [needs_fork, pytest.mark.timeout(7200 if ENDURANCE else 300)]

KILLS = 52
PARTS = range(4)


def prepared(folder: Path) -> Practice:
    new_practice(folder).close()
    describe(folder)
    for name in ("oct", "arrivees"):
        (folder / name).mkdir()
    return reopen(folder)


def day(practice: Practice) -> None:
    """What a practice does in a day, its caisse answering meanwhile."""
    securiser(practice, ENTREE, le=JOUR)
    emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)
    send(practice)
    caisse(practice.cabinet.folder)
    fetch(practice)


def caisse(folder: Path) -> None:
    """The other side: opens what it received; answers it encrypted, in clear a second time, and with a cut copy."""
    for path in sorted((folder / "oct").glob("*.p7m")):
        file, signature = _answered(path.read_bytes())
        answer = repondre(file, {1: signature}, read_scenario(b""), RETOUR, [(key_folder() / "ancre.pem").read_bytes()])
        content = answer.fichiers[0].contenu
        for name, arrived in (
            ("1-chiffre.p7m", _sealed(content)),
            ("2-clair.noe", content),
            ("3-coupe.noe", content[:-128]),
            ("4-reel.noe", content[:70] + b" " + content[71:]),
            ("5-lettre.pdf", b"%PDF-1.7"),
        ):
            (folder / f".{name}").write_bytes(arrived)
            (folder / f".{name}").replace(folder / "arrivees" / name)
            (folder / "laisses").mkdir(exist_ok=True)
            (folder / "laisses" / hashlib.sha256(arrived).hexdigest()).touch()


@cache
def _sealed(content: bytes) -> bytes:
    return sealed(("retour.noe", content))


def _answered(envelope: bytes) -> tuple[bytes, bytes]:
    file, signature = read_entity(open_envelope(envelope, opener("caisse")))
    return file.contenu, signature.contenu


def state(folder: Path) -> object:
    """All that must be the same."""
    with reopen(folder) as practice:
        assert practice.journal.verify() == []
        found = [
            rows(practice, query)
            for query in (
                "SELECT numero, COUNT(*) AS lots FROM lot_facture_vivante GROUP BY numero ORDER BY numero",
                "SELECT identifiant, numero_lot FROM fichier_lot ORDER BY identifiant, numero_lot",
                "SELECT identifiant, tentative, resultat FROM envoi ORDER BY identifiant, tentative",
                "SELECT empreinte, verdict, motif FROM fichier_recu ORDER BY empreinte",
                "SELECT COUNT(*) AS nombre FROM courrier",
                "SELECT verdict, COUNT(*) AS nombre FROM courrier_lu GROUP BY verdict ORDER BY verdict",
                "SELECT * FROM etat_facture ORDER BY numero",
                "SELECT fichier, rang, numero_facture FROM noemie_102 ORDER BY fichier, rang",
            )
        ]
        left = sorted(one.name for one in (folder / "arrivees").iterdir() if not one.name.startswith("."))
        opened = [_answered(one.read_bytes())[0] for one in sorted((folder / "oct").glob("*.p7m"))]
        written = [one.read_bytes() for one in sorted((folder / "envoi").glob("*.b2"))]
        assert opened == written
        return found, left, [hashlib.sha256(one).hexdigest() for one in opened], derived(practice)


def nothing_lost(folder: Path) -> None:
    """What the caisse left is in the folder, or in the journal; no sheet is live in two lots, none of two files."""
    left = {one.name for one in (folder / "laisses").glob("*")}
    waiting = {hashlib.sha256(one.read_bytes()).hexdigest() for one in (folder / "arrivees").iterdir()}
    with reopen(folder) as practice:
        assert left <= waiting | {row["empreinte"] for row in rows(practice, "SELECT empreinte FROM courrier")}
        assert rows(practice, "SELECT numero FROM lot_facture_vivante GROUP BY numero HAVING COUNT(*) > 1") == []
        assert rows(practice, "SELECT numero_lot FROM fichier_lot GROUP BY numero_lot HAVING COUNT(*) > 1") == []
        assert practice.journal.verify() == []


@cache
def _whole() -> tuple[int, object]:
    """The steps of a day that nothing stops, and how it ends."""
    signer(), opener("caisse"), opener("reception")  # made once a process, before steps are counted
    folder = Path(mkdtemp(prefix="fse-tue-")) / "entier"
    with prepared(folder) as practice:
        steps = count_steps(practice, day)
    return steps, state(folder)


def test_a_day_killed_at_a_few_steps_is_ended_by_the_next_run(tmp_path: Path) -> None:
    kill(tmp_path, chosen(_whole()[0], 3, endurance=False))


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_a_day_killed_anywhere_is_ended_by_the_next_run(tmp_path: Path, part: int) -> None:
    kill(tmp_path, chosen(_whole()[0], KILLS)[part :: len(PARTS)])


def kill(parent: Path, wanted: Sequence[int]) -> None:
    """Kill a day at each of these steps, then live it again."""
    steps, expected = _whole()
    for step in wanted:
        folder = parent / str(step)
        prepared(folder).close()
        assert killed_at(step, partial(reopen, folder), day), f"step {step} was not reached"
        nothing_lost(folder)
        with reopen(folder) as practice:
            day(practice)
        assert state(folder) == expected, f"killed at step {step}"
    print(f"{len(wanted)} kills of {steps} steps")
