"""The judgement of the lots of a B2 file: which are answered, and which of their invoices are rejected from the start.

A lot that is not whole, or whose seal or signature is wrong, gets no answer at all: nothing in it can be trusted. In
a lot that holds, an invoice whose own content is unsound is rejected with a fictive code of ours (`rejets.csv`, 99xx).
No answer is made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fse.app.caisse.facture import FactureJugee, judge_facture
from fse.app.caisse.reception import Flux
from fse.base.findings import Finding, Place, finding
from fse.domain.signature.verdict import Status
from fse.domain.signature.verification import verify_lot
from fse.norm.codec.b2.reading import RawLot, Run, read_entete_lot
from fse.norm.codec.b2.seals import facture_seal, lot_seal, read_seal
from fse.norm.layout import EntityRow, printable
from fse.norm.model import EnteteLot, ModelError
from fse.norm.referentiels.codes import PACKAGED

DOUBLE = "9911"
_TRUSTED = frozenset({Status.PROUVEE, Status.SANS_ANCRE, Status.NON_VERIFIEE})
"""Verdicts with which a lot is answered; `NON_VERIFIEE` is the extra that is not installed, and is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotJuge:
    """A lot that is answered. `constats` say what was not proved about its signature."""

    ordinal: int
    entete: EnteteLot
    factures: tuple[FactureJugee, ...]
    constats: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRefuse:
    """A lot that gets no answer, and why. `prestataire` and `numero_lot` as its record 1 says, when it can be read."""

    ordinal: int
    prestataire: str | None
    numero_lot: int | None
    factures: int
    motifs: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jugement:
    """Every lot of the file is in `lots` or in `refuses`. `constats`: invoices rejected or left out from the start."""

    lots: tuple[LotJuge, ...]
    refuses: tuple[LotRefuse, ...]
    constats: tuple[Finding, ...]


def judge(flux: Flux, signatures: Mapping[int, bytes], ancres: Sequence[bytes]) -> Jugement:
    """Judge each lot. `signatures` are detached CMS by ordinal of the lot in the file (from 1); `ancres` PEM or DER.

    With an anchor a signer must lead to it; without one the lot must be intact. Raises `SignatureError` when an anchor
    cannot be read.
    """
    if flux.defauts:
        refuses = tuple(_refusal(lot, flux.defauts) for lot in flux.lots)
        return Jugement(lots=(), refuses=refuses, constats=())
    judged: list[LotJuge] = []
    refused: list[LotRefuse] = []
    for lot in flux.lots:
        proof, doubts = _signature(lot, signatures.get(lot.ordinal), ancres)
        reasons = [*_structure(lot), *_seals(lot), *proof]
        entete, unreadable = _entete(lot)
        reasons += unreadable
        if entete is None or reasons:
            refused.append(_refusal(lot, reasons))
        else:
            factures = tuple(one for run in lot.runs if (one := judge_facture(run, entete)) is not None)
            judged.append(LotJuge(ordinal=lot.ordinal, entete=entete, factures=factures, constats=tuple(doubts)))
    lots = tuple(_reject_doubles(judged))
    return Jugement(lots=lots, refuses=tuple(refused), constats=tuple(_told(lots, flux.lots)))


def _structure(lot: RawLot) -> Iterator[Finding]:
    """What the codec says of the edges of the lot and of the order of its records; counts of record 6 included."""
    if lot.header is None or lot.trailer is None:
        yield finding("caisse.lot_incomplet", rang=lot.ordinal, raison="son début ou sa fin manque")
    edges = [row for row in (lot.header, lot.trailer) if row is not None]
    yield from (one for row in edges for one in row.constats if one.is_error and not _is_before(one, lot))
    inside = [one for row in _rows(lot) for one in row.constats]
    yield from (one for one in inside if one.is_error and one.code.startswith("structure."))
    for run in lot.runs:
        if not run.is_whole:
            reason = f"les enregistrements de la facture {_name(run)} ne se suivent pas de 2 à 5"
            yield finding("caisse.lot_incomplet", _place(run.rows[0]), rang=lot.ordinal, raison=reason)


