"""`repondre`: the payer simulator on one B2 file. Bytes in, bytes out; nothing is read or written here.

reponse = repondre(data, {1: p7s_du_lot_1}, read_scenario(toml), date(2025, 3, 20), [ancre_pem])
for fichier in reponse.fichiers:
    ...  # fichier.nom, fichier.contenu
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from fse.app.caisse.answering.files import FichierRetour
from fse.app.caisse.month import Envoi, Reponse, repondre_mois
from fse.app.caisse.scenario import Scenario

__all__ = ["FichierRetour", "Reponse", "repondre"]


def repondre(
    data: bytes, signatures: Mapping[int, bytes], scenario: Scenario, le: date, ancres: Sequence[bytes] = ()
) -> Reponse:
    """The answer to one B2 file, as `repondre_mois` of it alone; every file that arrives is in `fichiers`."""
    mois = repondre_mois([Envoi(data, signatures)], scenario, le, ancres)
    (reponse,) = mois.reponses
    return replace(reponse, fichiers=tuple(replace(one.fichier, nom=one.nom) for one in mois.arrivees()))
