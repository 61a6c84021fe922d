"""Laws of pricing, whatever the facts: nothing crashes, every centime has a payer, order and repetition change nothing.

What is drawn comes from the model and from the tables: any session at all, or acts that one profession can ask for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from fse.app.operations.cabinet import Cabinet, Emetteur, Prestataire
from fse.app.operations.coter import coter
from fse.base.money import part_of
from fse.base.working_days import TERRITOIRES
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import Historique, Situation
from fse.norm.codec import xml
from fse.norm.model.saisie import DocumentFactures, Saisie
from fse.norm.model.soins import ActeRealise, Deplacement, Ordonnance, Seance, Soins
from fse.norm.referentiels.ngap.actes import PROFESSIONS, actes
from fse.norm.referentiels.ngap.regles import Calcul, regles
from fse.norm.referentiels.parametres import DROIT, Regime, parametres
from fse.norm.referentiels.profils import SANS_PROFIL, Profil
from tests.domain.cotation import doctor_strategies
from tests.domain.cotation.cases import PRESTATAIRE
from tests.strategies import input_strategy_for, strategy_for

TOUT = Profil(nom="tout", libelle="tout", motif="essai", active=frozenset({*actes(), *regles(), *parametres()}))
"""A profile that enables whatever our tables hold."""

MOST_ACTS = 5
LETTERS = ("AMI", "AMX", "AIS", "AMO", "IFA", "MAU", "IK", "ZZZ")


PROFILS = {"": SANS_PROFIL, "tout": TOUT}


class Tarif(NamedTuple):
    """What tells a tariff, short enough to be printed."""

    territoire: str
    profil: str
    regime: Regime = DROIT


@cache
def bareme(tarif: Tarif) -> Bareme:
    return Bareme(tarif.territoire, PROFILS[tarif.profil], regime=tarif.regime)


def tarifs() -> st.SearchStrategy[Tarif]:
    regimes = st.sampled_from(get_args(Regime))
    return st.builds(Tarif, st.sampled_from(sorted(TERRITOIRES)), st.sampled_from(sorted(PROFILS)), regimes)


def situations(profession: st.SearchStrategy[str]) -> st.SearchStrategy[Situation]:
    return st.builds(
        Situation,
        prestataire=st.just(PRESTATAIRE),
        profession=profession,
        patient=st.just("A"),
        date_naissance=st.text("0123456789", min_size=6, max_size=6),
        nature_assurance=st.just("10"),
        exoneration=st.none(),
        taux=st.none() | st.integers(0, 100),
        taux_amc=st.integers(0, 100),
    )


def named(profession: str) -> st.SearchStrategy[ActeRealise]:
    """What a profession can ask for: an act of its own by its name, or a letter with a coefficient."""
    own = sorted(nom for nom, one in actes().items() if profession in one.professions)
    coefficients = st.integers(1, 64).map(lambda quarters: Decimal(quarters) / 4)
    lettered = st.builds(ActeRealise, code_acte=st.sampled_from(LETTERS), coefficient=st.none() | coefficients)
    return st.builds(ActeRealise, acte=st.sampled_from(own)) | lettered if own else lettered


@cache
def met(profession: str) -> list[list[str]]:
    """For each rule that names several acts of a profession, these acts: what it says of them shows when they meet."""
    found = []
    for regle in regles().values():
        labels = getattr(regle, "actes", frozenset()) | getattr(regle, "avec", frozenset())
        own = [one for one in actes().values() if profession in one.professions]
        together = [one.nom for one in own if labels & {one.nom, *one.etiquettes, one.cotations[-1].lettre}]
        if len(together) > 1:
            found.append(together)
    return found or [[]]


def asked(profession: str) -> st.SearchStrategy[list[ActeRealise]]:
    """The acts of a session: any, or those of which one rule speaks."""
    related = st.sampled_from(met(profession)).flatmap(
        lambda names: (
            st.lists(st.builds(ActeRealise, acte=st.sampled_from(names)), min_size=1, max_size=MOST_ACTS)
            if names
            else st.lists(named(profession), min_size=1, max_size=MOST_ACTS)
        )
    )
    return related | st.lists(named(profession), min_size=1, max_size=MOST_ACTS)


@st.composite
def sessions(draw: st.DrawFn, profession: str) -> Seance:
    """A session that a professional may well record."""
    day = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.dates(date(2012, 5, 27), date(2023, 12, 31)))
    away = draw(st.sampled_from(["cabinet", "domicile", "ehpad"]))
    distances = st.integers(1, 900).map(lambda tenths: Decimal(tenths) / 10)
    trip = st.builds(
        Deplacement,
        foyer=st.none() | st.just("f"),
        trajet=st.none() | st.just("t"),
        distance=st.none() | distances,
        relief=st.sampled_from(["plaine", "montagne"]),
    )
    return Seance(
        date_soins=day,
        heure=draw(st.none() | st.sampled_from(["06:30", "09:00", "19:30", "22:15", "01:00"])),
        duree=draw(st.none() | st.integers(10, 90)),
        lieu=away,
        urgence=draw(st.booleans()),
        palliatif=draw(st.booleans()),
        ordonnance=draw(st.none() | st.builds(Ordonnance, date=st.just(day), nuit=st.booleans())),
        deplacement=draw(trip) if away != "cabinet" else None,
        actes=tuple(draw(asked(profession))),
    )


@st.composite
def visits(draw: st.DrawFn) -> tuple[Seance, Situation, Tarif]:
    """Of an auxiliary."""
    profession = draw(st.sampled_from(["infirmier", "infirmier", "orthophoniste", "masseur-kinesitherapeute"]))
    return draw(sessions(profession)), draw(situations(st.just(profession))), draw(tarifs())


@st.composite
def consultations(draw: st.DrawFn) -> tuple[Seance, Situation, Tarif]:
    """Of a doctor."""
    return draw(doctor_strategies.sessions()), draw(doctor_strategies.situations()), draw(tarifs())


def amounts(cotee: SeanceCotee) -> Counter[tuple[Any, ...]]:
    return Counter(
        (one.code_acte, one.coefficient, one.quantite, one.montant, one.montant_amo, one.montant_amc, one.depassement)
        for one in cotee.lignes
    )


def check_shares(cotee: SeanceCotee) -> None:
    for one in cotee.lignes:
        assert one.montant == one.montant_amo + one.montant_amc + one.part_patient
        assert min(one.montant, one.montant_amo, one.montant_amc, one.part_patient) >= 0
        assert (one.prestation is None) == (one.part == 0)
        assert one.prestation is not None or one.motif, "what is not billed says why"
        if one.prestation is not None:
            assert one.prestation.base == one.montant == one.prestation.honoraires - one.depassement
            assert one.prestation.montant_amo == part_of(one.montant, one.prestation.taux) == one.montant_amo
            assert one.prestation.montant_amc == one.montant_amc


@given(strategy_for(Seance), situations(st.sampled_from(PROFESSIONS)), tarifs())
def test_no_facts_make_it_crash_and_each_centime_has_a_payer(
    seance: Seance, situation: Situation, tarif: Tarif
) -> None:
    cotee = price(seance, situation, Historique(), bareme(tarif))
    check_shares(cotee)
    said = {one.rang for one in cotee.lignes} | {one.place.rang for one in cotee.constats}
    assert set(range(1, len(seance.actes) + 1)) <= said, "an act asked for is priced, or a finding says why not"


@settings(max_examples=2 * settings().max_examples)
@given(visits() | consultations(), st.permutations(range(MOST_ACTS)))
def test_the_order_of_the_acts_changes_no_amount(visit: tuple[Seance, Situation, Tarif], order: list[int]) -> None:
    seance, situation, tarif = visit
    cotee = price(seance, situation, Historique(), bareme(tarif))
    check_shares(cotee)
    shuffled = tuple(seance.actes[rank] for rank in order if rank < len(seance.actes))
    other = price(replace(seance, actes=shuffled), situation, Historique(), bareme(tarif))
    assert amounts(other) == amounts(cotee)
    assert Counter(one.code for one in other.constats) == Counter(one.code for one in cotee.constats)


@given(visits() | consultations())
def test_priced_again_by_other_tables_of_the_same_values_it_is_the_same(
    visit: tuple[Seance, Situation, Tarif],
) -> None:
    seance, situation, tarif = visit
    fresh = Bareme(tarif.territoire, PROFILS[tarif.profil], regime=tarif.regime)
    assert price(seance, situation, Historique(), fresh) == price(seance, situation, Historique(), bareme(tarif))


@given(visits())
def test_an_amount_is_its_coefficient_by_its_unit_price_unless_a_rule_says_otherwise(
    visit: tuple[Seance, Situation, Tarif],
) -> None:
    """Half up, once, on the coefficient of the sheet (regles.md E.2), computed here in decimals."""
    seance, situation, tarif = visit
    for one in price(seance, situation, Historique(), bareme(tarif)).lignes:
        if one.prestation is None:
            continue
        plain = one.coefficient * one.quantite * one.prestation.prix_unitaire
        said = {step.regle for step in one.justifications}
        if Decimal(one.montant) != plain.quantize(Decimal(1), ROUND_HALF_UP):
            assert said & {nom for nom, regle in regles().items() if isinstance(regle, Calcul)} - {"article-11b"}


@given(visits() | consultations())
def test_what_rests_on_an_unverified_value_names_the_profile(visit: tuple[Seance, Situation, Tarif]) -> None:
    seance, situation, tarif = visit
    for one in price(seance, situation, Historique(), bareme(tarif)).lignes:
        for step in one.justifications:
            assert step.profil == (tarif.profil if step.confiance in ("tiers", "memoire") else "")
            assert tarif.profil or step.confiance not in ("tiers", "memoire")


CABINET = Cabinet(
    cabinet="essai",
    marque="T",
    journal="journal.sqlite",
    emetteur=Emetteur(type="TP", numero=PRESTATAIRE),
    prestataires=(Prestataire(numero=PRESTATAIRE, nom="ESSAI", specialite="24", profession="infirmier"),),
    destinations=(),
    folder=Path(),
    profil=TOUT,
)


@st.composite
def documents(draw: st.DrawFn) -> DocumentFactures:
    """Invoices of care without lines, two sessions of a nurse at most each."""
    found = []
    for rank in range(draw(st.integers(1, 2))):
        saisie: Saisie = draw(input_strategy_for(Saisie))
        seances = tuple(draw(st.lists(sessions("infirmier"), min_size=1, max_size=2)))
        facture = replace(saisie.facture, prestataire=PRESTATAIRE, prestations=())
        soins = Soins(seances=seances, taux_amc=draw(st.integers(0, 100)))
        found.append(replace(saisie, reference=f"V-{rank}", facture=facture, soins=soins))
    return DocumentFactures(cabinet="essai", factures=tuple(found))


@settings(max_examples=settings().max_examples // 2)
@given(documents())
def test_what_is_priced_is_priced_to_itself(document: DocumentFactures) -> None:
    (once,) = coter(CABINET, [xml.build(document)])
    (twice,) = coter(CABINET, [once.xml()])
    assert (twice.document, twice.montant) == (once.document, once.montant)
    assert [one.code for one in twice.constats] == [one.code for one in once.constats]
    assert "cotation.ecart" not in {one.code for one in twice.constats}
