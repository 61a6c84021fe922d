"""Chunks of bytes to items: entity rows with their values, their place in the tree, and every finding of the layout.

What is judged here needs the layout only: framing, edition, succession, parents, presence, constants, readable
values. Code lists, control sums and seals belong to `fse.norm.codec`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fse.base.errors import UnreadableError
from fse.base.findings import Finding, Place, finding
from fse.norm.layout.checks import field_findings
from fse.norm.layout.edition import Edition
from fse.norm.layout.framing import PhysicalFile, Raw, Trouble
from fse.norm.layout.items import EntityRow, FileEnd, FileStart, Framing, Item
from fse.norm.layout.layout import CHARSET
from fse.norm.layout.loader import editions, envelope_pattern
from fse.norm.layout.source import ByteSource

_LOOK_AHEAD = 65536
_HARMLESS = b"\r\n\x1a\x00 "


def read(chunks: Iterable[bytes], candidates: tuple[Edition, ...] | None = None) -> Iterator[Item]:
    """Every item of a container of one or several logical files, in order, memory bounded by the chunk.

    `candidates` are the editions that may recognise a file (all of `schemas/layouts/` when not given).
    Raises `UnreadableError` (`lecture.pas_a_nous`) when no envelope is found from the first to the last byte.
    """
    source = ByteSource(chunks)
    known = editions() if candidates is None else candidates
    ordinal = 0
    while source.peek(1):
        start, strange = source.offset, 0
        for piece in _outside(source):
            strange += len(piece.brut.strip(_HARMLESS))
            yield piece
        at_file = bool(source.peek(1))
        if strange and (ordinal or at_file):
            yield finding("cadrage.octets_hors_fichier", Place(octet=start), nombre=strange)
        if at_file:
            ordinal += 1
            if ordinal == 2:
                yield finding("cadrage.fichiers_concatenes", Place(octet=source.offset))
            yield from _file(source, known, ordinal)
    if not ordinal:
        raise UnreadableError(
            "lecture.pas_a_nous",
            "Ce contenu n'est pas un fichier B2 ou NOEMIE : aucun enregistrement d'en-tête 000 n'y figure.",
            action="Vérifier que c'est bien le fichier émis ou reçu, non une facture PDF ou un fichier vide.",
        )


def _outside(source: ByteSource) -> Iterator[Framing]:
    """Bytes up to the next envelope, or to the end, in bounded pieces."""
    while window := source.peek(_LOOK_AHEAD):
        envelope = envelope_pattern().search(window)
        at_end = len(window) < _LOOK_AHEAD
        size = envelope.start() if envelope else len(window) if at_end else _LOOK_AHEAD // 2
        if size:
            octet = source.offset
            yield Framing(octet, source.take(size))
        if envelope:
            return


def _unknown_edition(sample: Edition) -> Edition:
    """A stand-in that frames a file of no known edition as plain records, so that none of its bytes is lost."""
    return Edition(
        famille="",
        nom="",
        libelle="",
        source="",
        confiance="",
        longueur=sample.longueur,
        stream=None,
        tete=sample.tete,
        pied=sample.pied,
        structure_supposee=True,
        reconnaissance=(),
        lot_type=None,
        reconnaissance_lot=(),
        discriminants=(),
        parents={},
        succession={},
        layouts={},
    )


def _file(source: ByteSource, known: tuple[Edition, ...], ordinal: int) -> Iterator[Item]:
    octet = source.offset
    envelope = source.peek(known[0].longueur)
    edition = next((candidate for candidate in known if candidate.recognises(envelope)), None)
    yield FileStart(ordinal, octet, edition)
    if edition is None:
        yield finding("edition.inconnue", Place(octet=octet))
    physical = PhysicalFile(source, edition or _unknown_edition(known[0]))
    tree = Tree(edition)
    for piece in physical.pieces():
        if isinstance(piece, Trouble):
            if edition is not None:
                yield finding(piece.code, Place(octet=piece.octet))
        elif isinstance(piece, Raw):
            yield tree.row(piece)
        else:
            yield piece
    yield FileEnd(ordinal, source.offset, edition, physical.digest, physical.records, physical.complete)


class Tree:
    """Gives each record of one file its rank, its parent and its findings, from the manifest's tables."""

    def __init__(self, edition: Edition | None) -> None:
        self._edition = edition
        self._rank = 0
        self._previous: str | None = None
        self._open: list[tuple[str, int]] = []

    def row(self, raw: Raw) -> EntityRow:
        """The entity row of these bytes."""
        self._rank += 1
        if self._edition is None or raw.type is None:
            return self._unknown(raw)
        layout = self._edition.layouts[raw.type]
        values = layout.parse(raw.brut)
        place = Place(rang=self._rank, octet=raw.octet, type=raw.type)
        findings = list(self._structure(self._edition, raw, place))
        findings.extend(field_findings(layout, raw.brut, values, place))
        parent = self._parent(self._edition, raw.type)
        if parent is None and self._edition.parents.get(raw.type):
            findings.append(finding("structure.parent_absent", place, type=raw.type))
        self._open.append((raw.type, self._rank))
        self._previous = raw.type
        return EntityRow(raw.type, self._rank, parent, raw.octet, raw.brut, values, layout, tuple(findings))

    def _unknown(self, raw: Raw) -> EntityRow:
        text = self._edition.named_type(raw.brut) if self._edition else raw.brut[:3].decode(CHARSET)
        place = Place(rang=self._rank, octet=raw.octet, type=text)
        findings = () if self._edition is None else (finding("structure.type_inconnu", place, type=text),)
        return EntityRow(text, self._rank, None, raw.octet, raw.brut, {}, None, findings)

    def _structure(self, edition: Edition, raw: Raw, place: Place) -> Iterator[Finding]:
        expected = (edition.tete,) if self._previous is None else edition.succession.get(self._previous, ())
        if raw.type not in expected:
            code = "structure.succession_supposee" if edition.structure_supposee else "structure.succession"
            yield finding(code, place, type=raw.type, precedent=self._previous or "le début du fichier")
        if raw.type == edition.lot_type and not edition.agrees_with_lot(raw.brut):
            yield finding("edition.desaccord", place, edition=edition.libelle)

    def _parent(self, edition: Edition, type: str) -> int | None:
        """Rank of the nearest open parent; what was opened after it is closed."""
        parents = edition.parents.get(type, ())
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] in parents:
                del self._open[index + 1 :]
                return self._open[index][1]
        return None
