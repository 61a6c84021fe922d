"""`fse`: French health billing messages, emitted, sealed, signed, read back and matched.

The functions below are those that the command line uses, one a command; each is imported when it is first named.
Test and demonstration flows only: `fse` is not approved software.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fse.app.operations.annuler import annuler
    from fse.app.operations.cabinet import load_cabinet
    from fse.app.operations.convertir import convertir
    from fse.app.operations.emettre import emettre
    from fse.app.operations.facture import facture
    from fse.app.operations.lire import lire
    from fse.app.operations.practice import open_practice
    from fse.app.operations.recevoir import recevoir
    from fse.app.operations.securiser import securiser
    from fse.app.operations.suivi import suivi
    from fse.app.operations.verifier import verifier

__version__ = "0.1.0"

__all__ = [
    "annuler",
    "convertir",
    "emettre",
    "facture",
    "lire",
    "load_cabinet",
    "open_practice",
    "recevoir",
    "securiser",
    "suivi",
    "verifier",
]

_MODULES = {"load_cabinet": "cabinet", "open_practice": "practice"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'fse' has no attribute {name!r}")
    return getattr(import_module(f"fse.app.operations.{_MODULES.get(name, name)}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
