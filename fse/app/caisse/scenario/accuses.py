"""TOML to the acknowledgements wanted: `[[accuse]]`."""

from __future__ import annotations

from fse.app.caisse.scenario.values import (
    NUMERO_MAX,
    Table,
    check_keys,
    choice,
    code,
    digits,
    error,
    number,
    tables,
    value,
    yes,
)
from fse.app.caisse.scenario.wanted import AccuseVoulu
from fse.norm.referentiels.codes import PACKAGED

_KEYS = {"lot", "prestataire", "fichier", "sens", "cause", "facture", "perdu"}
_LOTS = 999


def read_accuses(document: Table, lieu: str) -> tuple[AccuseVoulu, ...]:
    """Every acknowledgement wanted, in order; the first that names a lot counts."""
    found: dict[tuple[int, str | None, str | None], AccuseVoulu] = {}
    for table, place in tables(document, "accuse", lieu):
        one = _accuse(table, place)
        key = one.lot, one.prestataire, one.fichier
        if key in found:
            raise error("scenario.double", f"Le lot {one.lot} est déjà dans {found[key].lieu}.", place)
        found[key] = one
    return tuple(found.values())


def _accuse(table: Table, lieu: str) -> AccuseVoulu:
    check_keys(table, _KEYS, {"lot"}, lieu)
    one = AccuseVoulu(
        lot=number(table, "lot", 1, _LOTS, lieu) or 0,
        prestataire=digits(table, "prestataire", 9, lieu),
        fichier=code(table, "fichier", 6, lieu),
        sens=choice(table, "sens", ("P", "N"), "P ou N", lieu),
        cause=value(table, "cause", str, PACKAGED.has_cause_arl, "un code de causes_arl.csv", lieu),
        facture=number(table, "facture", 1, NUMERO_MAX, lieu),
        perdu=yes(table, "perdu", lieu),
        lieu=lieu,
    )
    if one.sens is None and not one.perdu:
        raise error("scenario.cle_absente", "Il faut « sens », ou « perdu ».", lieu)
    if one.sens != "N" and (one.cause or one.facture):
        raise error("scenario.valeur", '« cause » et « facture » ne vont qu\'avec sens = "N".', lieu)
    return one
