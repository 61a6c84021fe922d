"""Notices that a mail server sends about a message of ours (RFC 3464): failed, delayed, delivered.

Only what helps to find the message and to say why is kept: no address, no free text of a server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from fse.base.errors import UnreadableError
from fse.infra.transport import mime

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]

_ACTIONS: tuple[Action, ...] = get_args(Action)  # the worst first
_SEVERITY: dict[str, int] = {action: rank for rank, action in enumerate(_ACTIONS)}
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_RECIPIENTS_MAX = 100
_STATUSES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")

_REASONS = {
    "1.1": "l'adresse du destinataire n'existe pas",
    "1.2": "le domaine du destinataire n'existe pas",
    "1.10": "le domaine du destinataire ne reçoit pas de courrier",
    "2.1": "la boîte du destinataire est désactivée",
    "2.2": "la boîte du destinataire est pleine",
    "2.3": "le message est trop gros pour le destinataire",
    "3.4": "le message est trop gros pour le serveur du destinataire",
    "4.1": "le serveur du destinataire ne répond pas",
    "4.2": "la liaison avec le serveur du destinataire est mauvaise",
    "4.4": "le serveur du destinataire n'est pas trouvé",
    "4.7": "le délai de remise est passé",
    "7.1": "le destinataire n'accepte pas cet expéditeur",
}
"""Subject and detail of RFC 3463, without the class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Avis:
    """What became of a message of ours.

    `action`: the worst over its recipients. `statut`: as "5.1.1", "" when not said. `identifiant`: the Message-ID of
    the message concerned, with brackets, "" when the notice does not return its headers.
    """

    action: Action
    statut: str
    identifiant: str

    @property
    def raison(self) -> str:
        """Why, in French, to follow "car" or a colon."""
        return _REASONS.get(self.statut.partition(".")[2], "le serveur ne dit pas pourquoi")


def read_notice(root: mime.Part) -> Avis | None:
    """The notice that a message is, None when it is something else. Raises as `mime.parse`."""
    blocks: list[mime.Part] = []
    original = ""
    for part in mime.leaves(root):
        kind = part.get_content_type()
        if kind in _STATUSES:
            blocks += _blocks(part)
        elif kind in _RETURNED and not original:
            original = _message_id(part)
    found = [
        (_SEVERITY[action], _status(block))
        for block in blocks
        if (action := mime.header(block, "Action").partition(" ")[0].lower()) in _SEVERITY
    ]
    if not found:
        return None
    rank, status = min(found)
    return Avis(action=_ACTIONS[rank], statut=status, identifiant=original)


def _blocks(part: mime.Part) -> list[mime.Part]:
    """The groups of fields of a delivery status: of the message, then one a recipient."""
    if part.get_content_type() == "message/delivery-status":
        return mime.inside(part)
    return [  # the parser takes an internationalised one for a message: the fields of a recipient stand in its body
        mime.parse(group, headers_only=True)
        for one in mime.inside(part)
        for group in mime.content(one).replace(b"\r", b"").split(b"\n\n", _RECIPIENTS_MAX)[:_RECIPIENTS_MAX]
    ]


def _status(block: mime.Part) -> str:
    found = _STATUS.match(mime.header(block, "Status"))
    return found.group() if found else ""


def _message_id(part: mime.Part) -> str:
    """The Message-ID in what a notice returns of the message concerned: all of it, or its headers."""
    try:
        returned = mime.inside(part) or [mime.parse(mime.content(part), headers_only=True)]
    except UnreadableError:
        return ""
    found = _MESSAGE_ID.search(mime.header(returned[0], "Message-ID"))
    return found.group() if found else ""
