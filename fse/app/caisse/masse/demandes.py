"""What one B2 file asks, by columns: an invoice a row, its lot, who pays, and the centimes of each part.

Seals, signatures, codes and the counts of lots are taken as they stand: `fse lire` and `fse verifier` prove them. What
columns cannot answer for is given to the reception of the record simulator, which says what is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fse.app.caisse.facture import Payeur
from fse.app.caisse.reception import MARQUES, receive
from fse.base.errors import UsageError
from fse.base.findings import Finding
from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.seals import EDITION
from fse.norm.codec.mapping import compose
from fse.norm.codec.noemie.columns.placing import longs, sum_by
from fse.norm.layout.columns import Batch, read_columns
from fse.norm.layout.columns.plan import Longs
from fse.norm.model import EnteteFichier, ModelError
from fse.norm.model.tiers_payant import PARTS_REGLEES

_HEAD, _LOT, _HEADER, _WAY, _LINE, _TOTALS, _LOT_END = "000", "1", "2", "2M", "4", "5", "6"
_CONTROL = EDITION.controles[_TOTALS]
_AMOUNTS = {"AMO": "montant_amo", "AMC": "montant_amc"}
"""What a line asks of each part."""
_READ: dict[str, tuple[str, ...]] = {
    _HEAD: (*fields.FICHIER, "date_creation"),
    _LOT: ("rang", "prestataire", "numero_lot", "date_lot"),
    _HEADER: (
        *("rang", "rang_parent", "prestataire", "numero_facture", "date_facture", "marque", "nature_assurance"),
        *("regime", "caisse", "centre", "destinataire_reglement", "numero_amc", "numero_adherent"),
    ),
    _WAY: ("rang_parent", "identifiant_amc"),
    _LINE: ("rang_parent", *sorted({term.champ for terms in _CONTROL.sommes.values() for term in terms})),
    _TOTALS: ("rang_parent", *_CONTROL.nombres, *_CONTROL.sommes),
    _LOT_END: ("marque",),
}
"""What is looked at, by type of record. Only a 2M may be missing: it holds the long member numbers."""
_GIVEN: dict[str, tuple[str, ...]] = {
    _LOT: _READ[_LOT],
    _HEADER: tuple(champ for champ in _READ[_HEADER] if champ not in ("numero_amc", "numero_adherent")),
}
"""What a lot and an invoice must say: a return repeats it, or is cut by it."""
_NUMBERS = 10**9
"""More than a number of invoice can be: what tells the invoices of two prestataires apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demandes:
    """The n invoices of one B2 file of test or demo, in its order.

    `entetes` and `lots`: fields of the record 2 of each, and of the 1 of its lot (`pyarrow.Table`, n rows).
    `payeurs`, sorted, and `payeur` (n,): who pays each. `cles` (n,): prestataire of the lot and number as one integer.
    `centimes`: asked by their lines, by part, 0 when nothing is (n,). `faux`: the totals of their 5 are not those (n,).
    """

    entete: EnteteFichier
    marque: str
    entetes: Any
    lots: Any
    payeurs: tuple[Payeur, ...]
    payeur: Longs
    cles: Longs
    centimes: dict[str, Longs]
    faux: NDArray[np.bool_]

    @property
    def rows(self) -> int:
        return len(self.cles)

    @property
    def asking(self) -> NDArray[np.bool_]:
        """The invoices that ask something of the payer (n,)."""
        found: NDArray[np.bool_] = (self.centimes["AMO"] > 0) | (self.centimes["AMC"] > 0)
        return found


def read_demandes(data: bytes) -> Demandes:
    """What a B2 file asks.

    Raises what `reception.receive` raises, and `UsageError` (`caisse.masse_defaut`) when a finding of error stands in
    the file: only the record simulator can tell what is answered then.
    """
    tables = _tables(data)
    lots, entetes, totals = (tables[type] for type in (_LOT, _HEADER, _TOTALS))
    marque = _marque(data, tables)
    _require_given(data, tables)
    lot_rows = np.searchsorted(longs(lots["rang"]), longs(entetes["rang_parent"]))
    if not np.array_equal(longs(entetes["rang"]), longs(totals["rang_parent"])):
        _refuse(data, "une facture n'a pas sa fin")
    lots = lots.take(pa.array(lot_rows))
    invoices = np.searchsorted(longs(entetes["rang"]), longs(tables[_LINE]["rang_parent"]))
    payeurs, payeur = _payeurs(entetes)
    if _WAY in tables:
        entetes = _with_long_members(entetes, tables[_WAY])
    return Demandes(
        entete=_entete(data, tables[_HEAD]),
        marque=marque,
        entetes=entetes,
        lots=lots,
        payeurs=payeurs,
        payeur=payeur,
        cles=_digits(lots["prestataire"]) * _NUMBERS + longs(entetes["numero_facture"]),
        centimes=_centimes(data, entetes["destinataire_reglement"], tables[_LINE], invoices),
        faux=_faux(totals, tables[_LINE], invoices),
    )


