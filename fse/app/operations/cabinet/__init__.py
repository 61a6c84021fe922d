"""`cabinet.toml`: who bills, where to, with which key and journal, on which workstation, and who reads.

Only floor 5 reads it. `description` is what it says, `loading` reads it, `checks` and `postes` refuse what cannot be.
"""

from fse.app.operations.cabinet.description import (
    AutrePoste,
    Cabinet,
    CahierDesCharges,
    Carte,
    Codes,
    Compte,
    Confiance,
    Cotation,
    Destination,
    Emetteur,
    Envoi,
    Forclusion,
    Mandat,
    Nuit,
    Poste,
    Prestataire,
    Releve,
    Reseaux,
    Utilisateur,
)
from fse.app.operations.cabinet.loading import load_cabinet
from fse.app.operations.cabinet.situations import PeriodeExercice, Remplacement, Salarie

__all__ = [
    "AutrePoste",
    "Cabinet",
    "CahierDesCharges",
    "Carte",
    "Codes",
    "Compte",
    "Confiance",
    "Cotation",
    "Destination",
    "Emetteur",
    "Envoi",
    "Forclusion",
    "Mandat",
    "Nuit",
    "PeriodeExercice",
    "Poste",
    "Prestataire",
    "Releve",
    "Remplacement",
    "Reseaux",
    "Salarie",
    "Utilisateur",
    "load_cabinet",
]
