"""The paper that sizes a national concentrator from the figures that `make bench-france` kept."""

from __future__ import annotations

from typing import Any

from docs.generator import france
from docs.generator.france import figure
from docs.generator.markdown import page_from, table

YEAR = 1_300_000_000
"""FSE of a year in the country."""
WORKING_DAYS = 300
PEAK = 2
"""A Monday after two days off, beside a mean day: our assumption."""
KEPT = 90
"""Days that bytes are kept at least (R161-47 CSS)."""
OPEN = 30
"""Days of invoices that still await an answer on a given night: our assumption; payers answer in days."""
_BLOCK = 4096
_PROVING = "proving seals and signatures"
_NIGHT = 4
"""Hours between the last return and the morning."""

Row = tuple[str, ...]

_OPENING = """\
An OCT that carries every FSE of the country: {year:,} a year, {mean} million on a mean day of {days}, {peak}
million on a peak day (we assume {times} times the mean). Every figure below is that of [the day of
France](performances.md#a-day-of-france) on the machine named there, multiplied; the cost of an invoice does not
grow with the day (same page), so that multiplying is fair."""

_ROLE = """\
It proves what practices send (seals, signatures), keeps it, hands it over, reads what payers answer, and says
of each line whose it is and what it pays. It builds and signs nothing: a professional's key stays on the card.
The simulator of payers and the emission of the measured day are no work of an OCT: they are what it is loaded
with."""

_NODES = """\
Proving goes along the day, as files come: {daytime} of a core over ten hours of a peak day. Reading and
matching are the night's: {cores} of a core busy for {night} hours of a peak day, matching that day alone. One
machine of 2 cores and 4 GiB carries the country; a second one, elsewhere, is there for the day the first is
not. More cores divide the time of reading (a process a core); slices of practices are matched apart, on as many
machines as there are, or by Spark with the same SQL."""

_KEEPING = """\
Encryption adds nothing to speak of; a copy elsewhere doubles it. The bytes of lots and returns are kept {kept}
days and until settled, tables as long as their owner decides."""

_BREAKS = """\
1. **Proving signatures**: {share} % of the core time. A third of that is the path of certificates, built again
   for each lot of the same card; another third is reading record by record. It divides by files, so that cores
   answer it, and a path proved once for a card and a day would take its third away. Not done here.
2. **Files**: one signature a lot makes {lots} files a day, {millions} million in {kept} working days. A file
   system holds them; copying, listing and deleting them is what takes the time. One archive for each file sent
   is the answer: the message that carries a file to a payer already is one.
3. **History**: a return answers invoices of other days. With {open} days of invoices open, matching everything
   again each night takes {again} core hours of a mean day instead of {once}. Practices do not weigh on one
   another: matching again only those that received something, as a journal does, is what keeps the night short.
4. **Memory does not**: reading holds one unit of 16 MB a core, matching one slice of practices; both are
   bounded by constants, not by the day.
5. **The odd file**: a return that columns cannot prove is read record by record, some forty times as slowly
   ([measured](performances.md)). One payer whose files all carry a warning would make its share of the night
   that long."""


def text() -> str:
    """The page."""
    day = france.day()
    parts = ("Not measured yet: `make bench-france`.",) if day is None else _parts(day)
    return page_from("benchmarks/results/france.json", "# Sizing a national concentrator (OCT)", *parts)


def _parts(day: dict[str, Any]) -> tuple[str, ...]:
    mean = YEAR / WORKING_DAYS
    millions, most = figure(mean / 1e6), figure(PEAK * mean / 1e6)
    return (
        _OPENING.format(year=YEAR, mean=millions, days=WORKING_DAYS, peak=most, times=PEAK),
        f"## What it does, and what it does not\n\n{_ROLE}",
        f"## Hours\n\n{_hours(day, mean)}",
        _nodes(day, mean),
        f"## Storage\n\n{_storage(day, mean)}",
        _KEEPING.format(kept=KEPT),
        f"## What breaks first\n\n{_breaks(day, mean)}",
    )


def _work(day: dict[str, Any]) -> dict[str, float]:
    """Core seconds an invoice, by what an OCT does."""
    phases = {one["nom"]: one["secondes"] * one["coeurs"] for one in day["phases"]}
    proved = day["verification"]
    return {
        _PROVING: proved["secondes"] / proved["factures"],
        "reading returns": sum(phases[name] for name in ("inventory", "reading", "duplicates")) / day["taille"],
        "matching": phases["matching"] / day["taille"],
    }


def _hours(day: dict[str, Any], mean: float) -> str:
    work = _work(day)
    rows = [
        (name, figure(1e6 * one), figure(one * mean / 3600), figure(PEAK * one * mean / 3600))
        for name, one in work.items()
    ]
    total = sum(work.values())
    rows.append(("in all", figure(1e6 * total), figure(total * mean / 3600), figure(PEAK * total * mean / 3600)))
    return table(("Work", "Core µs an invoice", "Core hours, mean day", "Core hours, peak day"), rows).rstrip()


def _nodes(day: dict[str, Any], mean: float) -> str:
    work = _work(day)
    proving = work.pop(_PROVING)
    daytime, night = (PEAK * mean * seconds / 3600 for seconds in (proving, sum(work.values())))
    return _NODES.format(daytime=figure(daytime / 10), cores=figure(night / _NIGHT), night=_NIGHT)


def _storage(day: dict[str, Any], mean: float) -> str:
    signatures = day["lots"] * _BLOCK
    tables = day["octets_disque"] - day["octets_b2"] - day["octets_noemie"] - signatures
    kinds = {
        "B2 files": day["octets_b2"],
        "signatures, one a lot, in blocks of 4 KB": signatures,
        "returns (NOEMIE)": day["octets_noemie"],
        "tables: facts, rows of returns, what matching stores (Parquet)": max(tables, 0),
    }
    rows = [_stored(name, octets / day["taille"], mean) for name, octets in kinds.items()]
    rows.append(_stored("in all", sum(kinds.values()) / day["taille"], mean))
    header = ("What", "Bytes an invoice", "GB a mean day", f"TB in {KEPT} working days", "TB a year")
    return table(header, rows).rstrip()


def _stored(name: str, octets: float, mean: float) -> Row:
    each = octets * mean
    return name, figure(octets), figure(each / 1e9), figure(KEPT * each / 1e12), figure(WORKING_DAYS * each / 1e12)


def _breaks(day: dict[str, Any], mean: float) -> str:
    work = _work(day)
    once = work["matching"] * mean / 3600
    lots = mean * day["lots"] / day["taille"]
    return _BREAKS.format(
        share=figure(100 * work[_PROVING] / sum(work.values())),
        lots=figure(lots),
        millions=figure(KEPT * lots / 1e6),
        kept=KEPT,
        open=OPEN,
        again=figure(OPEN * once),
        once=figure(once),
    )
