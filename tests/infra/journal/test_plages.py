"""Ranges of a workstation: allocation stays inside, two ranges never give one number, the end of one is said."""

from __future__ import annotations

import pytest

from fse.base.errors import UsageError
from fse.base.plages import FACTURES, Plage
from fse.infra.journal import Journal, Transaction
from fse.infra.journal.facts import compteurs, factures, fichiers_emis, lots, reprises, rows
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.facts.reprises import OuverteRow, RepriseRow
from fse.infra.journal.schema.fact_tables import facture_reprise
from tests.infra.journal.facts import (
    EMETTEUR,
    NOW,
    PRESTATAIRE,
    TODAY,
    cancel,
    freeze_file,
    make_lot,
    mostly_on_sqlite,
    secure,
)

REPRISE = RepriseRow(
    prestataire=PRESTATAIRE,
    dernier_numero=40,
    dernier_lot=12,
    date_dernier_lot=TODAY - 10,
    dernier_fichier=7,
    reprise_le=TODAY,
    auteur="essai",
)


def lot_number(transaction: Transaction, plage: Plage, day: int = TODAY, unsettled: tuple[LotKey, ...] = ()) -> int:
    return lots.allocate_numero_lot(transaction, PRESTATAIRE, day, lambda key: key not in unsettled, plage)


