"""What `fse coter` prints: each act with its amount and, when asked, each step that made it. Nothing personal."""

from __future__ import annotations

from typing import Any

import click

from fse.app.cli.output import print_findings, to_json
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.facture import FactureCotee
from fse.app.operations.coter import Cotation
from fse.base.french import counted
from fse.base.money import format_euros
from fse.domain.cotation.lignes import Justification, LigneCotee, SeanceCotee
from fse.norm.model.soins import Seance
from fse.norm.referentiels.parametres import DROIT, EN_PROJET

_OURS = ("regles.md", "b2.md")
"""The catalogue of our sources (docs/sources.md): `docs/regles.md` cites it, an explanation names the text itself."""

_LIEUX = {"cabinet": "au cabinet", "domicile": "à domicile", "ehpad": "en établissement"}
_CONFIANCES = {
    "3src": "trois sources au moins",
    "2src": "deux sources",
    "1src": "une source",
    "deduit": "déduit",
    "tiers": "à vérifier, lu chez un tiers",
    "memoire": "à vérifier, de mémoire",
    "choix": "notre choix",
}


def print_profile(cabinet: Cabinet, *, counted_past: bool) -> None:
    """Which unverified values may serve, and whether what was billed before counts."""
    profil = cabinet.profil
    if profil.nom:
        click.echo(f"Profil de cotation « {profil.nom} » ({profil.libelle}) : {profil.motif}.")
    else:
        click.echo("Sans profil de cotation : seules les valeurs vérifiées servent.")
    if cabinet.cotation.regime != DROIT:
        click.echo(f"Selon le {EN_PROJET} : une simulation.")
    if not counted_past:
        click.echo("Pas encore de journal : seuls comptent les soins de ces documents.")


def print_cotation(nom: str, result: Cotation, *, detail: bool) -> None:
    """One document, invoice by invoice."""
    if result.document is None:
        click.echo(f"{nom} : ne se lit pas, rien n'est coté")
    else:
        click.echo(f"{nom} : {counted(len(result.factures), 'facture')}, {format_euros(result.montant)}")
    for one in result.factures:
        _print_invoice(one, detail=detail)
    print_findings(result.constats)


def print_totals(nom: str, result: Cotation) -> None:
    """One document, an invoice a line."""
    click.echo(f"{nom} : {counted(len(result.factures), 'facture')}, {format_euros(result.montant)}")
    for one in result.factures:
        click.echo(f"  {_invoice(one)}")
    print_findings(result.constats)


def print_explained(one: FactureCotee, rang: int) -> None:
    """One session of an invoice, `rang` from 1, each of its amounts explained."""
    assert one.saisie.soins is not None
    click.echo(f"\n{one.saisie.reference}, séance {rang} en détail :")
    _print_session(one.saisie.soins.seances[rang - 1], one.seances[rang - 1], detail=True)


def _invoice(one: FactureCotee) -> str:
    facture = one.saisie.facture
    patient = facture.total_honoraires - facture.total_amo - facture.total_amc
    return (
        f"{one.saisie.reference} : {format_euros(facture.total_honoraires)} (AMO {format_euros(facture.total_amo)}, "
        f"AMC {format_euros(facture.total_amc)}, patient {format_euros(patient)})"
    )


def _print_invoice(one: FactureCotee, *, detail: bool) -> None:
    click.echo(f"  {_invoice(one)}")
    if not one.seances:
        click.echo("    rien à coter : pas de soins, ou pas de profession au prestataire")
        return
    assert one.saisie.soins is not None
    for seance, cotee in zip(one.saisie.soins.seances, one.seances, strict=True):
        _print_session(seance, cotee, detail=detail)


def _print_session(seance: Seance, cotee: SeanceCotee, *, detail: bool) -> None:
    heure = f" à {seance.heure}" if seance.heure else ""
    click.echo(f"    {seance.date_soins:%d/%m/%Y}{heure}, {_LIEUX[seance.lieu]}{_path(cotee)} : {_asked(cotee)}")
    for ligne in cotee.lignes:
        click.echo(f"      {_line(ligne)}")
        if detail:
            for step in ligne.justifications:
                click.echo(f"          {_step(step)}")
            click.echo(f"          {_shares(ligne)}")
    for retenue in cotee.retenues:
        about = f" (acte {retenue.rang})" if retenue.rang else ""
        click.echo(
            f"      la caisse retient au patient {format_euros(retenue.montant)} au plus{about} : {retenue.libelle}"
        )
        if detail:
            for step in retenue.justifications:
                click.echo(f"          {_step(step)}")
    for possible in cotee.possibles:
        click.echo(f"      possible, non demandé : {possible.libelle} ({possible.condition})")


