"""A file that was received is put away beside where it was dropped: nothing is removed, nothing is overwritten.

What is put away is in clear, often of patients, and sometimes a real flow that the journal may not keep: only the
account of the night may read it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from fse.app.operations.delivery import PRIVATE
from fse.base.findings import Finding, finding
from fse.base.french import system_reason
from fse.infra.transport.names import printable

_PRIVATE_FOLDER = 0o700
_DIGITS = 12


def put_away(folder: Path, nom: str, content: bytes, place: str) -> tuple[str, Finding] | None:
    """Move a file to this place if its bytes are still those that were read; one of the same name and other bytes is
    kept too. What kept it there: the reason without its name, and the finding; `None` once it is moved.
    """
    source, target = folder / nom, folder / place / nom
    try:
        if source.read_bytes() != content:
            return "Il a changé pendant sa lecture.", finding("nuit.fichier_change", fichier=printable(nom))
        target.parent.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        if target.exists() and target.read_bytes() != content:
            target = target.with_name(f"{target.stem}-{hashlib.sha256(content).hexdigest()[:_DIGITS]}{target.suffix}")
        if target.exists():
            source.unlink()
            return None
        with suppress(OSError):  # dropped by another account: its folder is private all the same
            source.chmod(PRIVATE)
        source.rename(target)
    except OSError as error:
        reason = system_reason(error)
        said = finding("nuit.fichier_reste", fichier=printable(nom), raison=reason)
        return f"Il est lu, mais n'a pas pu être rangé : {reason}.", said
    return None