def test_invoice_numbers_stay_in_their_range(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        given = [factures.allocate_numero(transaction, PRESTATAIRE, Plage(100, 102)) for _ in range(3)]
    assert given == [100, 101, 102]
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        factures.allocate_numero(transaction, PRESTATAIRE, Plage(100, 102))
    assert raised.value.code == "facture.numeros_epuises"
    assert "100 à 102" in raised.value.message
    with journal.transaction(NOW) as transaction:
        assert factures.allocate_numero(transaction, PRESTATAIRE, Plage(500, 600)) == 500, "a further range is given"


def test_a_range_reserved_after_the_first_invoices_starts_at_its_start(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        assert factures.allocate_numero(transaction, PRESTATAIRE) == 1
        assert factures.allocate_numero(transaction, PRESTATAIRE, Plage(1000, 1999)) == 1000
        assert factures.allocate_numero(transaction, PRESTATAIRE, Plage(1000, 1999)) == 1001


def test_the_nine_digits_end_too(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        compteurs.raise_to(transaction, compteurs.of_factures(PRESTATAIRE), FACTURES.dernier)
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        factures.allocate_numero(transaction, PRESTATAIRE)
    assert raised.value.code == "facture.numeros_epuises"


def test_lots_cycle_inside_their_range(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        assert [lot_number(transaction, Plage(200, 202)) for _ in range(7)] == [200, 201, 202, 200, 201, 202, 200]
        assert [lot_number(transaction, Plage(998, 999)) for _ in range(3)] == [998, 999, 998]
        assert [lot_number(transaction, Plage(1, 999)) for _ in range(2)] == [999, 1], "the cycle of all goes on"


@mostly_on_sqlite
def test_two_ranges_of_lots_have_nothing_in_common(journal: Journal) -> None:
    one, other = Plage(1, 499), Plage(500, 999)
    with journal.transaction(NOW) as transaction:
        mine = {lot_number(transaction, one) for _ in range(600)}
    with journal.transaction(NOW) as transaction:
        theirs = {lot_number(transaction, other) for _ in range(600)}
    assert (mine, theirs) == (set(range(1, 500)), set(range(500, 1000)))


def test_a_range_of_lots_that_are_all_taken_is_said(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        for numero, lot in ((1, 10), (2, 11)):
            secure(transaction, numero)
            make_lot(transaction, lot, [numero])
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        lot_number(transaction, Plage(10, 11))
    assert raised.value.code == "lot.numeros_epuises"
    assert "10 à 11" in raised.value.message
    with journal.transaction(NOW) as transaction:
        assert lot_number(transaction, Plage(10, 11), TODAY + 90) == 10


def test_file_ids_stay_in_their_range_and_never_serve_twice(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        key = make_lot(transaction, 1, [1])
        lots.sign(transaction, key, b"cms")
        freeze_file(transaction, "000501", [key])
        given = [fichiers_emis.allocate_identifiant(transaction, EMETTEUR, Plage(500, 502)) for _ in range(2)]
    assert given == ["000500", "000502"], "501 is the id of a file already"
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        fichiers_emis.allocate_identifiant(transaction, EMETTEUR, Plage(500, 502))
    assert raised.value.code == "fichier.identifiants_epuises"


def test_the_six_digits_of_a_file_id_do_not_start_again(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        compteurs.raise_to(transaction, compteurs.of_fichiers(EMETTEUR), 999_998)
        assert fichiers_emis.allocate_identifiant(transaction, EMETTEUR) == "999999"
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        fichiers_emis.allocate_identifiant(transaction, EMETTEUR)
    assert raised.value.code == "fichier.identifiants_epuises"


def test_a_second_file_of_one_identity_is_refused(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        key = make_lot(transaction, 1, [1])
        lots.sign(transaction, key, b"cms")
        freeze_file(transaction, "000001", [key])
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        freeze_file(transaction, "000001", [key])
    assert raised.value.code == "fichier.identite_prise"


def test_a_counter_is_raised_and_never_lowered(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        for wanted, reached in ((5, 5), (3, 5), (9, 9)):
            compteurs.raise_to(transaction, "essai", wanted)
            assert compteurs.value(transaction, "essai") == reached
        assert transaction.allocate("essai") == 10


def test_numbers_go_on_after_those_of_the_previous_software(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        reprises.take_over(transaction, [REPRISE], [], EMETTEUR)
        assert factures.allocate_numero(transaction, PRESTATAIRE) == 41
        assert lot_number(transaction, Plage(1, 999)) == 13
        assert fichiers_emis.allocate_identifiant(transaction, EMETTEUR) == "000008"
        assert reprises.find_reprise(transaction, PRESTATAIRE) == REPRISE
        assert reprises.find_reprise(transaction, "009999995") is None


@pytest.mark.parametrize(("age", "given"), [(79, 13), (80, 12)])
def test_a_lot_number_that_the_previous_software_may_have_given_waits_90_days(
    journal: Journal, age: int, given: int
) -> None:
    """Its last lot was 12, ten days before: for 80 days more, any number up to 12 may be one of its lots."""
    with journal.transaction(NOW) as transaction:
        reprises.take_over(transaction, [REPRISE], [], EMETTEUR)
        compteurs.raise_to(transaction, compteurs.of_lots(PRESTATAIRE), 999 + 11)
        assert lot_number(transaction, Plage(1, 999), TODAY + age) == given


@pytest.mark.parametrize(("settled", "given"), [(True, 20), (False, 21)])
def test_the_lot_of_an_open_invoice_is_not_given_again_before_it_is_settled(
    journal: Journal, settled: bool, given: int
) -> None:
    key = LotKey(PRESTATAIRE, 20, TODAY - 200)
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1, mode="reprise", contenu_fse=None)
        left = OuverteRow(prestataire=PRESTATAIRE, numero=1, numero_lot=20, date_lot=key.date_lot, envoyee_le=20000)
        rows.write(transaction.connection, facture_reprise, transaction.cabinet, left)
        compteurs.raise_to(transaction, compteurs.of_lots(PRESTATAIRE), 19)
        assert [one.numero for one in lots.factures_of(transaction, key)] == [1]
        assert lot_number(transaction, Plage(1, 999), TODAY, () if settled else (key,)) == given


def test_an_invoice_of_the_previous_software_waits_for_no_lot_and_is_not_cancelled(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1, mode="reprise", contenu_fse=None)
        assert factures.waiting(transaction) == []
    with pytest.raises(UsageError) as raised, journal.transaction(NOW) as transaction:
        cancel(transaction, 1)
    assert raised.value.code == "facture.deja_partie"
