"""The answer to one B2 file by columns: one return a payer, in it one transfer a prestataire, as the default files of
the record simulator.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.app.caisse.answering.files import caisse_of, default_identifiant
from fse.app.caisse.answering.parts import LETTRES
from fse.app.caisse.facture import ORIGINE_FSE, Payeur
from fse.app.caisse.masse.decisions import DIFFEREE, ECARTEE, MOINS, MUETTE, REJETEE, SANS_DEMANDE, Decisions
from fse.app.caisse.masse.demandes import Demandes
from fse.app.caisse.scenario.wanted import Emetteur
from fse.norm.codec.noemie.columns.building import PARENT, Retours
from fse.norm.codec.noemie.columns.placing import INVOICE, KIND, TRANSFER, sum_by
from fse.norm.layout.columns.plan import Longs
from fse.norm.model import to_b2
from fse.norm.referentiels.codes import PACKAGED

_FLUX, _WHOLE = "01", "F"
_STATES = pa.array(["P", "R", "D"])
_PAID, _REFUSED, _DEFERRED = range(3)
_ENTITIES = {"AMO": "198", "AMC": "199"}


class Answered(NamedTuple):
    """The tables of the returns, the payer and the id of each, and what was paid of each part (n,), in centimes.

    The rows of `payes` are those of the demands.
    """

    retours: Retours
    payeurs: list[Payeur]
    identifiants: list[str]
    payes: dict[str, Longs]


class _Order(NamedTuple):
    """The answered invoices (m,) in the order of writing: their rows, and where each file and transfer starts in it.

    `transfer`: of each invoice; `file`: of each transfer.
    """

    rows: Longs
    transfer: Longs
    firsts: Longs
    file: Longs
    payers: Longs


def answer(demandes: Demandes, decisions: Decisions, le: date) -> Answered:
    """The returns of these decisions, dated `le`."""
    order = _order(demandes, np.flatnonzero((decisions.sorts != MUETTE) & (decisions.sorts != SANS_DEMANDE)))
    payeurs = [demandes.payeurs[one] for one in order.payers.tolist()]
    emetteurs = [caisse_of(one) for one in payeurs]
    identifiants = [default_identifiant(one, demandes.entete, le) for one in emetteurs]
    states = {part: _states(demandes, decisions, part) for part in LETTRES}
    payes = {part: _paid(demandes, decisions, states[part], part) for part in LETTRES}
    total = sum_by(order.transfer, (payes["AMO"] + payes["AMC"])[order.rows] != 0, len(order.file))
    entites = {
        TRANSFER: _transfers(order, demandes, emetteurs, identifiants, total > 0, le),
        KIND: pa.table(
            {
                "lieu_execution": _payees(order, demandes),
                "code_retour": pa.repeat(pa.scalar(_FLUX), len(order.file)),
                PARENT: np.arange(len(order.file)),
            }
        ),
        INVOICE: _invoices(order, demandes),
        "294": _rejets(order, demandes, decisions),
    } | {_ENTITIES[part]: _parts(order, demandes, states[part], payes[part], part) for part in LETTRES}
    return Answered(Retours(_files(demandes, emetteurs, identifiants, le), entites), payeurs, identifiants, payes)


def _order(demandes: Demandes, rows: Longs) -> _Order:
    """By payer; in one, prestataires as they first come, and their invoices in the order of the file."""
    payer = demandes.payeur[rows]
    whose = demandes.lots["prestataire"].combine_chunks().dictionary_encode()
    group = payer * len(whose.dictionary) + np.asarray(whose.indices)[rows]
    distinct, firsts, which = np.unique(group, return_index=True, return_inverse=True)
    rank = np.lexsort((firsts, distinct // max(len(whose.dictionary), 1)))
    place = np.empty(len(rank), np.int64)
    place[rank] = np.arange(len(rank))
    transfer = place[which]
    order = np.argsort(transfer, kind="stable")
    firsts = firsts[rank]
    payers, file = np.unique(payer[firsts], return_inverse=True)
    return _Order(rows[order], transfer[order], rows[firsts], file, payers)


def _states(demandes: Demandes, decisions: Decisions, part: str) -> NDArray[np.int8]:
    """What becomes of a part of each invoice (n,); of no meaning where nothing is asked of it."""
    sorts = decisions.sorts
    first = demandes.centimes["AMO"] > 0
    mine = first if part == "AMO" else ~first
    found = np.full(len(sorts), _PAID, np.int8)
    found[(sorts == ECARTEE) | (mine & (sorts == REJETEE))] = _REFUSED
    found[mine & (sorts == DIFFEREE)] = _DEFERRED
    return found


def _paid(demandes: Demandes, decisions: Decisions, states: NDArray[np.int8], part: str) -> Longs:
    """Centimes paid of a part of each invoice (n,)."""
    first = demandes.centimes["AMO"] > 0
    less = (decisions.sorts == MOINS) & (first if part == "AMO" else ~first)
    paid = np.where(less, decisions.moins, demandes.centimes[part])
    paid[(states != _PAID) | (decisions.sorts == MUETTE) | (demandes.centimes[part] == 0)] = 0
    return paid


def _files(demandes: Demandes, emetteurs: list[Emetteur], identifiants: list[str], le: date) -> Any:
    return pa.table(
        {
            "type_emetteur": [one.type for one in emetteurs],
            "numero_emetteur": [one.numero_rempli for one in emetteurs],
            "type_destinataire": [demandes.entete.type_emetteur] * len(emetteurs),
            "numero_destinataire": [demandes.entete.numero_emetteur] * len(emetteurs),
            "identifiant_fichier": identifiants,
            "date_creation": [le] * len(emetteurs),
            "marque": [demandes.marque] * len(emetteurs),
        }
    )


def _transfers(
    order: _Order,
    demandes: Demandes,
    emetteurs: list[Emetteur],
    identifiants: list[str],
    paid: NDArray[np.bool_],
    le: date,
) -> Any:
    """One a prestataire and payer; where nothing is paid there is no transfer, hence no label."""
    starts = np.searchsorted(order.file, order.file)
    ranks = (np.arange(len(order.file)) - starts + 1).tolist()
    labels = [f"VIR {identifiants[file]}-{rank}" for file, rank in zip(order.file.tolist(), ranks, strict=True)]
    names = pa.array([one.nom for one in emetteurs], pa.string()).take(pa.array(order.file))
    return pa.table(
        {
            "beneficiaire_reglement": _payees(order, demandes),
            "date_comptable": pa.repeat(pa.scalar(le), len(labels)),
            "libelle_virement_1": pc.if_else(paid, names, None),
            "libelle_virement_2": pc.if_else(paid, pa.array(labels, pa.string()), None),
            "organisme_payeur": names,
            PARENT: order.file,
        }
    )


def _payees(order: _Order, demandes: Demandes) -> Any:
    return demandes.lots["prestataire"].take(pa.array(order.firsts))


def _invoices(order: _Order, demandes: Demandes) -> Any:
    rows = pa.array(order.rows)
    lots = demandes.lots.select(["numero_lot", "date_lot"]).take(rows)
    entetes = demandes.entetes.select(["numero_facture", "date_facture", "nature_assurance"]).take(rows)
    return pa.table(
        {name: table[name] for table in (lots, entetes) for name in table.column_names}
        | {"type_facture": pa.repeat(pa.scalar(ORIGINE_FSE), len(rows)), PARENT: order.transfer}
    )


def _parts(order: _Order, demandes: Demandes, states: NDArray[np.int8], paid: Longs, part: str) -> Any:
    """The rows of one part: of the invoices that ask it."""
    invoices = np.flatnonzero(demandes.centimes[part][order.rows] > 0)
    rows = order.rows[invoices]
    columns = {
        "montant_demande": pa.array(demandes.centimes[part][rows]),
        "etat": _STATES.take(pa.array(states[rows])),
        "montant_rembourse": pa.array(paid[rows]),
        PARENT: pa.array(invoices),
    }
    if part == "AMC":
        contract = demandes.entetes.select(["numero_amc", "numero_adherent"]).take(pa.array(rows))
        columns |= {name: contract[name] for name in contract.column_names}
    return pa.table(columns)


def _rejets(order: _Order, demandes: Demandes, decisions: Decisions) -> Any:
    """One reject of the invoice for each that has a code: C when the complementary part alone is concerned, else O."""
    invoices = np.flatnonzero(decisions.codes[order.rows] != "")
    rows = order.rows[invoices]
    codes = decisions.codes[rows].tolist()
    days = demandes.lots["date_lot"].take(pa.array(rows)).to_pylist()
    labels = [_label(code, day) for code, day in zip(codes, days, strict=True)]
    of_amo = (demandes.centimes["AMO"][rows] > 0).tolist()
    return pa.table(
        {
            "code_rejet": pa.array(codes, pa.string()),
            "libelle_rejet": pa.array(labels, pa.string()),
            "niveau_rejet": pa.repeat(pa.scalar(_WHOLE), len(rows)),
            "partie": pa.array([LETTRES["AMO" if one else "AMC"] for one in of_amo], pa.string()),
            "rang_rejet": pa.repeat(pa.scalar(1), len(rows)),
            PARENT: pa.array(invoices),
        }
    )


@cache
def _label(code: str, jour: date) -> str:
    """The label of a reject code on the day of the lot, as a return writes it."""
    known = PACKAGED.rejet(code, "", jour)
    assert known is not None
    return to_b2(known.libelle)
