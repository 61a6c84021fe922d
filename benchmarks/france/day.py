"""A synthetic working day: the invoices of every professional, as tables, one file to send at a time.

Nobody is in it: prestataires of the fictive range (00, six digits, their key), NIR of order number 000, funds 900 to
999, marking T. Everything follows from ordinals: the same day at each run, in any process, in any order.

Each professional sends two lots of `PER_LOT` invoices, one to the fund of its home, one to another: what comes back to
a practice comes from two payers. A fund receives files of at most `LOTS_A_FILE` lots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

DAY = date(2026, 11, 20)
PER_LOT = 20
LOTS_EACH = 2
"""Lots that a professional sends in the day."""
FUNDS = 100
INVOICES_A_FUND = 50_000
"""So a day of a tenth of the country has a tenth of its funds, and files of the same size."""
FIRST_FUND = 900
LOTS_A_FILE = 999

Longs = NDArray[np.int64]

# The acts of a line: code, unit price, rate. Prices in centimes; a lump-sum act has coefficient 1.
ACTS = (("G", 3000, 70), ("C", 2650, 70), ("AMI", 315, 60), ("AMK", 215, 60), ("ID", 275, 60), ("VG", 3000, 70))
_SECOND_LINE = 2
"""One invoice in so many has a second line."""
_WITH_AMC = 2
"""One invoice in so many asks a complementary fund for its part."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One file to send: its fund, its ordinal among those of the day, and whose lots it carries (n,)."""

    ordinal: int
    fund: int
    professionals: Longs
    lots: Longs
    """The number of each lot for its professional: 1 at home, 2 elsewhere."""

    @property
    def name(self) -> str:
        """The id of the file at its emitter: six digits."""
        return f"{self.ordinal + 1:06d}"

    @property
    def caisse(self) -> str:
        """Three digits."""
        return f"{FIRST_FUND + self.fund:03d}"

    @property
    def invoices(self) -> int:
        return len(self.lots) * PER_LOT


