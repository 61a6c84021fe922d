"""From `[envoi]` and `[releve]` of `cabinet.toml` to what the transport asks for. Paths start from its own folder."""

from __future__ import annotations

from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.description import Envoi, Releve
from fse.infra.transport.tls import Serveur


def server(cabinet: Cabinet, way: Envoi | Releve) -> Serveur:
    """The mail server that files leave by, or that returns come to."""
    return Serveur(
        serveur=way.serveur,
        port=way.port,
        compte=way.compte,
        autorites=str(cabinet.folder / way.autorites) if way.autorites else "",
    )


def folder(cabinet: Cabinet, way: Envoi | Releve) -> Path:
    """The folder shared with an OCT."""
    return cabinet.folder / way.dossier
