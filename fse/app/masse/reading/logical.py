"""The logical files of a unit as a table: what each is, and what its rows count, in all and for no practice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fse.app.masse.reading.container import Logique
from fse.app.masse.reading.parts import TRAVAIL
from fse.app.masse.reading.sharing import Longs
from fse.base.errors import FseError, UsageError
from fse.base.french import system_reason

FILES = f"{TRAVAIL}/fichiers"

IDENTIFIERS = {"000": "numero_destinataire", "040": "beneficiaire_reglement", "081": "lieu_execution"}
"""Fields of a return that name a prestataire (noemie.md 1.3 bis)."""


def _rows(table: Any) -> Longs:
    return np.ones(len(table), np.int64)


def _column(table: Any, name: str) -> Longs:
    found: Longs = table[name].fill_null(0).to_numpy()
    return found


def _acts(table: Any) -> Longs:
    """What 210 pays: only its first amount is signed as it stands (`part_retour.sql`)."""
    minus = pc.equal(table["signe_rembourse"].fill_null(""), "N").to_numpy()
    others = _column(table, "montant_alsace_moselle") + _column(table, "montant_complementaire")
    return _column(table, "montant_rembourse") + np.where(minus, -others, others)


def _withheld(table: Any) -> Longs:
    """What 250 takes from its transfer (`creance_retour.sql`)."""
    return np.where(pc.equal(table["operation"].fill_null(""), "RPR").to_numpy(), _column(table, "montant"), 0)


TOTALS: dict[str, tuple[str, Callable[[Any], Longs]]] = {
    "102": ("lignes", _rows),
    "100": ("lignes", _rows),
    "990": ("verse", partial(_column, name="somme")),
    "198": ("parts", partial(_column, name="montant_rembourse")),
    "199": ("parts", partial(_column, name="montant_rembourse")),
    "210": ("parts", _acts),
    "261": ("forfaits", partial(_column, name="montant")),
    "250": ("retenues", _withheld),
}
"""By entity type, what is totalled: the name of the total, and what each row of its relation adds to it."""

_TOTALLED = ("lignes", "verse", "parts", "forfaits", "retenues")
_NAMES = [f"{total}{whose}" for total in _TOTALLED for whose in ("", "_sans_cabinet")]
_WHOLE = frozenset({"ordinal", "octet", "fin", "date_creation", *_NAMES})


def files_schema() -> Any:
    """The columns: the container, `Logique`, totals (`lignes`: invoices named; in centimes, `verse`:
    transfers, `parts`, `forfaits` and `retenues`: what they are made of).
    """
    names = ("chemin", *Logique.__slots__, *_NAMES)
    return pa.schema([(name, pa.int64() if name in _WHOLE else pa.string()) for name in names])


def table_of_files(files: Sequence[tuple[str, Logique]], totals: Sequence[tuple[str, Longs, Longs]]) -> Any:
    """One row a logical file, in order. `totals`: name, ordinals of files, amounts."""
    sums = {name: np.zeros(len(files), np.int64) for name in _NAMES}
    for name, ordinals, amounts in totals:
        np.add.at(sums[name], ordinals, amounts)
    rows = [{"chemin": chemin, **asdict(one)} for chemin, one in files]
    said = {name: [row[name] for row in rows] for name in ("chemin", *Logique.__slots__)}
    return pa.table({**said, **sums}, schema=files_schema())


def unreadable(error: Exception, size: int) -> Logique:
    """A content of which nothing could be read."""
    said = _said(error)
    return Logique(
        ordinal=0,
        octet=0,
        fin=size,
        empreinte="",
        emetteur="",
        destinataire="",
        identifiant="",
        date_creation=0,
        marque="",
        motif=said.code,
        message=said.message,
        action=said.action,
    )


def _said(error: Exception) -> FseError:
    if isinstance(error, FseError):
        return error
    if isinstance(error, OSError):
        return UsageError(
            "entree.absente",
            f"Le système refuse de lire ce fichier : {system_reason(error)}.",
            action="Vérifier ses droits et son disque, puis relancer la même commande.",
        )
    return FseError(
        "masse.panne",
        f"La lecture de ce fichier a échoué ({type(error).__name__} : {error}) : c'est une erreur de fse.",
        action="Nous envoyer ce fichier, sans données réelles ; les autres ont été lus.",
    )
