"""The constructs of the portable SQL, each beside the same thing said in Python, over a few rows made to be awkward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from fse.domain.reconciliation.schema import Role, make_relation

ESSAI = make_relation("essai", Role.FAIT, "rang bigint\nfichier text\ncode text null\nmontant bigint null", "rang")
BIG = 2**53 + 1
"""No double holds it."""


class Row(NamedTuple):
    rang: int
    fichier: str
    code: str | None
    montant: int | None


ROWS = (
    Row(1, "a", "Z", 100),
    Row(2, "a", "a", -100),
    Row(3, "a", "é", BIG),
    Row(4, "a", None, BIG),
    Row(5, "b", "", 0),
    Row(6, "b", " ", None),
    Row(7, "b", "É ", -7),
    Row(8, "B", "10", 3_000_000_000),
    Row(9, "B", "9", 3_000_000_000),
    Row(10, "ç", "œuf 🥚", None),
    Row(11, "ç", None, None),
    Row(12, "", "a", 1),
    Row(13, "", "a ", 1),
)


def _by_file() -> dict[str, list[Row]]:
    return {name: [row for row in ROWS if row.fichier == name] for name in sorted({row.fichier for row in ROWS})}


def _sum(rows: list[Row]) -> int | None:
    known = [row.montant for row in rows if row.montant is not None]
    return sum(known) if known else None


def _nulls_last(row: Row) -> tuple[bool, int, int]:
    return row.montant is None, -(row.montant or 0), row.rang


def _ranked(rows: list[Row]) -> list[Row]:
    """By amount, the greatest first, then the unknown ones."""
    return sorted(rows, key=_nulls_last)


def _windows() -> list[tuple[Any, ...]]:
    found = []
    for rows in _by_file().values():
        ranked = _ranked(rows)
        for place, row in enumerate(ranked):
            before = ranked[place - 1].montant if place else None
            after = ranked[place + 1].rang if place + 1 < len(ranked) else None
            found.append((row.rang, place + 1, before, after, ranked[0].rang, ranked[-1].rang))
    return sorted(found)


def _rank(row: Row) -> tuple[int, int]:
    """RANK and DENSE_RANK by file."""
    before = [one.fichier for one in ROWS if one.fichier < row.fichier]
    return len(before) + 1, len(set(before)) + 1


def _is_followed(row: Row) -> bool:
    """Whether a later row of the file has its amount, or stands before a row of its code."""
    later = [one for one in ROWS if one.fichier == row.fichier and one.rang > row.rang]
    amounts = [one.montant for one in later if one.montant is not None]
    codes = [after.code for one in later for after in ROWS if after.rang == one.rang + 1 and after.code is not None]
    return row.montant in amounts or row.code in codes


Construct = tuple[str, Callable[[], list[tuple[Any, ...]]]]

CONSTRUCTS: dict[str, Construct] = {
    "texts are ordered by their bytes": (
        """
            SELECT e.fichier, e.rang
            FROM essai e
            ORDER BY e.fichier, e.rang
        """,
        lambda: sorted((row.fichier, row.rang) for row in ROWS),
    ),
    "an unknown text comes where it is told to": (
        """
            SELECT e.code, e.rang
            FROM essai e
            ORDER BY e.code DESC NULLS LAST, e.rang
        """,
        lambda: [
            *sorted(
                sorted(((row.code, row.rang) for row in ROWS if row.code is not None), key=lambda one: one[1]),
                key=lambda one: one[0].encode(),
                reverse=True,
            ),
            (None, 4),
            (None, 11),
        ],
    ),
    "texts compare by their bytes, spaces included": (
        """
            SELECT e.rang
            FROM essai e
            WHERE e.code = 'a' OR e.code > 'é' OR e.code = ''
            ORDER BY e.rang
        """,
        lambda: [(row.rang,) for row in ROWS if row.code is not None and (row.code in ("a", "") or row.code > "é")],
    ),
    "the greatest and the least text": (
        """
            SELECT e.fichier, MIN(e.code) AS premier, MAX(e.code) AS dernier
            FROM essai e
            GROUP BY e.fichier
            ORDER BY e.fichier
        """,
        lambda: [
            (name, min(codes), max(codes))
            for name, rows in _by_file().items()
            if (codes := [row.code for row in rows if row.code is not None])
        ],
    ),
    "a text has characters": (
        """
            SELECT e.rang, LENGTH(e.code) AS taille, SUBSTR(e.code, 1, 4) AS debut, SUBSTR(e.code, 2) AS suite,
                TRIM(e.code) AS nu
            FROM essai e
            WHERE e.code IS NOT NULL
            ORDER BY e.rang
        """,
        lambda: [
            (row.rang, len(row.code), row.code[:4], row.code[1:], row.code.strip(" "))
            for row in ROWS
            if row.code is not None
        ],
    ),
    "what is unknown is neither equal nor different": (
        """
            SELECT e.rang
            FROM essai e
            WHERE e.montant <> 100 AND NOT (e.montant > 100) AND e.code NOT IN ('9', 'é')
            ORDER BY e.rang
        """,
        lambda: [
            (row.rang,)
            for row in ROWS
            if row.montant is not None and row.code is not None and row.montant < 100 and row.code not in ("9", "é")
        ],
    ),
    "a case without else is unknown": (
        """
            SELECT e.rang, CASE WHEN e.montant > 0 THEN 'P' WHEN e.montant < 0 THEN 'N' END AS signe,
                COALESCE(e.montant, 0) - 1 AS moins, NULLIF(e.fichier, '') AS nomme, ABS(e.montant) AS taille
            FROM essai e
            ORDER BY e.rang
        """,
        lambda: [
            (
                row.rang,
                {True: "P", False: "N"}[row.montant > 0] if row.montant else None,
                (row.montant or 0) - 1,
                row.fichier or None,
                None if row.montant is None else abs(row.montant),
            )
            for row in ROWS
        ],
    ),
    "sums are whole, beyond 32 bits and beyond doubles": (
        """
            SELECT e.fichier, CAST(SUM(e.montant) AS BIGINT) AS somme, COUNT(e.montant) AS connus, COUNT(*) AS tous,
                COUNT(DISTINCT e.montant) AS valeurs
            FROM essai e
            GROUP BY e.fichier
            ORDER BY e.fichier
        """,
        lambda: [
            (name, _sum(rows), len(known), len(rows), len(set(known)))
            for name, rows in _by_file().items()
            for known in [[row.montant for row in rows if row.montant is not None]]
        ],
    ),
    "a sum of nothing is unknown, a count is zero": (
        """
            SELECT CAST(SUM(e.montant) AS BIGINT) AS somme, COUNT(e.rang) AS lignes
            FROM essai e
            WHERE e.rang > 99
        """,
        lambda: [(None, 0)],
    ),
    "a group may be unknown, and be judged": (
        """
            SELECT e.code, COUNT(*) AS lignes, COUNT(*) FILTER (WHERE e.montant > 0) AS positives
            FROM essai e
            GROUP BY e.code
            HAVING COUNT(*) > 1
            ORDER BY e.code NULLS FIRST
        """,
        lambda: [(None, 2, 1), ("a", 2, 1)],
    ),
    "places in a window": (
        """
            SELECT e.rang,
                ROW_NUMBER() OVER (PARTITION BY e.fichier ORDER BY e.montant DESC NULLS LAST, e.rang) AS place,
                LAG(e.montant) OVER (PARTITION BY e.fichier ORDER BY e.montant DESC NULLS LAST, e.rang) AS avant,
                LEAD(e.rang) OVER (PARTITION BY e.fichier ORDER BY e.montant DESC NULLS LAST, e.rang) AS apres,
                FIRST_VALUE(e.rang) OVER (PARTITION BY e.fichier ORDER BY e.montant DESC NULLS LAST, e.rang) AS premier,
                LAST_VALUE(e.rang) OVER (PARTITION BY e.fichier ORDER BY e.montant DESC NULLS LAST, e.rang
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS dernier
            FROM essai e
            ORDER BY e.rang
        """,
        _windows,
    ),
    "ranks in a window": (
        """
            SELECT e.rang, RANK() OVER (ORDER BY e.fichier) AS rangement,
                DENSE_RANK() OVER (ORDER BY e.fichier) AS ordre
            FROM essai e
            ORDER BY e.rang
        """,
        lambda: [(row.rang, *_rank(row)) for row in ROWS],
    ),
    "what has no other": (
        """
            SELECT e.rang
            FROM essai e
            LEFT JOIN essai f ON f.montant = e.montant AND f.rang <> e.rang
            WHERE f.rang IS NULL
            ORDER BY e.rang
        """,
        lambda: [
            (row.rang,) for row in ROWS if row.montant is None or sum(one.montant == row.montant for one in ROWS) == 1
        ],
    ),
    "what exists, asked row by row": (
        """
            SELECT e.rang, CASE WHEN EXISTS (
                SELECT 1
                FROM essai f
                LEFT JOIN essai g ON g.rang = f.rang + 1
                WHERE f.fichier = e.fichier AND f.rang > e.rang AND (f.montant = e.montant OR g.code = e.code)
            ) THEN 1 ELSE 0 END AS suivi
            FROM essai e
            WHERE NOT EXISTS (SELECT 1 FROM essai h WHERE h.rang = e.rang * 2)
            ORDER BY e.rang
        """,
        lambda: [(row.rang, int(_is_followed(row))) for row in ROWS if 2 * row.rang > len(ROWS)],
    ),
    "one value, asked row by row": (
        """
            SELECT e.rang, COALESCE((
                SELECT MAX(f.montant) FROM essai f WHERE f.fichier = e.fichier AND f.montant > 0
            ), 0) AS plus
            FROM essai e
            ORDER BY e.rang
        """,
        lambda: [
            (row.rang, max([one.montant for one in _by_file()[row.fichier] if (one.montant or 0) > 0], default=0))
            for row in ROWS
        ],
    ),
    "a union gives each once, another gives all": (
        """
            SELECT u.code, COUNT(*) AS lignes
            FROM (
                SELECT e.code FROM essai e
                UNION SELECT f.fichier AS code FROM essai f
                UNION ALL SELECT 'a' AS code FROM essai g WHERE g.rang < 3
            ) u
            GROUP BY u.code
            ORDER BY u.code NULLS LAST
        """,
        lambda: [
            *(
                (one, 3 if one == "a" else 1)
                for one in sorted({row.code for row in ROWS if row.code is not None} | {row.fichier for row in ROWS})
            ),
            (None, 1),
        ],
    ),
    "what is in both, what is in one": (
        """
            SELECT 1 AS genre, e.code
            FROM essai e
            INTERSECT
            SELECT 1 AS genre, f.fichier AS code
            FROM essai f
            ORDER BY genre, code
        """,
        lambda: sorted((1, one) for one in {row.code for row in ROWS} & {row.fichier for row in ROWS}),
    ),
    "what is in the first only": (
        """
            SELECT e.fichier
            FROM essai e
            EXCEPT
            SELECT f.code AS fichier
            FROM essai f
            ORDER BY fichier
        """,
        lambda: sorted((one,) for one in {row.fichier for row in ROWS} - {row.code for row in ROWS}),
    ),
    "an unknown value of a type keeps the length of the others": (
        """
            SELECT e.rang, CAST(NULL AS VARCHAR(1)) AS code, 0 AS montant
            FROM essai e
            WHERE e.rang = 1
            UNION ALL
            SELECT e.rang, e.code, e.montant
            FROM essai e
            WHERE e.rang > 7 AND e.rang < 11
            ORDER BY rang
        """,
        lambda: [(1, None, 0), *((row.rang, row.code, row.montant) for row in ROWS[7:10])],
    ),
    "one row beside each": (
        """
            WITH parametre AS (SELECT 20000 AS aujourd_hui), total AS (SELECT MAX(e.rang) AS dernier FROM essai e)
            SELECT e.rang, p.aujourd_hui - e.rang AS age
            FROM essai e
            JOIN total t ON t.dernier = e.rang + 1
            CROSS JOIN parametre p
        """,
        lambda: [(12, 19988)],
    ),
}
