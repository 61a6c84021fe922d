"""What one lot and one B2 file say of themselves: records 1 and 6, 000 and 999, less counts, sums and constants.

Their contents are not here: a lot is made of the frozen bytes of its invoices, a file of those of its lots.
A lot can only be marked test or demo: a real one cannot even be written down here (architecture, 1).
Source: b2.md 3.1 to 3.4; defaults: precisions.md "Defaults of the B2 fields".
"""

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import Chiffres, Code, Entier, Libelle, Motif, Texte
from fse.norm.model.facture import CodeMarque, CodeTypeFacture, Date, NumeroPrestataire
from fse.norm.model.validated import Validated

NumeroLot = Annotated[int, Entier(1, 999)]
TypePartie = Annotated[str, Motif("[A-Z]{2}", "2 capitales")]
IdentifiantFichier = Annotated[str, Motif("[0-9A-Z]{6}", "6 capitales ou chiffres")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteteLot(Validated):
    """A lot: one prestataire, one organisation, one level of certification. `None` is written as blanks."""

    prestataire: Annotated[NumeroPrestataire, Libelle("Numéro de facturation du prestataire")]
    nom_prestataire: Annotated[str, Texte(40), Libelle("Nom du prestataire")]
    organisme_destinataire: Annotated[str, Chiffres(3), Libelle("Organisme destinataire")]
    numero_lot: Annotated[NumeroLot, Libelle("Numéro du lot")]
    date_lot: Annotated[Date, Libelle("Date du lot")]
    certification: Annotated[
        Annotated[str, Code("S", "F", "D")] | None, Libelle("S avec carte Vitale, F sans, D dégradé, blanc B2 simple")
    ]
    marque: Annotated[CodeMarque, Libelle("Marque du flux : T test, D démonstration")]
    type_facture: Annotated[CodeTypeFacture | None, Libelle("F flux SESAM ou dégradé, blanc hors SESAM")]
    remplacant: Annotated[NumeroPrestataire | None, Libelle("Numéro du remplaçant")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteteFichier(Validated):
    """A file: who sends it to which computing centre."""

    type_emetteur: Annotated[TypePartie, Libelle("Type d'émetteur")]
    numero_emetteur: Annotated[str, Chiffres(14), Libelle("Numéro d'émetteur, complété à gauche par des zéros")]
    type_destinataire: Annotated[TypePartie, Libelle("Type de destinataire")]
    numero_destinataire: Annotated[str, Texte(14), Libelle("Centre informatique destinataire")]
    identifiant_fichier: Annotated[IdentifiantFichier, Libelle("Identifiant du fichier chez l'émetteur")]
    date_creation: Annotated[Date, Libelle("Date de création du fichier")]
