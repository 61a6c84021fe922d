"""What a health network pays besides the NGAP: whether a service is really a derogation, and what it is worth.

It meets one of six criteria, is done by a liberal professional and for a patient who are members that day, and stops
being a derogation on the day on which the NGAP has its act, unless it differs from it in nature or in frequency.
Each reason to refuse is a rule of `schemas/ngap/regles/reseaux.toml`. Source: regles.md H (S0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fse.base.errors import UsageError
from fse.base.findings import Finding
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.dossier import finding_of
from fse.domain.cotation.prestations.reseaux import (
    EN_VIGUEUR,
    PATIENT,
    PROFESSIONNEL,
    PrestationReseau,
    ProfessionnelReseau,
    Reseau,
    network_values,
    within,
)
from fse.norm.model.derogatoire import PrestationDerogatoire
from fse.norm.referentiels.ngap.actes import Acte, CotationActe, actes, labels_of
from fse.norm.referentiels.ngap.regles import Controle, Levee, Regle
from fse.norm.referentiels.parametres import parametres

ABSORBEE = "reseau-absorbee-par-la-ngap"
"""The rule that ends a derogation; a criterion that lifts it (genre `levee`) holds in spite of the NGAP."""

CRITERE = "reseau-critere-"
"""How the name of the rule of a criterion starts."""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jugement:
    """What the rules say of a service. `montant` in centimes, 0 when it is refused; `critere`: the rule of its own."""

    montant: int
    prestation: PrestationReseau | None
    critere: Regle | None
    constats: tuple[Finding, ...]

    @property
    def acceptee(self) -> bool:
        return not any(one.is_error for one in self.constats)


@dataclass(frozen=True, slots=True)
class _Facts:
    """A service facing its network. `prestation` and `professionnel`: as the network has them that day."""

    demande: PrestationDerogatoire
    reseau: Reseau
    bareme: Bareme
    prestation: PrestationReseau | None
    professionnel: ProfessionnelReseau | None
    critere: Regle | None


def judge(demande: PrestationDerogatoire, reseau: Reseau, bareme: Bareme) -> Jugement:
    """Accept a service at the price of its network, or say all that speaks against it. Pure; never raises."""
    regles = bareme.regles(demande.date, "")
    prestation = reseau.prestation(demande.code, demande.date)
    critere = regles.get(f"{CRITERE}{prestation.critere}") if prestation is not None else None
    facts = _Facts(
        demande=demande,
        reseau=reseau,
        bareme=bareme,
        prestation=prestation,
        professionnel=reseau.professionnel(demande.professionnel, demande.date),
        critere=critere,
    )
    found = []
    for nom, check in CHECKS.items():
        regle, values = regles.get(nom), check(facts)
        if isinstance(regle, Controle) and values is not None:
            found.append(finding_of(regle, None, **{"prestation": _label(facts), **values}))
    refused = any(one.is_error for one in found) or prestation is None
    return Jugement(
        montant=0 if refused or prestation is None else prestation.montant,
        prestation=prestation,
        critere=critere,
        constats=tuple(found),
    )


def in_tables(acte_ngap: str) -> bool:
    """Whether a label names an act of our tables, or a flat code that has a value."""
    return any(True for _ in _named(acte_ngap)) or _value_name(acte_ngap) in parametres()


def in_ngap_since(acte_ngap: str, le: date, bareme: Bareme, profession: str = "") -> date | None:
    """Since when the NGAP has an act on a day, `None` when it does not; `profession` narrows it to who may bill it.

    Only what is verified counts, or enabled by the profile.
    """
    for acte, cotation in _named(acte_ngap):
        mine = not profession or profession in acte.professions
        if mine and cotation.holds(le) and bareme.profil.permits(cotation):
            return cotation.debut
    if _value_name(acte_ngap) not in parametres():
        return None
    try:
        return bareme.valeur(_value_name(acte_ngap), le).debut
    except UsageError:
        return None


def _named(label: str) -> list[tuple[Acte, CotationActe]]:
    return [
        (acte, cotation)
        for acte in actes().values()
        for cotation in acte.cotations
        if label in labels_of(acte, cotation.lettre, cotation.coefficient)
    ]


def _value_name(label: str) -> str:
    return f"valeur_{label.lower()}"


def _label(facts: _Facts) -> str:
    return facts.demande.code if facts.prestation is None else facts.prestation.libelle


def _network(facts: _Facts) -> Values | None:
    return None if facts.reseau.covers(facts.demande.date) else network_values(facts.reseau)


def _patient(facts: _Facts) -> Values | None:
    member = facts.demande.adhesion_reseau
    return None if within(member.debut, member.fin, facts.demande.date) else {"reseau": facts.reseau.nom}


def _professional(facts: _Facts) -> Values | None:
    if facts.professionnel is not None:
        return None
    return {"reseau": facts.reseau.nom, "professionnel": facts.demande.professionnel}


def _liberal(facts: _Facts) -> Values | None:
    mine = facts.professionnel
    return None if mine is None or mine.exercice == "liberal" else {"professionnel": mine.identifiant}


def _nature(nature: str) -> Callable[[_Facts], Values | None]:
    return lambda facts: {} if facts.demande.nature == nature else None


def _in_force(facts: _Facts) -> Values | None:
    return {} if facts.prestation is None else None


def _criterion(facts: _Facts) -> Values | None:
    return {} if facts.prestation is not None and facts.critere is None else None


def _away(facts: _Facts) -> Values | None:
    return {} if _meets(facts, "patient-absent") and facts.demande.patient_present else None


def _outside_conventions(facts: _Facts) -> Values | None:
    mine = facts.professionnel
    if mine is None or not mine.conventionne or not _meets(facts, "non-conventionne"):
        return None
    return {"professionnel": mine.identifiant}


def _absorbed(facts: _Facts) -> Values | None:
    """What the network says of an act that our tables do not have, else what these say."""
    service, mine, le = facts.prestation, facts.professionnel, facts.demande.date
    if service is None or not service.acte_ngap or _lifts(facts.critere):
        return None
    if service.acte_ngap_depuis is not None:
        since = service.acte_ngap_depuis if service.acte_ngap_depuis <= le else None
    else:
        profession = mine.profession if mine is not None and mine.conventionne else ""
        since = in_ngap_since(service.acte_ngap, le, facts.bareme, profession)
    return None if since is None else {"acte": service.acte_ngap, "depuis": f"{since:%d/%m/%Y}"}


def _meets(facts: _Facts, critere: str) -> bool:
    return facts.critere is not None and facts.critere.nom == f"{CRITERE}{critere}"


def _lifts(critere: Regle | None) -> bool:
    return isinstance(critere, Levee) and critere.regle == ABSORBEE


CHECKS: Mapping[str, Callable[[_Facts], Values | None]] = {
    EN_VIGUEUR: _network,
    PATIENT: _patient,
    PROFESSIONNEL: _professional,
    "reseau-liberal": _liberal,
    "reseau-gouvernance": _nature("gouvernance"),
    "reseau-formation": _nature("formation"),
    "reseau-prestation-en-vigueur": _in_force,
    "reseau-six-criteres": _criterion,
    "reseau-patient-present": _away,
    "reseau-professionnel-conventionne": _outside_conventions,
    ABSORBEE: _absorbed,
}
"""Of each rule, in this order, what its message says when it speaks against a service; `None` when it does not."""
