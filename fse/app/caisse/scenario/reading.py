"""TOML to a scenario: the document as a whole."""

from __future__ import annotations

import tomllib

from fse.app.caisse.scenario.accuses import read_accuses
from fse.app.caisse.scenario.answers import read_reponse
from fse.app.caisse.scenario.files import read_fichiers
from fse.app.caisse.scenario.values import Table, check_keys, error, tables, value
from fse.app.caisse.scenario.wanted import ReponseVoulue, Scenario


def read_scenario(data: bytes, lieu: str = "scénario") -> Scenario:
    """The scenario of a TOML document (UTF-8). `lieu` names it in messages.

    Raises `UsageError`: `scenario.illisible`, `scenario.cle_inconnue`, `scenario.cle_absente`, `scenario.valeur`,
    `scenario.double`.
    """
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as refused:  # tomllib has its own for syntax only
        raise error("scenario.illisible", f"Ce n'est pas un document TOML en UTF-8 : {refused}.", lieu) from None
    check_keys(document, {"reponse", "fichier", "reste", "accuse"}, set(), lieu)
    scenario = Scenario(
        reponses=_reponses(document, lieu),
        fichiers=read_fichiers(document, lieu),
        reste=value(document, "reste", bool, lambda _: True, "true ou false", lieu) is not False,
        accuses=read_accuses(document, lieu),
    )
    silent = [one for one in scenario.reponses if one.silence]
    for one in scenario.in_files():
        if any((one.numero, one.prestataire) == (each.numero, each.prestataire) for each in silent):
            raise error("scenario.double", f"La facture {one.numero} est dite sans réponse par ailleurs.", one.lieu)
    return scenario


def _reponses(document: Table, lieu: str) -> tuple[ReponseVoulue, ...]:
    found: dict[tuple[int, str | None], ReponseVoulue] = {}
    for table, place in tables(document, "reponse", lieu):
        one = read_reponse(table, place)
        key = one.numero, one.prestataire
        if key in found:
            raise error("scenario.double", f"La facture {one.numero} est déjà dans {found[key].lieu}.", one.lieu)
        if one.lot is not None:
            raise error("scenario.valeur", "« lot » choisit une facture dans un [[fichier]] seulement.", place)
        found[key] = one
    return tuple(found.values())
