"""`fse`: French health billing messages, emitted, sealed, signed, read back and matched.

The functions below are those that the command line uses, one a command; each is imported when it is first named.
Test and demonstration flows only: `fse` is not approved software.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fse.app.masse.emission import emettre_envoi
    from fse.app.masse.masse import masse
    from fse.app.nightly.nuit import nuit
    from fse.app.operations.actes.actes import actes
    from fse.app.operations.actes.annuler_acte import annuler_acte
    from fse.app.operations.actes.classer import classer
    from fse.app.operations.actes.creance import rattacher_creance
    from fse.app.operations.actes.forcer import forcer
    from fse.app.operations.actes.rattacher import rattacher
    from fse.app.operations.actes.saisir import saisir
    from fse.app.operations.annuler import annuler
    from fse.app.operations.cabinet import load_cabinet
    from fse.app.operations.cloture import cloture
    from fse.app.operations.convertir import convertir
    from fse.app.operations.copie import copie
    from fse.app.operations.coter import coter
    from fse.app.operations.duplicata import duplicata
    from fse.app.operations.emettre import emettre
    from fse.app.operations.facture import facture
    from fse.app.operations.incidents import ecrire_incidents, incidents
    from fse.app.operations.incitation.position import incitation
    from fse.app.operations.incitation.revenus import revenus
    from fse.app.operations.information import information
    from fse.app.operations.journal.archives import purger_archives, verifier_archives
    from fse.app.operations.journal.exporter import exporter_journal
    from fse.app.operations.journal.lectures import lectures
    from fse.app.operations.journal.opening import open_journal
    from fse.app.operations.journal.purger import purger_personne
    from fse.app.operations.journal.rapprocher import rapprocher_archives
    from fse.app.operations.journal.reconstruire import reconstruire_journal
    from fse.app.operations.journal.reprendre import reprendre_allocation
    from fse.app.operations.journal.rotation import tourner_cle
    from fse.app.operations.journal.sauvegarder import restaurer_journal, sauvegarder_journal
    from fse.app.operations.journal.verifier import verifier_journal
    from fse.app.operations.lire import lire
    from fse.app.operations.obligations.noter import noter_obligation
    from fse.app.operations.obligations.suivi import suivre_obligations
    from fse.app.operations.pieces.depot import deposer_piece
    from fse.app.operations.pieces.envoi import envoyer_pieces
    from fse.app.operations.pieces.suivi import noter_piece, suivre_pieces
    from fse.app.operations.practice import open_practice
    from fse.app.operations.pratique import pratique
    from fse.app.operations.recevoir import recevoir
    from fse.app.operations.reclamer import reclamer
    from fse.app.operations.relancer import relancer
    from fse.app.operations.reprise import reprise
    from fse.app.operations.reseaux.annuler import annuler_derogatoire
    from fse.app.operations.reseaux.etat import etat_reseau
    from fse.app.operations.securiser import securiser
    from fse.app.operations.suivi import suivi
    from fse.app.operations.transmission.envoyer import envoyer
    from fse.app.operations.transmission.relever import relever
    from fse.app.operations.verifier import verifier

__version__ = "0.1.0"

__all__ = [
    "actes",
    "annuler",
    "annuler_acte",
    "annuler_derogatoire",
    "classer",
    "cloture",
    "convertir",
    "copie",
    "coter",
    "deposer_piece",
    "duplicata",
    "ecrire_incidents",
    "emettre",
    "emettre_envoi",
    "envoyer",
    "envoyer_pieces",
    "etat_reseau",
    "exporter_journal",
    "facture",
    "forcer",
    "incidents",
    "incitation",
    "information",
    "lectures",
    "lire",
    "load_cabinet",
    "masse",
    "noter_obligation",
    "noter_piece",
    "nuit",
    "open_journal",
    "open_practice",
    "pratique",
    "purger_archives",
    "purger_personne",
    "rapprocher_archives",
    "rattacher",
    "rattacher_creance",
    "recevoir",
    "reclamer",
    "reconstruire_journal",
    "relancer",
    "relever",
    "reprendre_allocation",
    "reprise",
    "restaurer_journal",
    "revenus",
    "saisir",
    "sauvegarder_journal",
    "securiser",
    "suivi",
    "suivre_obligations",
    "suivre_pieces",
    "tourner_cle",
    "verifier",
    "verifier_archives",
    "verifier_journal",
]

_MODULES = {
    "actes": "actes.actes",
    "annuler_acte": "actes.annuler_acte",
    "annuler_derogatoire": "reseaux.annuler",
    "etat_reseau": "reseaux.etat",
    "classer": "actes.classer",
    "forcer": "actes.forcer",
    "rattacher": "actes.rattacher",
    "rattacher_creance": "actes.creance",
    "saisir": "actes.saisir",
    "open_journal": "journal.opening",
    "verifier_journal": "journal.verifier",
    "exporter_journal": "journal.exporter",
    "rapprocher_archives": "journal.rapprocher",
    "sauvegarder_journal": "journal.sauvegarder",
    "restaurer_journal": "journal.sauvegarder",
    "tourner_cle": "journal.rotation",
    "reprendre_allocation": "journal.reprendre",
    "reconstruire_journal": "journal.reconstruire",
    "purger_personne": "journal.purger",
    "lectures": "journal.lectures",
    "verifier_archives": "journal.archives",
    "purger_archives": "journal.archives",
    "ecrire_incidents": "incidents",
    "incitation": "incitation.position",
    "revenus": "incitation.revenus",
    "deposer_piece": "pieces.depot",
    "envoyer_pieces": "pieces.envoi",
    "noter_obligation": "obligations.noter",
    "noter_piece": "pieces.suivi",
    "suivre_obligations": "obligations.suivi",
    "suivre_pieces": "pieces.suivi",
    "envoyer": "transmission.envoyer",
    "relever": "transmission.relever",
    "load_cabinet": "cabinet",
    "open_practice": "practice",
}

_ABOVE = {"emettre_envoi": "masse.emission", "masse": "masse.masse", "nuit": "nightly.nuit"}
"""What is made of several operations, or of many."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'fse' has no attribute {name!r}")
    module = _ABOVE.get(name) or f"operations.{_MODULES.get(name, name)}"
    return getattr(import_module(f"fse.app.{module}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
