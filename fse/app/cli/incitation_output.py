"""What `fse incitation` prints: where each professional stands, how each figure was made. Nothing personal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import click

from fse.app.cli.output import to_json
from fse.app.operations.incitation import phrases
from fse.app.operations.incitation.position import Dispositif, Incitations, Position
from fse.domain.incitation.mois import by_month
from fse.domain.incitation.projection import Projection
from fse.domain.incitation.taux import Decompte, Unite, number, percent


def print_incitations(result: Incitations) -> None:
    """Each professional, scheme by scheme."""
    click.echo(f"Incitations {result.annee}, au {result.le:%d/%m/%Y}")
    for one in result.positions:
        _print_position(one)
    if any(each.projection for one in result.positions for each in one.dispositifs):
        click.echo(f"\n{phrases.METHODE}")


def _print_position(position: Position) -> None:
    profession = phrases.PROFESSIONS.get(position.profession, "profession non déclarée")
    click.echo(f"\n{click.style(position.nom, bold=True)}, praticien {position.prestataire}, {profession}")
    if not position.profession:
        click.echo("  Aucun dispositif ne peut être dit.")
        click.echo("  → Ajouter sa profession à [[prestataires]] dans cabinet.toml.")
    elif not position.dispositifs:
        click.echo(f"  Ne s'applique pas : fse ne connaît aucun dispositif pour cette profession en {position.annee}.")
    for one in position.dispositifs:
        _print_dispositif(one)
    for other in position.hors:
        click.echo(f"\n  {other.libelle} : ne s'applique pas en {position.annee} ({phrases.years(other)})")


def _print_dispositif(dispositif: Dispositif) -> None:
    decompte = dispositif.decompte
    scheme = decompte.scheme
    click.echo(f"\n  {scheme.libelle}")
    if phrases.status(scheme):
        click.echo(f"    ! {phrases.status(scheme)}")
    click.echo(f"    {phrases.rate_made(decompte)} ; {phrases.verdict(decompte)}")
    click.echo(f"    {phrases.composition(decompte)}")
    for title, reasons in (("autrement", phrases.causes(decompte)), ("hors du calcul", phrases.exclusions(decompte))):
        if reasons:
            click.echo(f"      {title} : {', '.join(f'{label} ({number})' for label, number in reasons)}")
    click.echo(f"    {phrases.amount(decompte)}")
    told = (phrases.conditions(scheme), *phrases.complements(scheme), *phrases.prospects(dispositif))
    for line in filter(None, told):
        click.echo(f"    {line}")
    if scheme.note:
        click.echo(f"    Note : {scheme.note}")
    click.echo(f"    Source : {phrases.source(scheme)}")


def print_detail(result: Incitations) -> None:
    """Every act or sheet of the activity, in its list and with its reason."""
    for position in result.positions:
        for one in position.dispositifs:
            click.echo(f"\nDétail, {position.nom}, {one.decompte.scheme.libelle}")
            for title, unites in _lists(one.decompte):
                click.echo(f"  {title} : {number(unites)}")
                for unite in unites:
                    click.echo(f"    {_unit(unite)}")
            click.echo(f"  Ensemble : {number(one.decompte.unites)}")


def _lists(decompte: Decompte) -> tuple[tuple[str, tuple[Unite, ...]], ...]:
    return ("En FSE reçues", decompte.fse), ("Autrement", decompte.autres), ("Hors du calcul", decompte.exclues)


def _unit(unite: Unite) -> str:
    sheet = unite.feuille
    times = f" × {unite.nombre}" if unite.nombre > 1 else ""
    act = f"  acte {unite.acte.rang} {unite.acte.code_acte}{times}" if unite.acte else ""
    return (
        f"{sheet.numero:09d}  {sheet.reference}  {unite.date:%d/%m/%Y}{act}  mode {sheet.mode} : "
        f"{phrases.unit_reason(unite)}"
    )


def incitations_json(result: Incitations) -> dict[str, Any]:
    """The same as data: a rate is its two numbers, `affiche` what a reader sees of it."""
    return {
        "annee": result.annee,
        "le": to_json(result.le),
        "positions": [_position_json(one) for one in result.positions],
    }


def _position_json(position: Position) -> dict[str, Any]:
    return {
        "prestataire": position.prestataire,
        "nom": position.nom,
        "profession": position.profession,
        "dispositifs": [_dispositif_json(one) for one in position.dispositifs],
        "ne_s_applique_pas": [
            {"dispositif": one.nom, "debut": one.debut, "fin": one.fin, "libelle": one.libelle} for one in position.hors
        ],
    }


def _dispositif_json(dispositif: Dispositif) -> dict[str, Any]:
    decompte, said = dispositif.decompte, dispositif.projection
    scheme = decompte.scheme
    return {
        "dispositif": scheme.nom,
        "libelle": scheme.libelle,
        "en_projet": scheme.en_projet,
        "a_verifier": scheme.a_verifier,
        "unite": scheme.unite,
        "seuil": _rate(scheme.seuil),
        "bande": _rate(scheme.bande),
        "debut": to_json(decompte.debut),
        "fin": to_json(decompte.fin),
        "taux": _rate(decompte.taux),
        "taux_si_recues": _rate(decompte.taux_si_recues),
        "verdict": decompte.verdict,
        "en_cours": decompte.en_cours,
        "activite": number(decompte.unites),
        "fse": number(decompte.fse),
        "autres": number(decompte.autres),
        "exclues": number(decompte.exclues),
        "attendues": decompte.attendues,
        "pas_encore": decompte.pas_encore,
        "causes": dict(phrases.causes(decompte)),
        "exclusions": dict(phrases.exclusions(decompte)),
        "fse_recues": decompte.recues,
        "montant": decompte.montant,
        "conditions": list(scheme.conditions),
        "complements": to_json(scheme.complements),
        "mois": [
            {
                "premier": to_json(one.premier),
                "fse": one.fse,
                "autres": one.autres,
                "exclues": one.exclues,
                "taux": _rate(one.taux),
                "cumul": _rate(one.cumul),
            }
            for one in by_month(decompte)
        ],
        "projection": said and _projection_json(said),
        "note": scheme.note,
        "article": scheme.article,
        "source": scheme.source,
        "confiance": scheme.confiance,
    }


def _projection_json(said: Projection) -> dict[str, Any]:
    """`si_recues`: the same with all the FSE that may still be received, `None` without any."""
    return {
        "a_venir": said.reste,
        "habituel": _rate(said.habituel),
        "taux": percent(said.taux),
        "bas": percent(said.bas),
        "haut": percent(said.haut),
        "manquent": said.manquent,
        "a_fse": said.a_fse,
        "possible": said.possible,
        "limite": to_json(said.limite),
        "si_recues": said.si_recues and _projection_json(said.si_recues),
    }


def _rate(taux: Fraction | None) -> dict[str, Any] | None:
    if taux is None:
        return None
    return {"numerateur": taux.numerator, "denominateur": taux.denominator, "affiche": percent(taux)}


def detail_json(result: Incitations) -> list[dict[str, Any]]:
    """The same lists as data."""
    return [
        {
            "prestataire": position.prestataire,
            "dispositif": one.decompte.scheme.nom,
            "fse": _units_json(one.decompte.fse),
            "autres": _units_json(one.decompte.autres),
            "exclues": _units_json(one.decompte.exclues),
        }
        for position in result.positions
        for one in position.dispositifs
    ]


def _units_json(unites: Sequence[Unite]) -> list[dict[str, Any]]:
    return [
        {
            "numero": one.feuille.numero,
            "reference": one.feuille.reference,
            "date": to_json(one.date),
            "acte": one.acte.rang if one.acte else None,
            "code_acte": one.acte.code_acte if one.acte else None,
            "nombre": one.nombre,
            "mode": one.feuille.mode,
            "raison": phrases.unit_reason(one),
        }
        for one in unites
    ]
