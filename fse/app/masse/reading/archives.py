"""Tables of archives that others wrote: one that does not open, or lacks a column, is told by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fse.base.errors import UsageError
from fse.base.french import system_reason

_AGAIN = "Refaire cette archive avec fse journal exporter, ou avec l'émission en masse, puis relancer la même commande."


def read_table(path: Path, schema: Any) -> Any:
    """The columns of this schema, in its order and its types. Raises `UsageError` as `check_table` does."""
    with _opened(path) as file:
        _check(path, file.schema_arrow, schema)
        return file.read(schema.names).select(schema.names).cast(schema)


def check_table(path: Path, schema: Any) -> int:
    """The number of rows, once its columns are known to be there.

    Raises `UsageError`: `archive.illisible` when it does not open, `archive.colonne` when a column is missing or holds
    numbers for texts, or texts for numbers.
    """
    with _opened(path) as file:
        _check(path, file.schema_arrow, schema)
        rows: int = file.metadata.num_rows
        return rows


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except OSError as error:
        raise _unreadable(path, system_reason(error) if error.errno else "ce n'est pas une table Parquet") from error
    except pa.ArrowException as error:
        raise _unreadable(path, "ce n'est pas une table Parquet, ou elle est coupée") from error


def _check(path: Path, there: Any, schema: Any) -> None:
    for field in schema:
        place = there.get_field_index(field.name)
        if place < 0:
            raise _column(path, field.name, "manque")
        if not _alike(there.field(place).type, field.type):
            raise _column(path, field.name, "n'est pas du bon type")


def _alike(there: Any, wanted: Any) -> bool:
    """Whole numbers both or texts both; a column that holds nothing may have no type."""
    if pa.types.is_dictionary(there):
        there = there.value_type
    if pa.types.is_integer(wanted):
        return bool(pa.types.is_integer(there) or pa.types.is_null(there))
    return bool(pa.types.is_string(there) or pa.types.is_large_string(there) or pa.types.is_null(there))


def _column(path: Path, name: str, what: str) -> UsageError:
    return UsageError(
        "archive.colonne",
        f"Cette table d'une archive ne peut pas être lue : la colonne « {name} » {what}.",
        action=_AGAIN,
        lieu=str(path),
    )


def _unreadable(path: Path, reason: str) -> UsageError:
    return UsageError(
        "archive.illisible",
        f"Cette table d'une archive ne peut pas être lue : {reason}.",
        action=_AGAIN,
        lieu=str(path),
    )
