"""What `fse lire --regle` adds to the text: each record as it stands in the file, under a ruler of its positions.

    ····|···10····|···20····|···30      every fifth position ticked, every tenth one numbered, counted from 1
    2001234566 •••••••••••••••0000      the record; personal data masked unless asked, what does not print as `·`
    └└────────└└────────────└─└───      `└` under the first position of each field
                              ^^^^ …    the positions of a finding, with its code

A record of up to 128 characters stands on one line, a longer entity on lines of 100; no line is wider than 128, and
all start at the left edge, so that a position is a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fse.app.cli.output import MASKED
from fse.app.cli.reading_text import Reader, lines_of
from fse.base.findings import Finding
from fse.norm.codec.releves import ReleveLu
from fse.norm.layout import CHARSET, EntityRow, Field, Item, printable

WIDTH = 128
_FOLD = 100
_LONGEST_POSITIONS = len("100-128")


def ruled_lines(fichier: str, items: Iterable[Item | ReleveLu], *, en_clair: bool = False) -> Iterator[str]:
    """The lines of `text_lines`, with a ruler over each record and the positions before the name of each field."""
    return lines_of(fichier, items, _RuledReader(en_clair))


class _RuledReader(Reader):
    def under_title(self, row: EntityRow) -> Iterator[str]:
        """The ruled record. One that no layout reads may hold anything: shown only when nothing is masked."""
        if row.layout is not None or self.en_clair:
            yield from _ruled(_raw(row, en_clair=self.en_clair), _borders(row), _codes(row.constats))

    def label(self, field: Field) -> str:
        positions = f"{field.debut}-{field.fin}" if field.longueur > 1 else str(field.debut)
        return f"{positions:>{_LONGEST_POSITIONS}}  {super().label(field)}"


def _raw(row: EntityRow, *, en_clair: bool) -> str:
    """The characters of a record, one a position. A personal field that gives nothing is shown as it is."""
    text = printable(row.brut.decode(CHARSET))
    if row.layout is None or en_clair:
        return text
    for field in row.layout.champs:
        if field.personnel and row.valeurs[field.nom] is not None:
            text = text[: field.debut - 1] + MASKED[0] * field.longueur + text[field.fin :]
    return text


def _borders(row: EntityRow) -> str:
    if row.layout is None:
        return ""
    return "".join("└" + "─" * (field.longueur - 1) for field in row.layout.champs)


def _codes(findings: Iterable[Finding]) -> dict[tuple[int, int], str]:
    """The codes of the findings that have positions, by those (1-based, inclusive), in their order."""
    found: dict[tuple[int, int], list[str]] = {}
    for finding in findings:
        if finding.place.debut is not None and finding.place.fin is not None:
            codes = found.setdefault((finding.place.debut, finding.place.fin), [])
            codes += [finding.code] if finding.code not in codes else []
    return {span: ", ".join(codes) for span, codes in sorted(found.items())}


def _ruled(raw: str, borders: str, codes: Mapping[tuple[int, int], str]) -> Iterator[str]:
    """The lines of one record, folded when it is longer than a line."""
    step = len(raw) if len(raw) <= WIDTH else _FOLD
    for start in range(0, len(raw), step):
        end = min(start + step, len(raw))
        yield _scale(start, end)
        yield raw[start:end].rstrip(" ")
        if borders:
            yield borders[start:end]
        for (first, last), code in codes.items():
            if first <= end and last > start:
                yield _pointer(max(first - 1 - start, 0), min(last, end) - start, code)


def _scale(start: int, end: int) -> str:
    """The ruler over the positions `start + 1` to `end`."""
    scale = ["|" if position % 5 == 0 else "·" for position in range(start + 1, end + 1)]
    for ten in range(start - start % 10 + 10, end + 1, 10):
        digits = str(ten)
        scale[ten - start - len(digits) : ten - start] = digits
    return "".join(scale)


def _pointer(start: int, end: int, code: str) -> str:
    """Carets under the columns `start + 1` to `end`, their code on the side where a line has room for it."""
    carets = "^" * (end - start)
    if end + 1 + len(code) <= WIDTH:
        return " " * start + f"{carets} {code}"
    if len(code) < start:
        return f"{code} ".rjust(start) + carets
    return " " * start + carets
