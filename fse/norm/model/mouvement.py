"""Money of a NOEMIE return that answers no invoice: lump sums (261, 262), withholdings and the life of debts (250).

Codes whose lists are national or long (payments, debts, operations) are checked here in their shape only.
Source: noemie.md 1.5 and 1.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import Chiffres, Code, Entier, Libelle, Montant, Motif, Repeated, Texte, TexteLibre
from fse.norm.model.facture import Date
from fse.norm.model.validated import Validated

Nir = Annotated[
    str, Motif("[0-9]{5}([0-9]{2}|2[AB])[0-9]{6}", "13 chiffres, ou 2A ou 2B pour le département, sans la clé")
]
CleNir = Annotated[str, Chiffres(2, non_nul=True)]
DateNaissance = Annotated[str, Chiffres(6, non_nul=True)]
"""AAMMJJ as it is printed: a month above 12 is legal."""
RangNaissance = Annotated[int, Entier(1, 9)]
_Code3 = Motif("[A-Z]{3}", "3 capitales")


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailForfait(Validated):
    """What a lump sum is made of (entity 262): a period, a person when it is paid for one."""

    codification: Annotated[
        Annotated[str, Motif("[0-9A-Z]{1,5}", "5 capitales ou chiffres au plus")] | None, Libelle("Codification")
    ] = None
    libelle: Annotated[Annotated[str, TexteLibre(80)] | None, Libelle("Libellé du détail")] = None
    nir: Annotated[Nir | None, Libelle("NIR de la personne concernée")] = None
    cle_nir: Annotated[CleNir | None, Libelle("Clé du NIR")] = None
    date_naissance: Annotated[DateNaissance | None, Libelle("Date de naissance AAMMJJ")] = None
    rang_naissance: Annotated[RangNaissance | None, Libelle("Rang de naissance")] = None
    periode: Annotated[
        Annotated[str, Code("H", "M", "T", "S", "A", "P")] | None,
        Libelle("Période : H semaine, M mois, T trimestre, S semestre, A année, P ponctuel"),
    ] = None
    date_debut: Annotated[Date | None, Libelle("Début de la période")] = None
    date_fin: Annotated[Date | None, Libelle("Fin de la période")] = None
    montant: Annotated[int, Montant(8), Libelle("Montant du détail, en centimes")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForfaitRetour(Validated):
    """A lump sum or one-off payment (entity 261). No source says that its details make its amount."""

    code_paiement: Annotated[str, Motif("[0-9A-Z]{5}", "5 capitales ou chiffres"), Libelle("Code du paiement")]
    montant: Annotated[int, Montant(8), Libelle("Montant payé, en centimes")]
    details: Annotated[tuple[DetailForfait, ...], Repeated("detail", 0, 999), Libelle("Un détail")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MouvementRetour(Validated):
    """What happens to a debt (entity 250). Only the operation RPR withholds `montant` from the transfer."""

    numero_ligne: Annotated[int, Entier(0, 99), Libelle("Numéro de ligne")] = 1
    reference_creance: Annotated[str, Texte(10), Libelle("Référence de la créance")]
    date_creance: Annotated[Date | None, Libelle("Date d'enregistrement de la créance")] = None
    nature_creance: Annotated[Annotated[str, _Code3] | None, Libelle("Nature de la créance : IND pour un indu, …")] = (
        None
    )
    operation: Annotated[str, _Code3, Libelle("Opération : RPR pour une retenue, CIN pour un enregistrement, …")]
    montant: Annotated[int, Montant(8, signe=True), Libelle("Montant de l'opération, en centimes, avec son signe")]
    solde: Annotated[int, Montant(8), Libelle("Solde restant dû de la créance, en centimes")]
