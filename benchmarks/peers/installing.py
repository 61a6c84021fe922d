"""Makes the environment of each peer, once: `python -m benchmarks.peers.installing` (`make peers`).

Each has its own under `build/peers/`, from the versions of its file in `requirements/`; a peer whose file changes is
made anew. One that cannot be installed is told and does not stop the others: its suite then says that it is absent.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements"
ENVIRONMENTS = HERE.parents[1] / "build" / "peers"
_READY = "requirements.txt"
"""The copy that closes an environment: what it was made from."""


class PeerAbsentError(Exception):
    """A peer that is not installed, and why."""


def names() -> list[str]:
    """The peers that have an environment of their own."""
    return sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))


def python_of(name: str) -> Path:
    """The interpreter of a peer. Raises `PeerAbsentError`."""
    folder = ENVIRONMENTS / name
    ready = folder / _READY
    wanted = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    if not ready.is_file() or ready.read_text(encoding="utf-8") != wanted:
        raise PeerAbsentError(_reason(folder) or "not installed: make peers")
    return next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())


def version_of(name: str) -> str:
    """The pinned version of a peer: that of the first line of its file."""
    first = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0]
    return first.split("==")[1].split()[0]


def install(name: str) -> None:
    """Make its environment if it is not there. Raises `PeerAbsentError`; what the installer said is kept beside it."""
    try:
        python_of(name)
    except PeerAbsentError:
        folder = ENVIRONMENTS / name
        shutil.rmtree(folder, ignore_errors=True)
        uv = [sys.executable, "-m", "uv"]
        _run(folder, [*uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        _run(
            folder, [*uv, "pip", "install", "--quiet", "--python", str(folder), "-r", str(REQUIREMENTS / f"{name}.txt")]
        )
        shutil.copy(REQUIREMENTS / f"{name}.txt", folder / _READY)
        _said(folder).unlink(missing_ok=True)


def _run(folder: Path, command: list[str]) -> None:
    run = subprocess.run(command, capture_output=True, check=False, text=True)
    if run.returncode:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _said(folder).write_text(run.stderr, encoding="utf-8")
        raise PeerAbsentError(_reason(folder))


def _said(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.log")


def _reason(folder: Path) -> str:
    """The last line of what the installer said when it failed; empty when it never did."""
    said = _said(folder)
    text = said.read_text(encoding="utf-8").strip() if said.is_file() else ""
    return f"not installed: {text.splitlines()[-1].strip()}" if text else ""


def main() -> None:
    """Install all of them; say those that are absent."""
    for name in names():
        try:
            install(name)
        except PeerAbsentError as absent:
            print(f"{name}: {absent}", file=sys.stderr)


if __name__ == "__main__":
    main()
