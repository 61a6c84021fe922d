"""A night does the work that needs nobody; what fails does not stop the rest; twice in a row changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fse.infra.journal.facts import nuits
from tests.app.accused import arl
from tests.app.journal.hand import by_hand
from tests.app.nightly.scene import (
    DEPOTS,
    STEPS,
    counts,
    drop,
    dropping,
    issues,
    night,
    night_practice,
    recorded,
)
from tests.app.transmission.scene import PAR_DOSSIER, answers, arrive, emit_more, rows, sealed, states

MARDI, MERCREDI, VENDREDI, LUNDI = (date(2026, 10, day) for day in (6, 7, 9, 12))
"""The file leaves on Tuesday: its acknowledgement is missing once Thursday, the second working day, is over."""


def test_from_the_outbox_to_the_money(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        (answer,) = answers(practice)

        first = night(practice, MARDI)
        assert [one.etape for one in first.etapes] == STEPS
        assert issues(first) == dict.fromkeys(STEPS, "faite") | {"renvoyer": "sans_objet"}
        assert counts(first, "envoyer") == {"partis": 1}
        assert (first.statut, first.rang, first.arret) == (0, 1, "")

        late = night(practice, VENDREDI)
        assert counts(late, "relancer") == {"renvois": 1}
        assert counts(late, "renvoyer") == {"partis": 1}, "what was decided leaves the same night"

        arrive(practice, "retour.p7m", sealed(("998.noe", answer)))
        drop(practice, "accuse.arl", arl())
        paid = night(practice, LUNDI)
        assert counts(paid, "relever") == {
            "releves": 1,
            "fichiers_recus": 1,
            "factures": 2,
            "paye": 6000,
            "virements": 1,
            "virements_montant": 6000,
        }
        assert counts(paid, "recevoir") == {"fichiers_recus": 1, "accuses_positifs": 1}
        assert states(practice) == ["soldee", "soldee"]
        assert rows(practice, "SELECT resultat FROM envoi") == [{"resultat": "accepte"}] * 2


def test_twice_in_a_row_changes_nothing(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        arrive(practice, "retour.p7m", sealed(("998.noe", answers(practice)[0])))
        drop(practice, "accuse.arl", arl())
        night(practice, MARDI)
        head = practice.journal.head()
        again = night(practice, MARDI)
        assert practice.journal.head() == head, "no event"
        assert {name: counts(again, name) for name in STEPS[:-1]} == {name: {} for name in STEPS[:-1]}
        assert (again.rang, again.statut) == (2, 0)


def test_what_a_night_did_is_kept(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        done = night(practice, MARDI)
        kept = recorded(practice, 1)
        assert [(one.etape, one.issue, one.statut, dict(one.comptes)) for one in kept] == [
            (one.etape, one.issue, one.statut, dict(one.comptes)) for one in done.etapes
        ]
        assert rows(practice, "SELECT jour, statut FROM nuit") == [{"jour": 20732, "statut": 0}]  # 6 October 2026
        with practice.journal.reading() as reading:
            last = nuits.last(reading, done.fin)
            assert nuits.holder(reading) is None
        assert last is not None
        assert (last.etat, last.nuit.rang, len(last.etapes)) == ("faite", 1, 6)


def test_without_a_way_out_the_rest_is_done(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        arrive(practice, "retour.p7m", sealed(("998.noe", answers(practice)[0])))
        (practice.cabinet.folder / "oct").rmdir()
        done = night(practice, MARDI)
        assert issues(done) == {
            "envoyer": "echec",
            "relever": "faite",
            "recevoir": "faite",
            "relancer": "faite",
            "renvoyer": "sans_objet",
            "rapport": "faite",
        }
        (envoi, *_) = done.etapes
        assert (envoi.statut, done.statut) == (5, 5)
        assert "il n'existe pas" in envoi.motif
        assert envoi.action.endswith(".")
        assert counts(done, "envoyer") == {"en_attente": 1}
        assert counts(done, "relever")["factures"] == 2


def test_a_resend_waits_while_nothing_leaves(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        night(practice, MARDI)
        folder = practice.cabinet.folder / "oct"
        moved = folder.rename(folder.with_name("ailleurs"))
        emit_more(practice, "V-10")
        done = night(practice, VENDREDI)
        assert (issues(done)["relancer"], issues(done)["renvoyer"]) == ("faite", "non_faite")
        moved.rename(folder)
        assert counts(night(practice, VENDREDI), "envoyer") == {"partis": 2}


def test_nothing_is_sent_again_while_returns_cannot_be_fetched(tmp_path: Path) -> None:
    """The acknowledgement may be waiting there."""
    with night_practice(tmp_path / "cabinet") as practice:
        night(practice, MARDI)
        folder = practice.cabinet.folder / "arrivees"
        folder.rmdir()
        done = night(practice, VENDREDI)
        assert (issues(done)["relever"], issues(done)["relancer"], issues(done)["rapport"]) == (
            "echec",
            "non_faite",
            "faite",
        )
        assert done.statut == 5
        assert rows(practice, "SELECT COUNT(*) AS n FROM relance") == [{"n": 0}]
        folder.mkdir()
        arrive(practice, "accuse.arl", arl())
        assert counts(night(practice, VENDREDI), "relancer") == {}, "it had been acknowledged"


def test_a_practice_that_exchanges_nothing_has_little_to_do(tmp_path: Path) -> None:
    with dropping(tmp_path / "cabinet") as practice:
        done = night(practice, MARDI)
        assert (issues(done)["relever"], issues(done)["rapport"]) == ("sans_objet", "sans_objet")
        assert done.statut == 0


def test_a_journal_that_refuses_stops_the_night_and_says_so(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet", DEPOTS + PAR_DOSSIER) as practice:
        by_hand(practice, "DROP TABLE nuit_etape")
        done = night(practice, MARDI)
        assert issues(done) == {"envoyer": "faite"} | dict.fromkeys(STEPS[1:], "non_faite")
        assert done.statut == 5
        assert "journal.erreur" in done.arret
        with practice.journal.reading() as reading:
            assert nuits.holder(reading) is None, "the next night need not wait"
