"""What a message holds: returns, the notice of a mail server, or nothing for us; and whether its bytes may be kept.

A message is judged before it is kept: the journal keeps it whole, and a journal of tests or of demonstration keeps no
real flow (precisions, "Real flow"), nor one whose marking cannot be read, nor a B2 file, which nobody sends to a
practice. What is kept is judged again when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.recevoir import RETOURS
from fse.app.operations.transmission.cle import CleReception
from fse.base.errors import UnreadableError
from fse.infra.transport.dsn import Avis
from fse.infra.transport.entity import Attachment
from fse.infra.transport.message import read_message
from fse.infra.transport.unpacking import read_entity
from fse.norm.layout import EntityRow, FileStart, read

Nature = Literal["avis", "retours", "non_conserve", "sans_retour", "etranger"]
"""The notice of a mail server; returns, to keep; returns in what may not be kept; an envelope for us without any;
nothing for us."""

_Piece = Literal["retour", "interdit", "emis", "autre"]
"""A return to keep; one that is not to be kept; a file of a family that a practice does not receive; something else."""

_ENVELOPED = (
    bytes.fromhex("06092a864886f70d010703"),  # enveloped-data, RFC 5652
    bytes.fromhex("060b2a864886f70d0109100117"),  # authenveloped-data, RFC 5083
)
_HEAD = 40
"""Bytes in which a CMS content says what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettre:
    """A message opened. `retours`: its files that receiving takes, in their order."""

    nature: Nature
    retours: tuple[Attachment, ...] = ()
    avis: Avis | None = None


class Ouvreur:
    """Opens the messages of one run: the reception key is opened once, when the first envelope is met."""

    def __init__(self, cabinet: Cabinet, mot_de_passe: Callable[[], str]) -> None:
        self._marque = cabinet.marque
        self._cle = CleReception(cabinet, mot_de_passe)

    def open(self, contenu: bytes, *, courriel: bool) -> Lettre:
        """What these bytes are: a mail message, or a file that a folder held.

        Raises `SignatureError` (no reception key, refused, another recipient, a damaged envelope), `UsageError` (the
        password of the key cannot be asked), `UnreadableError` (a message that is none).
        """
        if courriel:
            message = read_message(contenu)
            clear, sealed = message.pieces, message.enveloppes
            if message.avis is not None:
                return Lettre(nature="avis", avis=message.avis)
        else:
            clear, sealed = _of_folder(contenu)
        pieces = [*clear, *(inside for one in sealed for inside in self._opened(one))]
        judged = [(one, _judge(one.contenu, self._marque)) for one in pieces]
        returns = tuple(one for one, what in judged if what in ("retour", "interdit"))
        if any(what in ("interdit", "emis") for _, what in judged):
            return Lettre(nature="non_conserve" if returns else "etranger", retours=returns)
        if returns:
            return Lettre(nature="retours", retours=returns)
        return Lettre(nature="sans_retour" if sealed else "etranger")

    def _opened(self, sealed: Attachment) -> Iterator[Attachment]:
        """What an envelope holds: an entity of several files, or one file as it stands."""
        content = self._cle.open(sealed.contenu)
        if _judge(content, self._marque) != "autre" and not content.lstrip().lower().startswith(_ENTITY):
            yield Attachment(sealed.nom.removesuffix(".p7m"), content)
        else:
            yield from read_entity(content)


_ENTITY = (b"content-", b"mime-version")
"""How an entity starts, in small letters."""


def _of_folder(contenu: bytes) -> tuple[tuple[Attachment, ...], tuple[Attachment, ...]]:
    """A file of a folder, in clear or encrypted: told by its bytes, for its name is not kept."""
    sealed = any(one in contenu[:_HEAD] for one in _ENVELOPED)
    piece = (Attachment("", contenu),)
    return ((), piece) if sealed else (piece, ())


def _judge(contenu: bytes, marque: str) -> _Piece:
    """What receiving would make of this content, without receiving it."""
    found: set[_Piece] = set()
    try:
        for item in read([contenu]):
            if isinstance(item, FileStart):
                famille = item.edition.famille if item.edition else None
                found.add("interdit" if famille is None else "retour" if famille in RETOURS else "emis")
            elif isinstance(item, EntityRow) and item.rang == 1 and famille in RETOURS and not _bears(item, marque):
                found.add("interdit")
    except UnreadableError:
        return "autre"
    return "interdit" if len(found) > 1 else found.pop()


def _bears(head: EntityRow, marque: str) -> bool:
    return head.layout is not None and head.valeurs.get("marque") == marque
