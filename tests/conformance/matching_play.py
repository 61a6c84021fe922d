"""Plays a case of `fixtures/rapprochement/` on a practice: its steps in order, or files reversed and each twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from fse.app.caisse.month import Envoi, repondre_mois
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.actes.annuler_acte import annuler_acte
from fse.app.operations.actes.creance import rattacher_creance
from fse.app.operations.actes.rattacher import rattacher
from fse.app.operations.actes.saisir import saisir
from fse.app.operations.annuler import annuler
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice, open_practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.app.operations.reprise import reprise
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import Suivi, suivi
from tests.app.cabinet import CLE, new_practice, reopen, signer, write_cabinet
from tests.app.emitted import rows
from tests.conformance.matching_cases import FIXTURES, PRACTICE, MatchingCase, Step

AUTEUR, MOTIF = "marie", "essai de conformité"
_SENT = "envoi"


@dataclass
class Played:
    """A practice and what happened in it. `digests`: the digest of each file received, by its name.

    `worklists`: that of each `[[suivi]]` asked, by the ordinal of its step. `sent`: the B2 files at each reception.
    """

    practice: Practice
    receptions: list[tuple[str, FichierRecu]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    worklists: dict[int, Suivi] = field(default_factory=dict)
    sent: list[tuple[Step, tuple[Envoi, ...]]] = field(default_factory=list)


def play(case: MatchingCase, folder: Path) -> Played:
    """The case as it happened; its worklists are read on the way."""
    played, rest = started(case, case.etapes, folder)
    asked = {one["etape"]: one["le"] for one in case.attendu["suivi"]}
    first = len(case.etapes) - len(rest)
    for ordinal in range(first, len(case.etapes) + 1):
        if ordinal > first:
            do(case, played, case.etapes[ordinal - 1])
        if ordinal in asked:
            played.worklists[ordinal] = suivi(played.practice, le=asked[ordinal])
    return played


def replay(case: MatchingCase, folder: Path) -> Played:
    """The same with every file twice: the practice first, then the files from last to first, then what is by hand."""
    steps = list(case.etapes)
    if not case.is_ordered:
        practice = [step for step in steps if step.kind in PRACTICE]
        by_hand = [step for step in steps if step.kind not in (*PRACTICE, "recoit")]
        steps = [*practice, *reversed(case.received()), *by_hand]
    played, rest = started(case, [one for step in steps for one in _twice(step)], folder)
    for step in rest:
        do(case, played, step)
    return played


def _twice(step: Step) -> Iterable[Step]:
    return (step, step) if step.kind == "recoit" else (step,)


def started(case: MatchingCase, steps: Sequence[Step], folder: Path) -> tuple[Played, Sequence[Step]]:
    """A copy of the practice after its first steps of its own, and the steps that are left."""
    first = next((rank for rank, step in enumerate(steps) if step.kind not in PRACTICE), len(steps))
    shutil.copytree(_template(case, steps[:first]), folder)
    return Played(reopen(folder)), steps[first:]


def _data(case: MatchingCase, step: Step) -> bytes:
    return case.bytes_of(step.what) if isinstance(step.what, str) and step.what else b""


_TEMPLATES: dict[str, Path] = {}


def _template(case: MatchingCase, steps: Sequence[Step]) -> Path:
    """A practice after these steps; made once for all the cases that share them."""
    cabinet = case.bytes_of(case.cabinet)
    key = repr([cabinet, *((step, _data(case, step)) for step in steps)])
    if key not in _TEMPLATES:
        folder = Path(mkdtemp(prefix="fse-rapprochement-")) / "cabinet"
        new_practice(folder).close()
        with open_practice(write_cabinet(folder, cabinet.decode()), CLE) as practice:
            for step in steps:
                _practice_step(case, practice, step)
        _TEMPLATES[key] = folder
    return _TEMPLATES[key]


def _practice_step(case: MatchingCase, practice: Practice, step: Step) -> None:
    data = _data(case, step)
    if step.kind in ("securise", "emet"):
        if data:
            secured = securiser(practice, data, le=step.le)
            assert secured.factures, [one.message for one in secured.constats]
        if step.kind == "emet":
            assert emettre(practice, practice.cabinet.folder / _SENT, lambda *_: signer(), le=step.le).fichiers
    elif step.kind == "reprend":
        taken = reprise(practice, data, dossier=case.folder, auteur=AUTEUR, le=step.le)
        assert not taken.constats, [one.message for one in taken.constats]
    else:
        annuler(practice, motif=MOTIF, auteur=AUTEUR, le=step.le, **step.what)


def do(case: MatchingCase, played: Played, step: Step) -> None:
    """One step of a case."""
    practice, signed = played.practice, {"motif": MOTIF, "auteur": AUTEUR, "le": step.le}
    if step.kind in PRACTICE:
        _practice_step(case, practice, step)
    elif step.kind == "recoit":
        played.sent.append((step, tuple(sent_files(practice))))
        (one,) = recevoir(practice, [case.bytes_of(step.what)], fichier=step.what, le=step.le)
        played.receptions.append((step.what, one))
        played.digests[step.what] = one.empreinte
    elif step.kind == "rattache":
        given = dict(step.what)
        ligne = lines_of(played, given.pop("fichier"))[given.pop("ligne") - 1]
        rattacher(practice, f"{ligne['fichier']}:{ligne['rang']}", **given, **signed)
    elif step.kind == "rattache_creance":
        rattacher_creance(practice, **step.what, **signed)
    elif step.kind == "saisit":
        given = dict(step.what)
        entered = saisir(practice, case.bytes_of(given.pop("releve")), **given, **signed)
        assert entered.poses is not None, [one.message for one in entered.constats]
    else:
        annuler_acte(practice, [step.what], **signed)


def sent_files(practice: Practice) -> Iterator[Envoi]:
    """The B2 files that left, with their signatures, oldest first."""
    for path in sorted((practice.cabinet.folder / _SENT).glob("*.b2")):
        signatures = sorted(path.parent.glob(f"{path.stem}-*.p7s"))
        yield Envoi(path.read_bytes(), {rank: one.read_bytes() for rank, one in enumerate(signatures, start=1)})


def simulated(case: MatchingCase, step: Step, sent: Sequence[Envoi]) -> bytes:
    """What the payer simulator writes for this reception, when these files have left. Raises `ValueError`."""
    assert case.scenario is not None
    assert case.le is not None
    path = case.folder / case.scenario if case.scenario == "scenario.toml" else FIXTURES / case.scenario
    scenario = read_scenario(path.read_bytes(), case.scenario)
    arrivals: dict[bytes, Any] = {}
    for one in repondre_mois(sent, scenario, case.le).arrivees():
        arrivals.setdefault(one.contenu, one.arrivee)
    place = case.of_simulator().index(step.what)
    if place >= len(arrivals):
        raise ValueError(f"{case.name}: {len(arrivals)} files for {step.what}")
    content, day = list(arrivals.items())[place]
    if day != step.le and step == next(one for one in case.received() if one.what == step.what):
        raise ValueError(f"{case.name}: {step.what} arrives on {day}, not on {step.le}")
    return content


def lines_of(played: Played, name: str) -> list[dict[str, Any]]:
    """The return lines of a file, in order, each with where it ended."""
    sql = (
        "SELECT l.fichier, l.rang, l.numero, l.paye AS verse, a.prestataire, a.numero AS facture, a.politique, "
        "r.nature AS residu FROM ligne_retour l "
        "LEFT JOIN appariement a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang = l.rang "
        "LEFT JOIN residu r ON r.cabinet = l.cabinet AND r.fichier = l.fichier AND r.rang = l.rang "
        f"WHERE l.fichier = '{played.digests[name]}' ORDER BY l.rang"
    )
    return [dict(row) for row in rows(played.practice, sql)]
