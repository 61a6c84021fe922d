"""Model to B2 records: an invoice, then a lot of frozen invoices, then a file of lots.

An invoice is built and sealed once, at the visit; its bytes are frozen from then on. A lot is made of such bytes,
a file of lots' bytes: nothing is built twice. Strict: a value that does not fit raises `BuildError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.complements import header_complements, is_long, line_complements
from fse.norm.codec.b2.refusals import without_line, without_mark
from fse.norm.codec.b2.seals import EDITION, read_seal, seal_facture, seal_lot
from fse.norm.codec.b2.tally import Tally
from fse.norm.codec.mapping import Decomposer, values_of
from fse.norm.layout import Value, frame
from fse.norm.model.facture import Facture
from fse.norm.model.lot import EnteteFichier, EnteteLot

_LENGTH = EDITION.longueur
_CLE = Decomposer(fields.CLE)
_ENTETE = Decomposer(fields.ENTETE)
_PRESTATION = Decomposer(fields.PRESTATION)
_TOTAUX = Decomposer(fields.TOTAUX)


def build_facture(facture: Facture) -> list[bytes]:
    """Records 2 to 5 of an invoice, its sub-records included, 128 bytes each, the zone of the seal left blank.

    The invoice must be complete: number, marking, provider's speciality. Raises `BuildError`; without a marking
    (`b2.marque_absente`) too, for the blank would mean a real flow; without a line (`b2.sans_ligne`).
    """
    if facture.marque is None:
        raise without_mark()
    if not facture.prestations:
        raise without_line()
    key = _CLE(facture)
    header = _ENTETE(facture)
    if facture.amc is not None and is_long(facture.amc):
        header["numero_adherent"] = None
    records = [EDITION.build("2", header)]
    records.extend(EDITION.build(kind, key | values) for kind, values in header_complements(facture))
    for prestation in facture.prestations:
        records.append(EDITION.build("4", key | _PRESTATION(prestation)))
        records.extend(EDITION.build(kind, key | values) for kind, values in line_complements(prestation))
    totals = _TOTAUX(facture) | {"nombre_lignes": len(facture.prestations)}
    records.append(EDITION.build("5", key | totals))
    return records


def freeze_facture(facture: Facture) -> bytes:
    """The sealed bytes of an invoice: what is stored at the visit and never changes. Raises `BuildError`."""
    return b"".join(seal_facture(build_facture(facture)))


def cut_records(data: bytes) -> list[bytes]:
    """Bytes of whole records to a list of records."""
    return [data[start : start + _LENGTH] for start in range(0, len(data), _LENGTH)]


def count_lines(frozen: bytes) -> int:
    """Records 4 of frozen invoice bytes, sub-records included: what positions 14-17 of record 6 count."""
    return _announced(cut_records(frozen))["nombre_lignes"]


def facture_seal_of(frozen: bytes) -> str:
    """The seal that frozen invoice bytes carry."""
    return read_seal(frozen[-_LENGTH:])


def build_lot(entete: EnteteLot, factures: Sequence[bytes]) -> bytes:
    """Records 1 to 6 of a lot of frozen invoices, sealed. `factures` are the bytes of `freeze_facture`, in order.

    Raises `BuildError` when a count or a total does not fit its field.
    """
    header = EDITION.build("1", values_of(entete, fields.LOT))
    announced = _announced(record for facture in factures for record in cut_records(facture))
    trailer = EDITION.build("6", values_of(entete, fields.FIN_LOT) | announced)
    trailer = seal_lot(header, [facture_seal_of(facture) for facture in factures], trailer)
    return b"".join([header, *factures, trailer])


def build_file(entete: EnteteFichier, lots: Sequence[bytes]) -> bytes:
    """A whole file 000…999 of lots' bytes. Raises `BuildError`."""
    envelope = values_of(entete, fields.FICHIER)
    head = EDITION.build("000", envelope | {"date_creation": entete.date_creation})
    records = [record for lot in lots for record in cut_records(lot)]
    counts: dict[str, Value] = {"nombre_enregistrements": len(records) + 2, "nombre_lots": len(lots)}
    return frame(EDITION, [head, *records, EDITION.build("999", envelope | counts)])


def _announced(records: Iterable[bytes]) -> dict[str, int]:
    """What record 6 announces of these records of invoices."""
    tally = Tally({"6": EDITION.controles["6"]})
    for record in records:
        type = EDITION.type_of(record) or ""
        tally.add(type, EDITION.layouts[type].parse(record) if tally.sums(type) else {})
    return tally.of("6")
