"""The code lists of a practice: ours, completed by the CSV files of the folder that `[codes]` of `cabinet.toml` names.

A file bears the name of one of our lists (`rejets.csv`, `lettre_cle.csv`…) and has its columns. What it says of a code
replaces what ours says. The folder is read once, when the practice is loaded.
"""

from __future__ import annotations

from pathlib import Path

from fse.base.errors import UsageError
from fse.base.french import system_reason
from fse.norm.referentiels.codes import CodeLists, complete
from fse.norm.referentiels.entries import CodeListError

_ENDING = ".csv"


def load_lists(folder: Path) -> CodeLists:
    """Our lists completed by those of a folder.

    Raises `UsageError` (`codes.dossier`, `codes.illisible`, `codes.ligne`).
    """
    try:
        paths = {one.stem: one for one in sorted(folder.iterdir()) if one.suffix.lower() == _ENDING}
    except OSError as error:
        raise UsageError(
            "codes.dossier",
            f"Le dossier des listes de codes ne se lit pas : {system_reason(error)}.",
            action="Créer ce dossier, ou corriger « dossier » de [codes] dans cabinet.toml.",
            lieu=str(folder),
        ) from None
    texts = {liste: _text(path) for liste, path in paths.items()}
    try:
        return complete(texts)
    except CodeListError as error:
        raise UsageError(
            "codes.ligne",
            f"Ligne {error.ligne} : {error.raison}",
            action="Corriger cette ligne, ou retirer le fichier du dossier.",
            lieu=str(paths[error.liste]),
        ) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        reason = "il n'est pas en UTF-8"
    except OSError as error:
        reason = system_reason(error)
    raise UsageError(
        "codes.illisible",
        f"Ce fichier de codes ne se lit pas : {reason}.",
        action="L'enregistrer au format « CSV UTF-8 » du tableur.",
        lieu=str(path),
    )
