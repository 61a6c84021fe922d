"""The model: typed, frozen classes in the norm's words. Construction validates; nothing is ever cut or rounded.

It serves emission, the payer simulator and the API; received files go through entity rows instead. It knows no
position, no bytes and no XML. A class is imported when it is asked for: who reads does without what is emitted, who
emits without what payers answer.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fse.norm.model.accuse import AccuseLot, FichierAccuse
    from fse.norm.model.alphabet import to_b2
    from fse.norm.model.complements import DetailCcam, RoutageAmc
    from fse.norm.model.contexte import Contexte, Identite, PeriodeDroits
    from fse.norm.model.controle import check_saisie
    from fse.norm.model.derogatoire import PrestationDerogatoire
    from fse.norm.model.facture import (
        Assure,
        Beneficiaire,
        ContratAmc,
        Facture,
        NirIndividuel,
        Prescription,
        Prestation,
    )
    from fse.norm.model.lot import EnteteFichier, EnteteLot
    from fse.norm.model.mouvement import DetailForfait, ForfaitRetour, MouvementRetour
    from fse.norm.model.retour import (
        AssureRetour,
        CommentaireRetour,
        FactureRetour,
        GroupeVirement,
        PartRetour,
        RejetRetour,
        RetourNoemie,
        TypeRetour,
    )
    from fse.norm.model.saisie import DocumentFactures, Saisie
    from fse.norm.model.validated import ModelError

__all__ = [
    "AccuseLot",
    "Assure",
    "AssureRetour",
    "Beneficiaire",
    "CommentaireRetour",
    "Contexte",
    "ContratAmc",
    "DetailCcam",
    "DetailForfait",
    "DocumentFactures",
    "EnteteFichier",
    "EnteteLot",
    "Facture",
    "FactureRetour",
    "FichierAccuse",
    "ForfaitRetour",
    "GroupeVirement",
    "Identite",
    "ModelError",
    "MouvementRetour",
    "NirIndividuel",
    "PartRetour",
    "PeriodeDroits",
    "Prescription",
    "Prestation",
    "PrestationDerogatoire",
    "RejetRetour",
    "RetourNoemie",
    "RoutageAmc",
    "Saisie",
    "TypeRetour",
    "check_saisie",
    "to_b2",
]

_MODULES = {
    "accuse": ("AccuseLot", "FichierAccuse"),
    "alphabet": ("to_b2",),
    "complements": ("DetailCcam", "RoutageAmc"),
    "contexte": ("Contexte", "Identite", "PeriodeDroits"),
    "controle": ("check_saisie",),
    "derogatoire": ("PrestationDerogatoire",),
    "facture": ("Assure", "Beneficiaire", "ContratAmc", "Facture", "NirIndividuel", "Prescription", "Prestation"),
    "lot": ("EnteteFichier", "EnteteLot"),
    "mouvement": ("DetailForfait", "ForfaitRetour", "MouvementRetour"),
    "retour": (
        "AssureRetour",
        "CommentaireRetour",
        "FactureRetour",
        "GroupeVirement",
        "PartRetour",
        "RejetRetour",
        "RetourNoemie",
        "TypeRetour",
    ),
    "saisie": ("DocumentFactures", "Saisie"),
    "validated": ("ModelError",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
