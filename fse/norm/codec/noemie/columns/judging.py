"""The verdict of the record codec on the files of a content, and the bytes of one of them once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from fse.base.findings import Finding
from fse.norm.layout import Edition, EntityRow, FileEnd, FileStart, Item, Unparsed, Value
from fse.norm.layout.columns import kept_fields
from fse.norm.layout.framing.source import ByteSource

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierLu:
    """One logical file of a content: its bytes from `octet` to before `fin` (0-based), and what stands in its head.

    `edition` is `None` when none reads it; what does not read in the head is `None` there. `empreinte` (SHA-256, hex),
    `enregistrements` and `complet` are those of `FileEnd`. `prouve`: columns proved it; otherwise the record checks
    have read it.
    """

    ordinal: int
    octet: int
    fin: int
    edition: Edition | None
    enveloppe: Mapping[str, Value]
    empreinte: str
    enregistrements: int
    complet: bool
    prouve: bool


@dataclass(slots=True)
class Judging:
    """Items of the record codec to findings and files.

    What they are read from starts at `octet` of the content, behind `before` of its files.
    """

    octet: int = 0
    before: int = 0
    _start: FileStart | None = None
    _enveloppe: dict[str, Value] = field(default_factory=dict)

    def see(self, item: Item) -> Iterator[Finding | FichierLu]:
        """What the next item says."""
        if isinstance(item, FileStart):
            self._start, self._enveloppe = item, {}
        elif isinstance(item, EntityRow):
            if item.rang == 1 and item.layout is not None:
                values = {one.nom: item.valeurs[one.nom] for one in kept_fields(item.layout)}
                self._enveloppe = {nom: None if isinstance(one, Unparsed) else one for nom, one in values.items()}
            yield from map(self._moved, item.constats)
        elif isinstance(item, Finding):
            yield self._moved(item)
        elif isinstance(item, FileEnd) and self._start is not None:
            yield FichierLu(
                ordinal=item.ordinal + self.before,
                octet=self._start.octet + self.octet,
                fin=item.octet + self.octet,
                edition=item.edition,
                enveloppe=self._enveloppe,
                empreinte=item.empreinte,
                enregistrements=item.enregistrements,
                complet=item.complet,
                prouve=False,
            )

    def _moved(self, told: Finding) -> Finding:
        if not self.octet or told.place.octet is None:
            return told
        return replace(told, place=replace(told.place, octet=told.place.octet + self.octet))


class Again:
    """A content read a second time, forward only."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._source = ByteSource(chunks)

    def between(self, octet: int, fin: int) -> Iterator[bytes]:
        """The bytes from `octet` to before `fin`; those before are given up."""
        while self._source.offset < octet:
            self._source.take(min(_PIECE, octet - self._source.offset))
        while self._source.offset < fin:
            yield self._source.take(min(_PIECE, fin - self._source.offset))
