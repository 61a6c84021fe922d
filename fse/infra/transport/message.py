"""The mail message that carries one file, and what any message that comes is (docs/transport.md: the profile is ours).

What leaves is made once from the same inputs, byte for byte: a second delivery is recognised by its Message-ID. What
comes may be anything: an answer, a notice that ours was not delivered, an automatic reply, advertising.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from fse.base.errors import UsageError
from fse.infra.transport import mime
from fse.infra.transport.dsn import Avis, read_notice
from fse.infra.transport.entity import Attachment, mixed
from fse.infra.transport.names import printable
from fse.infra.transport.unpacking import files

_ADDRESS = re.compile(r"[!#$%&'*+/=?^_`{|}~.A-Za-z0-9-]{1,64}@[A-Za-z0-9.-]{1,255}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_SUBJECT_MAX = 200
_ID_MAX = 70  # a longer one would be folded, and compared in vain by others
_ENVELOPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Courrier:
    """What a message that leaves says of itself. Nothing here may be personal: it travels in clear.

    `identifiant` is the Message-ID with its brackets, fixed for a file; `date` bears a time zone.
    """

    expediteur: str
    destinataire: str
    sujet: str
    identifiant: str
    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recu:
    """What a message that came is.

    `identifiant`: its Message-ID with brackets, "" without one. `pieces`: its files in clear; `enveloppes`: its
    encrypted parts (CMS, not opened). `avis`: it says what became of a message of ours, and then it has neither files
    nor envelopes. `automatique`: made by a machine (absence, read receipt, bulletin). `tronque`: it ends before it
    should, so that its last file may be cut.
    """

    identifiant: str
    expediteur: str = field(repr=False)
    sujet: str = field(repr=False)
    pieces: tuple[Attachment, ...] = ()
    enveloppes: tuple[Attachment, ...] = ()
    avis: Avis | None = None
    automatique: bool = False
    tronque: bool = False


def build_sealed_message(courrier: Courrier, nom: str, enveloppe: bytes) -> bytes:
    """The message whose content is an encrypted envelope (CMS EnvelopedData, DER); `nom` ends with .p7m.

    Raises `UsageError`: `courrier.adresse`, `courrier.en_tete` (the subject, the Message-ID or the date cannot stand in
    a message).
    """
    message = EmailMessage(policy=policy.SMTP)
    message.set_content(
        enveloppe,
        maintype="application",
        subtype="pkcs7-mime",
        filename=nom,
        params={"smime-type": "enveloped-data", "name": nom},
    )
    return _finished(message, courrier)


def build_clear_message(courrier: Courrier, attachments: Sequence[Attachment]) -> bytes:
    """The message that holds these files in clear: for tests and for what names nobody. Raises as above."""
    return _finished(mixed(attachments), courrier)


def read_message(data: bytes) -> Recu:
    """What these bytes are, within bounded time and memory. A message inside another is not looked into.

    Raises `UnreadableError`: `courrier.trop_gros`, `courrier.illisible`.
    """
    root = mime.parse(data)
    identity = _MESSAGE_ID.search(mime.header(root, "Message-ID"))
    avis = read_notice(root)
    clear: list[Attachment] = []
    sealed: list[Attachment] = []
    if avis is None:
        for part, one in files(root):
            (sealed if _is_envelope(part, one.nom) else clear).append(one)
    return Recu(
        identifiant=identity.group() if identity else "",
        expediteur=mime.header(root, "From"),
        sujet=mime.header(root, "Subject"),
        pieces=tuple(clear),
        enveloppes=tuple(sealed),
        avis=avis,
        automatique=avis is not None or _is_automatic(root),
        tronque=mime.is_cut(root),
    )


def _finished(message: EmailMessage, courrier: Courrier) -> bytes:
    _check(courrier)
    if "MIME-Version" not in message:
        message["MIME-Version"] = "1.0"
    message["From"] = courrier.expediteur
    message["To"] = courrier.destinataire
    message["Subject"] = courrier.sujet
    message["Date"] = format_datetime(courrier.date)
    message["Message-ID"] = courrier.identifiant
    message["Auto-Submitted"] = "auto-generated"  # no absence notice comes back (RFC 3834)
    return message.as_bytes()


def check_addresses(*addresses: str) -> None:
    """Refuse what is no mail address; "" is one: nobody. Raises `UsageError` (`courrier.adresse`)."""
    for address in addresses:
        if address and not _ADDRESS.fullmatch(address):
            raise UsageError(
                "courrier.adresse",
                "Une adresse de messagerie n'en est pas une.",
                action="Vérifier les adresses de cabinet.toml : un nom, @, un domaine, sans accent ni espace.",
                lieu=printable(address)[:80],
            )


def _check(courrier: Courrier) -> None:
    check_addresses(courrier.expediteur or " ", courrier.destinataire or " ")
    subject, identity = courrier.sujet, courrier.identifiant
    wrong = {
        "son sujet": subject != printable(subject) or len(subject) > _SUBJECT_MAX,
        "son identifiant": not _MESSAGE_ID.fullmatch(identity) or len(identity) > _ID_MAX,
        "sa date": courrier.date.tzinfo is None,
    }
    if any(wrong.values()):
        raise UsageError(
            "courrier.en_tete",
            f"Ce message ne peut pas être écrit : {', '.join(one for one in wrong if wrong[one])} n'est pas valable.",
            action="Ne pas l'envoyer, et le signaler : fse fait lui-même ces en-têtes.",
        )


def _is_envelope(part: mime.Part, name: str) -> bool:
    """An encrypted part, however its type is spelt; what is only signed (`smime-type=signed-data`) is not one."""
    kind = mime.parameter(part, "smime-type").lower()
    if kind:
        return kind in ("enveloped-data", "authenveloped-data")
    return part.get_content_type() in _ENVELOPES or name.lower().endswith(".p7m")


def _is_automatic(root: mime.Part) -> bool:
    submitted = mime.header(root, "Auto-Submitted").lower()
    precedence = mime.header(root, "Precedence").lower()
    return (
        submitted.startswith("auto-replied")
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or root.get_content_type() == "multipart/report"
    )
