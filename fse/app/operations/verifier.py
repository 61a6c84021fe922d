"""`verifier`: is this file what its author sealed and signed? No cabinet, no journal, nothing written.

Three levels (architecture, decision 15). Counts and totals are recomputed. The seals of our open profile *locate* a
change: they name the invoice or the lot. The signature of each lot *proves* that there is none. What none of them
covers is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fse.base.findings import Finding, Place, finding
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.bank.suite import broken
from fse.domain.signature.verdict import Etat, Status, Verdict
from fse.norm.codec.b2.reading import RawLot, Run, raw_lots
from fse.norm.codec.b2.seals import EDITION, facture_seal, lot_seal, read_seal
from fse.norm.codec.reading import read, uncovered_fields
from fse.norm.codec.releves import FIRST_LOOK, is_statement, read_releves
from fse.norm.layout import CHARSET, Edition, EntityRow, FileEnd, FileStart, Item, Value, printable

if TYPE_CHECKING:
    from fse.domain.signature.revocation import RevocationList

_FACTURE_TYPES = frozenset({"2", "4", "5"})
_CHUNK = 1 << 20
_WHY = {None: "aucune liste n'a été donnée", Etat.INCONNU: "les listes données ne disent rien de lui"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LotVerifie:
    """One lot of a B2 content. `rang` is its place in the content, from 1; `octet` 0-based, of its first byte.

    `scelle` is false for a lot that carries no seal at all. `verdict` is `None` when it came without a signature.
    """

    rang: int
    numero: str
    octet: int
    factures: int
    scelle: bool
    verdict: Verdict | None
    constats: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found, what was checked and what was not, in French sentences. `constats` are all the findings."""

    constats: tuple[Finding, ...]
    lots: tuple[LotVerifie, ...]
    controles: tuple[str, ...]
    non_controles: tuple[str, ...]

    @property
    def status(self) -> int:
        """Exit status: 4 when a seal or a signature does not hold or is missing, 1 on another error, else 0."""
        if any(_breaks_trust(constat) for constat in self.constats):
            return 4
        return int(any(constat.is_error for constat in self.constats))


def verifier(
    data: bytes,
    signatures: Sequence[bytes | None] = (),
    ancres: Sequence[bytes] | None = None,
    lcr: Sequence[bytes] = (),
) -> Verification:
    """Check a B2, NOEMIE or ARL content of one or several files, or bank statements.

    `signatures` are the CMS (DER) of the lots, in the order of the file, `None` for one that is missing; `ancres` the
    certificates (PEM or DER) that the caller trusts; `lcr` the revocation lists (PEM or DER) that it knows. Without
    the extra `verification` the signatures are not checked, and the verification says so.
    Raises `UnreadableError` when nothing in it is ours, `SignatureError` when an anchor is no certificate or a list is
    none.
    """
    if is_statement(data[:FIRST_LOOK]):
        return _statements(data)
    work = _Work(signatures, ancres, _lists(lcr))
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    for lot in raw_lots(work.b2_rows(read(chunks))):
        work.lot(lot)
    return work.result()


def _statements(data: bytes) -> Verification:
    """Bank statements: their balances are all that proves them."""
    read = list(read_releves([data]))
    found = [constat for one in read for constat in one.constats]
    for place, closing in broken([one.releve for one in read]).items():
        releve = read[place].releve
        assert releve is not None
        opening = format_euros(releve.ouverture.montant)
        amounts = {"ouverture": opening, "cloture": format_euros(closing.montant)}
        found.append(finding("banque.solde_suivant", Place(octet=read[place].octet), **amounts))
    return Verification(
        constats=tuple(found),
        lots=(),
        controles=(
            "structure et lecture des relevés",
            f"soldes de {counted(len(read), 'relevé')} : ouverture, mouvements, clôture, et leur suite dans le fichier",
        ),
        non_controles=(
            "libellés, dates et références des mouvements : aucun total ne les couvre",
            "signature : un relevé n'en porte pas",
        ),
    )


