"""What a count says in French, the same on the terminal, on the page and in the file for the commission.

These sentences tell figures and what would change them: more FSE, or FSE that are proved received. Nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from fse.app.operations.incitation.position import Dispositif
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.incitation.feuilles import CAUSES, EXCLUSIONS, NON_ENVOYEE, RECEPTIONS, REFUSEE
from fse.domain.incitation.projection import RECENT, Projection
from fse.domain.incitation.taux import Decompte, Unite, number, percent
from fse.norm.referentiels.incitations import Incitation

METHODE = (
    f"Méthode (la nôtre) : le rythme est celui de toute la période, la part de FSE celle des {RECENT} derniers jours ; "
    "l'intervalle, de Wilson à 95 %, ne dit que le hasard de cette part, pas un changement d'activité."
)

PROFESSIONS = {
    "medecin": "médecin",
    "chirurgien-dentiste": "chirurgien-dentiste",
    "sage-femme": "sage-femme",
    "infirmier": "infirmier",
    "masseur-kinesitherapeute": "masseur-kinésithérapeute",
    "orthophoniste": "orthophoniste",
    "orthoptiste": "orthoptiste",
    "pedicure-podologue": "pédicure-podologue",
}

_CONFIANCES = {
    "1src": "lu dans une source",
    "2src": "lu dans deux sources",
    "3src": "lu dans trois sources",
    "memoire": "à vérifier : de mémoire",
    "tiers": "à vérifier : lu chez un tiers",
    "deduit": "déduit",
    "choix": "notre choix",
}


def threshold(seuil: Fraction) -> str:
    """A threshold as it is stated: whole percents, else the fraction.

    >>> threshold(Fraction(3, 4)), threshold(Fraction(2, 3))
    ('75 %', '2/3 (66,66 %)')
    """
    whole = seuil * 100
    if whole.denominator == 1:
        return f"{whole.numerator} %"
    return f"{seuil.numerator}/{seuil.denominator} ({percent(seuil)})"


def units(scheme: Incitation, total: int) -> str:
    """A number of what a scheme counts."""
    return counted(total, scheme.unite)


def status(scheme: Incitation) -> str:
    """What a reader must know before any figure, "" for a scheme in force that was read in a text."""
    if scheme.en_projet:
        return "barème du projet de 2011, à titre d'exercice, non versé"
    if scheme.a_verifier:
        return "règle connue de mémoire, à vérifier : ni le seuil ni les années n'en sont sûrs"
    return ""


def years(scheme: Incitation) -> str:
    """The years that a scheme measures.

    >>> from fse.norm.referentiels.incitations import incitations
    >>> years(incitations()["rosp-2012"]), years(incitations()["aide-kinesitherapeutes-2000"])
    ('de 2012 à 2016', 'en 2000')
    """
    if scheme.fin is None:
        return f"depuis {scheme.debut}"
    return f"en {scheme.debut}" if scheme.fin == scheme.debut else f"de {scheme.debut} à {scheme.fin}"


def source(scheme: Incitation) -> str:
    """The text that states it, and how far it was verified."""
    return f"{scheme.article} ; {_CONFIANCES[scheme.confiance]}"


def rate_made(decompte: Decompte) -> str:
    """The rate and the two numbers that make it."""
    if decompte.taux is None:
        return "Taux : sans objet, rien ne compte dans ce dispositif sur la période"
    done, scope = number(decompte.fse), number((*decompte.fse, *decompte.autres))
    return f"Taux : {percent(decompte.taux)} = {done} en FSE reçues / {units(decompte.scheme, scope)}"


def verdict(decompte: Decompte) -> str:
    """Where the rate stands; while the period runs, that it is not the one that the fund will look at."""
    told = _standing(decompte)
    if not decompte.en_cours or decompte.taux is None:
        return told
    last = decompte.scheme.period(decompte.annee)[1]
    return f"{told} ; ce n'est pas encore le taux de l'année, qui se mesure au {last:%d/%m/%Y}"


def _standing(decompte: Decompte) -> str:
    scheme, running = decompte.scheme, decompte.en_cours
    seuil = threshold(scheme.seuil)
    if decompte.verdict == "sans-activite":
        return f"seuil de {seuil} : rien à comparer"
    if decompte.verdict == "atteint":
        return f"seuil de {seuil} atteint{' à ce jour' if running else ''}"
    if scheme.bande is None:
        return f"seuil de {seuil} non atteint"
    bande = threshold(scheme.bande)
    if decompte.verdict == "commission":
        asked = f"si l'année finit ainsi, {scheme.commission} pourra" if running else f"{scheme.commission} peut"
        return f"seuil de {seuil} non atteint, mais {bande} le sont : {asked} être saisie"
    return f"seuil de {seuil} non atteint, ni les {bande} à partir desquels {scheme.commission} peut être saisie"


def composition(decompte: Decompte) -> str:
    """The three lists, and that they make the activity."""
    return (
        f"Activité du {decompte.debut:%d/%m/%Y} au {decompte.fin:%d/%m/%Y} : "
        f"{units(decompte.scheme, number(decompte.unites))} = {number(decompte.fse)} en FSE reçues + "
        f"{number(decompte.autres)} autrement + {number(decompte.exclues)} hors du calcul"
    )


def causes(decompte: Decompte) -> list[tuple[str, int]]:
    """Why what is in the scope was no received FSE, and how many: the most frequent first."""
    return _ranked((CAUSES[one.cause], one.nombre) for one in decompte.autres)


def exclusions(decompte: Decompte) -> list[tuple[str, int]]:
    """Why what is out of the scope is, and how many."""
    return _ranked((EXCLUSIONS[one.exclusion], one.nombre) for one in decompte.exclues if one.exclusion)


def _ranked(labels: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for label, times in labels:
        found[label] += times
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def amount(decompte: Decompte) -> str:
    """What the rate gives a right to, and how it is made."""
    scheme, montant = decompte.scheme, decompte.montant
    if montant is None:
        return "Montant : ce dispositif n'en a pas que fse sache calculer"
    if decompte.verdict == "commission":
        return (
            f"Montant : {format_euros(0)} tant que la caisse, après l'avis de la commission, n'en décide pas autrement"
        )
    if decompte.verdict != "atteint":
        return f"Montant : {format_euros(0)}"
    made = []
    if scheme.par_feuille:
        made.append(f"{decompte.recues} FSE reçues × {format_euros(scheme.par_feuille)}")
    if scheme.fixe:
        made.append(f"{format_euros(scheme.fixe)} par an")
    if scheme.points:
        made.append(f"{scheme.points} points × {format_euros(scheme.point)}")
    paid = f", {scheme.versement}" if scheme.versement and not scheme.en_projet else ""
    return f"Montant au {decompte.fin:%d/%m/%Y} : {format_euros(montant)} = {' + '.join(made)}{paid}"


def conditions(scheme: Incitation) -> str:
    """What else has to be met, "" for nothing."""
    if not scheme.conditions:
        return ""
    return f"Le taux ne suffit pas ; fse ne connaît pas le reste : {' ; '.join(scheme.conditions)}"


def complements(scheme: Incitation) -> list[str]:
    """What a scheme pays besides, on conditions that fse does not know: not in the amount."""
    return [
        f"Non compté : {one.libelle}, {format_euros(one.montant)} de plus par an si {one.condition}"
        for one in scheme.complements
    ]


def prospects(dispositif: Dispositif) -> Iterator[str]:
    """Where the year ends at this pace, and what would change it, sentence by sentence."""
    decompte, said = dispositif.decompte, dispositif.projection
    yield from _not_received(decompte)
    if said is None:
        return
    scheme, best = decompte.scheme, said.si_recues
    yield (
        f"Fin d'année à ce rythme : {percent(said.taux)} (de {percent(said.bas)} à {percent(said.haut)}), avec "
        f"environ {units(scheme, said.reste)} à venir et {percent(said.habituel)} de FSE."
    )
    if best is not None:
        yield (
            f"Avec ce qui peut encore être reçu ({units(scheme, decompte.pas_encore)} en FSE) : {percent(best.taux)} "
            f"(de {percent(best.bas)} à {percent(best.haut)})."
        )
    if said.manquent:
        yield f"Pour atteindre le seuil au plus tôt : {units(scheme, said.manquent)} de suite en FSE reçues."
    yield _end_of_year(decompte, said)


def _not_received(decompte: Decompte) -> Iterator[str]:
    """FSE that do not count yet, each with what it lacks."""
    scheme = decompte.scheme
    if decompte.attendues:
        yield (
            f"Envoyé, sans preuve de réception : {units(scheme, decompte.attendues)} en FSE ; avec elle, le taux "
            f"serait de {percent(decompte.taux_si_recues)} ; fse suivi dit où en est chaque feuille."
        )
    for cause, title, end in (
        (NON_ENVOYEE, "Pas encore envoyé", "la réception"),
        (REFUSEE, "Refusé par la caisse", "la correction et la réception"),
    ):
        held = number(one for one in decompte.autres if one.cause == cause)
        if held:
            yield f"{title} : {units(scheme, held)} en FSE ; rien n'en compte avant {end}."


def _end_of_year(decompte: Decompte, said: Projection) -> str:
    """Only what is out of reach with every FSE that may still be received is told to be."""
    scheme, waiting, best = decompte.scheme, decompte.pas_encore, said.si_recues or said
    coming = f"environ {units(scheme, said.reste)} à venir"
    if not best.possible:
        even = f", même avec {units(scheme, waiting)} en FSE encore à recevoir" if waiting else ""
        return f"À ce rythme le seuil ne peut plus être atteint{even} : il faudrait {best.a_fse} en FSE, sur {coming}."
    if not said.possible:
        least = said.a_fse - said.reste
        return (
            f"À ce rythme le seuil ne peut être atteint que si, sur {units(scheme, waiting)} en FSE encore à recevoir, "
            f"{least} au moins arrivent : il en faut {said.a_fse}, et {coming}."
        )
    if not said.a_fse:
        return "À ce rythme, l'année finit au seuil, même si plus rien ne part en FSE."
    which = "de ce qui est à venir ou peut encore être reçu" if waiting else "de ce qui est à venir"
    if best.limite is not None:
        even = ", même avec tout ce qui peut encore être reçu" if waiting else ""
        return (
            f"Pour finir l'année au seuil : {said.a_fse} en FSE {which}. Après le {best.limite:%d/%m/%Y}, si rien ne "
            f"change d'ici là, il ne pourra plus être atteint{even}."
        )
    if said.taux < scheme.seuil:
        return (
            "À ce rythme, l'année finirait au seuil avec ce qui peut encore être reçu, pas sans cela ; il y "
            f"faut {said.a_fse} en FSE {which}."
        )
    if said.bas >= scheme.seuil:
        return f"À ce rythme, l'année finit au seuil ; il y faut {said.a_fse} en FSE {which}."
    return f"À ce rythme, l'année finirait au seuil, sans que ce soit sûr ; il y faut {said.a_fse} en FSE {which}."


def unit_reason(unite: Unite) -> str:
    """Why an act or a sheet is in its list: the proof of its reception, why it is no FSE, or why it is left out."""
    if unite.exclusion is not None:
        return EXCLUSIONS[unite.exclusion]
    if unite.cause:
        return CAUSES[unite.cause]
    assert unite.feuille.recue is not None
    return RECEPTIONS[unite.feuille.recue]
