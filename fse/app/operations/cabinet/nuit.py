"""What a practice may not say of its nights: folders that are one and the same, or none."""

from __future__ import annotations

from collections.abc import Iterator

from fse.app.operations.cabinet.description import Cabinet


def night_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the folders of `[nuit]`, in French.

    What stands in the folder of an OCT is fetched or taken away by others; a page is no return.
    """
    known = {(cabinet.folder / path).resolve(): name for name, path in _others(cabinet) if path}
    for path in cabinet.nuit.dossiers:
        if not path.strip() or "\0" in path:
            return "Dans [nuit], dossiers est une suite de chemins."
        place = (cabinet.folder / path).resolve()
        if place in known:
            return f"Dans [nuit], le dossier {path} est déjà celui de {known[place]}."
        known[place] = "dossiers, une première fois"
    return "Dans [nuit], rapport est un chemin." if "\0" in cabinet.nuit.rapport else None


def _others(cabinet: Cabinet) -> Iterator[tuple[str, str]]:
    """The folders that have another use, and which."""
    if cabinet.envoi is not None:
        yield "[envoi]", cabinet.envoi.dossier
    if cabinet.releve is not None:
        yield "[releve]", cabinet.releve.dossier
    if "\0" not in cabinet.nuit.rapport:
        yield "rapport", cabinet.nuit.rapport
