"""What the morning page says of the night."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.reports import write_report
from fse.app.reports.matin import PAGE, barres
from fse.app.reports.matin.nuit import last_night
from fse.base.dates import to_days
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import Laisse
from tests.app.cabinet import new_practice
from tests.app.reports.conftest import Written
from tests.app.reports.month import LE
from tests.app.reports.page import words

NARROW = "\N{NARROW NO-BREAK SPACE}"


def night(
    practice: Practice,
    jour: date,
    *,
    failed: str = "",
    ended: bool = True,
    began: datetime | None = None,
    status: int = 5,
    left: Sequence[Laisse] = (),
) -> None:
    """A night, as the facts that it leaves; `failed`: the step that met this status, told as done below 5."""
    with practice.journal.transaction(began or now()) as transaction:
        rang = nuits.begin(transaction, jeton="jeton", jour=to_days(jour))
        for ordre, etape in enumerate(("envoyer", "relever")):
            down = etape == failed
            nuits.record_step(
                transaction,
                rang,
                etape=etape,
                ordre=ordre,
                issue="echec" if down and status == 5 else "faite",
                statut=status if down else 0,
                motif="Le serveur ne répond pas." if down else "",
                comptes={},
                laisses=left if etape == "relever" else (),
            )
        if ended:
            nuits.end(transaction, rang, statut=status if failed else 0)


@pytest.mark.parametrize(
    ("jour", "options", "said"),
    [
        (LE, {}, "Nuit faite nuit du 20/11"),
        (LE - timedelta(days=1), {}, "Nuit faite nuit du 19/11"),
        (LE, {"failed": "relever"}, "Nuit faite, sauf une partie relève : voir plus bas"),
        (LE, {"failed": "relever"}, "nuit : relève Le serveur ne répond pas."),
        (LE, {"failed": "relever"}, "La nuit n'a pas tout fait. Au journal, rien d'autre n'attend."),
        (LE, {"failed": "relever", "status": 4}, "Nuit faite, sauf une partie relève : voir plus bas"),
        (LE, {"failed": "relever", "status": 4}, "nuit : relève Le serveur ne répond pas."),
        (LE, {"failed": "relever", "status": 1}, "Rien à faire ce matin. Cette nuit Nuit faite nuit du 20/11"),
        (LE, {"ended": False}, "La nuit a été interrompue."),
        (date(2025, 12, 31), {}, "Nuit pas faite la dernière est du 31/12/2025 : lancer fse nuit"),
        (LE, {"ended": False}, "Nuit interrompue nuit du 20/11 : lancer fse nuit"),
        (date(2026, 11, 17), {}, "Nuit pas faite la dernière est du 17/11 : lancer fse nuit"),
    ],
)
def test_the_first_screen_says_whether_the_night_was_done(
    tmp_path: Path, jour: date, options: dict[str, Any], said: str
) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        night(practice, jour, **options)
        write_report(practice, tmp_path, LE)
    assert said in words((tmp_path / PAGE).read_text(encoding="utf-8"))


@pytest.mark.parametrize("options", [{"failed": "relever"}, {"failed": "relever", "status": 4}, {"ended": False}])
def test_a_night_that_failed_never_leaves_nothing_to_do(tmp_path: Path, options: dict[str, Any]) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        night(practice, LE, **options)
        done = write_report(practice, tmp_path, LE)
    page = done.page.read_text(encoding="utf-8")
    assert (done.a_faire, "Rien à faire" in words(page), 'class="rien"' in page) == (0, False, False)


def test_a_night_at_work_is_told_with_its_hour_until_it_ends(tmp_path: Path) -> None:
    """The page that a night writes itself comes after `end`."""
    began = now()
    with new_practice(tmp_path / "cabinet") as practice:
        with practice.journal.transaction(began) as transaction:
            nuits.take(transaction, jeton="jeton", porteur="ici", maintenant=began, duree=timedelta(minutes=10))
        night(practice, LE, ended=False, began=began)
        write_report(practice, tmp_path, LE)
        told = words((tmp_path / PAGE).read_text(encoding="utf-8"))
        assert f"Nuit en cours depuis {began.astimezone(practice.cabinet.zone):%H:%M}" in told
        assert "La nuit n'est pas finie." in told
        assert "Nuit faite" not in told
        with practice.journal.transaction(now()) as transaction:
            nuits.end(transaction, 1, statut=0)
        write_report(practice, tmp_path, LE)
    assert "Nuit faite nuit du 20/11" in words((tmp_path / PAGE).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("hours", "etat"), [(3, "faite"), (23, "faite"), (24, "faite"), (27, "pas_faite"), (49, "pas_faite")]
)
def test_a_night_is_judged_on_when_it_began(tmp_path: Path, hours: int, etat: str) -> None:
    """One every day at five: at eight the next day it is 27 hours old, and the one of that morning was missed."""
    with new_practice(tmp_path / "cabinet") as practice:
        began = now() - timedelta(hours=hours)
        zone = practice.cabinet.zone
        night(practice, began.astimezone(zone).date(), began=began)
        assert last_night(practice, now().astimezone(zone).date()).etat == etat


def test_what_the_night_left_where_it_arrived_is_said(tmp_path: Path) -> None:
    left = (
        Laisse(lieu="a-recevoir", nombre=3, raison="Ce n'est pas un retour.", action="L'ôter du dossier."),
        Laisse(lieu="a-recevoir", nombre=1, raison="Il dépasse 32 Mo.", action="Le donner à fse recevoir."),
    )
    with new_practice(tmp_path / "cabinet") as practice:
        night(practice, LE, left=left)
        done = write_report(practice, tmp_path, LE)
    told = words(done.page.read_text(encoding="utf-8"))
    assert "4 fichiers laissés en place" in told
    assert "3 fichiers laissés (a-recevoir) Ce n'est pas un retour. L'ôter du dossier." in told
    assert "1 fichier laissé (a-recevoir) Il dépasse 32 Mo. Le donner à fse recevoir." in told
    assert (done.laisses, "Rien à faire" in told) == (4, False)


def test_without_any_night_it_says_so(empty: Written) -> None:
    assert "Pas de nuit fse nuit n'a jamais tourné ici" in words(empty.html)


def test_the_lengths_of_bars() -> None:
    assert doctest.testmod(barres) == (0, 1)
    assert [one.fin for one in barres.bars([("rien", (0, -5)), ("997", (1, 0))])] == [0, barres.LARGEUR]
