"""The acts that can be asked for by name (`schemas/ngap/actes/*.toml`), each with its dated cotations.

One table an act: label, who may bill it, labels by which rules name it; then its cotations, one a period:

    [prelevement-veineux]
    libelle = "Prélèvement par ponction veineuse"
    professions = ["infirmier"]
    [[prelevement-veineux.cotations]]
    lettre = "AMI"
    coefficient = "1.5"           # absent: a flat act, its code has a value of its own
    debut = 2009-04-18
    article = "…"
    source = "…"
    confiance = "1src"
    ccam = "…"                    # of an act of the CCAM that fse prices: its code on record 4M

The value of a letter is the parameter `valeur_<lettre>`, in lower case, or that of the profession when it has its own:
`valeur_<lettre>_<profession>`. That of an act of the CCAM, whose letter is only that of its group, is `valeur_<ccam>`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from fse.base import resources
from fse.base.dates import holds
from fse.base.errors import UsageError
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.profils import SANS_PROFIL, Profil

PROFESSIONS = (
    "medecin",
    "chirurgien-dentiste",
    "sage-femme",
    "infirmier",
    "masseur-kinesitherapeute",
    "orthophoniste",
    "orthoptiste",
    "pedicure-podologue",
)
"""Those who bill by the NGAP."""

AUXILIAIRES = frozenset(PROFESSIONS[3:])
"""Those who act on prescription (NGAP art. 5)."""

_FOLDER = "ngap/actes"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CCAM = re.compile(r"[A-Z]{4}[0-9]{3}")
_KEYS = {"libelle", "professions", "etiquettes", "proposable", "cotations"}
_OPTIONAL = {"etiquettes", "proposable"}
_COTATION_OPTIONAL = {"coefficient", "fin", "accord", "ccam"}
_COTATION_KEYS = {"lettre", "debut", "article", "source", "confiance"} | _COTATION_OPTIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CotationActe:
    """What an act is worth from a day to a day. `coefficient` `None`: a flat act. `accord`: prior agreement needed.

    `ccam`: its code of the CCAM, "" for none.
    """

    nom: str
    lettre: str
    coefficient: Decimal | None
    debut: date
    fin: date | None
    accord: bool
    article: str
    source: str
    confiance: str
    ccam: str = ""

    @property
    def tarif(self) -> str:
        """The code by which its value is known: that of the CCAM, else its letter."""
        return self.ccam or self.lettre

    def holds(self, le: date) -> bool:
        return holds(self, le)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acte:
    """An act of our tables. `etiquettes`: the names by which rules speak of it, besides its own.

    `proposable`: an explanation may say that the recorded facts would allow it.
    """

    nom: str
    libelle: str
    professions: frozenset[str]
    etiquettes: frozenset[str]
    proposable: bool
    cotations: tuple[CotationActe, ...]


def cotation_at(nom: str, le: date, profil: Profil = SANS_PROFIL) -> tuple[Acte, CotationActe]:
    """An act and its cotation on a day.

    Raises `UsageError`: `acte.inconnu`; `acte.absent`, no cotation known that day; `acte.a_verifier`, none that the
    profile permits.
    """
    acte = actes().get(nom)
    if acte is None:
        raise UsageError(
            "acte.inconnu",
            f"L'acte « {nom} » n'est pas dans nos tables.",
            action="Prendre un nom de docs/regles.md, ou donner le code et le coefficient de l'acte.",
        )
    held = [one for one in acte.cotations if one.holds(le)]
    if not held:
        known = ", ".join(period(one) for one in acte.cotations)
        raise UsageError(
            "acte.absent",
            f"« {acte.libelle} » n'a pas de cotation connue au {le:%d/%m/%Y} (connues : {known}).",
            action="Compléter schemas/ngap/actes avec la cotation de cette date et sa source.",
        )
    found = next((one for one in held if profil.permits(one)), None)
    if found is None:
        raise UsageError(
            "acte.a_verifier",
            f"La cotation de « {acte.libelle} » au {le:%d/%m/%Y} est à vérifier ({held[0].source}).",
            action=f"La vérifier, puis l'activer : le nom « {nom} » dans le profil du cabinet ([cotation] profil).",
        )
    return acte, found


@cache
def actes() -> Mapping[str, Acte]:
    """Every act, by name. Raises `ValueError` on data that contradicts itself."""
    found: dict[str, Acte] = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        for acte in read_actes(resources.read_text(path)):
            if acte.nom in found:
                raise ValueError(f"act {acte.nom} stands twice in schemas/{_FOLDER}")
            found[acte.nom] = acte
    return found


def read_actes(text: str) -> Iterator[Acte]:
    """The acts that a TOML text states. Raises `ValueError` on a bad key or value, on two cotations for one day."""
    for nom, entry in tomllib.loads(text).items():
        if nom == CLE:
            continue
        if not _NAME.fullmatch(nom) or not _KEYS - _OPTIONAL <= set(entry) <= _KEYS or not entry["cotations"]:
            raise ValueError(f"act {nom}: libelle, professions and cotations are expected")
        professions = frozenset(entry["professions"])
        if not professions or not professions <= set(PROFESSIONS):
            raise ValueError(f"act {nom}: professions are of {', '.join(PROFESSIONS)}")
        cotations = sorted((_cotation(nom, one) for one in entry["cotations"]), key=lambda one: one.debut)
        for before, after in pairwise(cotations):
            if before.fin is None or before.fin >= after.debut:
                raise ValueError(f"act {nom}: two cotations on {after.debut}")
        yield Acte(
            nom=nom,
            libelle=entry["libelle"],
            professions=professions,
            etiquettes=frozenset(entry.get("etiquettes", ())),
            proposable=entry.get("proposable", False),
            cotations=tuple(cotations),
        )


def labels_of(acte: Acte | None, lettre: str, coefficient: Decimal | None) -> frozenset[str]:
    """The names by which rules speak of an act: its own, its letter, its letter and coefficient, its `etiquettes`.

    >>> sorted(labels_of(None, "AMI", Decimal("1.50")))
    ['AMI', 'AMI 1.5']
    """
    named: Iterable[str] = () if acte is None else (acte.nom, *acte.etiquettes)
    if coefficient is not None:
        named = (*named, f"{lettre} {coefficient.normalize():f}")
    return frozenset({lettre, *named})


def _cotation(nom: str, one: Mapping[str, Any]) -> CotationActe:
    if not _COTATION_KEYS - _COTATION_OPTIONAL <= set(one) <= _COTATION_KEYS:
        raise ValueError(f"act {nom}: keys {sorted(set(one) ^ _COTATION_KEYS)}")
    read = CotationActe(
        nom=nom,
        lettre=one["lettre"],
        coefficient=Decimal(one["coefficient"]) if "coefficient" in one else None,
        debut=one["debut"],
        fin=one.get("fin"),
        accord=one.get("accord", False),
        article=one["article"],
        source=one["source"],
        confiance=one["confiance"],
        ccam=one.get("ccam", ""),
    )
    good = (
        type(read.debut) is date
        and (read.fin is None or (type(read.fin) is date and read.debut <= read.fin))
        and read.confiance in CONFIANCES
        and all((read.lettre, read.article, read.source))
        and (read.coefficient is None or read.coefficient > 0)
        and (not read.ccam or _CCAM.fullmatch(read.ccam))
    )
    if not good:
        raise ValueError(f"act {nom}: the cotation from {one['debut']} cannot be used")
    return read


def period(one: CotationActe) -> str:
    """The days on which it holds, in French."""
    return f"depuis le {one.debut:%d/%m/%Y}" if one.fin is None else f"du {one.debut:%d/%m/%Y} au {one.fin:%d/%m/%Y}"
