"""What the rules say, how the code names them: every name exists, what is not enabled warns, nothing asks for a lie."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from fse.base.findings import Severity
from fse.base.working_days import TERRITOIRES
from fse.domain import cotation
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.exercice import CONDITIONS, DISCIPLINES, NON_DECLARE, SECTEURS, STATUTS
from fse.domain.cotation.medecins.disciplines import LIBELLES
from fse.domain.cotation.prestations.reseaux import CRITERES
from fse.norm.model import constraints, medecine, soins
from fse.norm.referentiels.ngap.actes import PROFESSIONS, actes
from fse.norm.referentiels.ngap.regles import Condition, Controle, Exclusion, regles
from fse.norm.referentiels.parametres import parametre
from fse.norm.referentiels.profils import A_VERIFIER, SANS_PROFIL, profils
from tests.domain.cotation.cases import Case, load_cases, price_case

CODE = Path(cotation.__file__).parent
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
ASKS_TO_CHANGE = re.compile(
    r"(?i)\bcorriger (?!la facture)|\bnommer un autre|\bnoter\b|\bchanger|\bmodifier|\bdemander (l')?(if|ik)"
)
OF_THE_FACTS = {"samedi-urgence"}
"""A word of conditions (`Condition.jours`)."""


def of_the_model() -> set[str]:
    """The words that the model of the facts accepts."""
    kinds = {kind for module in (soins, medecine) for kind in vars(module).values() if is_dataclass(kind)}
    hints = [get_type_hints(kind, include_extras=True) for kind in kinds]
    return {word for one in hints for hint in one.values() for word in words_of(hint)}


def words_of(hint: object) -> Iterator[str]:
    if isinstance(hint, constraints.Code):
        yield from hint.valeurs
    for part in get_args(hint):
        yield from words_of(part)


def test_every_name_written_in_the_code_of_pricing_exists_in_the_data() -> None:
    labels = {label for one in actes().values() for label in one.etiquettes}
    of_rules = {label for one in regles().values() for label in getattr(one, "actes", ())}
    of_practice = {*DISCIPLINES, *SECTEURS, *STATUTS, *CONDITIONS, NON_DECLARE}
    facts = {fait for one in regles().values() for fait in getattr(one, "faits", ())}
    words = {*of_the_model(), *facts, *of_practice, *PROFESSIONS, *TERRITOIRES, *CRITERES, *OF_THE_FACTS}
    known = {*regles(), *actes(), *labels, *of_rules, *words}
    written = {
        (path.name, node.value)
        for path in CODE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }
    assert "bsi-silence-du-medecin" in {nom for _, nom in written}
    assert {one for one in written if one[1] not in known} == set()


@pytest.mark.parametrize(
    "regle", [one for one in regles().values() if isinstance(one, Controle)], ids=lambda one: one.nom
)
def test_an_action_asks_to_verify_or_not_to_bill_never_to_change_a_fact(regle: Controle) -> None:
    assert not ASKS_TO_CHANGE.search(regle.action)


@pytest.mark.parametrize(
    "regle", [one for one in regles().values() if isinstance(one, Condition)], ids=lambda one: one.nom
)
def test_what_a_condition_misses_follows_a_colon(regle: Condition) -> None:
    """What misses is one or several nouns: "il manque un dimanche" would not be French."""
    assert "{manque}" not in regle.message or "il manque : {manque}" in regle.message


def test_every_discipline_has_its_name_in_french() -> None:
    assert tuple(LIBELLES) == DISCIPLINES


def test_a_refusing_rule_that_is_not_enabled_warns_and_leaves_the_sheet_alone() -> None:
    le = date(2026, 10, 5)
    every = regles()
    default = Bareme("metropole").regles(le, "infirmier")
    assert default["nuit-ou-dimanche"].confiance in A_VERIFIER
    for nom, one in default.items():
        if every[nom].confiance in A_VERIFIER:
            assert isinstance(one, Controle), "what gives a right is not enabled"
            assert one.gravite == Severity.AVERTISSEMENT
            assert one.message.startswith("Règle à vérifier, non activée : ")
            assert f"« {nom} » dans le profil" in one.action
            assert not isinstance(one, Exclusion) or one.effet == "refus"
        else:
            assert one == every[nom]
    enabled = Bareme("metropole", profils()["pratique-2026"]).regles(le, "infirmier")
    assert enabled["nuit-ou-dimanche"] == every["nuit-ou-dimanche"]
    assert enabled["bsi-pansement-courant"] == every["bsi-pansement-courant"]


CASE = next(one for one in load_cases() if one.nom == "infirmier/regles-non-activees")


def test_without_a_profile_nothing_more_is_billed_in_silence() -> None:
    """The same facts: errors under the profile, warnings without it."""
    told = {one.code: one.gravite for cotee in price_case(CASE) for one in cotee.constats}
    refused = {
        one.code: one.gravite for cotee in price_case(replace(CASE, profil="pratique-2026")) for one in cotee.constats
    }
    assert set(told) == set(refused)
    assert set(told.values()) == {Severity.AVERTISSEMENT}
    assert set(refused.values()) == {Severity.ERREUR}


def test_a_condition_that_is_met_and_not_enabled_explains_nothing() -> None:
    seance = {
        "date_soins": date(2026, 10, 5),
        "lieu": "domicile",
        "actes": [{"code_acte": "BSB"}, {"code_acte": "IFI"}],
    }
    case = Case(nom="x", profession="infirmier", titre="", source="", seances=(seance,))
    (cotee,) = price_case(case)
    steps = [step for one in cotee.lignes for step in one.justifications]
    assert steps
    assert not [one for one in steps if one.confiance in A_VERIFIER]


def test_what_is_missing_reads_as_french() -> None:
    """Each sentence retyped."""
    sunday, monday = date(2026, 10, 4), date(2026, 10, 5)
    scenes = [
        (
            {"date_soins": monday, "lieu": "ehpad", "actes": [{"acte": "mci"}, {"acte": "prelevement-veineux"}]},
            "des soins au domicile du patient ; un acte de pansement lourd et complexe, ou un patient en soins pal",
        ),
        (
            {
                "date_soins": monday,
                "lieu": "cabinet",
                "actes": [{"code_acte": "AMI", "coefficient": "2"}, {"acte": "mau"}],
            },
            "il manque : un acte de coefficient 1,5 au plus (article 23.1)",
        ),
        (
            {
                "date_soins": monday,
                "lieu": "cabinet",
                "actes": [{"acte": "prelevement-veineux"}, {"acte": "majoration-dimanche"}],
            },
            "des soins du dimanche ou des soins d'un jour férié ou une urgence du samedi à partir de 8 h ; ",
        ),
        (
            {
                "date_soins": sunday,
                "heure": "10:00",
                "lieu": "cabinet",
                "ordonnance": {"date": sunday, "nuit": True},
                "actes": [{"acte": "prelevement-veineux"}, {"acte": "majoration-nuit"}],
            },
            "il manque : des soins commencés de 20:00 à 23:00 ou des soins commencés de 05:00 à 08:00 (article 14)",
        ),
    ]
    for seance, expected in scenes:
        case = Case(nom="x", profession="infirmier", titre="", source="", seances=(seance,))
        (cotee,) = price_case(case)
        assert any(expected in one.message for one in cotee.constats), [one.message for one in cotee.constats]


def test_the_answer_of_the_doctor_is_not_said_to_be_that_of_the_caisse() -> None:
    demande = {"genre": "bilan-soins-infirmiers", "envoyee_le": date(2026, 10, 1), "recue_le": date(2026, 10, 1)}
    refusal = {**demande, "reponse": "refus", "reponse_le": date(2026, 10, 3)}
    seance = {"date_soins": date(2026, 10, 5), "lieu": "domicile", "actes": [{"code_acte": "BSB", "accord": refusal}]}
    case = Case(nom="x", profession="infirmier", titre="", source="", seances=(seance,))
    (cotee,) = price_case(case)
    (constat,) = [one for one in cotee.constats if one.code == "ngap.bsi-accord-du-medecin"]
    assert "le médecin a refusé" in constat.message
    assert "caisse" not in constat.message + constat.action


@pytest.mark.parametrize(
    ("le", "verified", "enabled"),
    [
        (date(2026, 10, 31), (315, False), 315),
        (date(2026, 11, 1), (315, True), 335),
        (date(2026, 11, 5), (315, True), 335),
        (date(2027, 10, 31), (315, True), 335),
        (date(2027, 11, 1), (315, True), 345),
        (date(2027, 11, 5), (315, True), 345),
    ],
)
@pytest.mark.parametrize("lettre", ["valeur_ami", "valeur_amx"])
def test_the_value_of_a_nurse_is_doubtful_from_the_earliest_day_and_has_no_hole(
    lettre: str, le: date, verified: tuple[int, bool], enabled: int
) -> None:
    """E.1: one third-party table says the 1st of November, another the 6th."""
    found = parametre(lettre, le, "metropole")
    assert (found.valeur, found.doute is not None) == verified
    profil = replace(SANS_PROFIL, nom="essai", active=frozenset({lettre}))
    assert parametre(lettre, le, "metropole", profil=profil).valeur == enabled
