"""`[confiance]`: what a practice may not say of the authorities that it trusts, and reading what it names."""

from __future__ import annotations

from pathlib import Path

from fse.app.operations.cabinet.description import Cabinet
from fse.base.errors import SignatureError
from fse.base.french import system_reason

MAX_FILE = 16_777_216  # bytes; the largest revocation list that is read


def confiance_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the files of certificates and lists that a practice names, in French."""
    trust = cabinet.confiance
    named = {
        "ancres dans [confiance]": trust.ancres,
        "lcr dans [confiance]": trust.lcr,
        **{
            f"certificats dans destinations n° {rank}": one.certificats
            for rank, one in enumerate(cabinet.destinations, start=1)
        },
    }
    for where, names in named.items():
        if any(not name.strip() or "\0" in name for name in names):
            return f"La clé {where} est une liste de chemins de fichiers."
        if len(set(names)) != len(names):
            return f"La clé {where} nomme deux fois un fichier."
    if trust.lcr and not trust.ancres:
        return "Dans [confiance], lcr ne va pas sans ancres : une liste ne vaut que par l'autorité qui la signe."
    return None


def read_ancres(cabinet: Cabinet) -> list[bytes]:
    """The files of the anchors that the practice trusts. Raises `SignatureError` (`confiance.illisible`)."""
    return [_content(cabinet.folder / name) for name in cabinet.confiance.ancres]


def read_lcr(cabinet: Cabinet) -> list[bytes]:
    """The files of the revocation lists that the practice has. Raises `SignatureError` (`confiance.illisible`)."""
    return [_content(cabinet.folder / name) for name in cabinet.confiance.lcr]


def _content(path: Path) -> bytes:
    """At most one byte more than `MAX_FILE`, so that whoever parses it refuses it."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise SignatureError(
            "confiance.illisible",
            f"Ce fichier de [confiance] ne peut pas être lu : {system_reason(error)}.",
            action="Vérifier son chemin dans cabinet.toml (confiance, ancres et lcr).",
            lieu=str(path),
        ) from error
