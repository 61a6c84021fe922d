"""The page of the rules of pricing: what each says, where it comes from, which cases prove it, what needs a profile."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from docs.generator.markdown import code, codes, link, page, table
from fse.base import resources
from fse.domain.cotation.dossier import as_told, told
from fse.norm.referentiels.entetes import entetes
from fse.norm.referentiels.ngap.actes import Acte, CotationActe, actes, read_actes
from fse.norm.referentiels.ngap.regles import GENRES, Regle, read_regles, regles
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, Grandeur, parametres, read_parametres
from fse.norm.referentiels.profils import A_VERIFIER, Sourced, profils

_CASES = Path(__file__).resolve().parents[2] / "fixtures" / "cotation"
_T = TypeVar("_T")
_LINKED = "../fixtures/cotation"

_GENRES = {
    "calcul": "computes",
    "controle": "verifies",
    "hors_rang": "outside the ranking",
    "groupe": "counts as one act",
    "derogation": "derogation to 11 B",
    "exclusion": "excludes",
    "plafond": "caps",
    "condition": "condition",
    "levee": "lifts an exclusion",
    "classe": "class of sessions",
    "seuil": "threshold",
    "taux": "rate of the compulsory part",
    "obligation": "duty",
}
"""Each genre of rule in English; one that is not here keeps its own name."""


def text() -> str:
    """The page."""
    return page(
        "# Rules, acts and values of pricing",
        "What `fse coter` and `fse securiser` price and refuse by: data in [schemas/ngap/](../schemas/ngap/) and "
        "[schemas/parametres/](../schemas/parametres/), each asked at the date of care. How to price and how to "
        "read an explanation: [cotation.md](cotation.md). Labels are French: practices read them.",
        "*Since* is the first day that a source attests, blank when none does. *Confidence*: `3src`, `2src`, `1src`, "
        "`deduit`, `choix` are used as they are; `tiers` (code or page of a third party) and `memoire` are never used "
        "unless a profile names them ([below](#unusable-by-default)): [sources](sources.md). A rule that refuses "
        "and that no profile names warns instead, and changes nothing. A draft is never the law: "
        f"its values say « {EN_PROJET} ».",
        f"{len(regles())} rules, {len(actes())} acts, {len(parametres())} parameters.",
        f"## Files\n\n{_heads()}",
        f"## Unusable by default\n\n{_unverified()}",
        f"## Rules\n\n{_RULES_INTRODUCTION}",
        *_by_file("ngap/regles", read_regles, _rules_of),
        "## Acts\n\nBy the name to give in `acte`. `AP`: prior agreement needed.",
        *_by_file("ngap/actes", read_actes, _acts_of),
        "## Parameters",
        *_by_file("parametres", lambda said: read_parametres(said).values(), _values_of),
    )


_RULES_INTRODUCTION = (
    "Each has a case in which it shows (without the rule, the case fails) and one that looks near and in which it must "
    "not: facts and expected centimes, in [fixtures/cotation/](../fixtures/cotation/)."
)


def _heads() -> str:
    rows = [
        (link(code(path), f"../schemas/{path}"), _day(one.verifie_le), _day(one.a_revoir_le))
        for path, one in entetes().items()
    ]
    return table(("File", "Verified on", "To be looked at again by"), rows)


def _unverified() -> str:
    """What is kept out of every price, with the profiles that name it."""
    rules = [("rule", one, one.libelle) for one in regles().values()]
    acts = [("act", one, f"{acte.libelle}, {_cotation(one)}") for acte in actes().values() for one in acte.cotations]
    values = [
        ("value", one, f"{one.libelle}, {told(one)}, {one.territoire}")
        for grandeur in parametres().values()
        for one in grandeur.valeurs
    ]
    every: list[tuple[str, Sourced, str]] = [*rules, *acts, *values]
    rows = [
        (what, code(one.nom), libelle, one.confiance, codes(_enabling(one.nom)) or "none")
        for what, one, libelle in every
        if one.confiance in A_VERIFIER
    ]
    rows += [
        ("value", code(one.nom), one.libelle, "no source", "its own value only")
        for one in parametres().values()
        if not one.valeurs
    ]
    shipped = [
        f"- {link(code(nom), f'../schemas/profils/{nom}.toml')}: {one.libelle}, {one.motif}."
        for nom, one in profils().items()
    ]
    said = (
        f"{len(rows)} of them. A profile is a list of names and a reason (`[cotation] profil` of "
        "[cabinet.toml](cabinet.md)); whoever names one answers for it, and each explanation that rests on it says so. "
        "Shipped:"
    )
    return "\n\n".join((said, "\n".join(shipped), table(("What", "Name", "Says", "Confidence", "Profiles"), rows)))


def _enabling(nom: str) -> list[str]:
    return [one.nom for one in profils().values() if nom in one.active]


def _by_file(folder: str, read: Callable[[str], Iterable[_T]], shown: Callable[[Sequence[_T]], str]) -> Iterator[str]:
    """One heading a file, with the table of what it states."""
    for path in resources.list_files(folder, ".toml"):
        stated = list(read(resources.read_text(path)))
        if stated:
            yield f"### {path.removeprefix(f'{folder}/').removesuffix('.toml')}\n\n{shown(stated)}"


def _rules_of(stated: Sequence[Regle]) -> str:
    genres = {kind: genre for genre, kind in GENRES.items()}
    rows = [
        (
            code(one.nom),
            _GENRES.get(genres[type(one)], genres[type(one)]),
            as_told(one.libelle, one.regime),
            ", ".join(sorted(one.professions)) or "all",
            _day(one.debut),
            _day(one.fin),
            one.article,
            one.source,
            one.confiance,
            _cases("positif", one.nom),
            _cases("negatif", one.nom),
        )
        for one in stated
    ]
    header = (
        *("Rule", "Genre", "Says", "Professions", "Since", "Until"),
        *("Article", "Source", "Confidence", "Shows in", "Not in"),
    )
    return table(header, rows)


def _cases(key: str, nom: str) -> str:
    return ", ".join(link(case, f"{_LINKED}/{case}.toml") for case in _named()[key].get(nom, ()))


@cache
def _named() -> Mapping[str, Mapping[str, list[str]]]:
    """The cases that name each rule: those in which it shows, those in which it must not."""
    found: dict[str, dict[str, list[str]]] = {"positif": {}, "negatif": {}}
    for path in sorted(one for one in _CASES.glob("*/*.toml") if one.stem != "cas"):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, by_rule in found.items():
            for nom in said.get(key, ()):
                by_rule.setdefault(nom, []).append(f"{path.parent.name}/{path.stem}")
    return found


def _acts_of(stated: Sequence[Acte]) -> str:
    rows = [
        (
            code(acte.nom),
            acte.libelle,
            ", ".join(sorted(acte.professions)),
            _cotation(one),
            _day(one.debut),
            _day(one.fin),
            one.article,
            one.source,
            one.confiance,
        )
        for acte in stated
        for one in acte.cotations
    ]
    return table(("Name", "Act", "Professions", "Cotation", "Since", "Until", "Article", "Source", "Confidence"), rows)


def _cotation(one: CotationActe) -> str:
    written = one.lettre + (f" {one.coefficient.normalize():f}" if one.coefficient is not None else "")
    written += f" ({one.ccam})" if one.ccam else ""
    return f"{written}{' AP' if one.accord else ''}"


def _values_of(stated: Sequence[Grandeur]) -> str:
    rows = [
        (
            code(one.nom),
            one.libelle,
            told(one) + ("" if one.regime == DROIT else f" ({EN_PROJET})"),
            one.territoire,
            _day(one.debut),
            _day(one.fin),
            one.article,
            one.source,
            one.confiance,
        )
        for grandeur in stated
        for one in grandeur.valeurs
    ]
    rows += [(code(one.nom), one.libelle, "none", *[""] * 6) for one in stated if not one.valeurs]
    header = ("Name", "Parameter", "Value", "Territory", "Since", "Until", "Article", "Source", "Confidence")
    return table(header, rows)


def _day(one: date | None) -> str:
    return one.isoformat() if one else ""
