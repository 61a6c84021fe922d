"""The address of a Spark Connect server, checked before hours of reading."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from fse.base.errors import StorageError, UsageError
from fse.base.french import system_reason

_PORT = 15002
"""That of Spark Connect when an address says none."""
_SECONDS = 10.0


def check_spark(address: str) -> None:
    """Raises `UsageError` (`masse.spark`) for what is no address `sc://host:port`, `StorageError` (same code) when
    nothing listens there.
    """
    try:
        place = urlsplit(address)
        host, port = place.hostname, place.port or _PORT
    except ValueError:
        host, port, place = None, _PORT, urlsplit("")
    if place.scheme != "sc" or not host:
        raise UsageError(
            "masse.spark",
            "Ce n'est pas l'adresse d'un serveur Spark Connect.",
            action=f"Donner --spark sc://hôte:port (le port est {_PORT} s'il n'est pas dit).",
            lieu=address,
        )
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except (OSError, UnicodeError) as error:
        raise StorageError(
            "masse.spark",
            f"Le serveur Spark ne répond pas : {_reason(error)}. Rien n'a été lu.",
            action="Vérifier l'adresse et que le serveur Spark Connect est lancé, ou retirer --spark.",
            lieu=address,
        ) from error


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, socket.gaierror | UnicodeError):
        return "ce nom de machine n'est pas connu"
    if isinstance(error, TimeoutError):
        return f"pas de réponse en {_SECONDS:.0f} s"
    if isinstance(error, ConnectionRefusedError):
        return "rien n'écoute à ce port"
    return system_reason(error)
