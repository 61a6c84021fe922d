"""What was dropped by hand: returns and bank statements in the folders of `[nuit] dossiers`, received one by one.

What is received moves to `recus/` beside it, what is set aside to `ecartes/`: the file stays with the practice, and the
folder shows what is still to be received. What is not ours stays where it is, and so does what may still be on its way:
a copy that is not over reads as a file that is cut. A file that cannot be read stops no other. A night that is killed
between receiving and moving loses nothing: receiving is idempotent by digest, and the next night moves the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from fse.app.nightly.outcomes import content_status, unexpected
from fse.app.nightly.rangement import put_away
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.app.operations.transmission.envoyer import located
from fse.app.operations.transmission.lettres import Ouvreur
from fse.base.errors import FseError, StorageError, UnreadableError
from fse.base.findings import Finding, finding
from fse.base.french import system_reason
from fse.infra.transport.directory import Trouve, look, waiting
from fse.infra.transport.names import printable

Sort = Literal["recu", "ecarte", "etranger", "trop_gros", "recent", "ferme", "interrompu"]
"""Received, also earlier; set aside, or in part. What follows is left in place: nothing for us, too big, just written,
a folder or a file that cannot be read or opened, a reading that an error stopped."""

REPOS = timedelta(minutes=2)
"""How long a file must have been left alone before it is read (our choice): a copy writes more often than that."""

_AHEAD = timedelta(days=1)
"""How far the clock of a shared disk may be ahead of ours; a file dated later than that is simply misdated."""

_PLACES: dict[Sort, str] = {"recu": "recus", "ecarte": "ecartes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """One file of a folder, or the folder itself when it cannot be read (`nom` ""); names as they can be shown.

    `raison` says why it is still there and `action` what to do, without its name; "" once it is put away. `echec` is
    the exit status of what kept it, or some of it, from being read, 0 for nothing.
    """

    dossier: str
    nom: str
    sort: Sort
    retours: tuple[FichierRecu, ...] = ()
    constats: tuple[Finding, ...] = ()
    raison: str = ""
    action: str = ""
    echec: int = 0

    @property
    def statut(self) -> int:
        """The exit status that it meets: a file that is not ours is told, and is no error."""
        return max(self.echec, content_status(self.retours, self.constats))


def receive_folders(practice: Practice, day: date, mot_de_passe_cle: Callable[[], str]) -> Iterator[Depot]:
    """Receive every file of every folder, by name. `mot_de_passe_cle` gives the password of the reception key, asked
    for what is encrypted. Raises `StorageError` (the journal), once what was received is told.
    """
    ouvreur = Ouvreur(practice.cabinet, mot_de_passe_cle)
    for dossier in practice.cabinet.nuit.dossiers:
        yield from _Dossier(practice, dossier, day, ouvreur).receive()


@dataclass(frozen=True, slots=True)
class _Dossier:
    """One folder, as `cabinet.toml` calls it."""

    practice: Practice
    dossier: str
    day: date
    ouvreur: Ouvreur

    @property
    def _folder(self) -> Path:
        return self.practice.cabinet.folder / self.dossier

    def receive(self) -> Iterator[Depot]:
        try:
            names = waiting(self._folder)
        except StorageError as error:
            said = finding("nuit.dossier_ferme", lieu=error.lieu, raison=_reason(error))
            yield self._left("", "ferme", said, raison=said.message, action=said.action, echec=error.status)
            return
        for name in names:
            yield from self._file(name)

    def _file(self, name: str) -> Iterator[Depot]:
        try:
            found = look(self._folder, name)
        except StorageError as error:
            yield self._closed(printable(name), f"Il ne peut pas être lu : {_reason(error)}.", RIGHTS, error)
            return
        if found is None:
            return
        nom = printable(name)
        if found.contenu is None:
            said = finding("nuit.fichier_trop_gros", fichier=nom)
            yield self._left(nom, "trop_gros", said, raison="Il dépasse 32 Mo et n'a pas été lu.", action=said.action)
        elif _is_recent(found):
            said = finding("nuit.fichier_recent", fichier=nom)
            yield self._left(nom, "recent", said, raison="Sa copie n'est peut-être pas finie.", action=said.action)
        else:
            yield from self._read(nom, found, found.contenu)

    def _read(self, nom: str, found: Trouve, content: bytes) -> Iterator[Depot]:
        retours: list[FichierRecu] = []
        try:
            retours.extend(_located(one, nom) for one in self._received(nom, content))  # until what stops it
        except UnreadableError as error:
            yield self._stranger(nom, error.message, error.action)
        except StorageError as error:
            if retours:
                yield self._stopped(nom, retours, error)
            raise
        except FseError as error:
            yield self._closed(nom, located(error), error.action, error)
        except Exception as error:  # a fault of ours: the other files are not kept waiting for its mending
            yield self._stopped(nom, retours, unexpected(error))
        else:
            yield self._put_away(nom, found.nom, content, retours)

    def _received(self, nom: str, content: bytes) -> Iterator[FichierRecu]:
        """What these bytes hold, or the envelope that they are. Raises as `recevoir` and `Ouvreur.open`."""
        try:
            yield from recevoir(self.practice, [content], fichier=nom, le=self.day)
        except UnreadableError:
            lettre = self.ouvreur.open(content, courriel=False)
            if lettre.nature == "etranger":
                raise
        else:
            return
        if not lettre.retours:
            raise UnreadableError(
                "nuit.enveloppe_sans_retour",
                "Il est chiffré pour le cabinet et ne contient aucun retour.",
                action="Demander à son expéditeur ce qu'il devait contenir, puis l'ôter du dossier.",
            )
        for piece in lettre.retours:
            yield from recevoir(self.practice, [piece.contenu], fichier=nom, le=self.day)

    def _put_away(self, nom: str, name: str, content: bytes, retours: list[FichierRecu]) -> Depot:
        sort = _sort({one.verdict for one in retours})
        if sort not in _PLACES:
            told = next((said for one in retours for said in one.constats if said.code == one.motif), None)
            raison, action = (told.message, told.action) if told else ("Il ne contient rien pour fse.", "")
            return self._left(nom, sort, retours=retours, raison=raison, action=action)
        said = put_away(self._folder, name, content, _PLACES[sort])
        if said is None:
            return Depot(dossier=self.dossier, nom=nom, sort=sort, retours=tuple(retours))
        raison, constat = said
        return self._left(nom, sort, constat, retours=retours, raison=raison, action=constat.action)

    def _stranger(self, nom: str, raison: str, action: str) -> Depot:
        said = finding("nuit.fichier_etranger", fichier=nom, raison=raison, action=action)
        return self._left(nom, "etranger", said, raison=raison, action=action)

    def _closed(self, nom: str, raison: str, action: str, error: FseError) -> Depot:
        said = finding("nuit.fichier_ferme", fichier=nom, raison=raison, action=action)
        return self._left(nom, "ferme", said, raison=raison, action=action, echec=error.status)

    def _stopped(self, nom: str, retours: list[FichierRecu], error: FseError) -> Depot:
        said = finding("nuit.fichier_ferme", fichier=nom, raison=error.message, action=error.action)
        depot = self._left(nom, "interrompu", said, raison=error.message, action=error.action, echec=error.status)
        return replace(depot, retours=tuple(retours))

    def _left(
        self,
        nom: str,
        sort: Sort,
        *constats: Finding,
        raison: str,
        action: str,
        retours: Sequence[FichierRecu] = (),
        echec: int = 0,
    ) -> Depot:
        return Depot(
            dossier=self.dossier,
            nom=nom,
            sort=sort,
            retours=tuple(retours),
            constats=constats,
            raison=raison,
            action=action,
            echec=echec,
        )


RIGHTS = "Vérifier les droits sur ce fichier, ou l'ôter du dossier."


def _reason(error: StorageError) -> str:
    cause = error.__cause__
    return system_reason(cause) if isinstance(cause, OSError) else error.message


def _is_recent(found: Trouve) -> bool:
    age = now().timestamp() - found.modifie
    return -_AHEAD.total_seconds() < age < REPOS.total_seconds()


def _located(one: FichierRecu, nom: str) -> FichierRecu:
    constats = (replace(said, place=replace(said.place, fichier=nom)) for said in one.constats)
    return replace(one, constats=tuple(constats))


def _sort(verdicts: set[str]) -> Sort:
    """What is not ours beside what is received changes nothing: only what was set aside is in the worklist."""
    ours = verdicts - {"pas_un_retour"}
    if not ours:
        return "etranger"
    return "recu" if ours <= {"recu", "deja_recu"} else "ecarte"