def _breaks_trust(constat: Finding) -> bool:
    family = constat.code.split(".")[0]
    return family == "sceau" or (family == "signature" and (constat.is_error or constat.code == "signature.absente"))


@dataclass(slots=True)
class _Work:
    """The verification on its way."""

    signatures: Sequence[bytes | None]
    ancres: Sequence[bytes] | None
    lcr: Sequence[RevocationList]
    constats: list[Finding] = field(default_factory=list)
    lots: list[LotVerifie] = field(default_factory=list)
    editions: dict[str, Edition] = field(default_factory=dict)

    def b2_rows(self, items: Iterable[Item]) -> Iterator[EntityRow]:
        """The rows of the B2 files; on the way, every finding and every edition is noted."""
        edition: Edition | None = None
        for item in items:
            if isinstance(item, EntityRow):
                self.constats.extend(item.constats)
                if edition is not None and edition.famille == EDITION.famille:
                    yield item
            elif isinstance(item, Finding):
                self.constats.append(item)
            elif isinstance(item, FileStart):
                edition = item.edition
            elif isinstance(item, FileEnd) and item.edition is not None:
                self.editions[f"{item.edition.famille}/{item.edition.nom}"] = item.edition

    def lot(self, lot: RawLot) -> None:
        """Check one lot. Damaged records of the envelope are no lot: findings of structure name them."""
        if lot.header is None and lot.trailer is None and not any(_is_facture(run) for run in lot.runs):
            return
        rang = len(self.lots) + 1
        cms = self.signatures[rang - 1] if rang <= len(self.signatures) else None
        place = Place(octet=_first_octet(lot))
        found = list(_seal_findings(lot, rang)) if _is_sealed(lot) else []
        verdict = None if cms is None else _verify(lot.content, cms, self.ancres, self.lcr)
        found.extend([finding("signature.absente", place, rang=rang)] if verdict is None else verdict.findings(place))
        self.constats.extend(found)
        self.lots.append(
            LotVerifie(
                rang=rang,
                numero=_numero(lot),
                octet=_first_octet(lot),
                factures=len(lot.runs),
                scelle=_is_sealed(lot),
                verdict=verdict,
                constats=tuple(found),
            )
        )

    def result(self) -> Verification:
        for rang, cms in enumerate(self.signatures, start=1):
            if cms is not None and rang > len(self.lots):
                self.constats.append(finding("sceau.signature_sans_lot", rang=rang))
        return Verification(
            constats=tuple(self.constats),
            lots=tuple(self.lots),
            controles=tuple(self._checked()),
            non_controles=tuple(self._unchecked()),
        )

    def _checked(self) -> Iterator[str]:
        yield "cadrage, suite et contenu des enregistrements"
        if self.editions:
            yield "nombres et totaux, recalculés"
        sealed = [lot for lot in self.lots if lot.scelle]
        if sealed:
            factures = sum(lot.factures for lot in sealed)
            yield f"sceaux de {counted(factures, 'facture')} et de {counted(len(sealed), 'lot')}"
        signed = [lot for lot in self.lots if lot.verdict and lot.verdict.status is not Status.NON_VERIFIEE]
        if signed:
            yield f"signature de {counted(len(signed), 'lot')}"
        looked_up = [lot for lot in signed if lot.verdict and lot.verdict.revocation not in (None, Etat.INCONNU)]
        if looked_up:
            yield f"révocation du signataire de {counted(len(looked_up), 'lot')}"

    def _unchecked(self) -> Iterator[str]:
        for lot in self.lots:
            if not lot.scelle:
                yield f"sceaux du lot n° {lot.rang} : il n'en porte pas"
            if lot.verdict is None:
                yield f"signature du lot n° {lot.rang} : elle n'accompagne pas le fichier"
            elif lot.verdict.status is Status.NON_VERIFIEE:
                yield f"signature du lot n° {lot.rang} : le complément « verification » n'est pas installé"
            elif lot.verdict.prouve and lot.verdict.revocation in (None, Etat.INCONNU):
                yield f"révocation du signataire du lot n° {lot.rang} : {_WHY[lot.verdict.revocation]}"
        for edition in self.editions.values():
            fields = uncovered_fields(edition)
            zones = " ; ".join(f"{kind} ({', '.join(names)})" for kind, names in fields.items() if names)
            if edition.famille == EDITION.famille:
                yield "enveloppe 000 et 999 : hors de la signature, couverte par ses nombres et par sa répétition"
            else:
                yield "signature : ces fichiers n'en portent pas"
            yield f"zones que rien ne couvre : {zones}"