def professionals_of(invoices: int) -> int:
    """How many professionals send so many invoices, or a few more."""
    return -(-invoices // (PER_LOT * LOTS_EACH))


def sendings(invoices: int) -> Iterator[Sending]:
    """The files of a day of so many invoices, or a few more, in order."""
    everyone = np.arange(professionals_of(invoices))
    funds = min(FUNDS, -(-invoices // INVOICES_A_FUND))
    home = everyone % funds
    elsewhere = (home + 1 + everyone // funds % max(funds - 1, 1)) % funds
    ordinal = 0
    for fund in range(funds):
        here, there = np.flatnonzero(home == fund), np.flatnonzero(elsewhere == fund)
        whose = np.concatenate([here, there])
        lots = np.repeat(np.array([1, 2]), [len(here), len(there)])
        order = np.argsort(whose, kind="stable")
        for start in range(0, len(whose), LOTS_A_FILE):
            part = order[start : start + LOTS_A_FILE]
            yield Sending(ordinal, fund, whose[part], lots[part])
            ordinal += 1


def prestataires(professionals: Longs) -> pa.Array:
    """Their numbers: 00, six digits, the Luhn key."""
    digits = np.array([(professionals + 1) // 10**place % 10 for place in range(5, -1, -1)])
    doubled = 2 * digits[1::2]  # from the right, the key is first and every second digit is doubled
    total = digits[0::2].sum(axis=0) + (doubled - 9 * (doubled > 9)).sum(axis=0)
    return texts((professionals + 1) * 10 + (10 - total % 10) % 10, 9)


def cabinets(professionals: Longs) -> pa.Array:
    """The practice of each one: its own."""
    return pa.array([f"cab{one + 1:06d}" for one in professionals.tolist()])


def texts(numbers: Longs, width: int) -> pa.Array:
    """Numbers as texts of so many digits."""
    digits = np.empty((len(numbers), width), np.uint8)
    for place in range(width):
        digits[:, place] = 48 + numbers // 10 ** (width - 1 - place) % 10
    offsets = np.arange(0, (len(numbers) + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(digits))


def headers(sending: Sending) -> pa.Table:
    """One row an invoice: the fields of record 2."""
    numero = _numbers(sending)
    patient = _patients(sending)
    nir = _nir(patient)
    return pa.table(
        {
            "prestataire": prestataires(sending.professionals).take(pa.array(np.arange(len(patient)) // PER_LOT)),
            "nir": texts(nir, 13),
            "cle_nir": texts(97 - nir % 97, 2),
            "numero_facture": pa.array(numero),
            "marque": _same("T", len(patient)),
            "date_facture": _same(DAY, len(patient)),
            "type_facture": _same("F", len(patient)),
            "regime": _same("01", len(patient)),
            "caisse": _same(sending.caisse, len(patient)),
            "centre": _same("0000", len(patient)),
            "justificatif_droits": _same("4", len(patient)),
            "nature_assurance": _same("10", len(patient)),
            "exoneration": _same("0", len(patient)),
            "date_naissance": texts(nir // 10**8 % 10_000 * 100 + 1 + patient % 28, 6),
            "rang_naissance": _same(1, len(patient)),
            "destinataire_reglement": _same("15", len(patient)),
            "numero_amc": pc.if_else(pa.array(patient % _WITH_AMC == 0), "99800001", None),
        }
    )


def lines(sending: Sending) -> pa.Table:
    """One row an act: the fields of record 4, and `facture`, which invoice of the sending it belongs to."""
    patient = _patients(sending)
    each = 1 + (patient // 3 % _SECOND_LINE == 0)
    invoice = np.repeat(np.arange(len(patient)), each)
    place = np.arange(len(invoice)) - np.repeat(np.cumsum(each) - each, each)
    act = (patient[invoice] + place) % len(ACTS)
    price, rate = (np.array([one[column] for one in ACTS])[act] for column in (1, 2))
    amo = (price * rate + 50) // 100
    amc = np.where(patient[invoice] % _WITH_AMC == 0, price - amo, 0)
    return pa.table(
        {
            "facture": pa.array(invoice),
            "executant": prestataires(sending.professionals).take(pa.array(invoice // PER_LOT)),
            "specialite_executant": _same("01", len(invoice)),
            "date_soins": _same(DAY, len(invoice)),
            "code_acte": pa.array([one[0] for one in ACTS]).take(pa.array(act)),
            "quantite": _same(1, len(invoice)),
            "prix_unitaire": pa.array(price),
            "base": pa.array(price),
            "taux": pa.array(rate),
            "montant_amo": pa.array(amo),
            "honoraires": pa.array(price),
            "lieu": _same("0", len(invoice)),
            "montant_amc": pa.array(amc),
        }
    )


def _numbers(sending: Sending) -> Longs:
    """The number of each invoice for its professional, from 1."""
    place = np.tile(np.arange(PER_LOT), len(sending.lots))
    return (np.repeat(sending.lots, PER_LOT) - 1) * PER_LOT + place + 1


def _patients(sending: Sending) -> Longs:
    """Who is cared for, by invoice: nobody comes twice in the day."""
    return np.repeat(sending.professionals, PER_LOT) * (PER_LOT * LOTS_EACH) + _numbers(sending)


def _nir(patient: Longs) -> Longs:
    """Thirteen digits: sex, year, month, 99 998 (no such place), order number 000."""
    sex, year, month = 1 + patient % 2, patient // 2 % 100, 1 + patient // 200 % 12
    return ((sex * 100 + year) * 100 + month) * 10**8 + 99_998_000


@cache
def _scalar(value: object) -> pa.Scalar:
    return pa.scalar(value)


def _same(value: object, rows: int) -> pa.Array:
    return pa.repeat(_scalar(value), rows)
