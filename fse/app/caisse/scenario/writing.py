"""A scenario as data to its TOML text: a table a file, a line an answer.

Only what a scenario holds: texts without control characters, numbers, truths, dates, tables, sequences of tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any


def write_document(document: Mapping[str, Any], comment: str = "") -> bytes:
    """The TOML text of a document (UTF-8): its values, then its sequences of tables."""
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += _keys({key: value for key, value in document.items() if not _is_tables(value)})
    for key, value in document.items():
        for table in value if _is_tables(value) else ():
            lines += ["", f"[[{key}]]", *_keys(table)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _keys(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if _is_tables(value):
            yield f"{key} = ["
            yield from (f"  {_value(item)}," for item in value)
            yield "]"
        else:
            yield f"{key} = {_value(value)}"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_value(item)}" for key, item in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
