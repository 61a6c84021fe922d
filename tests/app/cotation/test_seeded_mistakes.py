"""One seeded mistake per rule, every profession: each is caught before emission, and the finding quotes the article.

Every case of pricing that shows a rule is put before `securiser`, session by session, on a real journal: the sessions
before the mistake are secured there first. What must be said is what the file of the case says, hand-computed there.
A rule that computes (article 11 B, a rate) has no finding of its own: the mistake is then the lines of a software that
does not know the rule, which differ from those that the care gives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.securiser import Securisation, securiser
from fse.base.findings import Finding
from fse.domain.cotation.lignes import SeanceCotee
from fse.infra.journal.facts import factures
from fse.norm.codec import xml
from fse.norm.model.saisie import DocumentFactures, Saisie
from fse.norm.referentiels.ngap.regles import Controle, Exclusion, Obligation, regles
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, Regime
from tests.app.cotation.seeds import (
    at_usual_rate,
    billed_lines,
    input_of,
    journal_of,
    network_documents,
    with_lines,
    without,
)
from tests.domain.cotation.cases import PRESTATAIRE, Case, load_cases, price_case
from tests.domain.cotation.network_cases import NetworkCase, load_network_cases

CASES = [one for one in load_cases() if one.positif]
NETWORKS = [one for one in load_network_cases() if one.positif]

RESTS_ON_A_REFUSED_ONE = {
    ("medecin/qui-remplacant", 4): "the doctor's own sheet of that day was refused, so nothing shows that he was there",
    ("medecin/qui-remplacant", 6): "the sheet of who replaced was refused, so nothing shows the replacement",
    ("orthophoniste/deux-seances-avenant-21", 10): "the two sessions of that day were refused: this one is the first",
    ("orthophoniste/serie-longue", 102): "the session that ended the series was refused",
}
"""Sessions that a case counts with others that fse refuses: in a journal these are not, so nothing is said of them."""

ONLY_TOLD = frozenset(
    (
        *("acte-une-fois-par-seance", "analgesie-topique-huit", "apc-patient-suivi", "art13-forfait-avec-bsi"),
        *("consultation-au-cabinet", "garde-delai", "mrt-48-heures", "mrt-avec-mu"),
        *("art13-generaliste", "art5-nombre-prescrit", "art7-urgence-tardive", "bsi-deploiement"),
        *("droits-sans-source", "garde-hors-tableau", "insuffisance-quinze", "mph-n-est-pas-mhp"),
        *("orthophonie-accord-apres-renouvellement-2026", "orthophonie-bilan-plein-tarif"),
        *("orthophonie-classe-inconnue", "orthophonie-un-acte-par-jour", "parcours-moins-de-seize-ans"),
        *("reseau-dispense-d-avance", "seance-peut-etre-deja-facturee", "secteur-2-repute-da"),
        *("she-apres-vingt-heures", "she-avec-mrt", "snp-avec-acte-technique", "snp-regulateur"),
        *("tarifs-opposables-statut", "tp-exonere", "tp-paiement-direct", "tp-permanence-de-droit"),
        *("pav-hors-parcours", "tp-acte-couteux-de-droit", "tp-non-garanti"),
        "urgence-sans-regulation",
    )
)
"""Rules whose mistake a person judges: sources differ, or fse does not know what settles it. Every other refuses."""

_PERMITS = "it permits what another rule refuses: who does not know it bills less"
_WITHHELD = "it tells what the caisse withholds by itself: on no line"
_CLASS = "it tells which limits hold for an act: the mistake is past one of these, and their rules refuse it"
_CRITERION = "it tells why a network may pay: a service that fulfils none is refused by reseau-six-criteres"
NO_MISTAKE = {
    **dict.fromkeys(
        (
            *("art5-acces-direct-infirmier", "art5-acces-direct-orthophoniste", "art5-vaccination-par-l-infirmier"),
            *("art5-nombre-fixe-par-l-auxiliaire", "bsi-silence-du-medecin", "orthophonie-sans-accord-apres-bilan"),
            *("coordination-c2s-sans-medecin-traitant", "coordination-moins-de-seize-ans", "pav-exonere"),
            *("option-coordination-hors-parcours", "qui-salarie-titres-du-secteur-2"),
        ),
        _PERMITS,
    ),
    **dict.fromkeys(
        (
            *("retenue-franchise", "retenue-franchise-jour", "retenue-exonere", "retenue-participation"),
            "retenue-participation-jour",
        ),
        _WITHHELD,
    ),
    **dict.fromkeys(
        (
            *("orthophonie-classe-bilan", "orthophonie-classe-9-7-avenant-21", "orthophonie-classe-15-4-avenant-21"),
            *("orthophonie-classe-8-12", "orthophonie-classe-13-8", "orthophonie-classe-15-6"),
            *("orthophonie-classe-14", "orthophonie-classe-12-1", "orthophonie-classe-groupe"),
        ),
        _CLASS,
    ),
    **dict.fromkeys(
        (
            *("reseau-critere-hors-nomenclature", "reseau-critere-nature-differente", "reseau-critere-patient-absent"),
            *("reseau-critere-interdisciplinarite", "reseau-critere-non-conventionne"),
            "reseau-critere-frequence-superieure",
        ),
        _CRITERION,
    ),
    "parcours-indicateur": "B2 has no place for the letter; a wrong one is refused by parcours-indicateur-donne",
}
"""Rules that say nothing themselves and whose ignorance changes no line, with why."""

QUOTES = re.compile(
    r"NGAP, (articles?|titre) |convention (nationale|médicale)|code de la sécurité sociale, (articles?|tiers payant)|"
    r"projet de convention 2011, articles? |CCAM, [A-Z]{4}|(norme )?B2, |indicateur du parcours|"
    r"prestations dérogatoires des réseaux|décision UNCAM du "
)
"""What the article of a rule names: a text in force, the draft as a draft, or the code list that gives it."""


@dataclass
class Shown:
    """What `securiser` said of a case. `refusing`: findings of refused documents; `told`: of secured ones; `caught`:
    rules whose ignorance changes the lines of a document, which was refused.
    """

    refusing: list[Finding] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    caught: set[str] = field(default_factory=set)


def computing(nom: str) -> bool:
    """Whether a rule makes lines and says nothing itself."""
    regle = regles()[nom]
    leaves_out = isinstance(regle, Exclusion) and regle.effet == "non_facture"
    return leaves_out or not isinstance(regle, (Controle, Obligation))


def show(case: Case, rules: Set[str], folder: Path) -> Shown:
    """Put the sessions of a case before `securiser`, in order; of those refused, the ones that show one of `rules`."""
    right = price_case(case)
    ignorant = {nom: price_case(case, frozenset({nom})) for nom in case.positif if computing(nom) and nom in rules}
    tries = {nom: rang for nom, one in ignorant.items() if (rang := _first_difference(case, one, right))}
    shown = Shown()
    secured = 0
    with journal_of(folder) as opened:
        for ranks in _documents(case, right, rules, set(tries.values())):
            cabinet, _ = input_of(case, ranks[0])
            practice = Practice(cabinet, opened.journal, nouveau=False)
            for nom in [nom for nom, rang in tries.items() if rang == ranks[0]]:
                lines = billed_lines(ignorant[nom][ranks[0] - 1]) or at_usual_rate(right[ranks[0] - 1])
                result = _secure(practice, [with_lines(input_of(case, ranks[0])[1], lines)])
                _check_gap(nom, result)
                shown.caught.add(nom)
            result = _secure(practice, [_invoice(case, rang, right) for rang in ranks])
            _check(case, ranks, result, right)
            secured += len(result.factures)
            (shown.told if result.factures else shown.refusing).extend(result.constats)
        with opened.journal.reading() as reading:
            assert not secured or factures.find(reading, PRESTATAIRE, secured) is not None
            assert factures.find(reading, PRESTATAIRE, secured + 1) is None, "what is refused is not in the journal"
    return shown


def _first_difference(case: Case, one: Sequence[SeanceCotee], other: Sequence[SeanceCotee]) -> int:
    """The rank of the first session whose lines differ, 0 when none does."""
    ranks = range(1, len(case.seances) + 1)
    return next((rang for rang in ranks if _invoice(case, rang, one) != _invoice(case, rang, other)), 0)


def _invoice(case: Case, rang: int, cotees: Sequence[SeanceCotee]) -> Saisie:
    return with_lines(input_of(case, rang)[1], billed_lines(cotees[rang - 1]))


def _documents(case: Case, right: Sequence[SeanceCotee], rules: Set[str], alone: Set[int]) -> Iterator[list[int]]:
    """The ranks of the sessions, by document: those without an error go together, up to the last that shows something;
    those with one go alone, if they show one of `rules`. One of `alone` starts a document.
    """
    showing = {
        rang: {one.code for one in cotee.constats} & {f"ngap.{nom}" for nom in rules}
        for rang, cotee in enumerate(right, 1)
    }
    last = max((rang for rang, found in showing.items() if found), default=0)
    together: list[int] = []
    for rang in range(1, max([last, *alone]) + 1):
        refused = any(one.is_error for one in right[rang - 1].constats)
        other = together and input_of(case, rang)[0] is not input_of(case, together[0])[0]
        if together and (refused or other or rang in alone):
            yield together
            together = []
        if not refused:
            together.append(rang)
        elif showing[rang] or rang in alone:
            yield [rang]
    if together:
        yield together


def _secure(practice: Practice, saisies: Iterable[Saisie]) -> Securisation:
    document = DocumentFactures(cabinet=practice.cabinet.cabinet, factures=tuple(saisies))
    le = max(one.facture.date_facture for one in document.factures)
    return securiser(practice, xml.build(document), le=le)


def _check(case: Case, ranks: list[int], result: Securisation, right: Sequence[SeanceCotee]) -> None:
    """What is said is what the case says, and the document is taken whole or refused whole."""
    if (case.nom, ranks[0]) in RESTS_ON_A_REFUSED_ONE:
        return
    expected = Counter(code for rang in ranks for code in case.seances[rang - 1].get("constats", ()))
    if not any(billed_lines(right[rang - 1]) for rang in ranks):
        expected = Counter(["saisie.sans_ligne"])
    found = Counter(one.code for one in result.constats if one.code not in ("cotation.selon_projet", "cotation.ecart"))
    assert found == expected, f"{case.nom}, {ranks}: {[one.message for one in result.constats]}"
    refused = any(one.is_error for rang in ranks for one in right[rang - 1].constats)
    assert len(result.factures) == (0 if refused else len(ranks)), f"{case.nom}, {ranks}"


def _check_gap(nom: str, result: Securisation) -> None:
    """Lines made without a rule are refused as such, and what is said quotes its article."""
    assert not result.factures, f"{nom} is not missed"
    refusals = {one.code: one.source for one in result.constats if one.is_error}
    assert "cotation.ecart" in refusals
    assert any(regles()[nom].article in source for source in refusals.values()), f"{nom}: {refusals}"


def check_quotes(constats: Iterable[Finding], regime: Regime = DROIT) -> None:
    """Each finding of a rule quotes its article; of the draft, it says that it is one. Unless the practice asked for
    the draft, nothing else does.
    """
    for one in constats:
        if not one.code.startswith("ngap."):
            continue
        regle = regles()[one.code.removeprefix("ngap.")]
        assert one.source.startswith(regle.article), one
        assert QUOTES.match(regle.article), regle.article
        assert "2011" not in regle.article or "projet" in regle.article, regle.article
        assert "projet de convention 2011" not in regle.article or "projet" in one.message, one
        assert regle.regime == DROIT or (regime == regle.regime and EN_PROJET in one.message), one
        assert EN_PROJET not in one.message or regime != DROIT, one


def covered(shown: Iterable[Shown]) -> set[str]:
    """The rules whose mistake was caught: one of `ONLY_TOLD` was told, one that makes lines was missed on a document
    that was refused, any other has refused one.
    """
    seen = list(shown)
    errors = {one.code for each in seen for one in each.refusing if one.is_error}
    told = {one.code for each in seen for one in (*each.refusing, *each.told)}
    found = {nom for each in seen for nom in each.caught}
    for nom in regles():
        if f"ngap.{nom}" in (told if nom in ONLY_TOLD else errors):
            found.add(nom)
    return found


def seeded(cases: Iterable[Case | NetworkCase]) -> set[str]:
    """The rules that these cases show and about which a mistake can be made on a sheet."""
    shown = {nom for case in cases for nom in case.positif}
    return {nom for nom in shown if nom not in NO_MISTAKE and not isinstance(regles()[nom], Obligation)}


LONGEST = ("infirmier", "medecin")
"""Professions of more than a hundred rules: with every case, in `make long`."""

PROFESSIONS = [
    pytest.param(one, marks=[pytest.mark.long] if one in LONGEST else [])
    for one in sorted({x.profession for x in CASES})
]


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_a_seeded_mistake_of_each_rule_is_caught_before_emission(profession: str, tmp_path: Path) -> None:
    """By the shortest cases that show it: `test_every_case_before_securiser` takes them all."""
    mine = sorted((one for one in CASES if one.profession == profession), key=lambda case: len(case.seances))
    shown: list[Shown] = []
    for rank, case in enumerate(mine):
        wanted = seeded([case]) - covered(shown)
        if wanted:
            shown.append(show(case, wanted, tmp_path / str(rank)))
            check_quotes((*shown[-1].refusing, *shown[-1].told), case.regime)
    assert seeded(mine) - covered(shown) == set(), "a mistake that nothing catches"


def test_the_draft_refuses_nothing_of_a_practice_that_did_not_ask_for_it(tmp_path: Path) -> None:
    draft = {f"ngap.{nom}" for nom, one in regles().items() if one.regime != DROIT}
    asked = [one for one in CASES if one.regime != DROIT]
    assert asked
    for case in (replace(one, regime=DROIT) for one in asked):
        right = price_case(case)
        with journal_of(tmp_path / case.nom) as opened:
            for rang in range(1, len(case.seances) + 1):
                practice = Practice(input_of(case, rang)[0], opened.journal, nouveau=False)
                constats = _secure(practice, [_invoice(case, rang, right)]).constats
                assert not draft & {one.code for one in constats}
                check_quotes(constats)


@pytest.mark.long
def test_every_case_before_securiser(tmp_path: Path) -> None:
    shown = [show(case, set(regles()), tmp_path / str(rank)) for rank, case in enumerate(CASES)]
    for case, one in zip(CASES, shown, strict=True):
        check_quotes((*one.refusing, *one.told), case.regime)
    assert covered(shown) & set(NO_MISTAKE) == set()


def test_a_seeded_mistake_of_each_rule_of_networks_is_caught(tmp_path: Path) -> None:
    shown = []
    for rank, case in enumerate(NETWORKS):
        shown.append(Shown())
        with journal_of(tmp_path / str(rank)) as opened:
            for said, cabinet, document in network_documents(case):
                le = said.get("date") or said["date_soins"]
                practice = Practice(cabinet, opened.journal, nouveau=False)
                for nom in filter(computing, case.positif):
                    ignorant = without(case, said, document, nom)
                    if ignorant != document:
                        _check_gap(nom, securiser(practice, xml.build(ignorant), le=le))
                        shown[-1].caught.add(nom)
                result = securiser(practice, xml.build(document), le=le)
                assert sorted(one.code for one in result.constats) == sorted(said.get("constats", ())), case.nom
                taken = result.factures or result.derogatoires
                (shown[-1].told if taken else shown[-1].refusing).extend(result.constats)
    for one in shown:
        check_quotes((*one.refusing, *one.told))
    assert seeded(NETWORKS) - covered(shown) == set()


def test_every_rule_has_a_seed() -> None:
    assert {nom for case in (*CASES, *NETWORKS) for nom in case.positif} == set(regles())
    assert set(NO_MISTAKE) | ONLY_TOLD <= set(regles())
