"""Emission of the mass path: invoices as columns to one signed B2 file and the facts that its returns are matched with.

compte = emettre_envoi(envoi, signer, sortie)       # sortie/<nom>/<nom>.b2, <nom>-001.p7s…, facture_emise.parquet…
"""

from fse.app.masse.emission.emettre import emettre_envoi
from fse.app.masse.emission.envoi import CompteEnvoi, Envoi

__all__ = ["CompteEnvoi", "Envoi", "emettre_envoi"]
