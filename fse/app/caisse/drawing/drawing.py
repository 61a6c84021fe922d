"""The drawn month: stories of invoices gathered in files by day and payer, then what happens to files and to money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fse.app.caisse.drawing.chance import Chance
from fse.app.caisse.drawing.debts import lump_sum, with_debts
from fse.app.caisse.drawing.drawn import Drawn
from fse.app.caisse.drawing.rates import Taux
from fse.app.caisse.drawing.stories import Answer, Tale, designation, misnamed, story_of
from fse.app.caisse.facture import FactureJugee, Payeur
from fse.app.caisse.scenario.writing import write_document

_PAPIER_MAX = 5000


def draw_scenario(factures: Sequence[FactureJugee], graine: int, taux: Taux | None = None) -> bytes:
    """The TOML scenario of a month of returns to these invoices (`factures_jugees`), the same for the same arguments.

    Days count from the day on which it is played. Every invoice that asks something is named, or left without answer.
    """
    taux, chance = taux or Taux(), Chance(graine)
    asking = [one for one in {one.cle: one for one in factures}.values() if one.demandes]
    drawn = _gathered(asking, factures, taux, chance)
    with_debts(drawn, taux, chance)
    document = {"reste": False, "fichier": _files(drawn, taux, chance)}
    comment = f"Mois tiré au sort : {len(asking)} factures, graine {graine}. Les jours comptent depuis --le."
    return write_document(document, comment)


def _gathered(
    asking: Sequence[FactureJugee], factures: Sequence[FactureJugee], taux: Taux, chance: Chance
) -> list[Drawn]:
    """One file a day and payer, in the order of days."""
    files: dict[tuple[int, str], Drawn] = {}
    for facture in asking:
        for tale, emetteur in _tales(facture, taux, chance):
            for jour, answer in story_of(tale, taux, chance):
                one = files.setdefault((jour, emetteur["numero"]), Drawn(jour, emetteur, facture.prestataire))
                one.reponses.append(designation(facture, factures) | misnamed(answer, tale, taux, chance))
        if chance.happens(taux.hors_flux):
            jour, emetteur = chance.between(2, 25), _caisse(facture.payeur)
            one = files.setdefault((jour, emetteur["numero"]), Drawn(jour, emetteur, facture.prestataire))
            one.hors_flux.append(_paper(facture, chance))
    return [files[key] for key in sorted(files)]


def _tales(facture: FactureJugee, taux: Taux, chance: Chance) -> Iterator[tuple[Tale, dict[str, str]]]:
    """The parts answered together, and who answers them: the AMC by itself once in a while."""
    parts, amc = tuple(facture.demandes), facture.amc
    caisse, first = _caisse(facture.payeur), chance.between(2, 9)
    mutual = amc if amc is not None and amc.numero_amc.isdigit() and facture.motif is None else None
    if mutual is not None and len(parts) > 1 and chance.happens(taux.amc_a_part):
        mutuelle = {"type": "OC", "numero": mutual.numero_amc, "nom": f"MUT {mutual.numero_amc[-6:]}"}
        yield Tale(facture, parts[:1], first), caisse
        yield Tale(facture, parts[1:], chance.between(4, 14)), mutuelle
    else:
        yield Tale(facture, parts, first), caisse


def _caisse(payeur: Payeur) -> dict[str, str]:
    return {"type": "CP", "numero": payeur.numero, "nom": payeur.nom}


def _paper(facture: FactureJugee, chance: Chance) -> Answer:
    """A sheet on paper of the same patient, without number."""
    amount = chance.between(100, _PAPIER_MAX)
    day = facture.jour
    return {
        "prestataire": facture.prestataire,
        "date_facture": day,
        "amo": {"demande": amount, "montant": amount},
    } | ({} if facture.motif else {"assure_de": facture.numero})


def _files(drawn: Sequence[Drawn], taux: Taux, chance: Chance) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for rank, one in enumerate(drawn, start=1):
        nom = f"f{rank:03d}"
        late = chance.between(5, 30) if chance.happens(taux.fichier_en_retard) else 0
        head: dict[str, Any] = {"nom": nom, "jour": one.jour}
        if late:
            head["arrivee"] = one.jour + late
        if chance.happens(taux.fichier_perdu):
            head["perdu"] = True
        found.append(head | {"emetteur": one.emetteur} | _content(one, taux, chance))
        if chance.happens(taux.fichier_repete):
            again = one.jour + chance.between(0, 20)
            found.append({"nom": f"{nom}-bis", "repete": nom, "arrivee": again})
        if chance.happens(taux.fichier_corrige):
            again = one.jour + chance.between(1, 20)
            found.append({"nom": f"{nom}-corrige", "corrige": nom, "arrivee": again} | _corrected(one))
    return found


def _content(one: Drawn, taux: Taux, chance: Chance) -> dict[str, Any]:
    """What the file holds: its answers in one transfer a prestataire, or cut in two of them."""
    if chance.happens(taux.forfait):
        one.forfaits.append(lump_sum(one, chance))
    money = _said(hors_flux=one.hors_flux, forfait=one.forfaits, mouvement=one.mouvements)
    if len(one.reponses) > 1 and chance.happens(taux.deux_virements):
        cut = chance.between(1, len(one.reponses) - 1)
        return {"virement": [{"reponse": one.reponses[:cut]} | money, {"reponse": one.reponses[cut:]}]}
    return _said(reponse=one.reponses) | money


def _corrected(one: Drawn) -> dict[str, Any]:
    """The same file with a comment more: another content under the same identity."""
    said = [answer | {"commentaire": "FICHIER CORRIGE"} for answer in one.reponses]
    return _said(reponse=said, hors_flux=one.hors_flux, forfait=one.forfaits, mouvement=one.mouvements)


def _said(**tables: list[Answer]) -> dict[str, Any]:
    return {key: value for key, value in tables.items() if value}
