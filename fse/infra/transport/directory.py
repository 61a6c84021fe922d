"""A folder shared with an OCT (a body that carries files to the caisses): files put there, files found there.

The conventions are ours (docs/transport.md): a file appears whole under its name; a name that starts with a dot or
ends with .tmp or .part is not ready; a name is never used again for other bytes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from fse.base.errors import StorageError, UsageError
from fse.base.french import system_reason
from fse.infra.transport.mime import TAILLE_MAX
from fse.infra.transport.names import clean_name, printable

_UNREADY = (".tmp", ".part")
_ABANDONED = 3600  # seconds after which the temporary file of a run that was killed is removed
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouve:
    """A file that waits: its name, its size; `contenu` is None when it is above the bound, and was not read.

    `modifie` is when it was last written before it was read, in seconds as `time.time` by the clock of that disk.
    """

    nom: str
    taille: int
    modifie: float
    contenu: bytes | None = field(repr=False)


def deposit(folder: Path, name: str, content: bytes) -> None:
    """Put a file there, whole, for good on the disk; the same bytes already there are done, and nothing is overwritten.

    Raises `StorageError`: `transport.dossier` (absent, no right, full), `transport.nom_pris` (other bytes have this
    name); `UsageError` (`transport.nom_de_fichier`).
    """
    if clean_name(name) != name or not name or not _is_ready(name):
        raise UsageError(
            "transport.nom_de_fichier",
            "Ce nom ne peut pas être celui d'un fichier déposé.",
            action="Donner un nom sans dossier, qui ne commence pas par un point et ne finit ni par .tmp ni par .part.",
            lieu=name,
        )
    with _usable(folder):
        if _is_there(folder, name, content):
            return
        _remove_abandoned(folder, name)
        temporary = folder / f".{name}.{secrets.token_hex(4)}.tmp"
        try:
            with os.fdopen(os.open(temporary, _CREATE, 0o666), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if not _publish(temporary, folder / name) and not _is_there(folder, name, content):
                raise FileNotFoundError  # it was there, and was taken away: the next run does it
        finally:
            temporary.unlink(missing_ok=True)
        _sync(folder)


def pending(folder: Path, *, taille_max: int = TAILLE_MAX) -> Iterator[Trouve]:
    """The files that wait there, by name, each read when its turn comes: no hidden or unready one, no link, no folder.

    One that disappears meanwhile is left out. Raises `StorageError` (`transport.dossier`).
    """
    for name in waiting(folder):
        found = look(folder, name, taille_max=taille_max)
        if found is not None:
            yield found


def waiting(folder: Path) -> list[str]:
    """The names that are ready there, in their order. Raises `StorageError` (`transport.dossier`)."""
    with _usable(folder):
        return sorted(one.name for one in os.scandir(folder) if _is_ready(one.name))


def look(folder: Path, name: str, *, taille_max: int = TAILLE_MAX) -> Trouve | None:
    """One file there; None when it is a link, a folder, or gone. Raises `StorageError` (`transport.dossier`)."""
    with _usable(folder / name):
        return _look(folder / name, taille_max)


def remove(folder: Path, name: str, digest: str) -> bool:
    """Remove a file if its bytes still have this SHA-256 (hex): true when it is gone, by us or before us.

    Raises `StorageError` (`transport.dossier`).
    """
    with _usable(folder / name):
        found = _look(folder / name, TAILLE_MAX)
        if found is None:
            return not os.path.lexists(folder / name)
        if found.contenu is None or hashlib.sha256(found.contenu).hexdigest() != digest:
            return False
        (folder / name).unlink(missing_ok=True)
    return True


def _is_ready(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(_UNREADY)


def _look(path: Path, bound: int) -> Trouve | None:
    """A regular file and its bytes; None when it is something else or no longer there."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with os.fdopen(os.open(path, _READ), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return None
            content = file.read(bound + 1) if about.st_size <= bound else None
    except FileNotFoundError:
        return None
    if content is not None and len(content) > bound:
        content = None
    size = max(about.st_size, len(content or b""))
    return Trouve(nom=path.name, taille=size, modifie=about.st_mtime, contenu=content)


def _is_there(folder: Path, name: str, content: bytes) -> bool:
    """True when the file is there already with these bytes. Raises `StorageError` (`transport.nom_pris`)."""
    if not os.path.lexists(folder / name):
        return False
    found = _look(folder / name, len(content))
    if found is not None and found.contenu == content:
        return True
    raise StorageError(
        "transport.nom_pris",
        "Un autre fichier porte déjà ce nom dans le dossier d'échange : il n'est pas écrasé.",
        action="Le déplacer, puis recommencer.",
        lieu=str(folder / name),
    )


def _publish(temporary: Path, path: Path) -> bool:
    """Give the file its name, unless one has it: false then. A link never overwrites, where links can be made."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # FAT, some network shares
        if os.path.lexists(path):
            return False
        temporary.rename(path)
    return True


def _remove_abandoned(folder: Path, name: str) -> None:
    for one in os.scandir(folder):
        if one.name.startswith(f".{name}.") and one.name.endswith(".tmp"):
            with suppress(OSError):
                if time.time() - one.stat(follow_symlinks=False).st_mtime > _ABANDONED:
                    Path(one).unlink()


def _sync(folder: Path) -> None:
    """The new name survives a power cut, where a folder can be flushed."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _usable(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            "transport.dossier",
            f"Le dossier d'échange ne peut pas être utilisé : {system_reason(error)}.",
            action="Vérifier dans cabinet.toml le dossier de l'OCT, ses droits et la place libre, puis recommencer.",
            lieu=printable(str(place)),
        ) from error
