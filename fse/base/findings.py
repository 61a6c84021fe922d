"""Findings are values: what is wrong in a content, where, how grave, and what to do next.

The wording, the severity and the effect of each code are data (`schemas/constats/*.toml`), one table a code:

    ["champ.illisible"]
    gravite = "erreur"            # erreur | avertissement | information
    effet = "ecarte"              # signale: booked with the finding; ecarte: sets the logical file aside
    message = "Le champ {champ} ne se lit pas : {attendu}."
    action = "Demander un nouvel envoi du fichier."
    source = "architecture, decision 5"

A code that is not in the catalogue cannot be used, and a test asks one smallest failing input for each.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from fse.base import resources


class Severity(StrEnum):
    """How grave a finding is; `ERREUR` gives exit status 1."""

    ERREUR = "erreur"
    AVERTISSEMENT = "avertissement"
    INFORMATION = "information"


class Effect(StrEnum):
    """What a finding does to the received logical file that holds it."""

    SIGNALE = "signale"
    ECARTE = "ecarte"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue."""

    code: str
    gravite: Severity
    effet: Effect
    message: str
    action: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding is. `octet` is 0-based in the file read; `debut` and `fin` are 1-based in the record.

    `personnel` marks a raw value that holds personal data: every output masks it unless asked not to.
    """

    fichier: str | None = None
    rang: int | None = None
    octet: int | None = None
    type: str | None = None
    champ: str | None = None
    debut: int | None = None
    fin: int | None = None
    brut: str | None = None
    personnel: bool = False


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. `message` and `action` are French."""

    code: str
    gravite: Severity
    effet: Effect
    message: str
    action: str
    source: str
    place: Place = NOWHERE

    @property
    def is_error(self) -> bool:
        return self.gravite is Severity.ERREUR

    @property
    def sets_aside(self) -> bool:
        return self.effet is Effect.ECARTE


@cache
def catalogue() -> dict[str, Rule]:
    """Every known code, from `schemas/constats/*.toml`."""
    families = (
        path.removeprefix("constats/").removesuffix(".toml") for path in resources.list_files("constats", ".toml")
    )
    return {code: rule for famille in families for code, rule in _rules(famille).items()}


@cache
def _rules(famille: str) -> dict[str, Rule]:
    """The codes that start with `<famille>.`: those of its file. Raises `ValueError` when another stands there."""
    rules: dict[str, Rule] = {}
    for code, entry in tomllib.loads(resources.read_text(f"constats/{famille}.toml")).items():
        if not code.startswith(f"{famille}."):
            raise ValueError(f"finding {code} has no place in schemas/constats/{famille}.toml")
        rules[code] = Rule(
            code=code,
            gravite=Severity(entry["gravite"]),
            effet=Effect(entry["effet"]),
            message=entry["message"],
            action=entry["action"],
            source=entry["source"],
        )
    return rules


def _rule(code: str) -> Rule:
    try:
        return _rules(code.partition(".")[0])[code]
    except FileNotFoundError:
        raise KeyError(code) from None


def finding(code: str, place: Place = NOWHERE, **values: object) -> Finding:
    """The finding of this code at this place, its message filled with `values`. `KeyError` on an unknown code."""
    rule = _rule(code)
    return Finding(
        code=code,
        gravite=rule.gravite,
        effet=rule.effet,
        message=rule.message.format(**values),
        action=rule.action.format(**values),
        source=rule.source,
        place=place,
    )
