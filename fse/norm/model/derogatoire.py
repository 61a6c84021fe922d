"""What a health network pays besides the NGAP: not a line of an invoice, no code of the NGAP, no B2 record.

It stands beside the invoices in an input document and is kept in a ledger of its own. The network, its services and its
members are described by the practice; here are the facts of one service done for one patient. Source: regles.md H.
"""

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import AsAttribute, Code, Libelle, Logique, Motif
from fse.norm.model.facture import Assure, Beneficiaire, Date
from fse.norm.model.medecine import Nom
from fse.norm.model.soins import AdhesionReseau
from fse.norm.model.validated import Validated

NATURES = ("acte", "reunion-coordination", "gouvernance", "formation")
"""What the time was given to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrestationDerogatoire(Validated):
    """A service done for a patient who is a member. The same `reference` with the same content is the same service."""

    reference: Annotated[
        Nom,
        AsAttribute(),
        Libelle("Référence de la prestation dans le logiciel, unique par cabinet, sans donnée personnelle"),
    ]
    adhesion_reseau: Annotated[AdhesionReseau, Libelle("Adhésion du patient au réseau qui paie la prestation")]
    code: Annotated[
        Annotated[str, Motif("[0-9A-Z._-]{1,20}", "de 1 à 20 capitales, chiffres ou signes . _ -")],
        Libelle("Code de la prestation dans la description du réseau ; ce n'est pas un code de la NGAP"),
    ]
    professionnel: Annotated[
        Nom, Libelle("Numéro de qui l'a faite ou, sans numéro, le nom que la description du réseau lui donne")
    ]
    date: Annotated[Date, Libelle("Date de la prestation")]
    nature: Annotated[
        str,
        Code(*NATURES),
        Libelle("Acte, réunion de coordination, réunion d'une instance du réseau, ou session de formation"),
    ] = "acte"
    patient_present: Annotated[bool, Logique(), Libelle("Le patient était présent")] = True
    assure: Annotated[Assure, Libelle("L'assuré")]
    beneficiaire: Annotated[Beneficiaire, Libelle("Le patient")]