def _is_sealed(lot: RawLot) -> bool:
    """A lot that announces a certification, or carries a seal anywhere: then all of them must hold.

    The records 5 of the norm CP have no zone for a seal: such a lot is signed, never sealed.
    """
    if any(row.type == "5" and not _has_zone(row) for run in lot.runs for row in run.rows):
        return False
    announced: Value = lot.header.valeurs.get("certification") if lot.header else None
    ends = [run.records[-1] for run in lot.runs if run.rows[-1].type[:1] == "5"]
    zones = [read_seal(record) for record in [*ends, *([lot.trailer.brut] if lot.trailer else [])]]
    return announced is not None or any(zone.strip() for zone in zones)


def _has_zone(row: EntityRow) -> bool:
    return row.layout is None or "certification" in row.layout


def _seal_findings(lot: RawLot, rang: int) -> Iterator[Finding]:
    """The invoices whose seal does not hold, then the lot when its own does not."""
    written: list[str] = []
    recomputed: list[str] = []
    strangers = False
    for run in lot.runs:
        strangers = strangers or not _is_facture(run)
        written.append(read_seal(run.records[-1]))
        recomputed.append(facture_seal(run.records))
        if written[-1] != recomputed[-1] and _is_facture(run):
            yield _facture_finding(run, rang)
    if strangers or not _lot_holds(lot, written, recomputed):
        yield finding("sceau.lot", Place(octet=_first_octet(lot)), lot=rang, numero=_numero(lot))


def _lot_holds(lot: RawLot, written: list[str], recomputed: list[str]) -> bool:
    """The seal of a lot holds over the seals of its invoices, as they stand or as they should: one is at fault then."""
    if lot.header is None or lot.trailer is None:
        return False
    header, trailer = lot.header.brut, lot.trailer.brut
    return read_seal(trailer) in (lot_seal(header, written, trailer), lot_seal(header, recomputed, trailer))


def _is_facture(run: Run) -> bool:
    """Some record of the run is one of an invoice; else it is a damaged record of the lot itself."""
    return any(row.type[:1] in _FACTURE_TYPES for row in run.rows)


def _facture_finding(run: Run, rang: int) -> Finding:
    first, last = run.rows[0], run.rows[-1]
    return finding(
        "sceau.facture",
        Place(rang=first.rang, octet=first.octet),
        numero=printable(run.numero),
        lot=rang,
        premier=first.rang,
        dernier=last.rang,
        debut=first.octet,
        fin=last.octet + len(last.brut) - 1,
    )


def _first_octet(lot: RawLot) -> int:
    rows = [*([lot.header] if lot.header else []), *(run.rows[0] for run in lot.runs[:1])]
    return rows[0].octet if rows else lot.trailer.octet if lot.trailer else 0


def _numero(lot: RawLot) -> str:
    """The number that the lot announces, as it stands in its header, else in its end."""
    for row in (lot.header, lot.trailer):
        if row is not None and row.layout is not None:
            return printable(row.brut[row.layout.span("numero_lot")].decode(CHARSET))
    return "illisible"


def _lists(contents: Sequence[bytes]) -> Sequence[RevocationList]:
    if not contents:
        return ()
    from fse.domain.signature.lists import read_lists

    return read_lists(contents)


def _verify(content: bytes, cms: bytes, ancres: Sequence[bytes] | None, lcr: Sequence[RevocationList]) -> Verdict:
    from fse.domain.signature.verification import verify_lot

    return verify_lot(content, cms, ancres, lcr)
