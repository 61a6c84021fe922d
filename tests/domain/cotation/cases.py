"""The cases of pricing (`fixtures/cotation/<profession>/<case>.toml`): facts of sessions, what must come out of them.

titre = "Deux actes : le second à 50 %"
source = "regles.md G.5"            # where the expected figures come from: computed by hand from it
territoire = "metropole"            # default; `profil`: none by default; `discipline`, `secteur`, `statut`: of a doctor
regime = "droit"                    # default
positif = ["article-11b"]           # rules whose effect this case shows: without one, it fails
negatif = []                        # rules that look near and must not apply

[[seance]]                          # keys of `fse.norm.model.soins.Seance`; `patient`: "A" unless said
date_soins = 2026-10-05
lieu = "cabinet"
actes = [{ code_acte = "AMI", coefficient = "3" }, { code_acte = "AMI", coefficient = "1.5" }]
attendu = [                         # a line an act asked for that can be priced; centimes
  { code_acte = "AMI", coefficient = "3", part = 100, montant = 945 },
  { code_acte = "AMI", coefficient = "0.75", part = 50, montant = 236 },
]
                              # a line may also say `taux`, `amo`, `amc`, `exoneration`, `ccam`: of its `prestation`
retenues = [{ regle = "retenue-participation", montant = 200 }]    # what the caisse withholds; not compared when absent
constats = []                       # codes of the findings of this session, in any order
exercice = { condition = "salarie" }    # also parcours, prise_en_charge, date_naissance, nature_assurance, exoneration,
                                    # taux, taux_amc: what differs from the head of the case
indicateur = "O"                    # of the care path; not compared when absent; `qualificatif` of a line neither
possibles = []                      # acts that it says the facts would allow; not compared when absent
repete = { fois = 30, jours = 7 }   # the same session so many times, every so many days; `patients`: each another one

[obligations]                       # what is due on a day after all that (speech therapists); not compared when absent
le = 2026-10-05
attendu = [{ nature = "orthophonie-compte-rendu", depuis = 2026-10-05 }]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from fse.app.operations.cotation.historique import billed, soins_of
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.lignes import LigneCotee, SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.ngap.obligations import LigneFacturee, due
from fse.domain.cotation.situation import SEMAINE, Historique, PriseEnCharge, Situation, SoinPasse, executant_of
from fse.norm.model.attributes import attributes
from fse.norm.model.contexte import PeriodeDroits
from fse.norm.model.medecine import Parcours
from fse.norm.model.soins import Seance
from fse.norm.referentiels.parametres import DROIT, Regime
from fse.norm.referentiels.profils import SANS_PROFIL, Profil, profils

FOLDER = Path(__file__).parents[3] / "fixtures" / "cotation"
PRESTATAIRE = "001234566"


@dataclass(frozen=True)
class Case:
    """One file."""

    nom: str
    profession: str
    titre: str
    source: str
    seances: tuple[dict[str, Any], ...]
    territoire: str = "metropole"
    profil: str = ""
    regime: Regime = DROIT
    taux: int | None = None
    taux_amc: int = 0
    date_naissance: str = "400115"
    nature_assurance: str = "10"
    exoneration: str | None = None
    discipline: str = ""
    secteur: str = ""
    statut: str = "conventionne"
    parcours: dict[str, Any] = field(default_factory=dict)
    prise_en_charge: dict[str, Any] = field(default_factory=dict)
    obligations: dict[str, Any] = field(default_factory=dict)
    positif: tuple[str, ...] = ()
    negatif: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What pricing says of one session, as a case writes it."""

    lignes: list[dict[str, Any]]
    constats: list[str]
    possibles: list[str]
    regles: frozenset[str] = field(compare=False)
    retenues: list[dict[str, Any]] = field(default_factory=list)
    indicateur: str = ""


@cache
def load_cases() -> tuple[Case, ...]:
    """Every case of a profession, by the name of its file; those of health networks are in `network_cases`."""
    return tuple(_load_cases())


def _load_cases() -> Iterator[Case]:
    for path in sorted(one for one in FOLDER.glob("*/*.toml") if one.parent.name != "reseau" and one.stem != "cas"):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        seances = tuple(one for seance in said.pop("seance") for one in _repeated(seance))
        lists = {key: tuple(said.pop(key, ())) for key in ("positif", "negatif")}
        yield Case(nom=f"{path.parent.name}/{path.stem}", profession=path.parent.name, seances=seances, **lists, **said)


