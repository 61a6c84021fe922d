"""A busy month of a practice of two, from the visits to the returns of two caisses; made once a process. No test here.

Four Mondays of visits, sent through a folder, acknowledged and answered as a month is drawn; then a last week in which
something of each kind waits: sheets to emit, a lot refused, one never acknowledged, papers, documents, what the
patients paid.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from fse.app.caisse.accuser import accuser
from fse.app.caisse.drawing import Taux, draw_scenario
from fse.app.caisse.month import Envoi, factures_jugees, repondre_mois
from fse.app.caisse.scenario import Scenario, read_scenario
from fse.app.operations.clock import now
from fse.app.operations.cloture import cloture
from fse.app.operations.emettre import emettre
from fse.app.operations.pieces.depot import deposer_piece
from fse.app.operations.practice import Practice, open_practice
from fse.app.operations.recevoir import recevoir
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import suivi
from fse.app.operations.transmission.envoyer import envoyer
from fse.base.dates import to_days
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.fichiers_recus import received_files
from tests.app.bank.statements import ACCOUNT, BANK, BRANCH, Movement, Statement, cfonb
from tests.app.cabinet import CABINET, CLE, JOUR, document, facture, prestation, write_cabinet
from tests.app.pieces.paper import pdf
from tests.app.practices.group import INFIRMIERE, MEDECIN, OTHERS, anchors, card, key_folder

LE = date(2026, 11, 20)
"""The morning that is looked at, a Friday."""

LUNDIS = tuple(date(2026, 10, 19) + timedelta(days=7 * week) for week in range(4))
VEILLE = date(2026, 11, 19)
RELEVE = date(2026, 11, 16)
"""The last day that the statement of the account covers."""

OTHER_FUND = """
[[destinations]]
regime = "01"
caisse = "997"
centre = "0000"
organisme_destinataire = "997"
centre_informatique = "997"
type_destinataire = "CT"
"""
WAYS = f"""
[[comptes]]
nom = "courant"
compte = "{BANK} {BRANCH} {ACCOUNT}"
[envoi]
genre = "repertoire"
dossier = "oct"

[releve]
genre = "repertoire"
dossier = "arrivees"

[[utilisateurs]]
nom = "accueil"

