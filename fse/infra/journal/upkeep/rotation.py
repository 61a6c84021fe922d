"""A new key for the user: the data key is wrapped again, nothing else is rewritten, the old key opens nothing more.

A copy of the journal made before keeps its old envelope: whoever has it and the old key still opens that copy.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update

from fse.infra.journal.events import Genre
from fse.infra.journal.journal import Journal, binding
from fse.infra.journal.schema.tables import cabinet as cabinet_table
from fse.infra.journal.secrets import Enveloppe, unwrap_key, wrap_key
from fse.infra.journal.upkeep import destruction


def rotate(journal: Journal, ancienne: str, nouvelle: str, now: datetime, *, auteur: str, motif: str) -> None:
    """Wrap the data key with the new user's key, in one transaction with its event.

    Raises `StorageError`: `journal.cle` (the old key is wrong), `journal.cle_vide`, `journal.cle_courte`.
    """
    mine = cabinet_table.c.cabinet == journal.cabinet
    with journal.transaction(now) as transaction:
        row = transaction.connection.execute(select(cabinet_table).where(mine)).mappings().one()
        bound = binding(journal.cabinet, row["marque"], row["cree_le"])
        stored = Enveloppe(row["sel"], row["parametres_kdf"], row["cle_enveloppee"])
        envelope = wrap_key(unwrap_key(stored, ancienne, bound), nouvelle, bound)
        destruction.overwrite_what_is_deleted(transaction.connection)
        transaction.connection.execute(
            update(cabinet_table)
            .where(mine)
            .values(
                sel=envelope.sel,
                parametres_kdf=envelope.parametres_kdf,
                cle_enveloppee=envelope.cle_enveloppee,
            )
        )
        transaction.event(
            Genre.CLE_TOURNEE, {"auteur": auteur, "motif": motif, "enveloppe": envelope_fingerprint(envelope)}
        )
    destruction.empty_log(journal)


def envelope_fingerprint(envelope: Enveloppe) -> str:
    """SHA-256 (hex) of an envelope: an older one put back by hand is not the one that the last rotation recorded."""
    return sha256(envelope.sel + envelope.parametres_kdf.encode() + envelope.cle_enveloppee).hexdigest()
