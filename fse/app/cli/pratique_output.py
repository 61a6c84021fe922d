"""What `fse pratique` prints: per doctor, period by period, what is reached, what is not, and what to do."""

from __future__ import annotations

from decimal import Decimal

import click

from fse.app.operations.pratique import Medecin, PeriodeSuivie, Pratique
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.cotation.exercice import NON_DECLARE
from fse.domain.cotation.medecins.disciplines import LIBELLES
from fse.domain.cotation.medecins.frequences import Frequence, Semaine, beyond
from fse.domain.cotation.medecins.ratios import CLINIQUE, ENSEMBLE, TECHNIQUE, Ratio

_MESURES = {CLINIQUE: "actes cliniques", TECHNIQUE: "actes techniques", ENSEMBLE: "tous les actes"}
_STATUTS = {"conventionne": "", "hors-convention": ", hors convention", "suspendu": ", convention suspendue"}


def print_pratique(result: Pratique) -> None:
    """Each doctor; what a period does not say is not printed."""
    click.echo(f"Pratique du {result.du:%d/%m/%Y} au {result.au:%d/%m/%Y}")
    if not result.medecins:
        click.echo("  Aucun soin de médecin n'est sécurisé sur cette période.")
    for one in result.medecins:
        _print_doctor(one)


def _print_doctor(one: Medecin) -> None:
    billing = f", pour {', '.join(one.pour)}" if one.pour else ""
    click.echo(f"\n{one.nom or 'médecin'} ({one.numero}){billing}")
    for period in one.periodes:
        _print_period(period)
    if one.snp_maximum is not None:
        _print_weeks(one.semaines_snp, one.snp_maximum)


def _print_period(period: PeriodeSuivie) -> None:
    secteur = (
        f"secteur {period.secteur}" if period.secteur not in ("", NON_DECLARE) else "sans secteur dans cabinet.toml"
    )
    who = f"{LIBELLES[period.discipline]}, {secteur}" if period.discipline else secteur
    part = "" if period.entiere else f", du {period.du:%d/%m/%Y} au {period.au:%d/%m/%Y}"
    name = period.libelle[0].upper() + period.libelle[1:]
    click.echo(f"  {name}{part}, {who}{_STATUTS[period.statut]} : {counted(period.visites, 'séance')}")
    for ratio in period.ratios:
        click.echo(f"    {_MESURES[ratio.activites]} : {_share(ratio)}")
    if period.seuil is not None:
        click.echo(f"      seuil de {period.seuil.valeur} % : {period.seuil.article} ({period.seuil.regime})")
        if any(ratio.atteint is False for ratio in period.ratios):
            click.echo(f"      → {period.seuil.action}")
    if period.hors_ratio:
        unknown = ", ".join(period.lettres_non_classees)
        told = f" ; lettres que nos tables ne classent pas : {unknown}" if unknown else ""
        click.echo(f"    hors de ces parts : {format_euros(period.hors_ratio)} (déplacements, non remboursable{told})")
    for frequence in period.frequences:
        if frequence.nombre:
            _print_frequency(frequence)


def _share(ratio: Ratio) -> str:
    if ratio.taux is None:
        return "aucun honoraire"
    told = (
        f"{_percent(ratio.taux)} sans dépassement ({format_euros(ratio.sans_depassement)} sur "
        f"{format_euros(ratio.total)} ; dépassements : {format_euros(ratio.depassements)})"
    )
    if ratio.atteint is None:
        return told
    if ratio.atteint:
        return f"{told}, seuil atteint"
    return f"{told}, seuil non atteint : il manque {format_euros(ratio.manque)} d'honoraires sans dépassement"


def _print_frequency(one: Frequence) -> None:
    each = ", ".join(f"{code} {number}" for code, number in one.detail) if len(one.detail) > 1 else ""
    share = f", soit {_percent(one.part)} des séances" if one.part is not None else ""
    click.echo(f"    {one.libelle} : {one.nombre}{f' ({each})' if each else ''}{share}")
    if one.motif:
        click.echo(f"      {one.motif}")


def _print_weeks(weeks: tuple[Semaine, ...], maximum: int) -> None:
    """The weeks beyond the most, else the fullest."""
    over = beyond(weeks, maximum)
    fullest = max(weeks, key=lambda one: (one.nombre, one.debut))
    click.echo(
        f"  SNP, au plus {maximum} par semaine (NGAP, article 14.1.3) : {counted(len(weeks), 'semaine')} avec SNP"
    )
    for one in over or (fullest,):
        verdict = f" : {one.nombre - maximum} de trop" if one in over else ", la plus chargée"
        click.echo(f"    semaine du {one.debut:%d/%m/%Y} au {one.fin:%d/%m/%Y} : {one.nombre}{verdict}")


def _percent(value: Decimal) -> str:
    return f"{value} %".replace(".", ",")
