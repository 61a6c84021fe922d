"""What comes out of pricing: lines, each with the ordered list of what made it, findings, what else was possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fse.base.findings import Finding
from fse.norm.model.facture import Prestation


@dataclass(frozen=True, slots=True, kw_only=True)
class Justification:
    """One step: a rule that applied, or a value that was used. `parametre` "" for a rule, `regle` "" for a plain value.

    `valeur` is French text as a reader sees it ("3,15 €", "50 %"); `depuis` the first day on which it holds, `None`
    when that is not known. `profil` names the profile that enables it, "" when it is verified.
    """

    regle: str
    parametre: str
    libelle: str
    valeur: str
    depuis: date | None
    article: str
    source: str
    confiance: str
    profil: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneCotee:
    """An act asked for, priced. Amounts in centimes: `montant` = `montant_amo` + `montant_amc` + `part_patient`.

    `rang`: its place among the acts of the session, from 1. `part`: percent of its value that article 11 B leaves, 0
    when it is not billed; `prestation` is then `None`, and `motif` says why. `coefficient` is that billed, 1 for an act
    that its code alone prices (`forfaitaire`). `depassement`: what is asked of the patient above `montant`. Of a free
    act, `montant` is 0 and `motif` says so.
    """

    rang: int
    acte: str
    libelle: str
    code_acte: str
    coefficient: Decimal
    forfaitaire: bool
    quantite: int
    part: int
    montant: int
    montant_amo: int
    montant_amc: int
    depassement: int
    motif: str
    justifications: tuple[Justification, ...]
    prestation: Prestation | None

    @property
    def coefficient_acte(self) -> Decimal:
        """The coefficient of the act itself, of one that is billed."""
        return self.coefficient * 100 / self.part

    @property
    def part_patient(self) -> int:
        return self.montant - self.montant_amo - self.montant_amc


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """An act that the recorded facts would allow and that was not asked for. `condition` is French."""

    acte: str
    libelle: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retenue:
    """What the caisse withholds by itself, at most, from what it pays the patient: told, never an act nor on the sheet.

    `regle` names what says it; `rang`: the act that it is about, `None` when it is about the session; `montant` in
    centimes, above 0.
    """

    regle: str
    libelle: str
    rang: int | None
    montant: int
    justifications: tuple[Justification, ...]


@dataclass(frozen=True, slots=True)
class SeanceCotee:
    """A session priced. A line is missing when its act cannot be priced: a finding says why. `indicateur`: of the care
    path (code list `indicateur_parcours`), "" when nobody said how the patient came. `retenues`: what the caisse will
    withhold besides.
    """

    lignes: tuple[LigneCotee, ...]
    constats: tuple[Finding, ...]
    possibles: tuple[Possible, ...]
    indicateur: str = ""
    retenues: tuple[Retenue, ...] = ()

    @property
    def montant(self) -> int:
        """Centimes."""
        return sum(one.montant for one in self.lignes)
