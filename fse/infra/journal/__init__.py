"""The system of record: facts, the chained events that recorded them, and the relations over them.

It holds facts only: states and matches are derived by portable SQL that is not here (`fse.domain.reconciliation`).
No other room of `fse.infra` is imported here. Importing this room imports SQLAlchemy, hence slowly: its callers
import it inside the function that needs it.
"""

from fse.infra.journal.chain import ChainBreak, Head
from fse.infra.journal.events import Genre
from fse.infra.journal.journal import Journal
from fse.infra.journal.schema.entities import EntityTables
from fse.infra.journal.transaction import Personne, Reading, Transaction

__all__ = ["ChainBreak", "EntityTables", "Genre", "Head", "Journal", "Personne", "Reading", "Transaction"]
