"""What `fse incitation --indicateurs` gives: performance pay line by line, payments followed, contributions.

As text, and as data: there fractions are their two numbers, money is in centimes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

import click

from fse.app.cli.incitation_versements import EXERCICE, print_contributions, print_payments
from fse.app.cli.output import to_json
from fse.app.operations.incitation.revenus import OptionSuivie, Revenus
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.incitation.compteurs import TELESERVICES, Teleservice
from fse.domain.incitation.remuneration import CAS, Ligne, Remuneration
from fse.domain.incitation.taux import percent
from fse.domain.incitation.versements import Suivi
from fse.norm.referentiels.parametres import EN_PROJET

SUITES = {
    "respecte": "engagement respecté",
    "avertissement": "en dessous : la caisse avertit (article {avertit})",
    "resiliation-possible": "deuxième trimestre de suite en dessous : la caisse peut résilier (article {resilie})",
    "sans-activite": "aucun honoraire : rien à comparer",
    "incomplet": "rien ne se conclut sans : {absentes}",
}
_OPTIONS = {"option-coordination": "Option de coordination", "secteur-optionnel": "Secteur optionnel"}
_ARTICLES = {
    "option-coordination": {"avertit": "39", "resilie": "41"},
    "secteur-optionnel": {"avertit": "49", "resilie": "51"},
}


def print_pay(result: Revenus) -> None:
    """Everything that a file of indicators gives, for a reader."""
    click.echo(f"\nRevenus hors soins de {result.annee}, au {result.le:%d/%m/%Y} : {result.nom}")
    if result.remuneration is not None:
        _print_remuneration(result.remuneration)
    if result.teleservices:
        click.echo("\n  Téléservices (relevé du fichier)")
        for one in result.teleservices:
            click.echo(f"    {_teleservice(one)}")
    if result.option is not None:
        _print_option(result.option)
    print_payments(result.versements)
    if result.cotisations is not None:
        print_contributions(result.cotisations, result.honoraires_comptes)


def points(number: Fraction) -> str:
    """Points as a French reader sees them, two decimals at most, never rounded up.

    >>> points(Fraction(1300)), points(Fraction(45, 2)), points(Fraction(2, 3))
    ('1300', '22,50', '0,66')
    """
    hundredths = number.numerator * 100 // number.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)


def _print_remuneration(pay: Remuneration) -> None:
    bareme = pay.bareme
    click.echo(f"\n  {bareme.libelle}")
    for warning in _warnings(pay):
        click.echo(f"    ! {warning}")
    click.echo(f"    Patientèle : {counted(pay.patients, 'patient')}, pour des points définis à {bareme.patientele}")
    for volet in bareme.volets.values():
        lines = [one for one in pay.lignes if one.indicateur.volet == volet.nom]
        got = sum((one.points or Fraction(0) for one in lines), Fraction(0))
        click.echo(f"    {volet.libelle} : {points(got)} points ({volet.total} au barème)")
        for text in _lines(lines):
            click.echo(f"      {text}")
    click.echo(f"    Total : {total(pay)}")
    for note in bareme.notes:
        click.echo(f"    Note : {note}")
    click.echo(f"    Source : {bareme.article} ; {bareme.source}")


def _warnings(pay: Remuneration) -> Iterator[str]:
    if pay.bareme.en_projet:
        yield f"{EN_PROJET} : {EXERCICE}"
    if pay.bareme.a_verifier:
        yield "barème de mémoire, à vérifier : aucun montant n'en est sûr"


def _lines(lines: Sequence[Ligne]) -> Iterator[str]:
    """Each indicator of the file, then how its points are made; last, the names of those that the file leaves out."""
    left_out = [one.indicateur.nom for one in lines if one.mesure is None]
    for one in lines:
        if one.mesure is not None:
            yield f"{one.indicateur.libelle} : {_gain(one)}"
            yield f"  {CAS[one.cas]}{_made(one)}"
    if left_out:
        yield f"Absents du fichier, non comptés : {', '.join(left_out)}"


def _gain(one: Ligne) -> str:
    if one.points is not None:
        return f"{points(one.points)} points"
    return "neutralisé" if one.cas == "neutralise" else "sans résultat"


def _made(one: Ligne) -> str:
    """The measure, the terms of the formula and the product that gives the points."""
    said, parts = one.mesure, []
    if said is not None and said.valeur is not None:
        parts.append(f"mesuré {percent(said.valeur / 100)} sur {said.effectif}")
        terms = (("initial", said.initial), ("intermédiaire", one.intermediaire), ("cible", one.cible))
        parts += [f"{name} {percent(value / 100)}" for name, value in terms if value is not None]
    if one.cas == "neutralise":
        parts.append(f"seuil de {one.indicateur.minimum} {_minimum(one)}")
    if one.taux:
        weight = "" if one.poids == 1 else f" × {one.poids.numerator}/{one.poids.denominator} (patientèle)"
        rate = "" if one.taux == 1 else f" × {one.taux.numerator}/{one.taux.denominator} ({percent(one.taux)})"
        parts.append(f"{one.indicateur.points} points{rate}{weight}")
    return f" ({' ; '.join(parts)})" if parts else ""


def _minimum(one: Ligne) -> str:
    return "boîtes" if one.indicateur.unite_minimum == "boites" else "patients"


def total(pay: Remuneration) -> str:
    """The points and what they are worth; as bounds when blanks leave an indicator without a result.

    The sum is exact; it is rounded once, to the centime.
    """
    reached = points(pay.points)
    if pay.sans_resultat:
        reached = f"de {reached} à {points(pay.points_au_plus)}"
    told = f"{reached} points sur {points(pay.possibles)} possibles"
    if pay.point is None or pay.montant is None or pay.montant_au_plus is None:
        return f"{told} ; la valeur du point est en blanc : aucun montant"
    worth = format_euros(pay.montant)
    if pay.sans_resultat:
        worth = f"de {worth} à {format_euros(pay.montant_au_plus)}"
    return f"{told}, à {format_euros(pay.point)} le point : {worth}"


def _teleservice(one: Teleservice) -> str:
    share = "" if one.total is None else f" sur {one.total} ({percent(one.part)})"
    return f"{TELESERVICES[one.nom]} : {one.nombre}{share}"


def _print_option(option: OptionSuivie) -> None:
    seuil = option.seuil
    click.echo(f"\n  {_OPTIONS[option.nom]} : {seuil.libelle}, {seuil.valeur} % au moins ({seuil.article})")
    click.echo(f"    ! {EN_PROJET} ; ce sont les chiffres de la caisse, fse pratique dit ceux du cabinet")
    for one in option.trimestres:
        shares = ", ".join(f"{each.activite} {percent(each.ratio)}" for each, _ in one.mesures)
        told = SUITES[one.suite].format(**_ARTICLES[option.nom], absentes=", ".join(one.absentes))
        click.echo(f"    trimestre {one.trimestre} : {shares} : {told}")


def pay_json(result: Revenus) -> dict[str, Any]:
    """Everything that `print_pay` tells, exactly."""
    pay, due = result.remuneration, result.cotisations
    return {
        "prestataire": result.prestataire,
        "nom": result.nom,
        "annee": result.annee,
        "le": to_json(result.le),
        "remuneration": None if pay is None else _pay_json(pay),
        "teleservices": [
            {"nom": one.nom, "nombre": one.nombre, "total": one.total, "part": _exact(one.part)}
            for one in result.teleservices
        ],
        "option": None if result.option is None else _option_json(result.option),
        "versements": [_payment_json(one) for one in result.versements.lignes],
        "autres_forfaits": to_json(result.versements.autres),
        "cotisations": due
        and {
            "en_projet": True,
            "assiette": to_json(due.assiette),
            "honoraires_du_journal": result.honoraires_comptes,
            "parts": [
                {
                    "nom": one.nom,
                    "montant": one.montant,
                    "assises": [{"base": base, "taux": _exact(taux)} for base, taux in one.assises],
                }
                for one in due.parts
            ],
            "total": due.total,
            "motif": due.motif,
            "autre_lecture_maladie": due.autre_lecture,
        },
    }


def _pay_json(pay: Remuneration) -> dict[str, Any]:
    bareme = pay.bareme
    return {
        "bareme": bareme.nom,
        "libelle": bareme.libelle,
        "en_projet": bareme.en_projet,
        "a_verifier": bareme.a_verifier,
        "patients": pay.patients,
        "patientele": bareme.patientele,
        "point": pay.point,
        "indicateurs": [
            {
                "nom": one.indicateur.nom,
                "libelle": one.indicateur.libelle,
                "volet": one.indicateur.volet,
                "points_bareme": one.indicateur.points,
                "cas": one.cas,
                "explication": CAS[one.cas],
                "taux": _exact(one.taux),
                "poids": _exact(one.poids),
                "points": _exact(one.points),
                "intermediaire": _exact(one.intermediaire),
                "cible": _exact(one.cible),
                "mesure": one.mesure
                and {field.name: _any(getattr(one.mesure, field.name)) for field in fields(one.mesure)},
            }
            for one in pay.lignes
        ],
        "points": _exact(pay.points),
        "points_au_plus": _exact(pay.points_au_plus),
        "possibles": _exact(pay.possibles),
        "montant": pay.montant,
        "montant_au_plus": pay.montant_au_plus,
        "notes": list(bareme.notes),
        "article": bareme.article,
        "source": bareme.source,
        "confiance": bareme.confiance,
    }


def _option_json(option: OptionSuivie) -> dict[str, Any]:
    return {
        "nom": option.nom,
        "seuil": option.seuil.valeur,
        "article": option.seuil.article,
        "trimestres": [
            {
                "trimestre": one.trimestre,
                "suite": one.suite,
                "absentes": list(one.absentes),
                "mesures": [
                    {**to_json(each), "ratio": _exact(each.ratio), "atteint": kept} for each, kept in one.mesures
                ],
            }
            for one in option.trimestres
        ],
    }


def _payment_json(one: Suivi) -> dict[str, Any]:
    return {
        **to_json(one.attendu),
        "etat": one.etat,
        "recu": one.recu,
        "ecart": one.ecart,
        "recus": [{**to_json(sum_), "lien": link} for sum_, link in one.recus],
    }


def _any(value: Any) -> Any:
    return _exact(value) if isinstance(value, Fraction) else value


def _exact(value: Fraction | None) -> dict[str, int] | None:
    return None if value is None else {"numerateur": value.numerator, "denominateur": value.denominator}