def _repeated(seance: dict[str, Any]) -> Iterator[dict[str, Any]]:
    times = seance.pop("repete", {"fois": 1, "jours": 0})
    for rang in range(times["fois"]):
        day = seance["date_soins"] + timedelta(days=rang * times["jours"])
        other = {"patient": f"{seance.get('patient', 'A')}{rang}"} if times.get("patients") else {}
        yield {"ordonnance": {"date": seance["date_soins"]}, **seance, **other, "date_soins": day}


def expected(case: Case) -> list[Outcome]:
    """What the case says must come out, session by session, then what is due."""
    due = [Outcome(case.obligations["attendu"], [], [], frozenset())] if case.obligations else []
    return due + [
        Outcome(
            [{**one, "coefficient": Decimal(one["coefficient"])} for one in seance.get("attendu", [])],
            sorted(seance.get("constats", [])),
            sorted(seance.get("possibles", [])),
            frozenset(),
            seance.get("retenues", []),
            seance.get("indicateur", ""),
        )
        for seance in case.seances
    ]


def run(case: Case, sans: frozenset[str] = frozenset()) -> list[Outcome]:
    """What pricing says, session by session, each knowing those before it, and what is due; `sans`: rules left out."""
    cotees = price_case(case, sans)
    told = [_outcome(seance, cotee) for seance, cotee in zip(case.seances, cotees, strict=True)]
    return [*_due(case, cotees, sans), *told] if case.obligations else told


def _due(case: Case, cotees: list[SeanceCotee], sans: frozenset[str]) -> list[Outcome]:
    """What is due after the sessions, each being an invoice."""
    lines = []
    for numero, (said, cotee) in enumerate(zip(case.seances, cotees, strict=True), start=1):
        seance = seance_of(said)
        soins = soins_of(PRESTATAIRE, said.get("patient", "A"), billed([seance], [cotee]))
        lines += [LigneFacturee(numero, numero, one) for one in soins]
    bareme = Bareme(case.territoire, profil_of(case.profil), sans, case.regime)
    found = due(lines, bareme, case.obligations["le"])
    told = [{"nature": one.nature, "depuis": one.depuis} for one in found]
    return [Outcome(told, [], [], frozenset(one.nature for one in found))]


def shows(case: Case, nom: str) -> bool:
    """True when this rule left out changes what comes out of a case: no session after the first that differs is priced
    but for what is due after all of them.
    """
    sans = frozenset({nom})
    if case.obligations:
        return run(case, sans) != expected(case)
    sessions = zip(case.seances, _priced(case, sans), expected(case), strict=True)
    return any(_outcome(seance, cotee) != wanted for seance, cotee, wanted in sessions)


def price_case(case: Case, sans: frozenset[str] = frozenset()) -> list[SeanceCotee]:
    """The sessions of a case, priced."""
    return list(_priced(case, sans))


def _priced(case: Case, sans: frozenset[str]) -> Iterator[SeanceCotee]:
    bareme = Bareme(case.territoire, profil_of(case.profil), sans, case.regime)
    past: list[SoinPasse] = []
    for said in case.seances:
        patient = said.get("patient", "A")
        seance = seance_of(said)
        situation = Situation(
            prestataire=PRESTATAIRE,
            profession=case.profession,
            patient=patient,
            date_naissance=said.get("date_naissance", case.date_naissance),
            nature_assurance=said.get("nature_assurance", case.nature_assurance),
            exoneration=said.get("exoneration", case.exoneration),
            taux=said.get("taux", case.taux),
            taux_amc=said.get("taux_amc", case.taux_amc),
            exercice=exercice_of(case, said),
            parcours=parcours_of(case, said),
            prise_en_charge=prise_en_charge_of(case, said),
        )
        mine = executant_of(seance, situation)
        historique = Historique(
            patient=tuple(one for one in past if one.patient == patient),
            executant=tuple(one for one in past if one.executant == mine and one.date_soins == seance.date_soins),
            semaine=tuple(
                one
                for one in past
                if one.executant == mine and abs((one.date_soins - seance.date_soins).days) <= SEMAINE
            ),
        )
        cotee = price(seance, situation, historique, bareme)
        remplacant = situation.exercice.remplacant if situation.exercice.condition == "remplacant" else ""
        past.extend(soins_of(PRESTATAIRE, patient, billed([seance], [cotee]), remplacant=remplacant))
        yield cotee


