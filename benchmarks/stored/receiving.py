"""A practice of so many weeks, and what is done to it again and again: a return is received, invoices are emitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from random import Random

from benchmarks.stored.invoices import NOT_ANSWERED, PER_DAY, PER_LOT, PRESTATAIRES, WEEK, Invoice, contents_of
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.securiser import securiser
from fse.base.dates import to_days
from tests.app.cabinet import JOUR, document, facture, signer

LINES = 500
EMITTED = 20
RECEIVED = date(2026, 10, 8)
_NUMBERS = WEEK // len(PRESTATAIRES)
"""Numbers of a week, each given by every prestataire."""


class Stored:
    """A practice of so many weeks, and what is done to it."""

    def __init__(self, practice: Practice, weeks: int, lines: int = LINES) -> None:
        self.practice = practice
        self._lines = lines
        self._drawn = draw(weeks)
        self._returns = 0
        self._emissions = 0

    def next_return(self) -> Callable[[], None]:
        """Receives the next return."""
        self._returns += 1
        content = contents_of(next_invoices(self._drawn, self._lines), 800_000 + self._returns, to_days(RECEIVED))

        def receive() -> None:
            (received,) = recevoir(self.practice, [content], le=RECEIVED)
            if received.verdict != "recu":
                raise SystemExit(f"the return is not booked: {received.motif}")

        return receive

    def next_emission(self) -> Callable[[], None]:
        """Secures and emits the next invoices."""
        self._emissions += 1
        references = (f"M-{self._emissions}-{rank}" for rank in range(EMITTED))
        content = document(*(facture(reference) for reference in references))

        def emit() -> None:
            securiser(self.practice, content, le=JOUR)
            emission = emettre(self.practice, self.practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)
            if len(emission.fichiers) != 1:
                raise SystemExit("the invoices are not emitted")

        return emit


def draw(weeks: int) -> Iterator[Invoice]:
    """Invoices at random, never twice the same, until none is left; of the same places in their weeks at any size.

    A quarter of them are drawn before a number comes again, for another prestataire: the numbers of a return differ.
    """
    places = Random(1).sample(range(_NUMBERS), _NUMBERS)
    orders = {place: Random(place).sample(range(weeks), weeks) for place in places}
    for shift in range(len(PRESTATAIRES)):
        for turn in range(weeks):
            for place in places:
                day, ordre = divmod(place, PER_LOT)
                prestataire = (place + turn + shift) % len(PRESTATAIRES)
                yield Invoice(orders[place][turn] * WEEK + day * PER_DAY + prestataire * PER_LOT + ordre)


def next_invoices(drawn: Iterator[Invoice], lines: int) -> list[Invoice]:
    """Those that make a return of so many lines, or one more: a deferred invoice is answered twice."""
    chosen: list[Invoice] = []
    while lines > 0:
        (one,) = islice(drawn, 1)
        chosen.append(one)
        lines -= 0 if one.kind in NOT_ANSWERED else 2 if one.kind == "differee" else 1
    return chosen
