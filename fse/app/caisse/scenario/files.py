"""The files of a scenario: `[[fichier]]`, with their transfers. What a file says of money and invoices without a
`[[fichier.virement]]` is its first transfer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fse.app.caisse.scenario.answers import read_hors_flux, read_reponse
from fse.app.caisse.scenario.money import read_forfait, read_mouvement
from fse.app.caisse.scenario.values import (
    Table,
    check_keys,
    choice,
    code,
    day,
    digits,
    error,
    label,
    name,
    number,
    tables,
    value,
    yes,
)
from fse.app.caisse.scenario.wanted import Emetteur, FichierVoulu, ReponseVoulue, VirementVoulu

_CONTENT = {"part", "reste", "reponse", "hors_flux", "forfait", "mouvement"}
_VIREMENT = {"beneficiaire", "jour", "libelle_1", "libelle_2", "organisme", "faux_controle"} | _CONTENT
_IDENTITY = {"identifiant", "emetteur", "jour"}
_FICHIER = {"nom", "arrivee", "mandataire", "programme", "virement", "corrige", "repete", "perdu"}
_KEYS = _FICHIER | _IDENTITY | _CONTENT
_REPETE = {"nom", "arrivee", "repete", "perdu"}
_NOM = 40
_SOMME_MAX = 99_999_999_999
_NOMBRE_MAX = 99_999_999


def read_fichiers(document: Table, lieu: str) -> tuple[FichierVoulu, ...]:
    """Every file, in the order in which they arrive on one day."""
    found: dict[str, FichierVoulu] = {}
    fichiers = []
    for rang, (table, place) in enumerate(tables(document, "fichier", lieu), start=1):
        one = _fichier(table, rang, place)
        _check_origin(one, found)
        if one.nom in found:
            raise error("scenario.double", f"Le nom « {one.nom} » est déjà celui d'un fichier.", place)
        if one.nom:
            found[one.nom] = one
        fichiers.append(one)
    return tuple(fichiers)


def _fichier(table: Any, rang: int, lieu: str) -> FichierVoulu:
    check_keys(table, _KEYS, set(), lieu)
    if "repete" in table and set(table) - _REPETE:
        raise error("scenario.valeur", "« repete » rend le même fichier : il ne va qu'avec « arrivee ».", lieu)
    if "corrige" in table and set(table) & _IDENTITY:
        raise error("scenario.valeur", "« corrige » donne l'identité du fichier : émetteur, identifiant, jour.", lieu)
    virements = [_virement(item, place) for item, place in tables(table, "virement", lieu)]
    if set(table) & _CONTENT:
        virements.insert(0, _content(table, {}, lieu))
    if not virements and "repete" not in table:
        raise error("scenario.cle_absente", "Ce fichier ne dit rien : il lui faut une réponse ou un virement.", lieu)
    return FichierVoulu(
        nom=_nom(table, "nom", lieu),
        rang=rang,
        jour=day(table, "jour", lieu),
        arrivee=day(table, "arrivee", lieu),
        identifiant=code(table, "identifiant", 6, lieu),
        emetteur=_emetteur(table, lieu),
        mandataire=digits(table, "mandataire", 9, lieu),
        programme=name(table, "programme", 6, lieu),
        virements=tuple(virements),
        corrige=_nom(table, "corrige", lieu),
        repete=_nom(table, "repete", lieu),
        perdu=yes(table, "perdu", lieu),
        lieu=lieu,
    )


def _check_origin(one: FichierVoulu, before: Mapping[str, FichierVoulu]) -> None:
    for key, named in (("corrige", one.corrige), ("repete", one.repete)):
        if named is not None and named not in before:
            raise error("scenario.valeur", f"« {key} » attend le nom d'un fichier qui précède.", one.lieu)


def _emetteur(table: Table, lieu: str) -> Emetteur | None:
    if "emetteur" not in table:
        return None
    emetteur, place = table["emetteur"], f"{lieu}, emetteur"
    check_keys(emetteur, {"type", "numero", "nom"}, {"type", "numero", "nom"}, place)
    kind = value(emetteur, "type", str, lambda v: v in _EMETTEURS, f"un type : {', '.join(_EMETTEURS)}", place)
    numero = value(emetteur, "numero", str, _is_number, "un texte de 1 à 14 chiffres", place)
    return Emetteur(type=kind, numero=numero, nom=name(emetteur, "nom", 10, place) or "")


_EMETTEURS = ("CP", "CS", "CT", "MA", "OC", "OT", "SI", "SM", "SR", "CF", "CM", "CE", "EN", "RP", "RM")
"""Who writes returns: caisses of every régime, complementary bodies, their operators, concentrators."""


def _is_number(text: str) -> bool:
    return 1 <= len(text) <= 14 and text.isascii() and text.isdigit()


def _nom(table: Table, key: str, lieu: str) -> str | None:
    def holds(text: str) -> bool:
        return 1 <= len(text) <= _NOM and text.isascii() and text.replace("-", "").isalnum() and text.islower()

    expected = f"un nom de {_NOM} minuscules, chiffres ou tirets au plus, avec une lettre"
    found: str | None = value(table, key, str, holds, expected, lieu)
    return found


def _virement(table: Any, lieu: str) -> VirementVoulu:
    check_keys(table, _VIREMENT, set(), lieu)
    faux = table.get("faux_controle", {})
    place = f"{lieu}, faux_controle"
    check_keys(faux, {"nombre", "somme"}, set(), place)
    return _content(
        table,
        {
            "beneficiaire": digits(table, "beneficiaire", 9, lieu),
            "jour": day(table, "jour", lieu),
            "libelle_1": label(table, "libelle_1", 32, lieu),
            "libelle_2": label(table, "libelle_2", 32, lieu),
            "organisme": name(table, "organisme", 10, lieu),
            "faux_nombre": number(faux, "nombre", 0, _NOMBRE_MAX, place),
            "faux_somme": number(faux, "somme", -_SOMME_MAX, _SOMME_MAX, place),
        },
        lieu,
    )


def _content(table: Table, given: Mapping[str, Any], lieu: str) -> VirementVoulu:
    """What a transfer answers and pays; `given` is what only a `[[fichier.virement]]` says."""
    one = VirementVoulu(
        part=choice(table, "part", ("AMO", "AMC"), "AMO ou AMC", lieu),
        reste=yes(table, "reste", lieu),
        reponses=tuple(_reponses(table, lieu)),
        forfaits=tuple(read_forfait(item, place) for item, place in tables(table, "forfait", lieu)),
        mouvements=tuple(read_mouvement(item, place) for item, place in tables(table, "mouvement", lieu)),
        lieu=lieu,
        **given,
    )
    _check_content(one)
    return one


def _reponses(table: Table, lieu: str) -> Iterator[ReponseVoulue]:
    yield from (read_reponse(item, place) for item, place in tables(table, "reponse", lieu))
    yield from (read_hors_flux(item, place) for item, place in tables(table, "hors_flux", lieu))


def _check_content(one: VirementVoulu) -> None:
    for reponse in one.reponses:
        if reponse.silence:
            raise error("scenario.valeur", "« silence » se dit hors de tout fichier : [[reponse]].", reponse.lieu)
        if one.part and reponse.named_parts() - {one.part}:
            raise error("scenario.valeur", f"Ce virement ne paie que la part {one.part}.", reponse.lieu)
    named = [each for each in one.reponses if each.numero]
    count = Counter((each.numero, each.prestataire, each.lot, each.code) for each in named)
    for each in named:
        if count[each.numero, each.prestataire, each.lot, each.code] > 1:
            raise error("scenario.double", f"La facture {each.numero} est deux fois dans ce virement.", each.lieu)
