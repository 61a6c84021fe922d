"""One run of fetching: each message judged, kept, then read. Where it came from removes it only once it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.app.operations.transmission.avis import apply_notice, is_ours
from fse.app.operations.transmission.envoyer import located
from fse.app.operations.transmission.lettres import Lettre, Ouvreur
from fse.app.operations.transmission.sources import Arrive, is_of_folder
from fse.base.dates import from_days
from fse.base.errors import FseError, UnreadableError
from fse.base.findings import Finding, finding
from fse.infra.journal.facts.exchanges import courriers, incidents
from fse.infra.journal.facts.exchanges.courriers import CourrierLuRow, CourrierRow, VerdictCourrier
from fse.infra.transport.names import printable

Sort = Literal["lu", "avis", "deja_releve", "sans_retour", "ferme", "trop_gros", "non_conserve", "etranger"]
"""What became of a message: its returns received; the notice of a mail server about one of our files; kept by an
earlier run, and removed now. The others stay where they are: an envelope for us without a return, one that cannot be
opened, a message too big to be read, one that may not be kept, one with nothing for us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourrierReleve:
    """One message. `nom` is what its source calls it, without control characters, "" when an earlier run kept it;
    `empreinte` its SHA-256 (hex), "" when it was not read.
    """

    nom: str
    empreinte: str
    sort: Sort
    retours: tuple[FichierRecu, ...] = ()
    constats: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Arrivee:
    """A message at its source; it is removed from there once `a_oter` is set."""

    arrive: Arrive
    lieu: str
    a_oter: bool = False


class Tournee:
    """What became of each message."""

    def __init__(self, practice: Practice, ouvreur: Ouvreur, today: int) -> None:
        self.courriers: list[CourrierReleve] = []
        self._practice = practice
        self._ouvreur = ouvreur
        self._today = today
        self._noms: dict[str, str] = {}

    def fetch(self, arrivee: Arrivee) -> None:
        """Keep a message and let it be removed, or leave it where it is."""
        contenu, nom = arrivee.arrive.contenu, printable(arrivee.arrive.nom)
        if contenu is None:
            said = finding("transport.courrier_trop_gros")
            self.courriers.append(CourrierReleve(nom=nom, empreinte="", sort="trop_gros", constats=(said,)))
            return
        empreinte = hashlib.sha256(contenu).hexdigest()
        self._noms[empreinte] = nom
        with self._practice.journal.reading() as reading:
            known = courriers.is_known(reading, empreinte)
        if known:
            arrivee.a_oter = True
            self._done(empreinte, "deja_releve")
            return
        lettre = self._open(empreinte, contenu, arrivee.lieu)
        if lettre is not None and self._is_kept(empreinte, lettre):
            with self._practice.journal.transaction(now()) as transaction:
                if not courriers.is_known(transaction, empreinte):  # another run may be at work
                    courriers.keep(transaction, empreinte, contenu, source=arrivee.lieu, le=self._today)
            arrivee.a_oter = True

    def read_all(self) -> None:
        """Read what is kept and unread, what earlier runs left included, oldest first."""
        with self._practice.journal.reading() as reading:
            unread = courriers.to_read(reading)
        for courrier in unread:
            self._read(courrier)

    def _open(self, empreinte: str, contenu: bytes, lieu: str) -> Lettre | None:
        try:
            return self._ouvreur.open(contenu, courriel=not is_of_folder(lieu))
        except FseError as error:
            nature = "releve" if isinstance(error, UnreadableError) else "chiffrement"
            with self._practice.journal.transaction(now()) as transaction:
                incidents.record_once(
                    transaction, nature=nature, code=error.code, detail=error.message, jour=self._today
                )
            closed = finding("transport.courrier_ferme", detail=located(error), action=error.action)
            self._done(empreinte, "ferme", closed)
            return None

    def _is_kept(self, empreinte: str, lettre: Lettre) -> bool:
        """False when a message stays where it is, and then that is said."""
        if lettre.nature == "retours" or (lettre.avis and self._is_ours(lettre)):
            return True
        if lettre.nature == "non_conserve":
            said = finding("transport.courrier_non_conserve")
            self._done(empreinte, "non_conserve", said, retours=self._receive(empreinte, lettre))
        elif lettre.nature == "sans_retour":
            self._done(empreinte, "sans_retour", finding("transport.courrier_sans_retour"))
        else:
            self._done(empreinte, "etranger", finding("transport.courrier_etranger"))
        return False

    def _is_ours(self, lettre: Lettre) -> bool:
        assert lettre.avis is not None
        with self._practice.journal.reading() as reading:
            return is_ours(reading, lettre.avis, self._practice.cabinet.marque)

    def _read(self, courrier: CourrierRow) -> None:
        with self._practice.journal.reading() as reading:
            contenu = reading.load(courrier.contenu_courrier)
        lettre = self._open(courrier.empreinte, contenu, courrier.source)
        if lettre is None:
            return
        retours = () if lettre.avis else self._receive(courrier.empreinte, lettre)
        with self._practice.journal.transaction(now()) as transaction:
            if courrier not in courriers.to_read(transaction):
                return  # another run read it meanwhile
            marque = self._practice.cabinet.marque
            said = apply_notice(transaction, lettre.avis, marque, self._today) if lettre.avis else None
            failed = lettre.avis is not None and lettre.avis.action == "failed"
            verdict: VerdictCourrier = "lu" if retours else "avis_non_remise" if failed else "sans_retour"
            motif = said.code if said else ""
            row = CourrierLuRow(empreinte=courrier.empreinte, verdict=verdict, motif=motif, lu_le=self._today)
            courriers.mark_read(transaction, row)
        self._done(courrier.empreinte, "avis" if lettre.avis else "lu", *([said] if said else []), retours=retours)

    def _receive(self, empreinte: str, lettre: Lettre) -> tuple[FichierRecu, ...]:
        nom, day = self._noms.get(empreinte, ""), from_days(self._today)
        return tuple(
            one
            for piece in lettre.retours
            for one in recevoir(self._practice, [piece.contenu], fichier=piece.nom or nom, le=day)
        )

    def _done(self, empreinte: str, sort: Sort, *constats: Finding, retours: tuple[FichierRecu, ...] = ()) -> None:
        nom = self._noms.get(empreinte, "")
        self.courriers.append(
            CourrierReleve(nom=nom, empreinte=empreinte, sort=sort, retours=retours, constats=constats)
        )
