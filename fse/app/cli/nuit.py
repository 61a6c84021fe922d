"""`fse nuit`: the nightly job, and its units for systemd."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import click

from fse.app.cli.options import cabinet_option, current_user, format_option, le_option, mail_password
from fse.app.cli.output import print_findings, print_json, to_json
from fse.app.cli.relever import key_password
from fse.app.cli.session import open_session
from fse.app.cli.suivi_groups import to_do
from fse.app.cli.transmission_output import deadline
from fse.app.nightly.nuit import Nuit, nuit
from fse.app.nightly.outcomes import Etape, NomEtape, unexpected
from fse.app.operations.cabinet import Cabinet, load_cabinet
from fse.app.operations.delivery import deliver
from fse.app.operations.utilisateurs import visible_prestataires
from fse.base.errors import FseError, UsageError
from fse.base.findings import Finding, Severity
from fse.base.french import counted
from fse.base.money import format_euros

_ETAPES: dict[NomEtape, str] = {
    "envoyer": "Envoi",
    "relever": "Relève",
    "recevoir": "Dépôts",
    "relancer": "Relances",
    "renvoyer": "Renvoi",
    "rapport": "Page du matin",
}
_COUNTED = (
    ("partis", "fichier parti", ""),
    ("en_attente", "fichier", " en attente"),
    ("pieces_parties", "pièce partie", ""),
    ("pieces_en_attente", "pièce", " en attente"),
    ("releves", "courrier relevé", ""),
    ("fichiers_recus", "fichier reçu", ""),
    ("deja_recus", "fichier", " déjà reçu"),
    ("ecartes", "fichier", " mis de côté"),
    ("laisses", "fichier", " laissé en place"),
    ("renvois", "lot", " à renvoyer tel quel"),
    ("relots", "lot", " à refaire, à signer"),
    ("a_ecrire", "fichier", " à écrire : fse relancer --sortie DOSSIER"),
    ("duplicatas", "duplicata", " à éditer"),
    ("a_corriger", "facture", " à corriger"),
    ("pages", "page écrite", ""),
)
"""What a step may have counted, in words: those that take an s, and the rest. What is nought is not said."""

_FINDINGS = 15
"""How many findings are told one by one: the summary is one page."""


@click.command(
    name="nuit",
    help="Le travail qui ne demande personne : envoie, relève, reçoit les dossiers de [nuit], relance, puis écrit la "
    "page du matin. À lancer chaque nuit par une tâche planifiée ; une seule à la fois ; à relancer sans crainte. "
    "Aucune carte n'est demandée : ce qui en attend une est listé. Secrets : FSE_CLE_JOURNAL, "
    "FSE_MOT_DE_PASSE_COURRIER, FSE_MOT_DE_PASSE ; sous systemd, aussi des fichiers de ces noms (LoadCredential=).",
)
@click.option(
    "--installer",
    type=click.Choice(["systemd"]),
    help="Ne travaille pas : montre le service et le minuteur de systemd, remplis pour cette machine.",
)
@click.option("--heure", default="05:00", show_default=True, help="Avec --installer : l'heure, HH:MM.")
@click.option(
    "--sortie",
    type=click.Path(path_type=Path, file_okay=False),
    help="Avec --installer : écrit les deux fichiers dans ce dossier.",
)
@cabinet_option
@le_option
@format_option
def command(
    installer: str | None, heure: str, sortie: Path | None, cabinet_path: Path, le: date | None, output: str
) -> int:
    if installer is not None:
        _install(cabinet_path, heure, sortie)
        return 0
    if sortie is not None:
        raise UsageError(
            "nuit.sortie",
            "--sortie ne va qu'avec --installer.",
            action="Le dossier de la page du matin se donne dans cabinet.toml ([nuit], rapport).",
        )
    try:
        return _work(cabinet_path, le, output)
    except (FseError, click.exceptions.Exit, BrokenPipeError):
        raise
    except Exception as error:  # 1 would say that the work is done
        raise unexpected(error) from None


def _work(cabinet_path: Path, le: date | None, output: str) -> int:
    with open_session(cabinet_path) as practice:
        _require_whole_view(practice.cabinet)
        done = nuit(
            practice,
            mot_de_passe=cache(mail_password),
            mot_de_passe_cle=cache(key_password),
            le=le,
            en_cours=_show_progress,
        )
        zone = practice.cabinet.zone
    if output == "json":
        print_json(_as_json(done))
    else:
        began, ended = (one.astimezone(zone) for one in (done.debut, done.fin))
        click.echo(f"Nuit du {done.le:%d/%m/%Y}, de {began:%H:%M} à {ended:%H:%M} : {_verdict(done)}")
        print_night(done)
    return done.statut


def _require_whole_view(cabinet: Cabinet) -> None:
    """Raises `UsageError` (`utilisateur.inconnu`, `nuit.vue_partielle`): the night tells of everybody."""
    user = current_user()
    if visible_prestataires(cabinet, user) is not None:
        raise UsageError(
            "nuit.vue_partielle",
            f"La nuit est celle de tout le cabinet, et {user} n'en voit que certains praticiens.",
            action="La lancer sous un utilisateur déclaré sans « praticiens » dans [[utilisateurs]].",
        )


def print_night(done: Nuit) -> None:
    """One page: each step, what is strange in it, what waits for a card, what else is to do."""
    for etape in done.etapes:
        if etape.issue != "sans_objet":
            click.echo(f"  {_ETAPES[etape.etape]} : {_told(etape)}")
    for etape in done.etapes:
        if etape.motif and etape.issue != "sans_objet":
            click.echo(f"\n{_ETAPES[etape.etape]} : {etape.motif}\n  → {etape.action}")
    told = {etape.motif for etape in done.etapes}
    _print_findings(one for one in done.constats if one.message not in told)
    if done.arret and not any(motif and motif in done.arret for motif in told):
        click.echo(f"\n{done.arret}")
    if done.suivi is None:
        return
    signing = list(_to_sign(done))
    if signing:
        click.echo("\nAttend une carte (fse emettre --sortie DOSSIER) :")
    for line in signing:
        click.echo(f"  {line}")
    asked = to_do(done.suivi)
    click.echo(f"\nÀ faire, dans fse suivi : {asked}." if asked else "\nRien d'autre à faire.")


def _verdict(done: Nuit) -> str:
    if any(one.issue == "non_faite" and one.statut for one in done.etapes):
        return "interrompue"
    missed = sum(one.manquee for one in done.etapes)
    return f"faite, sauf {counted(missed, 'étape')}" if missed else "faite"


def _told(etape: Etape) -> str:
    """What a step did, in a line; what came back says what it paid."""
    if etape.issue == "non_faite":
        return "non fait"
    comptes = etape.comptes
    parts = [counted(comptes[name], words) + rest for name, words, rest in _COUNTED if comptes.get(name)]
    if comptes.get("factures"):
        parts.append(f"{counted(comptes['factures'], 'facture')} : {format_euros(comptes['paye'])} payés")
    if comptes.get("parts_rejetees"):
        parts.append(counted(comptes["parts_rejetees"], "part rejetée"))
    if comptes.get("virements"):
        total = format_euros(comptes["virements_montant"])
        parts.append(f"{counted(comptes['virements'], 'virement annoncé')} : {total}")
    if comptes.get("virements_prouves"):
        parts.append(f"{counted(comptes['virements_prouves'], 'virement')} sur le compte")
    accuses = [
        f"{comptes[name]} {word}{'s' * (comptes[name] > 1)}"
        for name, word in (("accuses_positifs", "positif"), ("accuses_negatifs", "négatif"))
        if comptes.get(name)
    ]
    parts += [f"accusés : {', '.join(accuses)}"] if accuses else []
    said = " ; ".join(parts)
    if etape.issue == "echec":
        return f"échec ; {said}" if said else "échec"
    return said or "rien de nouveau"


def _print_findings(constats: Iterable[Finding]) -> None:
    """The findings that ask for something, the first of them one by one, each once."""
    told = [one for one in dict.fromkeys(constats) if one.gravite is not Severity.INFORMATION]
    if told:
        click.echo("\nÀ voir :")
    print_findings(told[:_FINDINGS])
    if len(told) > _FINDINGS:
        click.echo(f"  … et {counted(len(told) - _FINDINGS, 'autre')} : voir --format json")


def _to_sign(done: Nuit) -> Iterator[str]:
    """What waits for the card of each prestataire."""
    assert done.suivi is not None
    lots = [one for one in done.suivi.transmissions if one.transmission.etat == "a_signer"]
    sheets = [one for one in done.suivi.taches if not one.lot and one.nature == "a_emettre"]
    for prestataire in sorted({one.prestataire for one in lots} | {one.prestataire for one in sheets}):
        mine = [one for one in lots if one.prestataire == prestataire]
        loose = [one for one in sheets if one.prestataire == prestataire]
        held = [
            *([counted(len(loose), "feuille") + " sans lot"] if loose else []),
            *([counted(len(mine), "lot")] if mine else []),
        ]
        due = [due for one in mine for due in one.transmission.echeances]
        due += [one.echeance for one in loose if one.echeance is not None]
        until = f" ; {deadline(min(due, key=lambda one: (one.le, one.nom)), done.le)}" if due else ""
        yield f"praticien {prestataire} : {', '.join(held)}{until}"


def _as_json(done: Nuit) -> dict[str, Any]:
    """The same for a program; the worklist itself is that of `fse suivi`."""
    shown = {name: to_json(getattr(done, name)) for name in done.__slots__ if name != "suivi"}
    signing = list(_to_sign(done)) if done.suivi else []
    asked = to_do(done.suivi) if done.suivi else ""
    return {**shown, "statut": done.statut, "attend_une_carte": signing, "a_faire": asked}


def _show_progress(etape: NomEtape) -> None:
    if sys.stderr.isatty():
        click.echo(f"{_ETAPES[etape]}…", err=True)


def _install(cabinet_path: Path, heure: str, sortie: Path | None) -> None:
    from fse.app.nightly.units import fill_units, to_prepare

    cabinet, path = load_cabinet(cabinet_path), cabinet_path.resolve()
    for unit in fill_units(cabinet, path, heure):
        if sortie is None:
            click.echo(f"# ----- /etc/systemd/system/{unit.nom}\n{unit.texte}")
        else:
            deliver(sortie / unit.nom, unit.texte.encode())
            click.echo(f"Écrit : {sortie / unit.nom}")
    for said in to_prepare(cabinet, path):
        click.echo(f"Avant la première nuit : {said}", err=True)
