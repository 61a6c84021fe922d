"""What payers take back: debts followed over months, by reference, until a person says what they are about."""

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    CABINET,
    DAY,
    DOC,
    NURSE,
    Annulment,
    Explain,
    Facture,
    File,
    Line,
    Movement,
    Transfer,
    paid,
)

NAMES = ("reference", "mouvements", "retenu", "solde", "premiere_le", "derniere_le", "numero", "notifiee_le")


def month(fichier: str, jour: int, *mouvements: Movement, lieu: str | None = None) -> File:
    return File(fichier, (Transfer((Line(7, paid(10000)),), jour, lieu=lieu, mouvements=mouvements),))


def three_months(world: World) -> None:
    """A debt of 120.00: told, 50.00 then 40.00 withheld, 30.00 left."""
    world.take(month("f1", DAY + 3, Movement(12000, "CIN", solde=12000)))
    world.take(month("f3", DAY + 63, Movement(4000, solde=3000)), month("f2", DAY + 33, Movement(5000, solde=7000)))


def test_debt_over_months_is_told_until_it_is_attached(world: World) -> None:
    three_months(world)
    assert world.asked("dettes", *NAMES) == [("IND42", 3, 9000, 3000, DAY + 3, DAY + 63, 0, 0)]
    mine = [row for row in world.worklist("reference", "depuis", "fichier") if row[2] == "retenue_inexpliquee"]
    assert mine == [(0, "", "retenue_inexpliquee", 9000, "IND42", DAY + 63, "f3")]
    assert world.asked("mouvements_dette", "date_comptable", "operation", "montant", "retenue", "solde") == [
        (DAY + 3, "CIN", 12000, 0, 12000),
        (DAY + 33, "RPR", 5000, 5000, 7000),
        (DAY + 63, "RPR", 4000, 4000, 3000),
    ]
    assert world.asked("controle_virement", "montant", "retenues", "ecart") == [
        (10000, 0, 0),
        (5000, 5000, 0),
        (6000, 4000, 0),
    ]
    world.take(Explain(1, "IND42", 7, DAY + 1))
    assert world.asked("dettes", *NAMES) == [("IND42", 3, 9000, 3000, DAY + 3, DAY + 63, 7, DAY + 1)]
    assert "retenue_inexpliquee" not in {row[2] for row in world.worklist()}
    world.take(Annulment(1))
    assert world.asked("dettes", *NAMES) == [("IND42", 3, 9000, 3000, DAY + 3, DAY + 63, 0, 0)]
    assert mine == [row for row in world.worklist("reference", "depuis", "fichier") if row[2] == "retenue_inexpliquee"]


def test_debt_that_is_only_told_takes_nothing(world: World) -> None:
    world.take(File("f1", (Transfer((), mouvements=(Movement(12000, "CIN", solde=12000),)),)))
    assert world.worklist() == []
    assert world.asked("dettes", "retenu", "solde") == [(0, 12000)]


def test_withholding_given_back_leaves_nothing_to_explain(world: World) -> None:
    world.take(File("f1", (Transfer((), mouvements=(Movement(5000), Movement(-5000))),)))
    assert world.worklist() == []
    assert world.asked("controle_virement", "montant", "retenues") == [(0, 0)]


def test_debts_of_two_prestataires_and_of_two_references_stay_apart(world: World) -> None:
    world.take(
        Facture(7, amo=10000, attend_amc=0), month("f1", DAY + 3, Movement(100), Movement(20, reference="IND43"))
    )
    world.take(month("f2", DAY + 9, Movement(3), lieu=NURSE), Explain(1, "IND42", notifiee_le=DAY))
    assert world.asked("dettes", "prestataire", "reference", "retenu", "acte") == [
        (DOC, "IND42", 100, 1),
        (DOC, "IND43", 20, 0),
        (NURSE, "IND42", 3, 0),
    ]
    tasks = [row for row in world.worklist("reference") if row[2] == "retenue_inexpliquee"]
    assert [row[3:] for row in tasks] == [(20, "IND43"), (3, "IND42")]


def test_share_of_a_transfer_keeps_withholdings_apart(world: World) -> None:
    world.take(Facture(7, amo=10000), month("f1", DAY + 3, Movement(2500)))
    names = ("prestataire", "lignes", "factures", "forfaits", "retenues")
    assert world.asked("repartition_virement", *names) == [(DOC, 1, 10000, 0, 2500)]
    assert world.rows("creance_retour", "cabinet, rang_virement, prestataire") == [(CABINET, 3, DOC)]
