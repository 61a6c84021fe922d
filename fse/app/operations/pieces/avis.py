"""What a mail server says later of a document that it had taken over: it was not delivered, and leaves again."""

from __future__ import annotations

import re

from fse.infra.journal import Reading, Transaction
from fse.infra.journal.facts.exchanges import pieces
from fse.infra.journal.facts.exchanges.pieces import PieceRow

_MESSAGE_ID = re.compile(
    r"<piece\.(?P<who>\w{9})\.(?P<numero>[0-9]{1,9})\.(?P<piece>[0-9]{1,9})"
    r"\.(?P<empreinte>[0-9a-f]{12})\.(?P<marque>[TD])@.+>"
)


def piece_of(reading: Reading, identifiant: str, marque: str) -> PieceRow | None:
    """The document of this journal that a Message-ID names, its digest and the marking of the practice included."""
    ours = _MESSAGE_ID.fullmatch(identifiant)
    row = pieces.find(reading, int(ours["piece"])) if ours else None
    if ours is None or row is None or ours["marque"] != marque:
        return None
    same = (row.prestataire, row.numero) == (ours["who"], int(ours["numero"]))
    return row if same and row.empreinte.startswith(ours["empreinte"]) else None


def not_delivered(transaction: Transaction, piece: PieceRow, *, code: str, detail: str, jour: int) -> bool:
    """Record that a document was not delivered; false when it is not one that left, or was answered since."""
    suite = pieces.followed(transaction).get(piece.piece, [])
    if not suite or suite[-1].fait != "envoyee":
        return False
    pieces.follow(transaction, piece.piece, "echec", jour=jour, code=code, detail=detail)
    return True
