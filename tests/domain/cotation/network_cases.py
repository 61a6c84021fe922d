"""The cases of health networks (`fixtures/cotation/reseau/<case>.toml`): services, or sessions of a member patient.

titre, source, positif, negatif     # as in `cases`
[reseau]                            # what differs from fixtures/cotation/reseau/description/gerontologie.toml

[[derogatoire]]                     # keys of `fse.norm.model.derogatoire.PrestationDerogatoire`, the patient left out
code = "EDU"
professionnel = "001234566"         # default, a nurse; `adhesion`: since 2026-01-01 unless said
date = 2026-06-01
attendu = 4500                      # centimes, 0 when it is refused
constats = []                       # codes of the findings, in any order

[[seance]]                          # keys of `Seance`, at the practice; besides: `adhesion`, `taux`, `exoneration` of
date_soins = 2026-06-01             # the invoice, `tiers_payant` (default true)
actes = [{ code_acte = "AMI", coefficient = "3" }]
attendu = [{ montant = 945, amo = 945, reseau = "00000000000997", exoneration = "3" }]
constats = []
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.reseaux.description import read_reseau
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.prestations.derogatoires import judge
from fse.domain.cotation.prestations.reseaux import Adhesion, Reseau
from fse.domain.cotation.situation import Historique, Situation
from fse.norm.model.derogatoire import PrestationDerogatoire
from fse.norm.model.facture import Assure, Beneficiaire
from fse.norm.model.soins import AdhesionReseau, Seance
from tests.domain.cotation.cases import FOLDER, PRESTATAIRE, build

NETWORKS = FOLDER / "reseau"
DESCRIPTION = NETWORKS / "description" / "gerontologie.toml"
_SINCE = date(2026, 1, 1)
_ASSURE = Assure(nir="1850975056000", cle_nir="81", regime="01", caisse="998", centre="0000")
_OF_A_CASE = ("attendu", "constats", "adhesion", "taux", "exoneration", "tiers_payant")

Outcome = tuple[object, list[str]]
"""The amount of a service, or the lines of a session; the codes of its findings."""


@dataclass(frozen=True)
class NetworkCase:
    """One file."""

    nom: str
    titre: str
    source: str
    positif: tuple[str, ...]
    negatif: tuple[str, ...]
    reseau: Reseau
    derogatoires: tuple[dict[str, Any], ...]
    seances: tuple[dict[str, Any], ...]

    @property
    def expected(self) -> list[Outcome]:
        said = (*self.derogatoires, *self.seances)
        return [(one["attendu"], sorted(one.get("constats", []))) for one in said]

    def run(self, sans: frozenset[str] = frozenset()) -> tuple[list[Outcome], set[str]]:
        """What fse says of each, and the rules that applied; `sans`: rules left out."""
        bareme = Bareme("metropole", sans=sans)
        found, applied = [], set()
        for one in self.derogatoires:
            jugement = judge(service_of(one), self.reseau, bareme)
            codes = sorted(constat.code for constat in jugement.constats)
            found.append((jugement.montant, codes))
            applied |= {jugement.critere.nom} if jugement.critere else set()
            applied |= {code.removeprefix("ngap.") for code in codes}
        for one in self.seances:
            outcome, rules = self._told(one, bareme)
            found.append(outcome)
            applied |= rules
        return found, applied

    def _told(self, said: dict[str, Any], bareme: Bareme) -> tuple[Outcome, set[str]]:
        cotee = self.price(said, bareme)
        lines = [_line(one.prestation) for one in cotee.lignes if one.prestation is not None]
        codes = sorted(one.code for one in cotee.constats)
        rules = {step.regle for one in cotee.lignes for step in one.justifications}
        return (lines, codes), rules | {code.removeprefix("ngap.") for code in codes}

    def price(self, said: dict[str, Any], bareme: Bareme) -> SeanceCotee:
        """A session of a member, priced."""
        member = membership(said)
        situation = Situation(
            prestataire=PRESTATAIRE,
            profession="infirmier",
            patient="A",
            date_naissance="400115",
            nature_assurance="10",
            exoneration=said.get("exoneration"),
            taux=said.get("taux"),
            taux_amc=0,
            adhesion=Adhesion(
                reseau=self.reseau,
                debut=member.debut,
                fin=member.fin,
                tiers_payant=said.get("tiers_payant", True),
            ),
        )
        return price(network_session(said), situation, Historique(), bareme)


def network_session(said: dict[str, Any]) -> Seance:
    """The session itself, at the practice and prescribed that day unless the case says otherwise."""
    given = {key: value for key, value in said.items() if key not in _OF_A_CASE}
    seance: Seance = build(Seance, {"lieu": "cabinet", "ordonnance": {"date": said["date_soins"]}, **given})
    return seance


def membership(said: dict[str, Any]) -> AdhesionReseau:
    """That of the patient, since the first day of the network unless the case says otherwise."""
    return AdhesionReseau(reseau="00000000000997", **said.get("adhesion", {"debut": _SINCE}))


def _line(prestation: Any) -> dict[str, Any]:
    found = {
        "montant": prestation.honoraires,
        "amo": prestation.montant_amo,
        "reseau": prestation.reseau,
        "exoneration": prestation.exoneration,
    }
    return {key: value for key, value in found.items() if value is not None}


def service_of(said: dict[str, Any]) -> PrestationDerogatoire:
    """What the network is asked for."""
    given = {key: value for key, value in said.items() if key not in _OF_A_CASE}
    return PrestationDerogatoire(
        **{"reference": "D-1", "professionnel": PRESTATAIRE, **given},
        adhesion_reseau=membership(said),
        assure=_ASSURE,
        beneficiaire=Beneficiaire(date_naissance="850912"),
    )


def load_network_cases() -> Iterator[NetworkCase]:
    """Every case, by the name of its file."""
    base = tomllib.loads(DESCRIPTION.read_text(encoding="utf-8"))
    for path in sorted(one for one in NETWORKS.glob("*.toml") if one.stem != "cas"):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        yield NetworkCase(
            nom=f"reseau/{path.stem}",
            titre=said["titre"],
            source=said["source"],
            positif=tuple(said.get("positif", ())),
            negatif=tuple(said.get("negatif", ())),
            reseau=read_reseau({**base, **said.get("reseau", {})}),
            derogatoires=tuple(said.get("derogatoire", ())),
            seances=tuple(said.get("seance", ())),
        )
