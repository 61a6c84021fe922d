"""An ARL as the payer simulator says it: which lots of which file were received, and which were refused, why.

The official layout is not public: this one is ours (`schemas/layouts/arl/`), with what users name of an ARL. Reading a
received file does not pass through here: it yields entity rows (architecture, decision 2). Source: noemie.md 2.1,
b2.md 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import Chiffres, Code, Libelle, Motif, Repeated, Texte, TexteLibre
from fse.norm.model.facture import CodeMarque, Date, NumeroFacture, NumeroPrestataire
from fse.norm.model.lot import IdentifiantFichier, NumeroLot, TypePartie
from fse.norm.model.validated import Validated


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuseLot(Validated):
    """One lot acknowledged (record LOT). `fichier_accuse`: the B2 file that brought it.

    A cause and its label say why a lot is refused; `numero_facture` is the invoice at fault, when one is named.
    """

    prestataire: Annotated[NumeroPrestataire, Libelle("Numéro de facturation du prestataire")]
    numero_lot: Annotated[NumeroLot, Libelle("Numéro du lot")]
    date_lot: Annotated[Date, Libelle("Date du lot")]
    organisme_destinataire: Annotated[str, Chiffres(3), Libelle("Organisme destinataire du lot")]
    fichier_accuse: Annotated[IdentifiantFichier, Libelle("Identifiant du fichier reçu")]
    sens: Annotated[str, Code("P", "N"), Libelle("P positif, N négatif")]
    cause: Annotated[
        Annotated[str, Motif("[0-9A-Z]{4}", "4 capitales ou chiffres")] | None, Libelle("Cause du refus")
    ] = None
    libelle: Annotated[Annotated[str, TexteLibre(60)] | None, Libelle("Libellé de la cause")] = None
    numero_facture: Annotated[NumeroFacture | None, Libelle("Numéro de la facture en cause")] = None
    date_accuse: Annotated[Date, Libelle("Date de l'accusé")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierAccuse(Validated):
    """One ARL file: who received, who is told, the lots in the order of the file that brought them."""

    type_emetteur: Annotated[TypePartie, Libelle("Type d'émetteur")]
    numero_emetteur: Annotated[str, Texte(14), Libelle("Numéro d'émetteur (centre qui a reçu)")]
    type_destinataire: Annotated[TypePartie, Libelle("Type de destinataire")]
    numero_destinataire: Annotated[str, Texte(14), Libelle("Numéro du destinataire")]
    identifiant_fichier: Annotated[IdentifiantFichier, Libelle("Identifiant de l'accusé chez son émetteur")]
    date_creation: Annotated[Date, Libelle("Date de création du fichier")]
    marque: Annotated[CodeMarque, Libelle("Marque du flux : T test, D démonstration")]
    accuses: Annotated[tuple[AccuseLot, ...], Repeated("accuse", 1, 999), Libelle("Un lot")]
