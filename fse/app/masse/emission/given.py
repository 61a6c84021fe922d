"""What a sending is given holds together: its tables have their columns, their types, their lengths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.app.masse.emission.envoi import Envoi
from fse.base.errors import UsageError
from fse.domain.emission.rupture import FACTURES_MAX
from fse.norm.codec.b2.columns.shapes import FACTURE, LIGNE
from fse.norm.codec.b2.seals import EDITION
from fse.norm.model.saisie import MODES_EN_LOT

_TEXT, _NUMBER, _DAY = pa.string(), pa.int64(), pa.date32()
_ENTETES = {
    "prestataire": _TEXT,
    "numero_facture": _NUMBER,
    "date_facture": _DAY,
    "destinataire_reglement": _TEXT,
}
"""What makes the lots and the facts; the other fields are those of the codec."""
_DEPARTS = {"mode": _TEXT, "organisme": _TEXT, "remplacant": _TEXT, "securisee_le": _DAY}
_PRESTATAIRES = {
    "cabinet": _TEXT,
    "prestataire": _TEXT,
    "nom": _TEXT,
    "premier_numero": _NUMBER,
    "dernier_numero": _NUMBER,
    "premier_lot": _NUMBER,
}


def prove_given(envoi: Envoi) -> None:
    """Raises `UsageError`: `masse.taille`, `masse.colonne_absente`, `masse.type_de_colonne`, `masse.envoi_vide`,
    `masse.longueurs`, `masse.valeur_absente`, `masse.rattachement`, `masse.complement_inconnu`, `masse.mode_inconnu`,
    `masse.prestataire_double`.
    """
    if type(envoi.taille) is not int or not 1 <= envoi.taille <= FACTURES_MAX:
        raise refused("taille", f"Un lot a de 1 à {FACTURES_MAX} factures : la taille donnée ne convient pas.")
    factures, departs = envoi.factures, envoi.departs
    count = factures.entetes.num_rows
    tables = (("entetes", factures.entetes, _ENTETES), ("departs", departs, _DEPARTS))
    for name, table, columns in (*tables, ("prestataires", envoi.prestataires, _PRESTATAIRES)):
        _prove_columns(name, table, columns)
    if not count:
        raise refused("envoi_vide", "Cet envoi n'a pas de facture.")
    if departs.num_rows != count:
        raise refused("longueurs", f"La table departs a {departs.num_rows} lignes pour {count} factures.")
    for name, table, columns in (*tables, ("prestataires", envoi.prestataires, _PRESTATAIRES)):
        _prove_values(name, table, columns)
    _prove_owners("lignes", factures.lignes, FACTURE, count)
    owners = {("2",): (FACTURE, count), ("4",): (LIGNE, factures.lignes.num_rows)}
    for name, table in factures.complements.items():
        parents = EDITION.parents.get(name, ())
        if parents not in owners or name in ("4", "5"):
            raise refused("complement_inconnu", f"Aucun enregistrement {name} ne complète une facture ni une ligne.")
        _prove_owners(name, table, *owners[parents])
    if not pc.all(pc.is_in(departs["mode"], pa.array(MODES_EN_LOT))).as_py():
        raise refused("mode_inconnu", f"Une facture d'un envoi est sécurisée en {', '.join(MODES_EN_LOT)}.")
    known = envoi.prestataires["prestataire"]
    if len(pc.unique(known)) < len(known):
        raise refused(
            "prestataire_double",
            "Un prestataire est deux fois parmi ceux de l'envoi : ses factures auraient deux cabinets.",
        )


def refused(code: str, message: str, lieu: str = "") -> UsageError:
    """What the tables of a sending cannot say."""
    return UsageError(f"masse.{code}", message, action="Corriger les tables de l'envoi, puis recommencer.", lieu=lieu)


def _prove_columns(name: str, table: Any, columns: dict[str, Any]) -> None:
    for column, kind in columns.items():
        if column not in table.column_names:
            raise refused("colonne_absente", f"La table {name} n'a pas de colonne {column}.")
        if table[column].type != kind:
            raise refused("type_de_colonne", f"La colonne {column} n'est pas du type attendu ({kind}).", name)


def _prove_values(name: str, table: Any, columns: dict[str, Any]) -> None:
    for column in columns:
        row = pc.index(pc.is_null(table[column]), True).as_py() if table[column].null_count else -1
        if row >= 0:
            raise refused("valeur_absente", f"La colonne {column} a une ligne sans valeur.", f"{name}, ligne {row + 1}")


def _prove_owners(name: str, table: Any, column: str, count: int) -> None:
    """Each row says which invoice or line it belongs to, from 0, never going back."""
    _prove_columns(name, table, {column: _NUMBER})
    _prove_values(name, table, {column: _NUMBER})
    owners = table[column].to_numpy()
    wrong = (owners < 0) | (owners >= count)
    wrong[1:] |= np.diff(owners) < 0
    if wrong.any():
        raise refused(
            "rattachement",
            f"La colonne {column} donne, sans jamais reculer, un rang de 0 à {count - 1}.",
            f"{name}, ligne {int(wrong.argmax()) + 1}",
        )
