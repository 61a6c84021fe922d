"""What each step of a night does; each is one operation that commits its own work, safe to stop and to run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from fse.app.nightly.folders import Depot, receive_folders
from fse.app.nightly.outcomes import (
    Etape,
    NomEtape,
    booked_counts,
    exchanged,
    failed,
    fetching_status,
    grouped,
    motifs,
    sending_status,
    sent_counts,
)
from fse.app.operations.pieces.envoi import envoyer_pieces
from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.practice import Practice
from fse.app.operations.relancer import Relances, relancer
from fse.app.operations.transmission.envoyer import Envois, envoyer
from fse.app.operations.transmission.relever import Relevage, relever
from fse.app.reports.matin import RapportEcrit, write_report
from fse.base.findings import Finding
from fse.base.french import counted
from fse.infra.journal.facts.nuits import Laisse

_TAKEN = frozenset({"lu", "avis", "deja_releve"})
"""What became of the messages that do not stay where they were."""

_UNREAD = frozenset({"ferme", "non_conserve"})
"""What became of those that may hold an answer which nobody has read."""


@dataclass(slots=True)
class Travail:
    """The steps of one night, with what each found; `None` or empty until it did something.

    `mot_de_passe` is that of the mail account, `mot_de_passe_cle` that of the reception key, each asked when needed.
    `depots_lus` is false when a file that was dropped was not read.
    """

    practice: Practice
    day: date
    mot_de_passe: Callable[[], str]
    mot_de_passe_cle: Callable[[], str]
    envois: Envois | None = None
    renvois: Envois | None = None
    pieces: tuple[Piece, ...] = ()
    relevage: Relevage | None = None
    depots: tuple[Depot, ...] = ()
    depots_lus: bool = True
    relances: Relances | None = None
    page: RapportEcrit | None = None

    def envoyer(self) -> Etape:
        """The outbox, then the supporting documents."""
        self.envois = envoyer(self.practice, mot_de_passe=self.mot_de_passe, le=self.day)
        self.pieces = tuple(envoyer_pieces(self.practice, mot_de_passe=self.mot_de_passe, le=self.day))
        return self._sent("envoyer", self.envois, self.pieces)

    def relever(self) -> Etape:
        """The mailbox, or the folder of the OCT."""
        if self.practice.cabinet.releve is None:
            return _nothing("relever", "cabinet.toml ne dit pas où arrivent les retours ([releve]).")
        done = self.relevage = relever(
            self.practice, mot_de_passe=self.mot_de_passe, mot_de_passe_cle=self.mot_de_passe_cle, le=self.day
        )
        comptes = {
            "releves": sum(one.sort in ("lu", "avis") for one in done.courriers),
            "laisses": sum(one.sort not in _TAKEN for one in done.courriers),
            **booked_counts(chain.from_iterable(one.retours for one in done.courriers)),
        }
        return exchanged(
            "relever",
            fetching_status(done),
            comptes,
            stopped=motifs(done.constats),
            kept=motifs(said for one in done.courriers if one.sort == "ferme" for said in one.constats),
            laisses=self._mail_left(done),
        )

    def recevoir(self) -> Etape:
        """The folders where files are dropped by hand. What was received before a failure is counted."""
        if not self.practice.cabinet.nuit.dossiers:
            return _nothing("recevoir", "cabinet.toml ne donne pas de dossier à recevoir ([nuit], dossiers).")
        self.depots_lus = False
        try:
            for one in receive_folders(self.practice, self.day, self.mot_de_passe_cle):
                self.depots = (*self.depots, one)
        except Exception as error:
            return replace(failed("recevoir", error), comptes=self._folder_counts(), laisses=self._folder_left())
        self.depots_lus = not any(one.echec or one.sort == "recent" for one in self.depots)
        return exchanged(
            "recevoir",
            max((one.statut for one in self.depots), default=0),
            self._folder_counts(),
            stopped=motifs(said for one in self.depots if not one.nom for said in one.constats),
            kept=[
                (f"Un fichier du dossier {one.dossier} n'a pas été lu. {one.raison}", one.action)
                for one in self.depots
                if one.nom and one.echec
            ],
            laisses=self._folder_left(),
        )

    def relancer(self) -> Etape:
        """What the delays ask for, once all that came back is known: an acknowledgement may wait in what is unread."""
        unread = self._unread()
        if unread:
            return Etape(
                etape="relancer",
                issue="non_faite",
                motif=f"{unread} : un accusé attend peut-être, rien n'est renvoyé à l'aveugle.",
                action="Faire ce que dit cette étape, puis fse relever et fse relancer ; sinon, la nuit suivante "
                "s'en charge.",
            )
        done = self.relances = relancer(self.practice, le=self.day)
        comptes = {
            "renvois": sum(one.genre == "renvoi" for one in done.relances),
            "relots": sum(one.genre == "relot" for one in done.relances),
            "a_ecrire": done.a_ecrire,
            "duplicatas": sum(len(one.transmission.a_editer) for one in done.duplicatas),
            "a_corriger": sum(len(one.transmission.nommees) for one in done.a_refaire),
        }
        return exchanged("relancer", int(any(one.is_error for one in done.constats)), comptes)

    def renvoyer(self) -> Etape:
        """What was decided just now leaves this very night."""
        made = self.relances is not None and any(one.genre == "renvoi" for one in self.relances.relances)
        if not made or self.practice.cabinet.envoi is None:
            return _nothing("renvoyer", "Aucun renvoi n'est à envoyer.")
        if self.envois is None or self.envois.constats:
            return Etape(
                etape="renvoyer",
                issue="non_faite",
                motif="L'envoi n'a pas abouti : les renvois attendent avec les autres fichiers.",
                action="Rétablir l'envoi (fse envoyer) ; sinon, la nuit suivante s'en charge.",
            )
        self.renvois = envoyer(self.practice, mot_de_passe=self.mot_de_passe, le=self.day)
        return self._sent("renvoyer", self.renvois, ())

    def rapport(self) -> Etape:
        """The morning page."""
        cabinet = self.practice.cabinet
        if not cabinet.nuit.rapport:
            return _nothing("rapport", "cabinet.toml ne dit pas où écrire la page du matin ([nuit], rapport).")
        done = self.page = write_report(self.practice, cabinet.folder / cabinet.nuit.rapport, self.day)
        counts = {"pages": 1, "tables": len(done.tables)}
        stopped = [(f"{one.chemin.name} n'est pas récrit. {one.raison}", one.action) for one in done.echecs]
        return exchanged("rapport", done.statut, counts, stopped=stopped)

    @property
    def constats(self) -> tuple[Finding, ...]:
        """Every finding of the night, in the order of its steps."""
        found: list[Finding] = []
        for envois in (self.envois, self.renvois):
            if envois is not None:
                found += [said for one in envois.fichiers for said in one.constats]
        for courrier in self.relevage.courriers if self.relevage else ():
            found += [*courrier.constats, *(said for one in courrier.retours for said in one.constats)]
        for depot in self.depots:
            found += [*depot.constats, *(said for one in depot.retours for said in one.constats)]
        return (*found, *(self.relances.constats if self.relances else ()))

    def _sent(self, nom: NomEtape, envois: Envois, pieces: tuple[Piece, ...]) -> Etape:
        return exchanged(
            nom,
            sending_status(envois, pieces),
            sent_counts(envois, pieces),
            stopped=motifs(envois.constats),
            kept=motifs(said for one in envois.fichiers if one.sort != "accepte" for said in one.constats),
        )

    def _unread(self) -> str:
        """What may hold an answer and was not read, "" when all was."""
        if self.practice.cabinet.releve is not None:
            if self.relevage is None or self.relevage.constats:
                return "La relève n'a pas abouti"
            closed = sum(one.sort in _UNREAD for one in self.relevage.courriers)
            if closed:
                return f"La relève a laissé {counted(closed, 'courrier')} sans les lire"
        return "" if self.depots_lus else "Des dépôts n'ont pas été lus"

    def _mail_left(self, done: Relevage) -> tuple[Laisse, ...]:
        """The messages that stay at their source, or unread in the journal."""
        releve = self.practice.cabinet.releve
        lieu = releve.dossier if releve is not None and releve.dossier else "boîte des retours"
        left = (one for one in done.courriers if one.sort not in _TAKEN)
        return grouped((lieu, said.message, said.action) for one in left for said in one.constats[:1])

    def _folder_left(self) -> tuple[Laisse, ...]:
        return grouped((one.dossier, one.raison, one.action) for one in self.depots if one.nom and one.raison)

    def _folder_counts(self) -> dict[str, int]:
        return {
            "laisses": sum(bool(one.nom and one.raison) for one in self.depots),
            **booked_counts(chain.from_iterable(one.retours for one in self.depots)),
        }


def _nothing(nom: NomEtape, motif: str) -> Etape:
    return Etape(etape=nom, issue="sans_objet", motif=motif)