def _asked(cotee: SeanceCotee) -> str:
    above = sum(one.depassement for one in cotee.lignes)
    return format_euros(cotee.montant + above) + (f", dont {format_euros(above)} de dépassement" if above else "")


def _path(cotee: SeanceCotee) -> str:
    return f", parcours {cotee.indicateur}" if cotee.indicateur else ""


def _line(ligne: LigneCotee) -> str:
    motif = f" ; {ligne.motif}" if ligne.motif else ""
    if not ligne.part:
        return f"{ligne.rang}. {ligne.libelle} : non facturé{motif}"
    times = f" × {ligne.quantite}" if ligne.quantite > 1 else ""
    part = f", à {ligne.part} %" if ligne.part != 100 else ""
    named = f", {ligne.libelle}" if ligne.acte else ""
    written = f"{ligne.code_acte}{_ccam(ligne)}{_coefficient(ligne)}{times}"
    above = f" et {format_euros(ligne.depassement)} de dépassement" if ligne.depassement else ""
    return f"{ligne.rang}. {written} : {format_euros(ligne.montant)}{above}{part}{named}{motif}"


def _ccam(ligne: LigneCotee) -> str:
    codes = [one.code for one in ligne.prestation.details_ccam] if ligne.prestation is not None else []
    return f" ({', '.join(codes)})" if codes else ""


def _coefficient(ligne: LigneCotee) -> str:
    if ligne.forfaitaire:
        return ""
    return f" {ligne.coefficient.normalize():f}".replace(".", ",")


def _shares(ligne: LigneCotee) -> str:
    return (
        f"AMO {format_euros(ligne.montant_amo)}, AMC {format_euros(ligne.montant_amc)}, "
        f"patient {format_euros(ligne.part_patient)}"
        + (f", dépassement {format_euros(ligne.depassement)} au patient, non remboursé" if ligne.depassement else "")
    )


def _step(step: Justification) -> str:
    said = f"{step.libelle} : {step.valeur}" if step.valeur else step.libelle
    since = f", depuis le {step.depuis:%d/%m/%Y}" if step.depuis else ", début inconnu"
    profil = f", par le profil « {step.profil} »" if step.profil else ""
    name = f"règle {step.regle}" if step.regle else step.parametre
    sources = [one for one in (step.article, *step.source.split(" ; ")) if not one.startswith(_OURS)]
    return f"{said} [{name}{since} ; {' ; '.join(sources)} ; {_CONFIANCES[step.confiance]}{profil}]"


def cotation_json(nom: str, result: Cotation, cabinet: Cabinet) -> dict[str, Any]:
    """A document as an object: what the text says, every step included, and nothing that names a patient."""
    return {
        "entree": nom,
        "profil": cabinet.profil.nom,
        "regime": cabinet.cotation.regime,
        "montant": result.montant,
        "factures": [_invoice_json(one) for one in result.factures],
        "constats": result.constats,
    }


def _invoice_json(one: FactureCotee) -> dict[str, Any]:
    facture = one.saisie.facture
    seances = one.saisie.soins.seances if one.saisie.soins and one.seances else ()
    return {
        "reference": one.saisie.reference,
        "prestataire": facture.prestataire,
        "total_honoraires": facture.total_honoraires,
        "total_amo": facture.total_amo,
        "total_amc": facture.total_amc,
        "seances": [
            {
                "date_soins": seance.date_soins,
                "heure": seance.heure,
                "lieu": seance.lieu,
                "indicateur": cotee.indicateur,
                "montant": cotee.montant,
                "lignes": [{**to_json(ligne), "part_patient": ligne.part_patient} for ligne in cotee.lignes],
                "retenues": cotee.retenues,
                "possibles": cotee.possibles,
            }
            for seance, cotee in zip(seances, one.seances, strict=True)
        ],
    }
