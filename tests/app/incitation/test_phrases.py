"""What is said of the end of a year, of what is not received yet, of a year that runs: no line denies another."""

from __future__ import annotations

from datetime import date

from fse.app.operations.incitation import phrases
from fse.app.operations.incitation.position import Dispositif
from fse.domain.incitation.feuilles import Feuille
from fse.domain.incitation.projection import project
from fse.domain.incitation.taux import count
from fse.norm.referentiels.incitations import incitations
from tests.domain.incitation.sheets import many, sheet

DRAFT = incitations()["projet-2011"]
JUNE = date(2026, 6, 1)


def told(*feuilles: Feuille, le: date) -> list[str]:
    decompte = count(DRAFT, 2026, feuilles, le)
    return list(phrases.prospects(Dispositif(decompte=decompte, projection=project(decompte, le))))


def verdict(nom: str, annee: int, fse: int, autres: int, le: date) -> str:
    return phrases.verdict(count(incitations()[nom], annee, many(fse, autres, date(annee, 2, 1)), le))


def waiting(number: int, **changes: object) -> list[Feuille]:
    return [sheet(le=date(2026, 12, 20), recue=None, **changes) for _ in range(number)]


def test_a_threshold_that_what_is_awaited_may_reach_is_not_said_to_be_lost() -> None:
    """262 more are needed and 32 are to come: 230 of the 250 (see test_projection)."""
    said = told(*many(700, 300, JUNE), *waiting(250), le=date(2026, 12, 22))
    assert said[0] == (
        "Envoyé, sans preuve de réception : 250 actes en FSE ; avec elle, le taux serait de 76,00 % ; fse suivi "
        "dit où en est chaque feuille."
    )
    assert said[2] == "Avec ce qui peut encore être reçu (250 actes en FSE) : 76,59 % (de 76,56 % à 76,59 %)."
    assert said[-1] == (
        "À ce rythme le seuil ne peut être atteint que si, sur 250 actes en FSE encore à recevoir, 230 au moins "
        "arrivent : il en faut 262, et environ 32 actes à venir."
    )


def test_what_stays_out_of_reach_is_said_to_be_even_so() -> None:
    """500 of 1 010 acts: 26 to come (25.5), 777 of 1 036 needed; with the 10, 267 more than 510."""
    said = told(*many(500, 500, JUNE), *waiting(10), le=date(2026, 12, 22))
    assert said[-1] == (
        "À ce rythme le seuil ne peut plus être atteint, même avec 10 actes en FSE encore à recevoir : il faudrait 267 "
        "en FSE, sur environ 26 actes à venir."
    )


def test_what_is_not_sent_or_refused_is_told_for_what_it_is() -> None:
    said = told(
        *many(60, 40, JUNE), *waiting(3, suite="non-envoyee"), *waiting(2, suite="refusee"), le=date(2026, 12, 22)
    )
    assert said[:2] == [
        "Pas encore envoyé : 3 actes en FSE ; rien n'en compte avant la réception.",
        "Refusé par la caisse : 2 actes en FSE ; rien n'en compte avant la correction et la réception.",
    ]


def test_a_year_that_is_not_sure_is_not_said_to_be_won() -> None:
    """76 % of 100 acts by 30 June: the interval holds 75 %. 8 000 acts: 80 %, sure."""
    le = date(2026, 6, 30)
    (unsure,) = [one for one in told(*many(76, 24, JUNE), le=le) if "finirait" in one]
    assert "sans que ce soit sûr" in unsure
    assert told(*many(6400, 1600, JUNE), le=le)[-1].startswith("À ce rythme, l'année finit au seuil ; il y faut")


def test_the_verdict_of_a_year_that_runs_is_not_that_of_the_year() -> None:
    end, before = date(2026, 12, 31), date(2026, 12, 30)
    assert verdict("projet-2011", 2026, 7, 3, end).endswith("la commission paritaire locale peut être saisie")
    running = verdict("projet-2011", 2026, 7, 3, before)
    assert "si l'année finit ainsi, la commission paritaire locale pourra être saisie" in running
    assert running.endswith("ce n'est pas encore le taux de l'année, qui se mesure au 31/12/2026")
    assert verdict("projet-2011", 2026, 3, 1, end) == "seuil de 75 % atteint"
    assert verdict("projet-2011", 2026, 3, 1, before).startswith("seuil de 75 % atteint à ce jour ; ")


def test_the_commission_of_another_text_is_not_the_local_one() -> None:
    told_of = verdict("aide-kinesitherapeutes-2000", 2000, 55, 45, date(2000, 12, 31))
    assert told_of.endswith("mais 50 % le sont : une commission peut être saisie")


def test_a_rule_of_memory_warns_and_one_that_was_read_does_not() -> None:
    schemes = incitations()
    assert phrases.status(schemes["forfait-structure"]).startswith("règle connue de mémoire, à vérifier")
    assert phrases.status(schemes["fami-infirmiers"]) == ""


def test_a_sum_whose_date_was_not_read_has_no_amount() -> None:
    dentist = count(
        incitations()["fami-chirurgiens-dentistes"], 2024, many(80, 20, date(2024, 5, 1)), date(2024, 12, 31)
    )
    assert dentist.montant is None
    assert phrases.amount(dentist) == "Montant : ce dispositif n'en a pas que fse sache calculer"
