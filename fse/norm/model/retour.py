"""A NOEMIE return of the newer generation as the payer simulator says it: transfers, kinds of return, invoices.

Reading a received file does not pass through here: it yields entity rows (architecture, decision 2). Levels, counts,
sums and the 990 entities are the codec's business; the older generation is only read. Money that answers no invoice
is in `mouvement`. Source: noemie.md 1.3 bis, 1.4, 1.5 and 1.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import (
    Chiffres,
    Code,
    CodeDroite,
    Entier,
    Libelle,
    Montant,
    Motif,
    Repeated,
    Texte,
    TexteLibre,
)
from fse.norm.model.facture import CodeMarque, CodeNatureAssurance, Date, NumeroFacture, NumeroPrestataire
from fse.norm.model.lot import IdentifiantFichier, NumeroLot, TypePartie
from fse.norm.model.mouvement import CleNir, DateNaissance, ForfaitRetour, MouvementRetour, Nir, RangNaissance
from fse.norm.model.validated import Validated


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRetour(Validated):
    """One part of an invoice (entity 198 or 199). `etat` is `None` when the part was not handled."""

    partie: Annotated[str, Code("AMO", "AMC"), Libelle("Part obligatoire ou complémentaire")]
    montant_demande: Annotated[int, Montant(8), Libelle("Montant demandé, en centimes")]
    etat: Annotated[
        Annotated[str, Code("P", "R", "D")] | None, Libelle("État : P payé, R rejeté, D différé, blanc non traité")
    ] = None
    montant_rembourse: Annotated[int, Montant(8, signe=True), Libelle("Montant payé, en centimes, avec son signe")]
    numero_amc: Annotated[
        Annotated[str, CodeDroite(10)] | None, Libelle("Organisme complémentaire (part AMC seulement)")
    ] = None
    numero_adherent: Annotated[
        Annotated[str, Texte(15)] | None, Libelle("Numéro d'adhérent à l'AMC (part AMC seulement)")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejetRetour(Validated):
    """One reject (entity 294): of the invoice, of a line, or of a refined code."""

    code_rejet: Annotated[str, Motif("[0-9A-Z]{4}", "4 capitales ou chiffres"), Libelle("Code du rejet")]
    libelle_rejet: Annotated[str, TexteLibre(86), Libelle("Libellé du rejet")]
    niveau: Annotated[str, Code("F", "L", "A"), Libelle("Niveau : F facture, L ligne, A code affiné")]
    partie: Annotated[str, Code("O", "C"), Libelle("Part : O obligatoire ou les deux, C complémentaire")]
    code_acte: Annotated[
        Annotated[
            str,
            Motif("[0-9A-Z]{1,4}|[0-9A-Z][0-9A-Z ]{3}[0-9A-Z]", "un code de 4 caractères au plus et son complément"),
        ]
        | None,
        Libelle("Code d'acte concerné, sur 4 caractères, puis son complément"),
    ] = None
    date_soins: Annotated[Date | None, Libelle("Date des soins concernés")] = None
    executant: Annotated[NumeroPrestataire | None, Libelle("Exécutant concerné")] = None
    numero_ligne: Annotated[
        Annotated[int, Entier(1, 999)] | None, Libelle("Ordinal de la ligne concernée dans la facture")
    ] = None
    rang_rejet: Annotated[int, Entier(1, 99), Libelle("Rang du rejet")] = 1
    information: Annotated[Annotated[str, TexteLibre(30)] | None, Libelle("Information complémentaire")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssureRetour(Validated):
    """Who was cared for and under whose insurance (entity 103)."""

    nir: Annotated[Nir, Libelle("NIR de l'assuré")]
    cle_nir: Annotated[CleNir | None, Libelle("Clé du NIR de l'assuré")] = None
    nom_naissance: Annotated[Annotated[str, Texte(25)] | None, Libelle("Nom de naissance de l'assuré")] = None
    nom_usage: Annotated[Annotated[str, Texte(25)] | None, Libelle("Nom d'usage de l'assuré")] = None
    prenom: Annotated[Annotated[str, Texte(15)] | None, Libelle("Prénom de l'assuré")] = None
    nir_individuel: Annotated[Nir | None, Libelle("NIR individuel du bénéficiaire")] = None
    cle_nir_individuel: Annotated[CleNir | None, Libelle("Clé du NIR individuel")] = None
    date_naissance: Annotated[DateNaissance | None, Libelle("Date de naissance du bénéficiaire, AAMMJJ")] = None
    rang_naissance: Annotated[RangNaissance | None, Libelle("Rang de naissance du bénéficiaire")] = None
    nom_beneficiaire: Annotated[Annotated[str, Texte(25)] | None, Libelle("Nom du bénéficiaire")] = None
    prenom_beneficiaire: Annotated[Annotated[str, Texte(15)] | None, Libelle("Prénom du bénéficiaire")] = None
    unite_gestion: Annotated[
        Annotated[str, Motif("[0-9A-Z]{1,4}", "4 capitales ou chiffres au plus")] | None, Libelle("Unité de gestion")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentaireRetour(Validated):
    """What a payer adds about an invoice (entity 295)."""

    code: Annotated[
        Annotated[str, Motif("[0-9A-Z]", "un chiffre ou une capitale")] | None, Libelle("Code du commentaire")
    ] = None
    texte: Annotated[str, TexteLibre(128), Libelle("Texte du commentaire")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureRetour(Validated):
    """One invoice answered (entity 102). Number, lot and dates can be absent, as for paper.

    With `traitement_amc` V it stands twice in the file, once under each transfer, with the only part which that pays.
    """

    numero_facture: Annotated[NumeroFacture | None, Libelle("Numéro de la facture")] = None
    complement: Annotated[Annotated[str, Texte(6)] | None, Libelle("Complément du numéro de facture")] = None
    numero_lot: Annotated[NumeroLot | None, Libelle("Numéro du lot")] = None
    date_lot: Annotated[Date | None, Libelle("Date du lot")] = None
    type_facture: Annotated[
        str, Code("A", "B", "C", "D", "E", "F", "P", "R", "L"), Libelle("Type de la facture : F pour une FSE")
    ]
    date_facture: Annotated[Date | None, Libelle("Date de la facture")] = None
    traitement_amc: Annotated[
        Annotated[str, Code("N", "V", "C", "E", "A", "F")] | None,
        Libelle("Traitement de la part AMC : V pour un virement séparé, …"),
    ] = None
    nature_assurance: Annotated[CodeNatureAssurance, Libelle("Nature d'assurance")]
    assure: Annotated[AssureRetour | None, Libelle("L'assuré et le bénéficiaire")] = None
    parts: Annotated[tuple[PartRetour, ...], Repeated("part", 0, 2), Libelle("Une part")]
    rejets: Annotated[tuple[RejetRetour, ...], Repeated("rejet", 0, 99), Libelle("Un rejet")] = ()
    commentaires: Annotated[
        tuple[CommentaireRetour, ...], Repeated("commentaire", 0, 99), Libelle("Un commentaire")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRetour(Validated):
    """What is returned of one kind for one place of care (entity 081): invoices, lump sums, movements of debts."""

    code_retour: Annotated[
        str, Code("01", "02", "03", "04", "05"), Libelle("Type de retour : 01 flux électronique, 02 papier, …")
    ]
    lieu_execution: Annotated[str, Texte(14), Libelle("Numéro du lieu d'exécution")]
    factures: Annotated[tuple[FactureRetour, ...], Repeated("facture", 0), Libelle("Une facture")] = ()
    forfaits: Annotated[tuple[ForfaitRetour, ...], Repeated("forfait", 0), Libelle("Un forfait")] = ()
    mouvements: Annotated[
        tuple[MouvementRetour, ...], Repeated("mouvement", 0), Libelle("Une retenue ou un mouvement de créance")
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeVirement(Validated):
    """What one transfer pays to one payee (entities 040 and 071). All rejected: no labels."""

    beneficiaire_reglement: Annotated[str, Texte(15), Libelle("Bénéficiaire du règlement")]
    date_comptable: Annotated[Date, Libelle("Journée comptable ou date d'émission du virement")]
    libelle_virement_1: Annotated[Annotated[str, TexteLibre(32)] | None, Libelle("Libellé du virement, ligne 1")] = None
    libelle_virement_2: Annotated[Annotated[str, TexteLibre(32)] | None, Libelle("Libellé du virement, ligne 2")] = None
    organisme_payeur: Annotated[Annotated[str, Texte(10)] | None, Libelle("Organisme payeur")] = None
    retours: Annotated[tuple[TypeRetour, ...], Repeated("retour"), Libelle("Un type de retour")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetourNoemie(Validated):
    """One NOEMIE file: its envelope, the mandataire (entity 020) who is paid for others, its transfers."""

    type_emetteur: Annotated[TypePartie, Libelle("Type d'émetteur")]
    numero_emetteur: Annotated[str, Chiffres(14), Libelle("Numéro d'émetteur, complété à gauche par des zéros")]
    type_destinataire: Annotated[TypePartie, Libelle("Type de destinataire")]
    numero_destinataire: Annotated[str, Texte(14), Libelle("Numéro du destinataire")]
    identifiant_fichier: Annotated[IdentifiantFichier, Libelle("Identifiant du fichier chez l'émetteur")]
    date_creation: Annotated[Date, Libelle("Date de création du fichier")]
    marque: Annotated[CodeMarque, Libelle("Marque du flux : T test, D démonstration")]
    mandataire: Annotated[Annotated[str, Texte(15)] | None, Libelle("Mandataire payé pour les bénéficiaires")] = None
    groupes: Annotated[tuple[GroupeVirement, ...], Repeated("groupe"), Libelle("Un virement")]
