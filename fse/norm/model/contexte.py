"""What the card or the online rights service said, and nothing of it goes into B2 (names, rights, opposition).

It is kept encrypted beside the invoice: it proves, when a reject about rights comes back, what was known at the visit
(architecture, decision 2; contrat.md "Input of invoices").
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fse.norm.model.constraints import Chiffres, Code, Jour, Libelle, Logique, Motif, Repeated, Texte
from fse.norm.model.facture import Date
from fse.norm.model.validated import Validated

DateDroits = Annotated[date, Jour(1900, 9999)]
"""Rights can begin long ago and end at the end of time (9999-12-31 on some cards)."""

CodeCarte = Annotated[str, Motif("[0-9A-Z]{1,4}", "de 1 à 4 capitales ou chiffres")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identite(Validated):
    """Names in the B2 alphabet, as long as the identity record carries them (b2.md 3.11)."""

    nom: Annotated[str, Texte(25), Libelle("Nom ; accents, traits d'union et apostrophes sont translittérés")]
    prenom: Annotated[str, Texte(15), Libelle("Prénom ; accents, traits d'union et apostrophes sont translittérés")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodeDroits(Validated):
    """A period of rights; no end: open."""

    debut: Annotated[DateDroits, Libelle("Premier jour des droits")]
    fin: Annotated[DateDroits | None, Libelle("Dernier jour des droits ; absent : sans fin connue")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexte(Validated):
    """What was known of the patient's rights at the visit, and from where."""

    source: Annotated[
        str,
        Code("carte", "service", "aucune"),
        Libelle("D'où viennent les droits : la carte Vitale, le service en ligne, ou aucune source"),
    ]
    date_lecture: Annotated[Date | None, Libelle("Date de lecture de la carte ou du service")] = None
    identite_assure: Annotated[Identite, Libelle("Identité de l'assuré")]
    identite_beneficiaire: Annotated[Identite, Libelle("Identité du bénéficiaire des soins")]
    code_exoneration: Annotated[CodeCarte | None, Libelle("Code d'exonération lu")] = None
    code_ald: Annotated[CodeCarte | None, Libelle("Code d'affection de longue durée lu")] = None
    medecin_traitant: Annotated[
        Annotated[str, Chiffres(9, non_nul=True)] | None, Libelle("Numéro du médecin traitant déclaré")
    ] = None
    ame: Annotated[bool, Logique(), Libelle("Bénéficiaire de l'aide médicale d'État")] = False
    opposition: Annotated[bool, Logique(), Libelle("La carte est en liste d'opposition")] = False
    periodes_droits: Annotated[
        tuple[PeriodeDroits, ...], Repeated("periode_droits", 0, 99), Libelle("Une période de droits")
    ] = ()
