"""Health networks as they describe themselves: the services that they pay, their members, all of it dated.

A network pays services of its own to its professionals, besides the NGAP (`derogatoires`); its patients may have
nothing left to pay or to advance on ordinary invoices (`adhesions`). Source: regles.md H.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CRITERES = (
    "hors-nomenclature",
    "nature-differente",
    "interdisciplinarite",
    "non-conventionne",
    "frequence-superieure",
    "patient-absent",
)
"""The six criteria of the national working group, in its order; each is a rule, `reseau-critere-<name>`."""

EN_VIGUEUR, PATIENT, PROFESSIONNEL = "reseau-en-vigueur", "reseau-patient-membre", "reseau-professionnel-membre"
"""Names of rules that hold for ordinary invoices and for the services of the network alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrestationReseau:
    """A service that a network pays, from `debut` to `fin`, `montant` in centimes.

    `critere` is one of `CRITERES`, "" when nobody said which it meets. `acte_ngap`: the label of the act that would
    absorb it, "" for none; `acte_ngap_depuis`: its first day in the NGAP, when our tables do not know that act.
    """

    code: str
    libelle: str
    critere: str
    montant: int
    debut: date
    fin: date
    acte_ngap: str = ""
    acte_ngap_depuis: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionnelReseau:
    """A member, by number or, without one, by the name that the network gives. `exercice`: "liberal" or "salarie"."""

    profession: str
    conventionne: bool
    exercice: str
    debut: date
    fin: date | None = None
    numero: str = ""
    nom: str = ""

    @property
    def identifiant(self) -> str:
        return self.numero or self.nom


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseau:
    """A network. `numero` has 14 digits, as record 4S carries it.

    `code_exoneration` justifies that its patients have nothing left to pay, as its agreement or the caisse says: ""
    when nobody gave it. A service or a member may stand several times, at different dates.
    """

    numero: str
    nom: str
    debut: date
    fin: date
    exoneration_ticket_moderateur: bool
    dispense_avance: bool
    code_exoneration: str = ""
    prestations: tuple[PrestationReseau, ...] = ()
    professionnels: tuple[ProfessionnelReseau, ...] = ()

    def covers(self, le: date) -> bool:
        return self.debut <= le <= self.fin

    def known(self, code: str) -> bool:
        """Whether it pays a service of this code, on whatever day."""
        return any(one.code == code for one in self.prestations)

    def prestation(self, code: str, le: date) -> PrestationReseau | None:
        """The service of this code on a day."""
        return next((one for one in self.prestations if one.code == code and one.debut <= le <= one.fin), None)

    def professionnel(self, identifiant: str, le: date) -> ProfessionnelReseau | None:
        """The member of this number or name on a day."""
        mine = (one for one in self.professionnels if one.identifiant == identifiant)
        return next((one for one in mine if within(one.debut, one.fin, le)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adhesion:
    """The membership of a patient. `tiers_payant`: the patient of this invoice does not advance the compulsory part."""

    reseau: Reseau
    debut: date
    fin: date | None
    tiers_payant: bool

    def covers(self, le: date) -> bool:
        return within(self.debut, self.fin, le)


def within(debut: date, fin: date | None, le: date) -> bool:
    """Whether a day is of a period; no end: still open."""
    return debut <= le and (fin is None or le <= fin)


def network_values(reseau: Reseau) -> dict[str, str]:
    """What the messages say of a network."""
    return {"reseau": reseau.nom, "debut": f"{reseau.debut:%d/%m/%Y}", "fin": f"{reseau.fin:%d/%m/%Y}"}
