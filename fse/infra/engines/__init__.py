"""Engines that run the portable SQL of the matching, one module each, all with the methods of `engine.Engine`.

An engine is given a connection or an archive, and knows neither the journal nor what the SQL means.
"""

from fse.infra.engines.engine import Engine, of

__all__ = ["Engine", "of"]
