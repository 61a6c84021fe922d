"""Which invoices go in which lot of a sending, in which order, under which number."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.app.masse.emission.envoi import Envoi
from fse.app.masse.emission.given import refused
from fse.domain.emission.cuts import cut_lots
from fse.norm.codec.b2.columns import Frozen, require_attributes
from fse.norm.model.lot import EnteteLot
from fse.norm.model.saisie import MODES_CERTIFIES

Longs = NDArray[np.int64]

_NUMEROS = 10**9
"""An invoice number has nine digits."""


class Constitution(NamedTuple):
    """`order`: the invoices (n,) in the order of their lots; `cuts`: the first of each lot, then n, in that order.

    `entetes`: one row a lot, the attributes of `EnteteLot`. `rows`: the row of each prestataire (n,), in that order.
    """

    order: Longs
    cuts: Longs
    entetes: pa.Table
    rows: Longs


def constitute(envoi: Envoi, built: Frozen) -> Constitution:
    """The lots of a sending, cut as `group_in_lots` does, numbered from the first number of each prestataire.

    The tables hold together (`prove_given`). Raises `UsageError` (`masse.marques_melees`, `masse.prestataire_inconnu`,
    `masse.numero_double`, `masse.numero_hors_plage`), `BuildError` (`champ.refuse`: a lot that the model refuses).
    """
    heads, departs, known = envoi.factures.entetes, envoi.departs, envoi.prestataires
    if len(pc.unique(heads["marque"])) > 1:
        raise refused("marques_melees", "Un envoi a une seule marque : tests et démonstrations partent à part.")
    rows = pc.index_in(heads["prestataire"], value_set=known["prestataire"].combine_chunks())
    if rows.null_count:
        raise refused("prestataire_inconnu", "Un prestataire de ces factures n'est pas parmi ceux de l'envoi.")
    numero = heads["numero_facture"].to_numpy()
    _prove_numbers(numero, known.take(rows))
    if len(np.unique(rows.to_numpy().astype(np.int64) * _NUMEROS + numero)) < len(numero):
        raise refused("numero_double", "Deux factures d'un même prestataire ont le même numéro.")
    mode = departs["mode"]
    certification = pc.if_else(pc.is_in(mode, pa.array(MODES_CERTIFIES)), mode, "")
    key = _codes([heads["prestataire"], departs["organisme"], certification, departs["remplacant"]])
    order = _in_order(key, numero)
    cuts = cut_lots(key[order], built.honoraires[order], built.lignes[order], envoi.taille)
    first = order[cuts[:-1]]
    entetes = _entetes(envoi, rows, certification, first)
    require_attributes(EnteteLot, entetes, "lot")
    return Constitution(order, cuts, entetes, rows.to_numpy()[order])


def _prove_numbers(numero: Longs, own: pa.Table) -> None:
    """Each number is in the range of its prestataire. Raises `UsageError` (`masse.numero_hors_plage`)."""
    wrong = (numero < own["premier_numero"].to_numpy()) | (numero > own["dernier_numero"].to_numpy())
    if wrong.any():
        raise refused(
            "numero_hors_plage",
            "Une facture n'a pas son numéro dans la plage de son prestataire (premier_numero à dernier_numero).",
            f"entetes, ligne {int(wrong.argmax()) + 1}",
        )


def _entetes(envoi: Envoi, rows: Any, certification: Any, first: Longs) -> pa.Table:
    """One row a lot, from its first invoice."""
    firsts = pa.array(first)
    own = envoi.prestataires.take(rows.take(firsts))
    level = certification.take(firsts)
    secured = pc.not_equal(level, "")
    remplacant = envoi.departs["remplacant"].take(firsts)
    return pa.table(
        {
            "prestataire": own["prestataire"],
            "nom_prestataire": own["nom"],
            "organisme_destinataire": envoi.departs["organisme"].take(firsts),
            "numero_lot": pa.array(own["premier_lot"].to_numpy() + _ordinals(rows.take(firsts).to_numpy())),
            "date_lot": pa.repeat(pa.scalar(envoi.entete.date_creation), len(first)),
            "certification": pc.if_else(secured, level, None),
            "marque": envoi.factures.entetes["marque"].take(firsts),
            "type_facture": pc.if_else(secured, "F", None),
            "remplacant": pc.if_else(pc.equal(remplacant, ""), None, remplacant),
        }
    )


def _ordinals(owners: Longs) -> Longs:
    """The ordinal, from 0, of each lot among those of its prestataire, which follow one another."""
    places = np.arange(len(owners))
    opens = np.concatenate([[True], owners[1:] != owners[:-1]])[: len(owners)]
    found: Longs = places - np.maximum.accumulate(np.where(opens, places, 0))
    return found


def _codes(columns: list[Any]) -> Longs:
    """A whole number for each row, in the order of these texts together: equal for equal rows, and only for them."""
    codes = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = whole.dictionary_encode()
        texts = encoded.dictionary
        rank = np.empty(len(texts), np.int64)
        rank[pc.sort_indices(texts).to_numpy()] = np.arange(len(texts))
        codes = codes * max(len(texts), 1) + rank[encoded.indices.to_numpy()]
    return codes


def _in_order(key: Longs, numero: Longs) -> Longs:
    """The rows by key, then by number; most sendings come so."""
    ahead, later = (key[:-1], numero[:-1]), (key[1:], numero[1:])
    if ((ahead[0] < later[0]) | ((ahead[0] == later[0]) & (ahead[1] <= later[1]))).all():
        return np.arange(len(key))
    return np.lexsort((numero, key))
