"""Engines that run the portable SQL of the matching, one module each, all with the methods of `engine.Engine`.

SQLite and PostgreSQL work inside a transaction over the tables of a journal; DuckDB and Spark own an archive. None
knows the journal, nor what the SQL means.
"""

from fse.infra.engines.engine import Engine, compute_all, of, prove_all

__all__ = ["Engine", "compute_all", "of", "prove_all"]
