"""What an engine does for a task, as it counts it itself.

sqlite        steps of its virtual machine: it counts no rows for a program, and each row read is some steps
postgresql    rows that scans read and rows that indexes fetched, as the server counts them in each transaction
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

_STEPS = 10
"""SQLite tells every so many steps."""

_ROWS_READ = "SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"


def work_of(engine: Engine, task: Callable[[], object]) -> int:
    """Do the task; how much this engine worked for it."""
    count = _RowsRead() if engine.dialect.name == "postgresql" else _Steps()
    for name, listener in count.listeners.items():
        event.listen(engine, name, listener)
    try:
        task()
    finally:
        for name, listener in count.listeners.items():
            event.remove(engine, name, listener)
    return count.done


class _Steps:
    """Counts on each connection while the pool lends it."""

    def __init__(self) -> None:
        self.done = 0
        self.listeners: dict[str, Callable[..., None]] = {"checkout": self._watch, "checkin": self._leave}

    def _watch(self, driver: Any, *_: object) -> None:
        driver.set_progress_handler(self._step, _STEPS)

    def _leave(self, driver: Any, *_: object) -> None:
        driver.set_progress_handler(None, 0)

    def _step(self) -> None:
        self.done += _STEPS


class _RowsRead:
    """Asks at both ends of each transaction: those of the transactions before may still be there."""

    def __init__(self) -> None:
        self.done = 0
        self.listeners: dict[str, Callable[..., None]] = {
            "begin": self._start,
            "commit": self._end,
            "rollback": self._end,
        }

    def _start(self, connection: Connection) -> None:
        self.done -= _rows_read(connection)

    def _end(self, connection: Connection) -> None:
        self.done += _rows_read(connection)


def _rows_read(connection: Connection) -> int:
    return int(connection.exec_driver_sql(_ROWS_READ).scalar_one() or 0)
