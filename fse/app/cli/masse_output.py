"""The report of `fse masse` for people: what JSON says, few lines for many files. What a name holds moves no cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fse.app.masse.volume import volume
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.reconciliation.life_cycle import FACTURE, PART, TASKS
from fse.domain.reconciliation.policies import POLICIES
from fse.norm.layout import printable

_LISTED = 20
"""Files, findings or numbers that are told one by one; the report has them all."""

_LABELS = {one.nom: one.libelle for one in POLICIES}

Found = Mapping[str, Any]


def text_of(found: Found, sortie: Path) -> Iterator[str]:
    """The lines. `found`: the content of the report, which stands in `sortie`."""
    yield from _read(found)
    if found["rapprochement"] is not None:
        yield from _without_practice(found["sans_cabinet"], found["declares_par_plusieurs"])
        yield from _matched(found["rapprochement"])
    yield from _aside(found)
    yield from _left(found["laisses"])
    yield from _findings(found["constats"])
    yield from _gaps(found["ecarts"])
    yield from _held(found["archives"])
    yield from _failures(found["echecs"])
    yield from _laws(found)
    phases = ", ".join(f"{name} {_seconds(seconds)}" for name, seconds in found["phases"].items())
    yield f"Durées : {phases}"
    yield f"Tables et compte rendu → {printable(str(sortie))}"


def _read(found: Found) -> Iterator[str]:
    files = found["fichiers"]
    yield f"{counted(found['contenus'], 'fichier lu')} ({volume(found['octets'])})"
    yield (
        f"  retours reçus : {files.get('recu', 0)} ; déjà reçus : {files.get('deja_recu', 0)} ; "
        f"mis de côté : {files.get('ecarte', 0)} ; pas des retours : {files.get('pas_un_retour', 0)}"
    )
    if found["marques"]:
        marks = ", ".join(f"{printable(mark)} {number}" for mark, number in found["marques"].items())
        yield f"  marques des retours reçus (T : test, D : démonstration) : {marks}"
    yield f"  {counted(found['lignes'], 'ligne')} ; versé : {format_euros(found['verse'])}"


def _without_practice(nobody: Found, disputes: list[Found]) -> Iterator[str]:
    if not nobody["lignes"] and not nobody["verse"]:
        return
    why = "aucune archive n'a ce praticien" + (", ou plusieurs cabinets le déclarent" if disputes else "")
    yield f"  Sans cabinet connu : {counted(nobody['lignes'], 'ligne')}, {format_euros(nobody['verse'])} : {why}"
    for one in disputes[:_LISTED]:
        cabinets = ", ".join(printable(cabinet) for cabinet in one["cabinets"])
        yield f"    {printable(one['numero'])} est déclaré par {cabinets}"
    yield from _others(disputes)
    if disputes:
        yield "    → Ne donner à --envois que les archives du cabinet où il exerce, ou corriger sa déclaration."


def _matched(found: Found) -> Iterator[str]:
    missing = found["tranches"]["en_echec"]
    if missing:
        yield (
            f"RAPPROCHEMENT INCOMPLET : {counted(missing, 'tranche')} de cabinets en échec, "
            f"{counted(found['tranches']['faites'], 'faite')} ; les échecs sont dits plus bas"
        )
    if not found["tranches"]["faites"]:
        if not missing:
            yield "Rien à rapprocher : aucune facture envoyée, aucun retour."
        return
    if missing:
        yield "Ce qui suit ne compte que les tranches faites :"
    lines, balance = found["lignes"], found["bilan"]
    yield (
        f"Rapprochées : {counted(lines['lignes_rapprochees'], 'ligne')}, {format_euros(lines['rapproche'])} ; "
        f"non rapprochées : {counted(lines['lignes_residu'], 'ligne')}, {format_euros(lines['residu'])}"
    )
    for name, one in sorted(found["politiques"].items()):
        yield f"  rapprochée : {_LABELS.get(name, name)} : {counted(one['lignes'], 'ligne')}, {_paid(one)}"
    for nature, one in sorted(found["residus"].items()):
        label = TASKS[nature].libelle if nature in TASKS else nature
        yield f"  {label} : {counted(one['lignes'], 'ligne')}, {_paid(one)}"
    for etat, one in sorted(found["factures"].items()):
        yield f"  {FACTURE[etat].libelle} : {counted(one['factures'], 'facture')}"
    for etat, one in sorted(found["parts"].items()):
        yield (
            f"  {PART[etat].libelle} : {counted(one['parts'], 'part')}, demandé {format_euros(one['demande'] or 0)}, "
            f"payé {_paid(one)}"
        )
    yield (
        f"Demandé : {format_euros(balance['demande'])} ; payé : {format_euros(balance['paye'])} ; "
        f"reste : {format_euros(balance['reste'])} ; payé en trop : {format_euros(balance['trop_paye'])}"
    )


def _aside(found: Found) -> Iterator[str]:
    for one in found["ecartes"][:_LISTED]:
        place = f"{printable(one['chemin'])}, octet {one['octet']}"
        yield f"Mis de côté : {place} [{one['motif']}] {printable(one['message'])}"
        yield f"    → {printable(one['action'])}"
    yield from _others(found["ecartes"])


def _left(left: list[Found]) -> Iterator[str]:
    for one in left[:_LISTED]:
        yield f"Pas lu : {printable(one['chemin'])} : {one['message']}"
        yield f"    → {one['action']}"
    yield from _others(left)


def _findings(groups: list[Found]) -> Iterator[str]:
    """Grouped by code and field, with the first file of each; mere information is only counted."""
    told = [one for one in groups if one["gravite"] != "information"]
    for one in told[:_LISTED]:
        field = f" {one['type']} {one['champ']}".rstrip()
        yield (
            f"{one['gravite'].capitalize()} [{one['code']}]{field}, {one['nombre']} fois, d'abord dans "
            f"{printable(one['fichier'])} : {printable(one['message'])}"
        )
        yield f"    → {one['action']}"
    yield from _others(told)
    informations = sum(one["nombre"] for one in groups if one["gravite"] == "information")
    if informations:
        yield f"{counted(informations, 'information')} sans suite à donner : voir rapport.json"


def _gaps(gaps: list[Found]) -> Iterator[str]:
    """The files that count and whose totals do not hold, in our reading of the norm."""
    for one in gaps[:_LISTED]:
        place = f"{printable(one['fichier'])}, octet {one['octet']}"
        yield f"Total d'un fichier à comparer : {place} [{one['code']}] {printable(one['message'])}"
        yield f"    → {printable(one['action'])}"
    yield from _others(gaps)


def _held(archives: Found | None) -> Iterator[str]:
    """Returns that archives hold already."""
    if archives is None:
        return
    if archives["retours_lus_ici"]:
        yield (
            f"Retours lus ici qu'une archive avait déjà : {archives['retours_lus_ici']} ; "
            "comptés une fois, tels que lus ici, chaque ligne pour son cabinet"
        )
    doubles = archives["en_double"]
    for one in doubles[:_LISTED]:
        cabinets = ", ".join(printable(cabinet) for cabinet in one["cabinets"])
        yield f"Compté plusieurs fois : le retour {one['empreinte']} est dans plusieurs archives ({cabinets})"
        yield "    → Remettre ce fichier dans DIR : lu ici, il est compté une fois et partagé entre ses cabinets."
    yield from _others(doubles)


def _failures(echecs: list[Found]) -> Iterator[str]:
    for one in echecs[:_LISTED]:
        text = f"Échec de l'unité {one['unite']} [{one['code']}] {one['message']} {one['lieu']}"
        yield printable(text.rstrip())
        yield f"    → {printable(one['action'])}"
    yield from _others(echecs)


def _laws(found: Found) -> Iterator[str]:
    """Equalities that do not hold. Without all slices, those of the matching are not in the report."""
    if found["rapprochement"] is not None and found["rapprochement"]["tranches"]["en_echec"]:
        yield "Totaux du rapprochement non contrôlés : il faut pour cela que toutes les tranches soient faites."
    for law in found["conservation"]:
        if not law["tenue"]:
            yield f"Total non tenu : {law['loi']} : {law['gauche']} et {law['droite']}"


def _others(told: list[Any]) -> Iterator[str]:
    if len(told) > _LISTED:
        yield f"… et {counted(len(told) - _LISTED, 'autre')} : voir rapport.json"


def _paid(one: Found) -> str:
    return format_euros(one["paye"] or 0)


def _seconds(number: float) -> str:
    return f"{number:.1f} s".replace(".", ",")