def _is_before(found: Finding, lot: RawLot) -> bool:
    """The header of a lot follows what it should not: the lot before it, left open, is at fault."""
    header = lot.header
    return found.code == "structure.succession" and header is not None and found.place.rang == header.rang


def _seals(lot: RawLot) -> Iterator[Finding]:
    """Seals that differ from the content. A plain B2 lot (blank certification) may have blank zones."""
    if lot.header is None or lot.trailer is None:
        return
    plain = lot.header.valeurs["certification"] is None
    for run in lot.runs:
        seal = read_seal(run.records[-1])
        if run.is_whole and seal != facture_seal(run.records) and (seal.strip() or not plain):
            yield finding("caisse.sceau_facture", _place(run.rows[-1]), numero=_name(run))
    seals = [read_seal(run.records[-1]) for run in lot.runs]
    seal = read_seal(lot.trailer.brut)
    if seal != lot_seal(lot.header.brut, seals, lot.trailer.brut) and (seal.strip() or not plain):
        yield finding("caisse.sceau_lot", _place(lot.trailer), rang=lot.ordinal)


def _signature(
    lot: RawLot, cms: bytes | None, ancres: Sequence[bytes]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What refuses the lot, and what is only said of it."""
    place = _place(lot.header) if lot.header else Place()
    if cms is None:
        return (finding("signature.absente", place, rang=lot.ordinal),), ()
    verdict = verify_lot(lot.content, cms, ancres or None)
    found = verdict.findings(place)
    return ((), found) if verdict.status in _TRUSTED else (found, ())


def _entete(lot: RawLot) -> tuple[EnteteLot | None, list[Finding]]:
    if lot.header is None or lot.trailer is None:
        return None, []
    try:
        return read_entete_lot(lot), []
    except ModelError as error:
        return None, [finding("caisse.entete_illisible", _place(lot.header), raison=error.message)]


def _refusal(lot: RawLot, reasons: Iterable[Finding]) -> LotRefuse:
    header = lot.header.valeurs if lot.header else {}
    prestataire, numero_lot = header.get("prestataire"), header.get("numero_lot")
    return LotRefuse(
        ordinal=lot.ordinal,
        prestataire=prestataire if isinstance(prestataire, str) else None,
        numero_lot=numero_lot if isinstance(numero_lot, int) else None,
        factures=len(lot.runs),
        motifs=tuple(reasons),
    )


def _reject_doubles(lots: Sequence[LotJuge]) -> Iterator[LotJuge]:
    """The same number given twice by one prestataire: which invoice is the right one cannot be told, none is paid."""
    seen = Counter((one.prestataire, one.numero) for lot in lots for one in lot.factures)
    for lot in lots:
        yield replace(
            lot,
            factures=tuple(
                replace(one, motif=DOUBLE) if seen[one.prestataire, one.numero] > 1 else one for one in lot.factures
            ),
        )


def _told(lots: Sequence[LotJuge], raw: Sequence[RawLot]) -> Iterator[Finding]:
    """One finding an invoice that is rejected without being asked to, or that cannot even be named."""
    runs = {lot.ordinal: lot.runs for lot in raw}
    for lot in lots:
        known = {one.rang for one in lot.factures}
        for run in runs[lot.ordinal]:
            if run.rows[0].rang not in known:
                place = _place(run.rows[0])
                yield finding("caisse.facture_illisible", place, numero=_name(run), rang=lot.ordinal)
        for one in lot.factures:
            reject = PACKAGED.rejet(one.motif, "", one.jour) if one.motif else None
            if reject is not None:
                yield finding(
                    "caisse.facture_rejetee",
                    Place(rang=one.rang, octet=one.octet),
                    numero=one.numero,
                    rang=lot.ordinal,
                    rejet=reject.code,
                    libelle=reject.libelle,
                    action=reject.action,
                )


def _rows(lot: RawLot) -> Iterator[EntityRow]:
    return (row for run in lot.runs for row in run.rows)


def _name(run: Run) -> str:
    """The number of an invoice for a message: as its records say it, without leading zeros."""
    return printable(run.numero).strip().lstrip("0") or "sans numéro"


def _place(row: EntityRow) -> Place:
    return Place(rang=row.rang, octet=row.octet, type=row.type)
