"""Article 13: the travel of a session. Kilometres are counted from the facts of the trip, never asked for as a number.

A distance is one way, in kilometres, from the practice to the patient. What the payer owes is both ways less an
abatement each way, at most what the nearest practitioner of the same kind would have billed. Source: regles.md E.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from fse.base.errors import UsageError
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.situation import SoinPasse
from fse.norm.model.soins import Deplacement
from fse.norm.referentiels.ngap.regles import Calcul, Controle

FORFAITAIRES = frozenset({"IFD", "IFA", "IFI", "IFN", "IFS"})
KILOMETRIQUES = frozenset({"IK", "IKM", "IKS"})
DEPLACEMENTS = FORFAITAIRES | KILOMETRIQUES
"""The codes of travel."""

PLUS_PROCHE = "art13-plus-proche"
PRADO = "art13-prado"
ENTIER = "art13-kilometres-entiers"

QUANTITE_MAXIMALE = 99
"""The most that the quantity of a line holds (two digits)."""

_SEUILS = {
    "plaine": "ik_distance_plaine",
    "montagne": "ik_distance_montagne",
    "pied-ski": "ik_abattement_pied_ski",
}
"""Past which distance kilometres are due. On foot or on skis no text gives one: it is what the abatement takes."""

_ABATTEMENTS = {
    "plaine": "ik_abattement_plaine",
    "montagne": "ik_abattement_montagne",
    "pied-ski": "ik_abattement_pied_ski",
}


def same_trip(dossier: Dossier) -> list[SoinPasse]:
    """What the same professional billed in the same trip, in the same household or establishment, or for this patient.

    A trip that has no name is one visit of the place: the other patients of the day belong to it, not another visit of
    the same patient. A place that has no name is shared with nobody.
    """
    trip = dossier.seance.deplacement
    if trip is None:
        return []
    patient, trajet, foyer = dossier.situation.patient, trip.trajet or "", trip.foyer or ""
    same = [one for one in dossier.historique.executant if one.trajet == trajet]
    if trajet:
        return [one for one in same if one.patient == patient or (foyer and one.foyer == foyer)]
    return [one for one in same if foyer and one.foyer == foyer and one.patient != patient]


def no_kilometres(dossier: Dossier) -> str:
    """What the trip lacks to give a right to kilometres, in French, "" when it gives it."""
    trip = dossier.seance.deplacement
    if trip is None or trip.distance is None:
        return "la distance entre les deux domiciles"
    if trip.meme_agglomeration:
        return "deux domiciles d'agglomérations différentes"
    try:
        seuil = dossier.valeur(_SEUILS[trip.relief]).valeur
    except UsageError as error:
        return f"une valeur ({error.message.rstrip('.')})"
    if trip.distance > seuil:
        return ""
    return f"une distance de plus de {seuil} km entre les deux domiciles (ici {_written(trip.distance)})"


def check_establishment(dossier: Dossier, regle: Controle) -> None:
    """An establishment has a name: without it nothing tells that a trip was already billed there (article 13.1)."""
    trip = dossier.seance.deplacement
    lignes = dossier.nommees(DEPLACEMENTS)
    if dossier.seance.lieu == "ehpad" and lignes and (trip is None or trip.foyer is None):
        dossier.find(regle, lignes[0], acte=lignes[0].libelle)


def count_kilometres(dossier: Dossier, regle: Calcul) -> None:
    """The kilometres of each line: both ways, less the abatement each way; off the sheet when there is none."""
    trip = dossier.seance.deplacement
    for ligne in dossier.nommees(KILOMETRIQUES):
        if trip is None or trip.distance is None or no_kilometres(dossier):
            ligne.leave_out("pas de kilomètre à facturer : l'indemnité kilométrique n'est pas due")
            continue
        try:
            abattement = dossier.valeur(_ABATTEMENTS[trip.relief])
        except UsageError as error:
            dossier.unpriced(ligne.rang, error)
            ligne.leave_out("abattement inconnu")
            continue
        distance = _distance(dossier, ligne, trip)
        dossier.used(ligne, abattement)
        exact = max(Fraction(0), 2 * (Fraction(distance) - abattement.valeur))
        dossier.applied(ligne, regle, f"2 × ({_written(distance)} − {abattement.valeur}) = {_written(exact)} km")
        _write(dossier, ligne, exact)


def cap_of_the_day(dossier: Dossier, regle: Calcul) -> None:
    """The kilometres of a professional's day: past a first bound at a part of their value, past a second not billed.

    Those of the visits that were secured first come first: patients are billed one after the other, whatever the hours
    of their visits, and an invoice that corrects another finds what that one found.
    """
    past = dossier.historique.executant
    done = sum(one.quantite for one in past if one.etiquettes & KILOMETRIQUES and not one.plus_tard)
    for ligne in sorted(dossier.nommees(KILOMETRIQUES), key=lambda one: (-one.poids, one.code_acte)):
        try:
            values = [dossier.valeur(f"ik_jour_{one}") for one in ("debut_reduit", "part_reduite", "debut_nul")]
        except UsageError as error:
            dossier.unpriced(ligne.rang, error)
            continue
        reduit, part, nul = (one.valeur for one in values)
        full = min(ligne.quantite, max(0, reduit - 1 - done))
        reduced = min(ligne.quantite - full, max(0, nul - 1 - done - full))
        lost = ligne.quantite - full - reduced
        done += full + reduced
        if full == ligne.quantite:
            continue
        for one in values:
            dossier.used(ligne, one)
        dossier.applied(ligne, regle, f"{full} km en entier, {reduced} km à {part} %, {lost} km non facturés")
        if lost:
            ligne.motif = f"{lost} km non facturés : {nul - 1} km au plus dans la journée"
        pieces = [_piece(ligne, full, 100), _piece(ligne, reduced, part)]
        _put(dossier, ligne, [one for one in pieces if one.quantite] or [_dropped(ligne)])


def cut(dossier: Dossier, regle: Calcul) -> None:
    """More kilometres than a line holds go on several lines of the same act."""
    for ligne in dossier.nommees(KILOMETRIQUES):
        if ligne.quantite > QUANTITE_MAXIMALE:
            dossier.applied(ligne, regle, f"{ligne.quantite} km")
            _put(dossier, ligne, _pieces(ligne))


def _distance(dossier: Dossier, ligne: Ligne, trip: Deplacement) -> Decimal:
    """What counts: the distance of the nearest practitioner when it is shorter, but for a return-home programme."""
    assert trip.distance is not None
    proche = trip.distance_plus_proche
    regle = dossier.regle(PLUS_PROCHE, Calcul)
    if regle is None or proche is None or proche >= trip.distance:
        return trip.distance
    prado = dossier.regle(PRADO, Calcul) if trip.prado else None
    if prado is not None:
        dossier.applied(ligne, prado, f"{_written(trip.distance)} km")
        return trip.distance
    dossier.applied(ligne, regle, f"{_written(proche)} km au lieu de {_written(trip.distance)}")
    return proche


def _write(dossier: Dossier, ligne: Ligne, exact: Fraction) -> None:
    """The quantity of a line: whole kilometres."""
    regle = dossier.regle(ENTIER, Calcul)
    whole = exact.numerator // exact.denominator
    if whole != exact and regle is None:
        ligne.leave_out("un nombre de kilomètres qui n'est pas entier ne s'écrit pas")
        return
    if whole != exact and regle is not None:
        dossier.applied(ligne, regle, f"{whole} km")
    if not whole:
        ligne.leave_out("pas de kilomètre à facturer, l'abattement ôté")
        return
    ligne.quantite = whole


def _pieces(ligne: Ligne) -> Iterator[Ligne]:
    """As few lines as can be, cut where a line is worth whole centimes: the cuts change no total."""
    whole = [one for one in range(QUANTITE_MAXIMALE, 0, -1) if one * ligne.valeur * ligne.taux_valeur % 100 == 0]
    longest = whole[0] if whole else QUANTITE_MAXIMALE
    left = ligne.quantite
    while left:
        quantite = min(left, longest)
        left -= quantite
        yield _piece(ligne, quantite, ligne.taux_valeur)


def _piece(ligne: Ligne, quantite: int, taux_valeur: int) -> Ligne:
    return replace(ligne, quantite=quantite, taux_valeur=taux_valeur, justifications=list(ligne.justifications))


def _dropped(ligne: Ligne) -> Ligne:
    ligne.leave_out(ligne.motif)
    return ligne


def _put(dossier: Dossier, ligne: Ligne, pieces: Iterable[Ligne]) -> None:
    """Write lines in the place of one."""
    at = next(place for place, one in enumerate(dossier.lignes) if one is ligne)
    dossier.lignes[at : at + 1] = pieces


def _written(kilometres: Decimal | Fraction) -> str:
    """
    >>> _written(Decimal("7.50")), _written(Fraction(54, 5)), _written(Decimal(100))
    ('7,5', '10,8', '100')
    """
    tenths = int(kilometres * 10)
    whole, rest = divmod(tenths, 10)
    return f"{whole},{rest}" if rest else str(whole)
