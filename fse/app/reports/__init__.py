"""What a practice reads or prints: pages and PDF, from one set of templates and one stylesheet (extra `pdf`)."""

from fse.app.reports.matin import RapportEcrit, write_report

__all__ = ["RapportEcrit", "write_report"]
