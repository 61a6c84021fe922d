"""Chunks of bytes to items: entity rows with their values, their place in the tree, and every finding of the layout.

What is judged here needs the layout only: framing, edition, succession, parents, presence, constants, readable
values. Code lists, control sums and seals belong to `fse.norm.codec`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from fse.base.errors import UnreadableError
from fse.base.findings import Place, finding
from fse.norm.layout.edition import Edition
from fse.norm.layout.framing.physical import PhysicalFile
from fse.norm.layout.framing.pieces import Raw
from fse.norm.layout.framing.source import ByteSource
from fse.norm.layout.items import FileEnd, FileStart, Framing, Item
from fse.norm.layout.loading.loader import editions, envelope_pattern
from fse.norm.layout.tree import Tree

BETWEEN_FILES = b"\r\n\x1a\x00 "
"""Bytes that may stand around a file without deserving a finding."""

_LOOK_AHEAD = 65536
_FIRST_LOOK = 1 << 20
_LINE_END = b"\r\n"


def read(chunks: Iterable[bytes], candidates: tuple[Edition, ...] | None = None) -> Iterator[Item]:
    """Every item of a container of one or several logical files, in order; memory is bounded, whatever the bytes.

    `candidates` are the editions that may recognise a file (all of `schemas/layouts/` when not given).
    Raises `UnreadableError` (`lecture.pas_a_nous`) when no envelope is found from the first to the last byte: before
    the first item when the content is shorter than a megabyte.
    """
    source = ByteSource(chunks)
    known = editions() if candidates is None else candidates
    window = source.peek(_FIRST_LOOK)
    if len(window) < _FIRST_LOOK and not envelope_pattern().search(window):
        raise _not_ours()
    ordinal = 0
    while source.peek(1):
        start, strange = source.offset, 0
        for piece in _outside(source):
            strange += len(piece.brut.strip(BETWEEN_FILES))
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
        raise _not_ours()


def has_envelope(window: bytes) -> bool:
    """True when a file opens in these bytes."""
    return envelope_pattern().search(window) is not None


def _not_ours() -> UnreadableError:
    return UnreadableError(
        "lecture.pas_a_nous",
        "Ce contenu n'est ni un fichier B2, NOEMIE ou ARL (aucun enregistrement d'en-tête 000 n'y figure), ni un "
        "relevé de compte CFONB 120 ou camt.053.",
        action="Vérifier que c'est bien le fichier émis ou reçu, non un document PDF ou un fichier vide.",
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


def _file(source: ByteSource, known: tuple[Edition, ...], ordinal: int) -> Iterator[Item]:
    octet = source.offset
    edition = _edition_of(source, known)
    yield FileStart(ordinal, octet, edition)
    if edition is None:
        yield finding("edition.inconnue", Place(octet=octet))
    physical = PhysicalFile(source, edition or _unknown_edition(known[0]), known)
    tree = Tree(edition)
    for piece in physical.pieces():
        if isinstance(piece, Raw):
            yield tree.row(piece)
        elif isinstance(piece, Framing):
            yield piece
        elif edition is not None:
            yield finding(piece.code, Place(octet=piece.octet))
    yield FileEnd(ordinal, source.offset, edition, physical.digest, physical.records, physical.complete)


def _edition_of(source: ByteSource, known: tuple[Edition, ...]) -> Edition | None:
    """The first edition that recognises the envelope and agrees with the header of the first lot.

    Without one, the first that recognises the envelope: the header of the lot gets a finding then.
    """
    recognised = [one for one in known if one.recognises(source.peek(one.longueur))]
    for edition in recognised:
        length = edition.longueur
        first = source.peek(2 * length + len(_LINE_END))[length:].lstrip(_LINE_END)[:length]
        if edition.lot_type is None or (edition.type_of(first) == edition.lot_type and edition.agrees_with_lot(first)):
            return edition
    return recognised[0] if recognised else None


def _unknown_edition(sample: Edition) -> Edition:
    """A stand-in that frames a file of no known edition as plain records, so that none of its bytes is lost."""
    return replace(
        sample, stream=None, discriminants=(), layouts={}, parents={}, succession={}, details={}, controles={}
    )
