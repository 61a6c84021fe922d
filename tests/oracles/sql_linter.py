"""The portable SQL subset of architecture decision 12, checked on the words and on the parse tree of a text.

`lint(sql)` parses each statement in sqlglot's neutral dialect. Two kinds of rules: *words* (keywords, symbols, names of
functions as spelled, since a parser maps IFNULL or `::` to their portable twins), and *shapes* of the tree (casts of
sums, orders of windows, stars, NOT IN). Functions and types are lists of what is allowed: anything else is refused
until it has been tried on the four engines. Knows no relation of ours: nullability is judged by name (`NEVER_NULL`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sqlglot import Dialect, Token, TokenType, exp, parse, tokenize
from sqlglot.errors import SqlglotError


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Functions spelled the same, with the same result, on SQLite, PostgreSQL, DuckDB and Spark.
FUNCTIONS = _set(
    "ABS CAST COALESCE COUNT DENSE_RANK EXISTS FIRST_VALUE LAG LAST_VALUE LEAD LENGTH MAX MIN NULLIF RANK ROW_NUMBER"
    " SUBSTR SUM TRIM"
)
# Words that may stand before a parenthesis without being functions.
SYNTAX = _set(
    "ALL AND AS BETWEEN BY CASE DISTINCT ELSE EXCEPT FILTER FROM HAVING IN INTERSECT JOIN NOT ON OR OVER SELECT THEN"
    " UNION USING VALUES VARCHAR WHEN WHERE"
)
TYPES = _set("BIGINT INT SMALLINT")  # and VARCHAR(n), the only text type that the four engines have in common

# Columns that are never null by decisions 7 and 12 ('' and 0 mean unreadable or absent in keys).
NEVER_NULL = _set(
    "cabinet fichier rang rang_parent rang_ligne rang_virement octet prestataire numero partie politique nature"
)

_DATES = "no date type nor function: dates are integer days, months and due dates come from calendrier"
_TEXT = "no text comparison nor building of text: Python fills the relations"
_REAL = "no real number: money is BIGINT centimes, exact fractions are compared by cross products"
_JOINS = "LEFT JOIN, JOIN and NOT EXISTS only"

WORDS: dict[str, str] = {
    **dict.fromkeys(_set("CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP INTERVAL"), _DATES),
    **dict.fromkeys(_set("DATE TIME TIMESTAMP TIMESTAMPTZ DATETIME"), _DATES),
    **dict.fromkeys(_set("LIKE ILIKE RLIKE GLOB REGEXP SIMILAR COLLATE"), _TEXT),
    **dict.fromkeys(_set("REAL DOUBLE FLOAT DECIMAL NUMERIC DIV"), _REAL),
    **dict.fromkeys(_set("FULL ANTI SEMI NATURAL LATERAL"), _JOINS),
    **dict.fromkeys(_set("TRUE FALSE BOOLEAN"), "flags are 0 and 1"),
    **dict.fromkeys(_set("QUALIFY RECURSIVE MATERIALIZED TABLESAMPLE PIVOT"), "not portable"),
}
SYMBOLS: dict[str, str] = {
    "/": _REAL,
    "::": "write CAST(… AS …)",
    **dict.fromkeys(["?", ":", "@", "{", "}", "$"], "no bind marker: parameters are a one-row relation"),
    **dict.fromkeys(["==", "<=>"], "equality is ="),
    **dict.fromkeys(["~", "->", "->>", "["], "not portable"),
}


class _NullsLarge(Dialect):
    """The neutral dialect with the other default order of nulls: a term whose order it changes did not state it."""

    NULL_ORDERING = "nulls_are_large"


def lint(sql: str) -> list[str]:
    """Every breach of decision 12 in a text of one or several statements, as `rule: detail`; empty when none."""
    try:
        tokens = tokenize(sql)
    except SqlglotError as error:
        return [f"syntax: {error}"]
    found = [*_words(tokens), *_calls(tokens)]
    try:
        trees = [tree for tree in parse(sql) if tree is not None]
        twins = [tree for tree in parse(sql, read=_NullsLarge) if tree is not None]
    except SqlglotError as error:
        return [*found, f"syntax: {error}"]
    if not trees:
        found.append("statement: nothing to run")
    for tree, twin in zip(trees, twins, strict=True):
        found += [*_statement(tree), *_shapes(tree), *_values(tree), *_sums(tree), *_windows(tree), *_nulls(tree, twin)]
    return list(dict.fromkeys(found))


def _is_word(token: Token) -> bool:
    return token.token_type not in (TokenType.STRING, TokenType.NUMBER, TokenType.IDENTIFIER)


def _words(tokens: list[Token]) -> Iterator[str]:
    """Keywords and symbols that are refused wherever they stand outside strings and quoted names."""
    for token in tokens:
        text = token.text.upper()
        if token.token_type == TokenType.IDENTIFIER:
            yield f'quoted name: "{token.text}" is a string for Spark'
        if not _is_word(token):
            continue
        for word in text.split():
            if word in WORDS:
                yield f"word {word}: {WORDS[word]}"
        symbol = "$" if text.startswith("$") else text
        if symbol in SYMBOLS:
            yield f"symbol {symbol} : {SYMBOLS[symbol]}"


def _calls(tokens: list[Token]) -> Iterator[str]:
    """Names before a parenthesis: allowed functions, syntax, or a name given its columns (`WITH t (a, b) AS`)."""
    for place, (name, after) in enumerate(pairwise(tokens)):
        if after.token_type != TokenType.L_PAREN or not _is_word(name) or not name.text[-1:].isidentifier():
            continue
        word = name.text.upper().split()[-1]
        if word not in FUNCTIONS | SYNTAX and not _is_columns_list(tokens[place + 2 :]):
            yield f"function {word}: not in the portable subset"


def _is_columns_list(inside: list[Token]) -> bool:
    """Whether a parenthesis just opened is the list of columns of a common table: only names, then AS."""
    kinds = [token.token_type for token in inside]
    if TokenType.R_PAREN not in kinds:
        return False
    end = kinds.index(TokenType.R_PAREN)
    names_only = set(kinds[:end]) <= {TokenType.VAR, TokenType.COMMA}
    return names_only and kinds[end + 1 : end + 3] == [TokenType.ALIAS, TokenType.L_PAREN]


def _statement(tree: exp.Expr) -> Iterator[str]:
    if not isinstance(tree, exp.Select | exp.SetOperation):
        yield f"statement: only SELECT and WITH, not {tree.key.upper()}"
    for select in tree.find_all(exp.Select):
        if select.args.get("into") or select.args.get("locks"):
            yield "statement: a SELECT neither writes nor locks"


def _shapes(tree: exp.Expr) -> Iterator[str]:
    """Stars, DISTINCT ON, GROUP BY ALL, NOT IN (subquery), ALL and ANY (subquery)."""
    for node in tree.walk():
        match node:
            case exp.Star() if not isinstance(node.parent, exp.Count):
                yield "SELECT *: columns are named"
            case exp.Distinct() if node.args.get("on"):
                yield "DISTINCT ON: not portable"
            case exp.Group() if node.args.get("all"):
                yield "GROUP BY ALL: not portable"
            case exp.Not() if isinstance(node.this.unnest(), exp.In) and node.this.unnest().args.get("query"):
                yield "NOT IN (subquery): a null empties the result, write NOT EXISTS"
            case exp.All() | exp.Any():
                yield "ALL, ANY (subquery): not portable, write NOT EXISTS"


def _values(tree: exp.Expr) -> Iterator[str]:
    """Types, real literals, comparisons used as values."""
    for node in tree.walk():
        match node:
            case exp.DataType() if node.sql() not in TYPES and not node.sql().startswith("VARCHAR("):
                yield f"type {node.sql()}: BIGINT, INTEGER, SMALLINT or VARCHAR(n)"
            case exp.Literal() if not node.is_string and not node.name.isdigit():
                yield f"real literal {node.name}: {_REAL}"
            case exp.Select():
                chosen = [item.unalias().unnest() for item in node.expressions]
                if any(isinstance(value, exp.Predicate | exp.Connector | exp.Not) for value in chosen):
                    yield "comparison as a value: flags are 0 and 1, write CASE WHEN"


def _sums(tree: exp.Expr) -> Iterator[str]:
    """Each SUM, with its window or filter, directly inside CAST(… AS BIGINT)."""
    for total in tree.find_all(exp.Sum):
        outer = total.parent
        while isinstance(outer, exp.Window | exp.Filter | exp.Paren):
            outer = outer.parent
        if not isinstance(outer, exp.Cast) or outer.to.sql() != "BIGINT":
            yield f"SUM: not cast to BIGINT: {total.sql()}"


def _windows(tree: exp.Expr) -> Iterator[str]:
    """Each use of a window has an ORDER BY, its own or the one of the named window it refers to."""
    named = {node.name: node for node in tree.find_all(exp.Window) if isinstance(node.this, exp.Identifier)}
    for window in tree.find_all(exp.Window):
        base = named.get(window.alias)
        ordered = window.args.get("order") or (base is not None and base.args.get("order"))
        if not ordered and not isinstance(window.this, exp.Identifier):
            yield f"window without ORDER BY: {window.sql()}"


def _nulls(tree: exp.Expr, twin: exp.Expr) -> Iterator[str]:
    """Each nullable term that orders a window states NULLS FIRST or LAST (seen by parsing under both defaults)."""
    for term, other in zip(tree.find_all(exp.Ordered), twin.find_all(exp.Ordered), strict=True):
        in_window = isinstance(term.find_ancestor(exp.Window, exp.Query), exp.Window)
        stated = term.args.get("nulls_first") == other.args.get("nulls_first")
        if in_window and not stated and not _never_null(term.this):
            yield f"NULLS FIRST or NULLS LAST not stated: {term.this.sql()}"


def _never_null(value: exp.Expr) -> bool:
    if isinstance(value, exp.Coalesce):
        return isinstance(value.expressions[-1], exp.Literal)
    return isinstance(value, exp.Literal | exp.Count) or (isinstance(value, exp.Column) and value.name in NEVER_NULL)
