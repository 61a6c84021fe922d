"""The mail of the simulated caisse: what came is judged, what goes back is made. Bytes in, bytes out.

depots = [one for message in messages for one in open_message(message, lambda sealed: open_envelope(sealed, key))]
courrier = repondre_courrier(depots, read_scenario(toml), date(2025, 3, 20), [ancre_pem], deja=depots_of_before)
for rendu in courrier.rendus:
    ...  # rendu.nom, rendu.contenu; as_message(rendu, certificates, …) or as_envelope(rendu, certificates) to send it

Messages and envelopes are in `lettres`.

It remembers nothing: who calls says what came before (`deja`), so that a file that comes twice is answered once, and a
lot that comes again in another file is refused as received already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from fse.app.caisse.accuser import Accusation, accuser
from fse.app.caisse.acknowledging.decision import CleLot, arrived
from fse.app.caisse.month import Envoi, Mois, repondre_mois
from fse.app.caisse.reception import receive
from fse.app.caisse.scenario import Scenario
from fse.base.errors import FseError


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A B2 file that came, with its signatures; `nom` names it in what is told, `recu_le` is the day it came."""

    nom: str
    envoi: Envoi = field(repr=False)
    recu_le: date | None = None

    @property
    def empreinte(self) -> str:
        """SHA-256 (hex) of the file."""
        return hashlib.sha256(self.envoi.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendu:
    """A file that goes back: an ARL or a return. `arrivee`: the day on which the practice gets it.

    `emetteur` and `destinataire` are the numbers of its envelope, `identifiant` its file id, `marque` T or D.
    """

    nom: str
    contenu: bytes = field(repr=False)
    arrivee: date
    emetteur: str
    destinataire: str
    identifiant: str
    marque: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecarte:
    """A file that came and gets no answer, and why (French). `deja`: because it had one."""

    nom: str
    raison: str
    deja: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CourrierRendu:
    """`rendus`: the acknowledgements, then the returns in the order of their arrival.

    `lus`: the files that were judged, with their `accusations` in the same order; `mois` is what is returned of them.
    """

    rendus: tuple[Rendu, ...]
    lus: tuple[Depot, ...]
    accusations: tuple[Accusation, ...]
    mois: Mois
    ecartes: tuple[Ecarte, ...]


def repondre_courrier(
    depots: Sequence[Depot],
    scenario: Scenario,
    le: date,
    ancres: Sequence[bytes] = (),
    deja: Iterable[Depot] = (),
) -> CourrierRendu:
    """Acknowledge what came on the day `le`, and answer it. The same arguments give the same bytes.

    `deja` came before, each on its day: nothing is sent back for it. What is no B2 file of test is set aside, alone.
    Raises `UsageError` (the scenario), `SignatureError` (an anchor).
    """
    earlier = sorted(deja, key=lambda one: one.recu_le or le)
    known = {one.empreinte for one in earlier}
    lus: list[Depot] = []
    ecartes: list[Ecarte] = []
    for one in depots:
        if one.empreinte in known:
            ecartes.append(Ecarte(nom=one.nom, raison="Déjà reçu : il a eu sa réponse.", deja=True))
            continue
        known.add(one.empreinte)
        reason = _refusal(one)
        if reason:
            ecartes.append(Ecarte(nom=one.nom, raison=reason))
        else:
            lus.append(one)
    recus = _received(earlier, scenario, le, ancres)
    envois = [one.envoi for one in lus]
    accusations = accuser(envois, scenario, le, ancres, recus)
    mois = repondre_mois(envois, scenario, le, ancres, recus, recu_le=le)
    return CourrierRendu(
        rendus=(*_arls(accusations, le), *_returns(mois)),
        lus=tuple(lus),
        accusations=tuple(accusations),
        mois=mois,
        ecartes=tuple(ecartes),
    )


def _refusal(depot: Depot) -> str:
    try:
        receive(depot.envoi.data)
    except FseError as error:
        return error.message
    return ""


def _received(earlier: Sequence[Depot], scenario: Scenario, le: date, ancres: Sequence[bytes]) -> set[CleLot]:
    """The lots that the caisse has from before, each judged on its day."""
    recus: set[CleLot] = set()
    seen: set[str] = set()
    for one in earlier:
        if one.empreinte not in seen and not _refusal(one):
            seen.add(one.empreinte)
            for accusation in accuser([one.envoi], scenario, one.recu_le or le, ancres, recus):
                recus.update(arrived(accusation.lots))
    return recus


def _arls(accusations: Sequence[Accusation], le: date) -> Iterator[Rendu]:
    for one in accusations:
        if one.fichier is not None:
            accuse = one.fichier.accuse
            yield Rendu(
                nom=one.fichier.nom,
                contenu=one.fichier.contenu,
                arrivee=le,
                emetteur=accuse.numero_emetteur,
                destinataire=accuse.numero_destinataire,
                identifiant=accuse.identifiant_fichier,
                marque=accuse.marque,
            )


def _returns(mois: Mois) -> Iterator[Rendu]:
    for one in mois.arrivees():
        retour = one.fichier.retour
        yield Rendu(
            nom=one.nom,
            contenu=one.contenu,
            arrivee=one.arrivee,
            emetteur=retour.numero_emetteur,
            destinataire=retour.numero_destinataire,
            identifiant=retour.identifiant_fichier,
            marque=retour.marque,
        )
