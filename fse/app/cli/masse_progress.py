"""How far a long run is: one line that is written over, on a terminal only."""

from __future__ import annotations

import time
from typing import TextIO

_EVERY = 0.5
"""Seconds between two lines."""


class Bar:
    """A line like « Lecture : 42 %, 1 234 567 octets/s, reste 2 min 10 s ». Silent when nobody sees it."""

    def __init__(self, phase: str, unit: str, stream: TextIO) -> None:
        self._phase = phase
        self._unit = unit
        self._stream = stream
        self._seen = stream.isatty()
        self._total = self._finished = self._done = 0
        self._start = self._last = 0.0

    def start(self, total: int, finished: int) -> None:
        """The weight of all units, and of those that an earlier run finished."""
        self._total, self._finished = total, finished
        self._start = time.monotonic()
        self._show()

    def advance(self, poids: int) -> None:
        """One more unit."""
        self._done += poids
        if time.monotonic() - self._last >= _EVERY:
            self._show()

    def end(self) -> None:
        """Leave a clean line behind."""
        if self._seen:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _show(self) -> None:
        if not self._seen or not self._total:
            return
        self._last = time.monotonic()
        self._stream.write(f"\r\x1b[K{self.line(self._last - self._start)}")
        self._stream.flush()

    def line(self, seconds: float) -> str:
        """The line, after so many seconds of this run."""
        gone = self._finished + self._done
        text = f"{self._phase} : {100 * gone // max(self._total, 1)} %"
        if not self._done or seconds <= 0:
            return text
        rate = self._done / seconds
        left = (self._total - gone) / rate
        return f"{text}, {_thousands(int(rate))} {self._unit}/s, reste {_duration(left)}"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _duration(seconds: float) -> str:
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
