"""A process that emits a sending and kills itself (SIGKILL) at its n-th change of the disk, counted by the audit hook.

python -m tests.app.masse.emission.killed SORTIE CLE N
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from fse.app.masse.emission import emettre_envoi
from fse.infra.keys.pkcs12 import open_pkcs12
from tests.app.masse.emission.sendings import envoi, invoices

PASSWORD = "secret"


def main(sortie: Path, key: Path, last: int) -> int:
    """Emits; prints how many changes there were when it is not killed."""
    signer, given = open_pkcs12(key, PASSWORD), envoi(invoices())
    changes = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal changes
        if event in ("open", "os.mkdir", "os.rename") and str(sortie) in str(arguments[0]):
            changes += 1
            if changes == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    emettre_envoi(given, signer, sortie)
    sys.stdout.write(f"{changes}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
