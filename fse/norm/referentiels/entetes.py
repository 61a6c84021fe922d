"""The head of a file of the rules: when its values were last verified, and when they have to be again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from fse.base import resources

CLE = "fichier"
"""The table of a file that is its head."""

_FOLDERS = ("parametres", "ngap", "ngap/actes", "ngap/regles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entete:
    """`verifie_le`: the day on which someone looked at its sources; `a_revoir_le`: the last day to look again."""

    verifie_le: date
    a_revoir_le: date


@cache
def entetes() -> Mapping[str, Entete]:
    """The head of every file of the rules, by path. Raises `ValueError` on a file without one."""
    found = {}
    for path in (one for folder in _FOLDERS for one in resources.list_files(folder, ".toml")):
        said = tomllib.loads(resources.read_text(path)).get(CLE, {})
        dates = [said.get(key) for key in ("verifie_le", "a_revoir_le")]
        if set(said) != {"verifie_le", "a_revoir_le"} or not all(type(one) is date for one in dates):
            raise ValueError(f"{path}: [{CLE}] gives verifie_le and a_revoir_le")
        found[path] = Entete(**said)
    return found
