"""What `fse lire` prints for a reader: each record under its French name, what it says, and what is wrong with it.

Personal data is masked unless asked. What says nothing is left out: fillers, constants, absent values, defaults, what
a record repeats from the one that contains it, the sign of an amount already shown with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from fse.app.cli import reading_statements
from fse.app.cli.output import MASKED
from fse.base.findings import Finding
from fse.base.french import counted
from fse.base.money import format_euros
from fse.norm.codec.releves import ReleveLu
from fse.norm.layout import (
    CHARSET,
    EntityRow,
    Field,
    FileEnd,
    FileStart,
    Framing,
    Item,
    Unparsed,
    Value,
    printable,
)
from fse.norm.referentiels.codes import PACKAGED

_INDENT = "  "
_SHORT = 16
_AMOUNTS = ("montant", "montant_signe")


def text_lines(fichier: str, items: Iterable[Item | ReleveLu], *, en_clair: bool = False) -> Iterator[str]:
    """The lines of one content, without their line ends, made as it is read."""
    return lines_of(fichier, items, Reader(en_clair))


def lines_of(fichier: str, items: Iterable[Item | ReleveLu], reader: Reader) -> Iterator[str]:
    """What a reader makes of each item, one logical file after another."""
    for item in items:
        if isinstance(item, FileStart):
            name = item.edition.libelle if item.edition else "édition inconnue"
            yield f"{fichier}, fichier n° {item.ordinal} : {name}"
            reader.open()
        elif isinstance(item, EntityRow):
            yield from reader.row(item)
        elif isinstance(item, Finding):
            yield from reader.finding(item, _INDENT)
        elif isinstance(item, FileEnd):
            yield from reader.close(item)
        elif isinstance(item, ReleveLu):
            yield from reading_statements.text_lines(fichier, item, en_clair=reader.en_clair)
        else:
            assert isinstance(item, Framing)  # nothing to read; a finding tells the bytes that are out of place


class Reader:
    """One logical file on its way to the screen: the depth of its records, its date, its findings counted.

    What stands between the title of a record and its fields, and what names a field, is for a subclass to change.
    """

    def __init__(self, en_clair: bool) -> None:
        self.en_clair = en_clair
        self.open()

    def open(self) -> None:
        self._day: date | None = None
        self._branch: list[EntityRow] = []
        self._counts: Counter[str] = Counter()

    def row(self, row: EntityRow) -> Iterator[str]:
        while self._branch and self._branch[-1].rang != row.rang_parent and row.layout is not None:
            self._branch.pop()
        indent = _INDENT * (1 + len(self._branch))
        if row.layout is None:
            kind = printable(row.type)
            shown = f" : « {printable(row.brut.decode(CHARSET))} »" if self.en_clair else ", non affichés"
            yield f"{indent}{row.rang}. Enregistrement inconnu « {kind} », {len(row.brut)} octets{shown}"
            yield from self.under_title(row)
        else:
            created = row.valeurs.get("date_creation")
            self._day = created if isinstance(created, date) else self._day
            yield f"{indent}{row.rang}. {row.layout.libelle} ({row.type})"
            yield from self.under_title(row)
            for field in row.layout.champs:
                if not self._is_repeated(row, field) and (text := self._shown(row, field)):
                    yield f"{indent}{_INDENT * 2}{self.label(field)} : {text}"
            self._branch.append(row)
        for finding in row.constats:
            yield from self.finding(finding, indent + _INDENT)

    def under_title(self, row: EntityRow) -> Iterator[str]:
        """Lines between the title of a record and its fields: none."""
        yield from ()

    def label(self, field: Field) -> str:
        """What names a field, without the remark in parentheses that its libelle may end with."""
        return (field.libelle or field.nom).split(" (")[0]

    def finding(self, finding: Finding, indent: str) -> Iterator[str]:
        self._counts[finding.gravite.value] += 1
        place = finding.place
        where = f" (positions {place.debut}-{place.fin})" if place.debut is not None else ""
        yield f"{indent}! {finding.gravite.value} [{finding.code}]{where} {printable(finding.message)}"
        yield f"{indent}  → {finding.action}"

    def close(self, end: FileEnd) -> Iterator[str]:
        state = "complet" if end.complet else "INCOMPLET"
        counts = ", ".join(counted(count, gravity) for gravity, count in sorted(self._counts.items())) or "aucun"
        yield (
            f"{_INDENT}Fin du fichier n° {end.ordinal} : {counted(end.enregistrements, 'enregistrement')}, {state} ; "
            f"constats : {counts} ; empreinte {end.empreinte[:_SHORT]}"
        )

    def _is_repeated(self, row: EntityRow, field: Field) -> bool:
        """The containing record, already shown, says the same under the same name."""
        outer = self._branch[-1].layout if self._branch else None
        if outer is None or row.layout is None or field.nom not in outer:
            return False
        return outer.raw(self._branch[-1].brut, outer.champ(field.nom)) == row.layout.raw(row.brut, field)

    def _shown(self, row: EntityRow, field: Field) -> str:
        """What a field says to a reader; nothing when it says nothing."""
        assert row.layout is not None
        raw = row.layout.raw(row.brut, field)
        value = row.valeurs[field.nom]
        if value is None or raw in (field.constante, field.defaut) or (field.signe_de and isinstance(value, str)):
            return ""
        if field.personnel and not self.en_clair:
            return MASKED
        if isinstance(value, Unparsed):
            return "" if value.is_blank else f"« {printable(raw)} », qui ne se lit pas"
        return self._value(value, field)

    def _value(self, value: Value, field: Field) -> str:
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        if isinstance(value, Decimal):
            return str(value).replace(".", ",")
        if isinstance(value, int):
            return format_euros(value) if field.genre in _AMOUNTS else str(value)
        text = printable(str(value))
        if field.table and self._day and (code := PACKAGED.code_at(field.table, text, self._day)):
            return f"{text}, {code.libelle}"
        return text
