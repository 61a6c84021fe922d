"""The MIME entity that carries the files of one sending: what is encrypted, and what a message holds.

The mail profile of SESAM-Vitale is not public: this one is ours (docs/transport.md). Base64 always: POP3 readers refuse
long lines, and mail servers may change line ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from hashlib import sha256

_POLICY = policy.SMTP


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message: its name, without a folder, and its bytes."""

    nom: str
    contenu: bytes = field(repr=False)


def build_entity(attachments: Sequence[Attachment]) -> bytes:
    """The entity that holds these files, in their order; the same files always give the same bytes."""
    return mixed(attachments).as_bytes()


def mixed(attachments: Sequence[Attachment]) -> EmailMessage:
    """The same as a message, to which headers can be added."""
    message = EmailMessage(policy=_POLICY)
    message.make_mixed()
    digest = sha256()
    for one in attachments:
        digest.update(one.nom.encode() + b"\0" + one.contenu)
        message.add_attachment(one.contenu, maintype="application", subtype="octet-stream", filename=one.nom)
    message.set_boundary(f"fse-{digest.hexdigest()[:32]}")
    return message
