"""A statement on paper, copied into a CSV file as a spreadsheet writes it: `numero;partie;etat;montant`.

    numero;partie;etat;montant
    12;AMO;payee;16,50
    12;AMC;rejetee;

A column `praticien` is read where there is one, others are left. UTF-8, else the Windows encoding of Western Europe.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from fse.base.errors import UsageError
from fse.base.findings import Finding, Place, finding

COLUMNS = ("numero", "partie", "etat", "montant")
ETATS_SAISIS = {"payee": "P", "rejetee": "R", "differee": "D"}
"""What a statement says of a part, and the state that a return would give."""

_PRESTATAIRE = "praticien"
_NUMBER = re.compile(r"0*([0-9]{1,9})")
_AMOUNT = re.compile(r"(-?)([0-9]{1,3}(?: [0-9]{3}){1,2}|[0-9]{1,8})(?:[,.]([0-9]{1,2}))?(?: ?€)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneReleve:
    """One line that reads. `ligne`: its number in the file; `etat`: P, R or D; `montant`: centimes, 0 unless paid."""

    ligne: int
    numero: int
    partie: str
    etat: str
    montant: int
    prestataire: str | None


def read_statement(data: bytes) -> tuple[list[LigneReleve], list[Finding]]:
    """The lines that read, and a finding for each of those that do not.

    Raises `UsageError` (`releve.colonnes`, `releve.vide`).
    """
    rows = _rows(data)
    columns = [plain(name) for name in rows[0][1]] if rows else []
    if any(columns.count(name) != 1 for name in COLUMNS) or columns.count(_PRESTATAIRE) > 1:
        raise UsageError(
            "releve.colonnes",
            f"La première ligne du relevé doit nommer ces colonnes, séparées par des points-virgules : "
            f"{';'.join(COLUMNS)}.",
            action="L'enregistrer depuis le tableur au format CSV, séparateur point-virgule.",
        )
    lines: list[LigneReleve] = []
    found: list[Finding] = []
    for ligne, cells in rows[1:]:
        if any(cell.strip() for cell in cells):
            padded = (*cells, *[""] * len(columns))
            line = _line(ligne, {name: padded[place].strip() for place, name in enumerate(columns)})
            found.extend(line) if isinstance(line, list) else lines.append(line)
    if not lines and not found:
        raise UsageError("releve.vide", "Ce relevé n'a aucune ligne.", action="Y écrire une ligne par part répondue.")
    return lines, found


def read_amount(text: str) -> int | None:
    """Centimes of an amount in euros, `None` when it does not read.

    >>> read_amount("16,50"), read_amount("1 234,5 €"), read_amount("-7"), read_amount("1.234")
    (1650, 123450, -700, None)
    """
    match = _AMOUNT.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    centimes = int(match[2].replace(" ", "")) * 100 + int((match[3] or "").ljust(2, "0"))
    return -centimes if match[1] else centimes


def _rows(data: bytes) -> list[tuple[int, list[str]]]:
    """Each line with its number; none of what is not CSV at all."""
    reader = csv.reader(_text(data).splitlines(), delimiter=";")
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        return []


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def plain(words: str) -> str:
    """Words without what is typed differently from one day to the next: accents, capitals and blanks.

    >>> plain(" Relevé  CPAM du 12/10 ")
    'relevecpamdu12/10'
    """
    spread = unicodedata.normalize("NFKD", words.casefold())
    return "".join(one for one in spread if not unicodedata.combining(one) and not one.isspace())


def _line(ligne: int, cells: dict[str, str]) -> LigneReleve | list[Finding]:
    """A line, or all that is wrong in it."""
    number = _NUMBER.fullmatch(cells["numero"])
    partie = cells["partie"].upper()
    etat = ETATS_SAISIS.get(plain(cells["etat"]))
    montant = read_amount(cells["montant"]) if cells["montant"] else 0
    wrong = []
    if number is None or not int(number[1]):
        wrong.append(("numero", "un numéro de facture, en chiffres"))
    if partie not in ("AMO", "AMC"):
        wrong.append(("partie", "AMO ou AMC"))
    if etat is None:
        wrong.append(("etat", f"l'un de : {', '.join(ETATS_SAISIS)}"))
    if montant is None or (etat is not None and (montant != 0) is not (etat == "P")):
        wrong.append(("montant", "un montant en euros comme 16,50 pour une part payée, rien pour une autre"))
    if wrong or number is None or etat is None or montant is None:
        place = Place(rang=ligne)
        return [finding("releve.valeur", place, ligne=ligne, colonne=name, attendu=text) for name, text in wrong]
    return LigneReleve(
        ligne=ligne,
        numero=int(number[1]),
        partie=partie,
        etat=etat,
        montant=montant,
        prestataire=cells.get(_PRESTATAIRE) or None,
    )


def doubles(lines: list[LigneReleve]) -> Iterator[Finding]:
    """The lines that say again what a line before them says."""
    seen: dict[tuple[str | None, int, str, int], int] = {}
    for line in lines:
        key = (line.prestataire, line.numero, line.partie, line.montant)
        first = seen.setdefault(key, line.ligne)
        if first != line.ligne:
            yield finding(
                "releve.ligne_double",
                Place(rang=line.ligne),
                ligne=line.ligne,
                numero=line.numero,
                partie=line.partie,
                premiere=first,
            )
