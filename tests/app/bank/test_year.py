"""A year simulated: each movement, transfer and return line ends matched or in one residue, to the centime."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fse.app.operations.banque.suivi import ask_bank
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice, open_practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.states import answer, ask_all_files
from fse.app.operations.suivi import suivi
from tests.app.bank.practice import ACCOUNT
from tests.app.bank.year import OPENING, Year, simulate
from tests.app.cabinet import CABINET, CLE, write_cabinet
from tests.app.emitted import rows

YEARS = range(1, 21) if os.environ.get("ENDURANCE") else (1, 2)
QUARTER, YEAR = 9, 26
"""Fortnights. A quarter holds every fate already."""
PROVED = {"whole": "deux_libelles", "late": "deux_libelles", "split": "plusieurs_lignes", "reference": "un_libelle"}
RESIDUES = {"bare": "virement_non_recu", "lost": "virement_non_recu", "nothing": "nul"}
MOVEMENTS = {
    "proof": "",
    "suggested": "autre",
    "other": "autre",
    "unexplained": "paiement_inexplique",
    "taken": "reprise_inexpliquee",
}


def new(folder: Path) -> Practice:
    """An empty practice with an account."""
    return open_practice(write_cabinet(folder, CABINET + ACCOUNT), CLE)


def receive_all(practice: Practice, year: Year, chance: Random) -> date:
    """Everything received on its day, returns and statements of one day in any order; the last day."""
    arrivals = [*year.returns, *year.statements]
    chance.shuffle(arrivals)
    arrivals.sort(key=lambda one: one[0])
    for jour, content in arrivals:
        for one in recevoir(practice, [content], le=jour):
            assert one.verdict in ("recu", "deja_recu"), one
    return arrivals[-1][0]


def states(practice: Practice, today: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Transfers, movements and totals of the files, as the matching says them."""
    with practice.journal.reading() as reading:
        ask_bank(reading, practice.cabinet, today)
        ask_all_files(reading)
        return tuple(answer(reading, name) for name in ("virements_banque", "mouvements_banque", "totaux"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("seed", "fortnights"),
    [(0, QUARTER), *(pytest.param(seed, YEAR, marks=pytest.mark.long) for seed in YEARS)],
)
def test_money_is_conserved_to_the_centime(seed: int, fortnights: int, tmp_path: Path) -> None:
    with new(tmp_path / "cabinet") as practice:
        year = simulate(practice, tmp_path, seed, fortnights)
        today = receive_all(practice, year, Random(seed))
        transfers, movements, totals = states(practice, today)

        # the bank: each movement once, in one state, as it was meant
        meant = [(one.jour, one.montant, kind) for kind, held in year.meant.movements.items() for one in held]
        assert len(movements) == len(meant)
        kept = Counter((row["montant"], row["nature"]) for row in movements)
        assert kept == Counter((montant, MOVEMENTS[kind]) for _, montant, kind in meant)
        assert OPENING + sum(row["montant"] for row in movements) == year.closing
        found = suivi(practice, le=today)
        assert found.banque is not None
        assert found.banque.comptes[0].solde == year.closing
        assert found.banque.manquants == ()

        # the transfers: proved by what was meant to, or in the residue of what became of them
        assert len(transfers) == len(year.announced)
        for row in transfers:
            fate = year.meant.fates[row["libelle_2"] or ""]
            assert (row["politique"] or row["nature"]) == (PROVED | RESIDUES)[fate], (fate, row)
            assert not (row["politique"] and row["nature"])
        proved = [row for row in transfers if row["politique"]]
        assert sum(row["montant"] for row in proved) == sum(row["montant"] for row in movements if not row["nature"])
        assert found.banque.prouve == sum(row["montant"] for row in proved)
        assert found.banque.manque == sum(row["montant"] for row in transfers if row["nature"] == "virement_non_recu")
        announced = sum(one.montant for one in year.announced)
        assert found.banque.prouve + found.banque.attendu + found.banque.manque == announced

        # a bare movement is suggested for its transfer, and nothing more
        bare = {label for label, fate in year.meant.fates.items() if fate == "bare"}
        suggested = {one.libelles[1] for one in found.virements if one.preuve and one.preuve.suggestions}
        assert suggested >= bare

        # the return lines: matched or in one residue
        assert all(row["reste"] == 0 for row in totals)
        assert all(row["lignes"] == row["lignes_rapprochees"] + row["lignes_residu"] for row in totals)

        # computed again from the facts, nothing changes
        before = rows(practice, "SELECT * FROM rapprochement_bancaire ORDER BY 1, 2, 3, 4, 5, 6, 7")
        assert reconstruire_journal(practice).ecarts == ()
        assert rows(practice, "SELECT * FROM rapprochement_bancaire ORDER BY 1, 2, 3, 4, 5, 6, 7") == before
        assert verifier_journal(practice).intact
        assert set(year.meant.fates.values()) >= set(PROVED) | {"bare", "lost"}, "the year holds every fate"
