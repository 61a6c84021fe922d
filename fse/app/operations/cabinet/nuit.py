"""What a practice may not say of its nights: folders that are one and the same, hold another, or hold its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fse.app.operations.cabinet.description import Cabinet

_PRIVATE = "celui de cabinet.toml, du journal ou d'une clé : aucun fichier ne s'y dépose"


def night_problem(cabinet: Cabinet) -> str | None:
    """What is wrong with the folders of `[nuit]`, in French.

    What stands in the folder of an OCT is fetched or taken away by others; a page is no return. Every file of a folder
    is opened, and what is received moves inside it: neither the journal nor a key is there, nor another folder.
    """
    known = {_place(cabinet, path): name for name, path in _others(cabinet) if path}
    private = set(_private(cabinet))
    for path in cabinet.nuit.dossiers:
        if not path.strip() or "\0" in path:
            return "Dans [nuit], dossiers est une suite de chemins."
        place = _place(cabinet, path)
        if place in known:
            return f"Dans [nuit], le dossier {path} est déjà celui de {known[place]}."
        if place in private:
            return f"Dans [nuit], le dossier {path} est {_PRIVATE}."
        known[place] = "dossiers, une première fois"
    return _nested(cabinet) or ("Dans [nuit], rapport est un chemin." if "\0" in cabinet.nuit.rapport else None)


def _nested(cabinet: Cabinet) -> str | None:
    """A folder of `[nuit]`, `[envoi]` or `[releve]` inside one where files are dropped."""
    dropped = {_place(cabinet, path): path for path in cabinet.nuit.dossiers}
    named = [*dropped.values(), *(path for _, path in _others(cabinet) if path)]
    for path in named:
        place = _place(cabinet, path)
        for outer, name in dropped.items():
            if place != outer and place.is_relative_to(outer):
                return f"Dans [nuit], le dossier {name} contient {path} : les mettre l'un à côté de l'autre."
    return None


def _others(cabinet: Cabinet) -> Iterator[tuple[str, str]]:
    """The folders that have another use, and which."""
    if cabinet.envoi is not None:
        yield "[envoi]", cabinet.envoi.dossier
    if cabinet.releve is not None:
        yield "[releve]", cabinet.releve.dossier
    if "\0" not in cabinet.nuit.rapport:
        yield "rapport", cabinet.nuit.rapport


def _private(cabinet: Cabinet) -> Iterator[Path]:
    """The folders of the description, the journal and the keys."""
    yield cabinet.folder.resolve()
    if isinstance(cabinet.journal_place, Path):
        yield cabinet.journal_path.resolve().parent
    keys = [one.cle for one in cabinet.prestataires]
    if cabinet.releve is not None:
        keys.append(cabinet.releve.cle)
    for key in keys:
        if key and "\0" not in key:
            yield _place(cabinet, key).parent


def _place(cabinet: Cabinet, path: str) -> Path:
    return (cabinet.folder / path).resolve()
