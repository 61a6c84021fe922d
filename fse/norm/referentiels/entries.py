"""The entries of the code lists, read from CSV text: ours and those that a practice adds have the same columns.

What a spreadsheet writes is read too: `;` between cells, a byte order mark, cells with blanks around, empty lines.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

CONFIANCES = ("3src", "2src", "1src", "deduit", "tiers", "memoire", "choix")
"""How a fact is known. `tiers` (code or a page of a third party) and `memoire` are to be verified before use."""
_CODE_COLUMNS = ("code", "libelle", "debut", "fin", "source", "confiance")
_REJET_COLUMNS = (
    *("code", "precision", "libelle", "cause", "action", "famille"),
    *("debut", "fin", "source", "confiance"),
)
_CAUSE_COLUMNS = ("code", "libelle", "cause", "action", "famille", "suite", "debut", "fin", "source", "confiance")
SUITES = ("renvoi", "relot", "aucune")
_CODE_CAUSE = re.compile(r"[0-9A-Z]{4}")
_CODE_REJET = re.compile(r"[0-9A-Z]{4,10}|[A-Z][0-9A-Z]{0,9}")
_PRECISION = re.compile(r"([0-9]{3})?")
ZEROS = "(un tableur retire les zéros de tête : donner à la colonne le format Texte)"
"""The usual reason of a code too short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code with its French label. `debut` and `fin` bound its validity, both included; `None` is unbounded."""

    code: str
    libelle: str
    debut: date | None
    fin: date | None
    source: str
    confiance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejet(Code):
    """A reject code in words a practice understands: what it says, why it happens, what to do next.

    `code` has 4 characters (10 at most: the width of entity 290), `precision` 3 digits or none; `famille` is a code of
    the list `famille_rejet`.
    """

    precision: str
    cause: str
    action: str
    famille: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseArl(Code):
    """Why an ARL refuses a lot, in words a practice understands. `code` has 4 characters.

    `suite` is what becomes of the lot: `renvoi`, it leaves again unchanged; `relot`, its invoices go into a new lot,
    but the one that the ARL names; `aucune`, the payer has the lot already.
    """

    cause: str
    action: str
    famille: str
    suite: str


class CodeListError(ValueError):
    """A list that cannot be used. `ligne` counts from 1, the header included; `raison` is a French sentence."""

    def __init__(self, liste: str, ligne: int, raison: str) -> None:
        super().__init__(f"{liste}, ligne {ligne} : {raison}")
        self.liste = liste
        self.ligne = ligne
        self.raison = raison


def parse_codes(liste: str, text: str) -> Iterator[tuple[int, Code]]:
    """The entries of a list, each with the number of its line. Raises `CodeListError`."""
    seen: dict[str, list[Code]] = {}
    for line in _lines(liste, text, _CODE_COLUMNS):
        one = Code(debut=line.day("debut"), fin=line.day("fin"), **line.texts(_CODE_COLUMNS))
        line.check_period(one, seen.setdefault(one.code, []))
        yield line.ligne, one


def parse_rejets(liste: str, text: str) -> Iterator[tuple[int, Rejet]]:
    """The entries of a list of rejects, each with the number of its line. Raises `CodeListError`."""
    seen: dict[tuple[str, str], list[Code]] = {}
    for line in _lines(liste, text, _REJET_COLUMNS):
        one = Rejet(debut=line.day("debut"), fin=line.day("fin"), **line.texts(_REJET_COLUMNS))
        if not _CODE_REJET.fullmatch(one.code):
            raise line.error(f"un code de rejet a de 4 à 10 capitales ou chiffres {ZEROS}.")
        if not _PRECISION.fullmatch(one.precision):
            raise line.error(f"la précision d'un rejet a 3 chiffres, ou rien {ZEROS}.")
        line.check_period(one, seen.setdefault((one.code, one.precision), []))
        yield line.ligne, one


def parse_causes(liste: str, text: str) -> Iterator[tuple[int, CauseArl]]:
    """The entries of a list of causes of ARL, each with the number of its line. Raises `CodeListError`."""
    seen: dict[str, list[Code]] = {}
    for line in _lines(liste, text, _CAUSE_COLUMNS):
        one = CauseArl(debut=line.day("debut"), fin=line.day("fin"), **line.texts(_CAUSE_COLUMNS))
        if not _CODE_CAUSE.fullmatch(one.code):
            raise line.error(f"un code de cause d'ARL a 4 capitales ou chiffres {ZEROS}.")
        if one.suite not in SUITES:
            raise line.error(f"la suite est l'une de {', '.join(SUITES)}.")
        line.check_period(one, seen.setdefault(one.code, []))
        yield line.ligne, one


class _Line:
    """One line of a list: its number and its cells by column."""

    def __init__(self, liste: str, ligne: int, cells: dict[str, str]) -> None:
        self._liste = liste
        self.ligne = ligne
        self._cells = cells
        for name in ("code", "libelle"):
            if not cells[name]:
                raise self.error(f"la colonne « {name} » est vide.")
        if cells["confiance"] and cells["confiance"] not in CONFIANCES:
            raise self.error(f"la colonne « confiance » est vide, ou l'une de {', '.join(CONFIANCES)}.")

    def error(self, raison: str) -> CodeListError:
        return CodeListError(self._liste, self.ligne, raison)

    def texts(self, columns: tuple[str, ...]) -> dict[str, str]:
        return {name: self._cells[name] for name in columns if name not in ("debut", "fin")}

    def day(self, name: str) -> date | None:
        text = self._cells[name]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self.error(f"la colonne « {name} » est vide, ou une date AAAA-MM-JJ.") from None

    def check_period(self, entry: Code, others: list[Code]) -> None:
        """A period goes forward, and a code means one thing at a date; `entry` joins the `others` of its code."""
        debut, fin = entry.debut or date.min, entry.fin or date.max
        if fin < debut:
            raise self.error("la fin vient avant le début.")
        if any(debut <= (other.fin or date.max) and (other.debut or date.min) <= fin for other in others):
            raise self.error(f"le code {entry.code} figure deux fois pour une même date.")
        others.append(entry)


def _lines(liste: str, text: str, columns: tuple[str, ...]) -> Iterator[_Line]:
    """Each line that says something."""
    text = text.removeprefix("\ufeff")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not header:
                header = cells
                if sorted(header) != sorted(columns):
                    raise CodeListError(liste, reader.line_num, _expected(columns))
            elif len(cells) != len(header):
                many = f"{len(cells)} cellules au lieu de {len(header)} (un texte à virgule se met entre guillemets)."
                raise CodeListError(liste, reader.line_num, many)
            else:
                yield _Line(liste, reader.line_num, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise CodeListError(liste, reader.line_num, f"ce n'est pas du CSV : {error}.") from None
    if not header:
        raise CodeListError(liste, 1, _expected(columns))


def _expected(columns: tuple[str, ...]) -> str:
    return f"la première ligne nomme les colonnes : {', '.join(columns)}."
