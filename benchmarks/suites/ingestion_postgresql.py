"""The suite `ingestion` on PostgreSQL: by hand, `python -m benchmarks ingestion_postgresql`."""

from benchmarks.results import Report
from benchmarks.suites import ingestion


def run(rounds: int, scale: float = 1) -> Report:
    """Measure."""
    return ingestion.measured("ingestion_postgresql", "postgresql", rounds, scale)
