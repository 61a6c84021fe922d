"""What an invoice carries beside its main records: the CCAM details of a line (4M), the way to the AMC (2M).

Source: b2.md 3.9 and 3.19. Codes whose lists change with time are checked here in their shape only.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fse.norm.model.constraints import Code, Jour, Libelle, Motif
from fse.norm.model.validated import Validated

CodeAiguillage = Annotated[str, Motif("[0-9A-Z]{2}", "2 capitales ou chiffres")]
CodeHote = Annotated[str, Motif("[0-9A-Z]{3}", "3 capitales ou chiffres")]
CodeCourt = Annotated[str, Motif("[0-9A-Z]{1,2}", "1 ou 2 capitales ou chiffres")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutageAmc(Validated):
    """How the complementary insurer is reached, as the card or the table of conventions says it (record 2M)."""

    aiguillage: Annotated[CodeAiguillage, Libelle("Code d'aiguillage de l'AMC")]
    hote: Annotated[CodeHote, Libelle("Identifiant d'hôte de l'AMC")]
    domaine: Annotated[
        Annotated[str, Motif("[0-9A-Za-z.\\-]{1,20}", "un nom de domaine de 20 caractères au plus")] | None,
        Libelle("Nom de domaine, tel que la carte ou la convention le donne"),
    ] = None
    aiguillage_destinataire: Annotated[
        CodeAiguillage | None, Libelle("Code d'aiguillage du destinataire, s'il n'est pas l'AMC")
    ] = None
    hote_destinataire: Annotated[
        CodeHote | None, Libelle("Identifiant d'hôte du destinataire, s'il n'est pas l'AMC")
    ] = None
    module_sts: Annotated[
        Annotated[str, Code("R", "U", "M", "8", "4")] | None, Libelle("Type du module de tarification de l'AMC (STS)")
    ] = None
    version_sts: Annotated[
        Annotated[str, Motif("[0-9A-Z]{1,4}", "de 1 à 4 capitales ou chiffres")] | None,
        Libelle("Version du module de tarification"),
    ] = None
    indicateur_traitement: Annotated[CodeCourt | None, Libelle("Indicateur de traitement de l'AMC")] = None
    application: Annotated[CodeCourt | None, Libelle("Code application de l'AMC")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailCcam(Validated):
    """One act of the CCAM under a line (record 4M). `date_seance` absent: the date of the line, set by securing."""

    code: Annotated[str, Motif("[A-Z]{4}[0-9]{3}", "4 capitales et 3 chiffres"), Libelle("Code de l'acte (CCAM)")]
    extension_documentaire: Annotated[
        Annotated[str, Motif("[0-9A-Z]", "un chiffre ou une capitale")] | None, Libelle("Extension documentaire")
    ] = None
    activite: Annotated[str, Motif("[0-9]", "un chiffre"), Libelle("Activité")] = "1"
    phase: Annotated[str, Motif("[0-9]", "un chiffre"), Libelle("Phase de traitement")] = "0"
    modificateurs: Annotated[
        Annotated[str, Motif("[0-9A-Z]{1,4}", "de 1 à 4 capitales ou chiffres, sans espace")] | None,
        Libelle("Modificateurs, l'un après l'autre"),
    ] = None
    association: Annotated[
        Annotated[str, Code("1", "2", "3", "4", "5")] | None, Libelle("Code d'association non prévue")
    ] = None
    remboursement_exceptionnel: Annotated[
        Annotated[str, Code("O", "N")] | None,
        Libelle("Remboursement exceptionnel d'un acte à prise en charge conditionnelle : O oui, N non"),
    ] = None
    date_seance: Annotated[
        Annotated[date, Jour()] | None, Libelle("Date de la séance ; absente : la date des soins de la ligne")
    ] = None
    dents: Annotated[
        Annotated[str, Motif("([1-8][1-8]){1,16}", "de 1 à 16 numéros de dent de 2 chiffres, l'un après l'autre")]
        | None,
        Libelle("Numéros des dents soignées, l'un après l'autre (11 et 12 : 1112)"),
    ] = None
    supplement_charge: Annotated[Annotated[str, Code("C")] | None, Libelle("C : supplément de charges en cabinet")] = (
        None
    )
