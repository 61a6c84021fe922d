"""A server that is reached by name through TLS: its address, what is trusted to vouch for it, what goes wrong.

TLS 1.2 at least; the certificate is checked, and the name in it: nothing turns that off.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fse.base.errors import FseError, StorageError, UsageError
from fse.base.french import system_reason
from fse.infra.transport.lines import TooLongError


@dataclass(frozen=True, slots=True, kw_only=True)
class Serveur:
    """Where to connect. `serveur` is the name that the certificate bears; `compte` is "" without authentication.

    `autorites`: the file (PEM) of the only authorities trusted, "" for those of the system. In seconds: `delai` for
    the connection and for each answer, `delai_final` for the answer that takes a message over (RFC 5321 allows ten
    minutes: a shorter wait makes more `incertain`).
    """

    serveur: str
    port: int
    compte: str = ""
    autorites: str = ""
    delai: float = 30.0
    delai_final: float = 300.0

    @property
    def lieu(self) -> str:
        """Where an error is."""
        return f"{self.serveur}:{self.port}"


def tls_context(serveur: Serveur) -> ssl.SSLContext:
    """What checks the certificate and the name of this server. Raises `StorageError` (`transport.autorites`)."""
    try:
        context = ssl.create_default_context(cafile=serveur.autorites or None)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise StorageError(
            "transport.autorites",
            f"Le fichier des autorités ne peut pas être lu : {_file_reason(error)}.",
            action="Donner dans cabinet.toml (autorites) le fichier PEM de l'autorité du serveur, ou rien.",
            lieu=serveur.autorites,
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def check_credentials(serveur: Serveur, password: str) -> None:
    """Refuse what cannot be said to a server. Raises `UsageError` (`transport.mot_de_passe`), which quotes nothing."""
    both = serveur.compte + password
    if any(one < " " or one == "\x7f" or "\ud800" <= one <= "\udfff" for one in both):
        raise UsageError(
            "transport.mot_de_passe",
            "Le compte ou le mot de passe contient un caractère qui ne peut pas être envoyé à un serveur.",
            action="Vérifier le compte dans cabinet.toml et la façon dont le mot de passe est donné.",
            lieu=serveur.lieu,
        )


@contextmanager
def connecting(serveur: Serveur) -> Iterator[None]:
    """Turns what the network and TLS raise into typed errors.

    Raises `StorageError`: `transport.certificat` (not vouched for, expired, another name), `transport.tls` (no common
    version, not TLS), `transport.serveur_injoignable` (unknown name, refused, silent, connection lost).
    """
    try:
        yield
    except FseError:
        raise
    except ssl.SSLCertVerificationError as error:
        why = _CERTIFICATE.get(error.verify_code, "il ne peut pas être vérifié")
        raise StorageError(
            "transport.certificat",
            f"Le certificat du serveur est refusé : {why}.",
            action="Vérifier le nom du serveur et les autorités dans cabinet.toml ; rien n'a été envoyé à ce serveur.",
            lieu=serveur.lieu,
        ) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise unreachable(serveur, "la connexion est coupée") from error
    except ssl.SSLError as error:
        raise StorageError(
            "transport.tls",
            "La liaison chiffrée (TLS 1.2 ou plus) avec le serveur ne peut pas être établie ou s'est rompue.",
            action="Vérifier le port dans cabinet.toml, ou demander à l'hébergeur un serveur à jour.",
            lieu=serveur.lieu,
        ) from error
    except (OSError, EOFError) as error:
        raise unreachable(serveur, _network_reason(error)) from error


def unreachable(serveur: Serveur, reason: str) -> StorageError:
    """The server does not answer, or no longer."""
    return StorageError(
        "transport.serveur_injoignable",
        f"Le serveur de messagerie ne répond pas : {reason}.",
        action="Vérifier la connexion à Internet et l'adresse du serveur, puis recommencer : rien n'est perdu.",
        lieu=serveur.lieu,
    )


def unavailable(serveur: Serveur, code: str = "") -> StorageError:
    """The server answers that it cannot serve now, or in a way that cannot be understood."""
    return StorageError(
        "transport.serveur_indisponible",
        f"Le serveur de messagerie répond qu'il ne peut pas travailler{f' ({code})' if code else ''}.",
        action="Recommencer plus tard ; si cela dure, le signaler à l'hébergeur de la messagerie. Rien n'est perdu.",
        lieu=serveur.lieu,
    )


def refused(serveur: Serveur, why: str = "le compte ou le mot de passe est faux") -> StorageError:
    """The server does not accept the account."""
    return StorageError(
        "transport.identification",
        f"Le serveur de messagerie refuse l'identification : {why}.",
        action="Vérifier compte et mot de passe avant de recommencer : plusieurs échecs peuvent bloquer le compte.",
        lieu=serveur.lieu,
    )


_CERTIFICATE = {
    7: "il ne vient pas d'une autorité reconnue",
    9: "il n'est pas encore valable",
    10: "il a expiré",
    18: "il ne vient pas d'une autorité reconnue",
    19: "il ne vient pas d'une autorité reconnue",
    20: "il ne vient pas d'une autorité reconnue",
    21: "il ne vient pas d'une autorité reconnue",
    23: "il est révoqué",
    62: "il porte un autre nom que ce serveur",
    64: "il porte une autre adresse que ce serveur",
}
"""By the X509_V_ERR_* of OpenSSL."""


def _file_reason(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        return system_reason(error)
    return "il ne contient pas de certificat PEM"


def _network_reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "son nom est inconnu"
    if isinstance(error, TooLongError):
        return "sa réponse n'en finit pas"
    if isinstance(error, TimeoutError):
        return "le délai d'attente est passé"
    if isinstance(error, ConnectionRefusedError):
        return "la connexion est refusée"
    return "la connexion est coupée"