def seance_of(said: dict[str, Any]) -> Seance:
    """The session itself: prescribed that day, unless the case says otherwise or that it is not (`false`)."""
    given = {key: value for key, value in said.items() if key not in _OF_A_CASE}
    ordonnance = given.pop("ordonnance", {"date": said["date_soins"]})
    seance: Seance = build(Seance, given if ordonnance is False else {**given, "ordonnance": ordonnance})
    return seance


def exercice_of(case: Case, said: dict[str, Any]) -> Exercice:
    """Of the doctor of the case; `exercice` of a session says what differs in it."""
    usual = {"discipline": case.discipline, "secteur": case.secteur, "statut": case.statut}
    given = {**usual, **said.get("exercice", {})}
    return Exercice(**{**given, "confreres": tuple(given.get("confreres", ()))})


def parcours_of(case: Case, said: dict[str, Any]) -> Parcours | None:
    given = said.get("parcours", case.parcours)
    return build(Parcours, given) if given else None


def prise_en_charge_of(case: Case, said: dict[str, Any]) -> PriseEnCharge:
    given = {**case.prise_en_charge, **said.get("prise_en_charge", {})}
    droits = tuple(PeriodeDroits(**one) for one in given.pop("droits", ()))
    return PriseEnCharge(**given, droits=droits)


_OF_A_CASE = (
    "attendu",
    "constats",
    "possibles",
    "retenues",
    "indicateur",
    "patient",
    "nature_assurance",
    "exoneration",
    "taux",
    "taux_amc",
    "date_naissance",
    "exercice",
    "parcours",
    "prise_en_charge",
)


def build(kind: type, said: dict[str, Any]) -> Any:
    """A value of the model from the keys of a case."""
    values: dict[str, Any] = {}
    known = {one.nom: one for one in attributes(kind)}
    hints = _hints(kind)
    for key, value in said.items():
        modele = known[key].modele
        if modele is not None and isinstance(value, list):
            values[key] = tuple(build(modele, one) for one in value)
        elif modele is not None:
            values[key] = build(modele, value)
        elif Decimal in (hints[key], *get_args(hints[key])):
            values[key] = Decimal(str(value))
        else:
            values[key] = value
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _outcome(said: dict[str, Any], cotee: SeanceCotee) -> Outcome:
    lines = [
        {
            "code_acte": one.code_acte,
            "coefficient": one.coefficient,
            "part": one.part,
            "montant": one.montant,
            **({"depassement": one.depassement} if one.depassement else {}),
            **({"quantite": one.quantite} if one.quantite != 1 else {}),
            **_agreed(one),
            **_paid(one, attendu),
        }
        for one, attendu in zip(cotee.lignes, [*said.get("attendu", []), *({} for _ in cotee.lignes)], strict=False)
    ]
    rules = {step.regle for one in cotee.lignes for step in one.justifications}
    rules |= {one.code.removeprefix("ngap.") for one in cotee.constats}
    possibles = sorted(one.acte for one in cotee.possibles) if "possibles" in said else []
    rules |= {step.regle for one in cotee.retenues for step in one.justifications}
    withheld = [{"regle": one.regle, "montant": one.montant} for one in cotee.retenues] if "retenues" in said else []
    constats = sorted(one.code for one in cotee.constats)
    indicateur = cotee.indicateur if "indicateur" in said else ""
    return Outcome(lines, constats, possibles, frozenset(rules), withheld, indicateur)


def _agreed(ligne: LigneCotee) -> dict[str, str]:
    """What the sheet says of a prior agreement, when the act needs one."""
    code = "9" if ligne.prestation is None else ligne.prestation.accord_prealable
    return {} if code == "9" else {"accord": code}


def _paid(ligne: LigneCotee, attendu: dict[str, Any]) -> dict[str, Any]:
    """What the case compares of who pays a line that is on the sheet."""
    one = ligne.prestation
    if one is None:
        return {}
    told = {"taux": one.taux, "amo": one.montant_amo, "amc": one.montant_amc, "exoneration": one.exoneration}
    told |= {"qualificatif": one.qualificatif, "ccam": " ".join(detail.code for detail in one.details_ccam)}
    return {key: value for key, value in told.items() if key in attendu}


def profil_of(nom: str) -> Profil:
    return profils()[nom] if nom else SANS_PROFIL