def _tables(data: bytes) -> dict[str, Any]:
    """The tables of the records that are looked at, by type."""
    batches: dict[str, list[Any]] = defaultdict(list)
    for item in read_columns(lambda: [data]):
        if isinstance(item, Batch):
            if item.edition is not EDITION:
                _refuse(data, "il n'est pas de cette édition")
            if item.layout.type in _READ:
                batches[item.layout.type].append(item.rows.select(list(_READ[item.layout.type])))
        elif isinstance(item, Finding):
            if item.is_error:
                _refuse(data, item.message.rstrip("."))
        elif item.relais is not None:
            _refuse(data, "il n'est pas régulier")
    if missing := [type for type in _READ if type not in batches and type != _WAY]:
        _refuse(data, f"il n'a pas d'enregistrement {missing[0]}")
    tables = {type: pa.Table.from_batches(found).combine_chunks() for type, found in batches.items()}
    if tables[_HEAD].num_rows != 1:
        _refuse(data, "il n'est pas seul")
    return tables


def _marque(data: bytes, tables: dict[str, Any]) -> str:
    found = {one for type in (_HEADER, _LOT_END) for one in pc.unique(tables[type]["marque"]).to_pylist()}
    if len(found) != 1 or not found <= set(MARQUES):
        _refuse(data, "sa marque n'est pas celle d'un essai")
    return str(found.pop())


def _require_given(data: bytes, tables: dict[str, Any]) -> None:
    for type, champs in _GIVEN.items():
        for champ in champs:
            if tables[type][champ].null_count:
                _refuse(data, f"le champ {champ} d'un enregistrement {type} n'est pas donné")


def _entete(data: bytes, heads: Any) -> EnteteFichier:
    try:
        return compose(EnteteFichier, fields.FICHIER | {"date_creation": "date_creation"}, heads.to_pylist()[0])
    except ModelError as error:
        _refuse(data, error.message.rstrip("."))


def _with_long_members(entetes: Any, ways: Any) -> Any:
    """The same headers, with the member numbers that only their 2M could hold."""
    rows = np.searchsorted(longs(entetes["rang"]), longs(ways["rang_parent"]))
    way = np.zeros(entetes.num_rows, np.int64)
    way[rows] = np.arange(len(rows))
    has = np.isin(np.arange(entetes.num_rows), rows) & np.asarray(pc.is_valid(entetes["numero_amc"]))
    long = pc.utf8_ltrim(ways["identifiant_amc"], "0").take(pa.array(way, mask=~has))
    members = pc.coalesce(entetes["numero_adherent"], long)
    return entetes.set_column(entetes.column_names.index("numero_adherent"), "numero_adherent", members)


def _payeurs(entetes: Any) -> tuple[tuple[Payeur, ...], Longs]:
    """The payers, sorted, and the row of each invoice's own (n,)."""
    named = pc.binary_join_element_wise(entetes["regime"], entetes["caisse"], entetes["centre"], "|")
    coded = pc.dictionary_encode(named.combine_chunks())
    names = coded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    found = [names[one].split("|") for one in order]
    payeurs = tuple(Payeur(regime=regime, caisse=caisse, centre=centre) for regime, caisse, centre in found)
    return payeurs, rank[longs(coded.indices)]


def _centimes(data: bytes, destinataires: Any, lines: Any, invoices: Longs) -> dict[str, Longs]:
    """Centimes asked by part, as `tiers_payant.parts_demandees` says it; `invoices`: the row of each line's own."""
    coded = pc.dictionary_encode(destinataires.combine_chunks())
    codes = coded.dictionary.to_pylist()
    if coded.null_count or not PARTS_REGLEES.keys() >= set(codes):
        _refuse(data, "un destinataire de règlement n'est pas connu")
    which = longs(coded.indices)
    asked = {}
    for part, champ in _AMOUNTS.items():
        paid = np.array([part in PARTS_REGLEES[code] for code in codes])
        asked[part] = sum_by(invoices, longs(lines[champ]), len(which)) * paid[which]
    return asked


def _faux(totals: Any, lines: Any, invoices: Longs) -> NDArray[np.bool_]:
    """The invoices whose 5 does not announce the count and the sums of their lines, as the edition says them."""
    count = len(totals)
    ones = np.ones(len(invoices), np.int64)
    wrong = np.zeros(count, np.bool_)
    for champ in _CONTROL.nombres:
        wrong |= longs(totals[champ]) != sum_by(invoices, ones, count)
    for champ, terms in _CONTROL.sommes.items():
        wrong |= longs(totals[champ]) != sum(
            term.signe * sum_by(invoices, longs(lines[term.champ]), count) for term in terms
        )
    return wrong


def _refuse(data: bytes, reason: str) -> NoReturn:
    """What the record simulator says of the whole file, else that columns do not answer it."""
    receive(data)
    raise UsageError(
        "caisse.masse_defaut",
        f"La caisse simulée ne répond en masse qu'à un fichier B2 sans défaut : {reason}.",
        action="Le donner à « fse caisse repondre », qui juge chaque facture.",
    )


def _digits(column: Any) -> Longs:
    """The numbers that digits write."""
    return longs(pc.cast(column, pa.int64()))
