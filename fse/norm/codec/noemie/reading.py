"""Rows of a return of the newer generation to the model, when they are sound: `read_retour(rows of build(x)) == x`.

The journal books rows, not these objects: they are for whoever works with returns in Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fse.norm.codec.mapping import Composer, compose
from fse.norm.codec.noemie import fields
from fse.norm.layout import EntityRow
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

_Below = Mapping[int, Sequence[EntityRow]]
"""The rows right under the row of this rank, in their order."""

_GROUPE = Composer(GroupeVirement, fields.VIREMENT)
_TYPE_RETOUR = Composer(TypeRetour, fields.TYPE_RETOUR)
_FACTURE = Composer(FactureRetour, fields.FACTURE)
_ASSURE = Composer(AssureRetour, fields.ASSURE)
_PARTIES = {kind: partie for partie, (kind, _) in fields.PARTS.items()}
_PARTS = {kind: Composer(PartRetour, table) for kind, table in fields.PARTS.values()}
_REJET = Composer(RejetRetour, fields.REJET)
_COMMENTAIRE = Composer(CommentaireRetour, fields.COMMENTAIRE)
_MOUVEMENT = Composer(MouvementRetour, fields.MOUVEMENT)
_FORFAIT = Composer(ForfaitRetour, fields.FORFAIT)
_DETAIL = Composer(DetailForfait, fields.DETAIL)


def read_retour(rows: Sequence[EntityRow]) -> RetourNoemie:
    """One logical file, from its record 000 on. Raises `ModelError` when a value breaks the model.

    Entities of the older generation, and what no layout reads, are left aside.
    """
    below: dict[int, list[EntityRow]] = defaultdict(list)
    for row in rows:
        if row.rang_parent is not None:
            below[row.rang_parent].append(row)
    named = next((row for row in rows if row.type == "020"), None)
    return compose(
        RetourNoemie,
        fields.ENVELOPPE,
        rows[0].valeurs,
        mandataire=named.valeurs["mandataire"] if named else None,
        groupes=tuple(
            _groupe(transfer, payee, below)
            for payee in rows
            if payee.type == "040"
            for transfer in below[payee.rang]
            if transfer.type == "071"
        ),
    )


def _groupe(transfer: EntityRow, payee: EntityRow, below: _Below) -> GroupeVirement:
    return _GROUPE(
        transfer.valeurs,
        beneficiaire_reglement=payee.valeurs["beneficiaire_reglement"],
        retours=tuple(_retour(row, below) for row in below[transfer.rang] if row.type == "081"),
    )


def _retour(place: EntityRow, below: _Below) -> TypeRetour:
    rows = below[place.rang]
    return _TYPE_RETOUR(
        place.valeurs,
        factures=tuple([_facture(row, below[row.rang]) for row in rows if row.type == "102"]),
        forfaits=tuple(_forfait(row, below[row.rang]) for row in rows if row.type == "261"),
        mouvements=tuple(_MOUVEMENT(row.valeurs) for row in rows if row.type == "250"),
    )


def _facture(head: EntityRow, rows: Sequence[EntityRow]) -> FactureRetour:
    assure: AssureRetour | None = None
    parts, rejets, commentaires = [], [], []
    for row in rows:
        if row.type in _PARTS:
            parts.append(_PARTS[row.type](row.valeurs, partie=_PARTIES[row.type]))
        elif row.type == "294":
            rejets.append(_REJET(row.valeurs))
        elif row.type == "295":
            commentaires.append(_COMMENTAIRE(row.valeurs))
        elif row.type == "103" and assure is None:
            assure = _ASSURE(row.valeurs)
    return _FACTURE(
        head.valeurs, assure=assure, parts=tuple(parts), rejets=tuple(rejets), commentaires=tuple(commentaires)
    )


def _forfait(head: EntityRow, rows: Sequence[EntityRow]) -> ForfaitRetour:
    details = tuple(_DETAIL(row.valeurs) for row in rows if row.type == "262")
    return _FORFAIT(head.valeurs, details=details)
