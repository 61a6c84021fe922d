"""Smallest failing inputs of the findings of sending and fetching, in a practice that shares folders with an OCT.

What a mail server answers is given as its outcome: the servers themselves are in tests/app/transmission.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.transmission import envoyer as sending
from fse.app.operations.transmission.avis import apply_notice
from fse.app.operations.transmission.departs import message_id
from fse.base.dates import to_days
from fse.base.findings import Finding
from fse.infra.journal.facts import fichiers_emis
from fse.infra.journal.facts.exchanges import pieces
from fse.infra.transport.dsn import Action, Avis
from fse.infra.transport.smtp import Remise, Resultat
from tests.app.accused import arl
from tests.app.on_paper import on_paper
from tests.app.transmission.scene import (
    ENVOI,
    answers,
    arrive,
    correct,
    fetch,
    practice_with_outbox,
    sealed,
    send,
)
from tests.findings.registry import Case, changed
from tests.infra.journal.facts import NOW

PAR_COURRIEL = '\n[envoi]\ngenre = "courriel"\nserveur = "localhost"\nexpediteur = "fse@cabinet.example"\n'
MARQUE = 70
"""Offset of the marking in the record 000 of a return."""


@contextmanager
def _waiting(**description: str | bool) -> Iterator[Practice]:
    with TemporaryDirectory() as folder, practice_with_outbox(Path(folder) / "cabinet", **description) as practice:
        yield practice


def _sent(prepare: Callable[[Practice], None]) -> Iterable[Finding]:
    with _waiting() as practice:
        prepare(practice)
        done = send(practice)
        return [*(one for fichier in done.fichiers for one in fichier.constats), *done.constats]


def _answered(resultat: Resultat, code: str) -> Iterable[Finding]:
    """What is said of a file of which the server answered so."""

    @contextmanager
    def way(*_: object) -> Iterator[object]:
        yield type("Way", (), {"send": lambda *_: Remise(resultat=resultat, code=code, detail="Une phrase.")})()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "open_way", way)
        return _sent(lambda _: None)


def _in_clear() -> Iterable[Finding]:
    with _waiting(encrypted=False) as practice:
        envoi = replace(practice.cabinet.envoi, genre="courriel")
        return send(replace(practice, cabinet=replace(practice.cabinet, envoi=envoi))).fichiers[0].constats


def _without_address() -> Iterable[Finding]:
    with _waiting() as practice:
        cabinet = practice.cabinet
        destinations = tuple(replace(one, adresse="") for one in cabinet.destinations)
        envoi = replace(cabinet.envoi, genre="courriel")
        return (
            send(replace(practice, cabinet=replace(cabinet, envoi=envoi, destinations=destinations)))
            .fichiers[0]
            .constats
        )


def _no_folder(practice: Practice) -> None:
    (practice.cabinet.folder / "oct").rmdir()


def _fetched(content: Callable[[bytes], bytes], password: str = "") -> Iterable[Finding]:
    """What is said of a message made from an answer."""
    with _waiting() as practice:
        arrive(practice, "retour", content(answers(practice)[0]))
        done = fetch(practice, password=password) if password else fetch(practice)
        return [finding for one in done.courriers for finding in one.constats]


def _noticed(action: Action, statut: str, *, answered: bool = False) -> Iterable[Finding]:
    with _waiting() as practice:
        send(practice)
        if answered:
            arrive(practice, "accuse", arl())
            fetch(practice)
        with practice.journal.transaction(NOW) as transaction:
            fichier = fichiers_emis.find_emitted(transaction, "00000001234566", "000001")
            assert fichier is not None
            avis = Avis(action=action, statut=statut, identifiant=message_id(fichier, "T"))
            said = apply_notice(transaction, avis, "T", to_days(ENVOI))
            assert said is not None
            return [said]


def _too_big() -> Iterable[Finding]:
    with _waiting() as practice:
        with (practice.cabinet.folder / "arrivees" / "gros").open("wb") as file:
            file.truncate(40 * 1024 * 1024)
        return fetch(practice).courriers[0].constats


def _partly_on_paper() -> Iterable[Finding]:
    """A sheet of the file left on paper: the file may not leave any more."""
    with _waiting() as practice:
        on_paper(practice, 1, le=ENVOI)
        return send(practice).fichiers[0].constats


def _partly_corrected() -> Iterable[Finding]:
    """A sheet of the file that waits was corrected."""
    with _waiting() as practice:
        correct(practice, 1)
        return send(practice).fichiers[0].constats


def _document_not_delivered() -> Iterable[Finding]:
    with _waiting() as practice, practice.journal.transaction(NOW) as transaction:
        piece = pieces.deposit(
            transaction,
            "001234566",
            1,
            nature="ordonnance",
            data=b"%PDF",
            empreinte="b" * 64,
            reprend=None,
            auteur="essai",
            le=to_days(ENVOI),
        )
        pieces.follow(transaction, piece.piece, "envoyee", jour=to_days(ENVOI))
        identifiant = f"<piece.001234566.1.{piece.piece}.{'b' * 12}.T@fse.invalid>"
        avis = Avis(action="failed", statut="5.1.1", identifiant=identifiant)
        said = apply_notice(transaction, avis, "T", to_days(ENVOI))
        assert said is not None
        return [said]


CAS: dict[str, Case] = {
    "transport.interrompu": partial(_sent, _no_folder),
    "transport.fichier_refuse": partial(_answered, "refuse", "550 5.1.1"),
    "transport.fichier_differe": partial(_answered, "differe", "451 4.3.0"),
    "transport.fichier_incertain": partial(_answered, "incertain", ""),
    "transport.fichier_en_clair": _in_clear,
    "transport.feuilles_sur_papier": _partly_on_paper,
    "transport.feuilles_corrigees": _partly_corrected,
    "transport.piece_non_remise": _document_not_delivered,
    "transport.sans_adresse": _without_address,
    "transport.courrier_ferme": partial(_fetched, lambda answer: sealed(("r.noe", answer)), "faux"),
    "transport.courrier_non_conserve": partial(_fetched, lambda answer: changed(answer, MARQUE, b"R")),
    "transport.courrier_etranger": partial(_fetched, lambda _: b"%PDF-1.7"),
    "transport.courrier_trop_gros": _too_big,
    "transport.courrier_sans_retour": partial(_fetched, lambda _: sealed(("lettre.pdf", b"%PDF-1.7"))),
    "transport.non_remis": partial(_noticed, "failed", "5.1.1"),
    "transport.non_remis_depasse": partial(_noticed, "failed", "5.1.1", answered=True),
    "transport.remise_tardive": partial(_noticed, "delayed", "4.4.1"),
}