[[utilisateurs]]
nom = "sacha"
praticiens = ["002345676"]
"""
TAUX = Taux(rejet=0.16, rejet_ligne=0.08, cascade=0.05, creance=0.8, fichier_perdu=0.02)
_PRICES = (3000, 3500, 4600, 6250)


def visits(day: date, week: int, number: int = 9) -> list[str]:
    """Sheets of a day: both practitioners, both caisses, each way to pay, most of them secured with the card."""
    random = Random(week)
    found = []
    for rank in range(number):
        who = MEDECIN if rank % 3 else INFIRMIERE
        payee = random.choice(("15", "15", "15", "05", "00"))
        mode = random.choice(("S", "S", "S", "F", "D"))
        line = prestation(random.choice(_PRICES), code="G" if who == MEDECIN else "C", amc=payee == "15")
        sheet = facture(
            f"V-{week}-{rank}", patient=rank % 4, mode=mode, destinataire=payee, lignes=(line,) * (1 + rank % 2)
        )
        found.append(moved(sheet, day, who, "997" if rank % 5 in (1, 3) else "998"))
    return found


def moved(sheet: str, day: date, who: str = MEDECIN, caisse: str = "998") -> str:
    """The sheet on another day, of another practitioner, of another caisse."""
    return (
        sheet.replace(str(JOUR), str(day))
        .replace(MEDECIN, who)
        .replace("<caisse>998</caisse>", f"<caisse>{caisse}</caisse>")
    )


@cache
def _template() -> Path:
    folder = Path(mkdtemp(prefix="fse-mois-")) / "cabinet"
    cabinet = write_cabinet(folder, CABINET + OTHER_FUND + OTHERS + WAYS)
    for name in ("oct", "arrivees"):
        (folder / name).mkdir()
    for one in key_folder().glob("*.p12"):
        shutil.copy(one, folder / one.name)
    with open_practice(cabinet, CLE) as practice:
        _play(practice)
    return folder


def busy_practice(folder: Path) -> Practice:
    """A copy of the practice of the busy month, in this folder."""
    shutil.copytree(_template(), folder)
    return open_practice(write_cabinet(folder, (folder / "cabinet.toml").read_text(encoding="utf-8")), CLE)


def _bank(practice: Practice) -> bytes:
    """The statement of the account: what was announced comes a day later, but for the greatest transfer; patients pay
    by card, and a fund pays what no return explains.
    """
    announced = [one for one in suivi(practice, le=VEILLE).virements if one.montant and one.date_comptable < RELEVE]
    lost = max(announced, key=lambda one: (one.montant, one.fichier, one.rang))
    came = [
        Movement(one.date_comptable + timedelta(days=1), one.montant, ("VIR SEPA RECU", *one.libelles))
        for one in announced
        if one is not lost
    ]
    others = [
        Movement(LUNDIS[1], 6_500, ("REMISE CB 12345 DU 26/10",)),
        Movement(date(2026, 11, 3), 1_234, ("VIR SEPA RECU", "CPAM 998", "VIR INCONNU-1")),
    ]
    movements = sorted((*came, *others), key=lambda one: one.jour)
    return cfonb(Statement(LUNDIS[0], RELEVE, 250_000, tuple(movements)))


def received(practice: Practice) -> Iterator[bytes]:
    """The bytes of the returns that were booked, out of the archives of the journal."""
    with practice.journal.reading() as reading:
        for one in received_files(reading):
            if one.famille == "noemie" and one.verdict == "recu" and one.contenu_archive:
                yield reading.load(one.contenu_archive)


def _play(practice: Practice) -> None:
    returns: list[tuple[date, str, bytes]] = []
    for week, lundi in enumerate(LUNDIS):
        sent = _send(practice, visits(lundi, week), lundi)
        for accusation in accuser(sent, Scenario(), lundi + timedelta(days=1), anchors()):
            assert accusation.fichier is not None
            _receive(practice, accusation.fichier.contenu, lundi + timedelta(days=1))
        scenario = read_scenario(draw_scenario(factures_jugees(sent, anchors()), graine=week, taux=TAUX))
        answered = repondre_mois(sent, scenario, lundi + timedelta(days=2), anchors())
        returns += [(one.arrivee, one.nom, one.contenu) for one in answered.arrivees()]
    for arrivee, _, content in sorted(returns):
        if arrivee <= VEILLE:
            _receive(practice, content, arrivee)
    _receive(practice, _bank(practice), VEILLE)
    _last_week(practice)
    _night(practice)


def _last_week(practice: Practice) -> None:
    """What waits on the morning of the 20th."""
    lost = date(2026, 11, 13)
    _send(practice, visits(lost, 90, 4), lost)  # nobody acknowledges it
    refused = date(2026, 11, 18)
    sent = _send(practice, visits(refused, 91, 3), refused)
    (lot, *_) = cloture(practice, le=refused).lots
    wanted = read_scenario(f'[[accuse]]\nlot = {lot.numero_lot}\nsens = "N"\ncause = "9950"\n'.encode())
    for accusation in accuser(sent[:1], wanted, VEILLE, anchors()):
        if accusation.fichier is not None:
            _receive(practice, accusation.fichier.contenu, VEILLE)
    paper = moved(facture("P-1", mode="papier", destinataire="15"), VEILLE)
    done = securiser(practice, document(*visits(VEILLE, 92, 7), paper), le=VEILLE)
    assert done.factures, [one.message for one in done.constats]
    deposer_piece(
        practice, 1, pdf(text=b"ordonnance"), nature="ordonnance", auteur="accueil", le=VEILLE, prestataire=MEDECIN
    )


def _night(practice: Practice) -> None:
    """A night that did its work."""
    with practice.journal.transaction(now()) as transaction:
        rang = nuits.begin(transaction, jeton="jeton", jour=to_days(LE))
        nuits.record_step(
            transaction, rang, etape="envoyer", ordre=1, issue="faite", statut=0, motif="", comptes={}, laisses=()
        )
        nuits.end(transaction, rang, statut=0)


def _send(practice: Practice, sheets: Sequence[str], day: date) -> list[Envoi]:
    """Secure, emit and send these sheets; what the caisse gets."""
    done = securiser(practice, document(*sheets), le=day)
    assert len(done.factures) == len(sheets), [one.message for one in done.constats if one.is_error]
    written = emettre(practice, practice.cabinet.folder / "envoi", card, le=day).fichiers
    envoyer(practice, mot_de_passe=str, le=day)
    return [
        Envoi(one.chemin.read_bytes(), {rank: cms.read_bytes() for rank, cms in enumerate(one.signatures, start=1)})
        for one in written
    ]


def _receive(practice: Practice, content: bytes, day: date) -> None:
    list(recevoir(practice, [content], fichier="retour", le=day))
