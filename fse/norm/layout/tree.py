"""The tree of one logical file: each record gets its rank, its parent and the findings that the layout allows."""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, Place, finding
from fse.norm.layout.checks import field_findings
from fse.norm.layout.details import Details
from fse.norm.layout.edition import Edition
from fse.norm.layout.framing.pieces import Raw
from fse.norm.layout.items import EntityRow
from fse.norm.layout.record import CHARSET
from fse.norm.layout.values import printable


class Tree:
    """Follows the records of one file. What is open is at most one record of each type, outermost first."""

    def __init__(self, edition: Edition | None) -> None:
        self._edition = edition
        self._rank = 0
        self._previous: str | None = None
        self._open: dict[str, int] = {}
        self._details = Details(edition.details if edition else {})

    def row(self, raw: Raw) -> EntityRow:
        """The entity row of these bytes."""
        self._rank += 1
        if self._edition is None or raw.type is None:
            return self._unknown(raw)
        layout = self._edition.layouts[raw.type]
        values = layout.parse(raw.brut)
        parent = self._parent(self._edition, raw.type)
        findings: tuple[Finding, ...] = ()
        if not (self._is_quiet(self._edition, raw.type, parent) and layout.is_plain(raw.brut, values)):
            place = Place(rang=self._rank, octet=raw.octet, type=raw.type)
            findings = (
                *self._structure(self._edition, raw, parent, place),
                *self._details.row(layout, raw.brut, parent, values, place),
                *field_findings(layout, raw.brut, values, place),
            )
        self._previous = raw.type
        return EntityRow(raw.type, self._rank, parent, raw.octet, raw.brut, values, layout, findings)

    def _unknown(self, raw: Raw) -> EntityRow:
        """A row that no layout reads: it stands nowhere in the tree and closes nothing."""
        text = self._edition.named_type(raw.brut) if self._edition else raw.brut[:3].decode(CHARSET)
        place = Place(rang=self._rank, octet=raw.octet, type=text)
        told = self._edition is None or raw.cut
        findings = () if told else (finding("structure.type_inconnu", place, type=printable(text)),)
        return EntityRow(text, self._rank, None, raw.octet, raw.brut, {}, None, findings)

    def _is_quiet(self, edition: Edition, type: str, parent: int | None) -> bool:
        """True when the place of a record cannot deserve a finding: the quick answer for most of them."""
        usual = edition.usual.get(self._previous)
        return usual is not None and type in usual and (parent is not None or not edition.parents.get(type))

    def _expected(self, edition: Edition) -> tuple[str, ...]:
        """The types that may stand here."""
        return (edition.tete,) if self._previous is None else edition.succession.get(self._previous, ())

    def _structure(self, edition: Edition, raw: Raw, parent: int | None, place: Place) -> Iterator[Finding]:
        if raw.type not in self._expected(edition):
            code = "structure.succession_supposee" if edition.structure_supposee else "structure.succession"
            yield finding(code, place, type=raw.type, precedent=self._previous or "le début du fichier")
        if raw.type == edition.lot_type and not edition.agrees_with_lot(raw.brut):
            yield finding("edition.desaccord", place, edition=edition.libelle)
        if parent is None and edition.parents.get(raw.type or ""):
            yield finding("structure.parent_absent", place, type=raw.type)

    def _parent(self, edition: Edition, type: str) -> int | None:
        """Rank of the nearest open parent. What was opened after it closes, and so does the last of the same type."""
        rank = None
        parents = edition.parents.get(type, ())
        for opened in reversed(self._open):
            if opened in parents:
                rank = self._open[opened]
                self._close_after(opened)
                break
        if type in self._open:
            self._close_after(type)
        self._open[type] = self._rank
        return rank

    def _close_after(self, type: str) -> None:
        while next(reversed(self._open)) != type:
            self._open.popitem()
