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
        self._open: tuple[str, ...] = ()
        self._ranks: dict[str, int] = {}
        """The last rank of each type."""
        self._details = Details(edition.details if edition else {})

    def row(self, raw: Raw) -> EntityRow:
        """The entity row of these bytes."""
        self._rank += 1
        octet, brut, type, _ = raw
        edition = self._edition
        if edition is None or type is None:
            return self._unknown(raw)
        layout = edition.layouts[type]
        values = layout.parse(brut)
        before = self._open
        above, self._open, usual = edition.step(before, type)
        parent = None if above is None else self._ranks[above]
        self._ranks[type] = self._rank
        findings: tuple[Finding, ...] = ()
        if not (usual and layout.is_plain(brut, values)):
            place = Place(rang=self._rank, octet=octet, type=type)
            findings = (
                *_structure(edition, type, brut, before, parent, place),
                *self._details.row(layout, brut, parent, values, place),
                *field_findings(layout, brut, values, place),
            )
        return EntityRow(type, self._rank, parent, octet, brut, values, layout, findings)

    def _unknown(self, raw: Raw) -> EntityRow:
        """A row that no layout reads: it stands nowhere in the tree and closes nothing."""
        text = self._edition.named_type(raw.brut) if self._edition else raw.brut[:3].decode(CHARSET)
        place = Place(rang=self._rank, octet=raw.octet, type=text)
        told = self._edition is None or raw.cut
        findings = () if told else (finding("structure.type_inconnu", place, type=printable(text)),)
        return EntityRow(text, self._rank, None, raw.octet, raw.brut, {}, None, findings)


def _structure(
    edition: Edition, type: str, brut: bytes, before: tuple[str, ...], parent: int | None, place: Place
) -> Iterator[Finding]:
    """The findings of the place of a record; `before`: what was open."""
    if type not in edition.expected_after(before):
        code = "structure.succession_supposee" if edition.structure_supposee else "structure.succession"
        yield finding(code, place, type=type, precedent=before[-1] if before else "le début du fichier")
    if type == edition.lot_type and not edition.agrees_with_lot(brut):
        yield finding("edition.desaccord", place, edition=edition.libelle)
    if parent is None and edition.parents.get(type):
        yield finding("structure.parent_absent", place, type=type)
