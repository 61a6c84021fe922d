"""Smallest failing inputs of the proof of a journal: a hand in the database of a practice whose returns are booked."""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.journal.archives import purger_archives
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.base.findings import Finding
from fse.infra.journal import Head
from fse.infra.journal.upkeep import rotation
from tests.app.cabinet import CLE
from tests.app.emitted import answered_practice, emitted_practice, noe, receive
from tests.app.journal.hand import by_hand
from tests.app.journal.scene import years_after
from tests.findings.registry import Case
from tests.infra.journal.facts import NOW


def _found(practice: Practice, noted: Head | None = None) -> list[Finding]:
    return [finding for one in verifier_journal(practice, tete=noted).controles for finding in one.constats]


@cache
def _sound() -> None:
    """Nothing is to be found in what is altered below."""
    with TemporaryDirectory() as folder, answered_practice(Path(folder) / "cabinet") as practice:
        assert _found(practice) == []


def _altered(*statements: str) -> Iterable[Finding]:
    _sound()
    with TemporaryDirectory() as folder, answered_practice(Path(folder) / "cabinet") as practice:
        by_hand(practice, *statements)
        return _found(practice)


def _noted() -> Iterable[Finding]:
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        head = practice.journal.head()
        return _found(practice, Head(head.rang + 1, head.mac))


def _old_envelope() -> Iterable[Finding]:
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        keep = "CREATE TABLE ancienne AS SELECT sel, cle_enveloppee FROM cabinet"
        back = "UPDATE cabinet SET (sel, cle_enveloppee) = (SELECT sel, cle_enveloppee FROM ancienne)"
        by_hand(practice, keep)
        rotation.rotate(practice.journal, CLE, "une autre clé, longue", NOW, auteur="essai", motif="essai")
        assert _found(practice) == []
        by_hand(practice, back)
        return _found(practice)


def _still_there() -> Iterable[Finding]:
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        by_hand(practice, "CREATE TABLE gardee AS SELECT * FROM contenu")
        receive(practice, noe())
        by_hand(practice, "DELETE FROM residu", "UPDATE etat_facture SET etat = 'soldee'")
        with years_after():
            assert purger_archives(practice, auteur="essai", motif="essai", le=FAR).detruites
        by_hand(
            practice,
            "DELETE FROM contenu WHERE genre = 'detruit'",
            "INSERT OR IGNORE INTO contenu SELECT * FROM gardee",
        )
        return _found(practice)


FAR = NOW.date().replace(year=2030)

CAS: dict[str, Case] = {
    "journal.evenement_altere": partial(_altered, "UPDATE evenement SET instant = '' WHERE rang = 2"),
    "journal.evenement_manquant": partial(_altered, "DELETE FROM evenement WHERE rang = 2"),
    "journal.queue_coupee": partial(_altered, "DELETE FROM evenement WHERE rang > 4"),
    "journal.tete_changee": partial(_altered, "UPDATE tete_chaine SET rang = rang - 1"),
    "journal.tete_inconnue": _noted,
    "journal.ligne_alteree": partial(_altered, "UPDATE facture SET demande_amo = 1 WHERE numero = 1"),
    "journal.ligne_manquante": partial(_altered, "DELETE FROM signature_lot"),
    "journal.ligne_ajoutee": partial(_altered, "INSERT INTO annulation VALUES ('essai', '001234566', 6, '', '', 0)"),
    "journal.contenu_illisible": partial(_altered, "UPDATE contenu SET genre = 'lot' WHERE genre = 'fse'"),
    "journal.contenu_different": partial(_altered, "UPDATE facture SET empreinte_saisie = 'x' WHERE numero = 1"),
    "journal.contenu_absent": partial(_altered, "DELETE FROM contenu WHERE genre = 'fse'"),
    "journal.contenu_detruit": partial(_altered, "UPDATE contenu SET genre = 'detruit', chiffre = x''"),
    "journal.contenu_encore_la": _still_there,
    "journal.retour_different": partial(_altered, "UPDATE noemie_198 SET montant_rembourse = 1"),
    "journal.retour_illisible": partial(_altered, "UPDATE contenu SET chiffre = x'01' WHERE genre = 'recu'"),
    "journal.etat_different": partial(_altered, "UPDATE etat_part SET paye = paye + 1 WHERE numero = 1"),
    "journal.etats_incalculables": partial(
        _altered,
        "CREATE TABLE x AS SELECT * FROM noemie_000",
        "UPDATE x SET rang = 7",
        "INSERT INTO noemie_000 SELECT * FROM x",
    ),
    "journal.fichier_fige": partial(
        _altered,
        "CREATE TABLE x AS SELECT * FROM fichier_emis",
        "UPDATE x SET identifiant = '000099'",
        "INSERT INTO fichier_emis SELECT * FROM x",
    ),
    "journal.compteur_en_retard": partial(_altered, "DELETE FROM compteur WHERE nom LIKE 'facture/%'"),
    "journal.suspension_changee": partial(_altered, "INSERT INTO suspension VALUES ('essai', '')"),
    "journal.cle_ancienne": _old_envelope,
    "journal.identifiant_different": partial(_altered, "INSERT INTO identifiant VALUES ('essai', 'x', '001234566')"),
}
