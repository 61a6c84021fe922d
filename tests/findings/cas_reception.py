"""Smallest failing inputs of the findings of receiving, in a practice whose sheets have left.

The last content of each case is the noticed one; those before it are what the journal must have booked first.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.operations.states import refresh
from fse.base.dates import to_days
from fse.base.findings import Finding
from fse.infra.journal.facts import actes
from fse.infra.journal.facts.actes import ActeRow
from fse.infra.journal.facts.exchanges import relances
from fse.infra.journal.facts.lots import LotKey
from fse.norm.codec.noemie.building import build
from fse.norm.layout import frame
from fse.norm.model import FactureRetour, PartRetour
from tests.app.accused import NEGATIF, POSITIF, arl
from tests.app.cabinet import JOUR, document, facture, signer
from tests.app.emitted import emitted_practice, noe, receive, reordered, retour
from tests.app.on_paper import on_paper
from tests.findings.registry import Case, changed
from tests.norm.layout.samples import DAY, NOEMIE, PRESTATAIRE, b2_file, noemie_entities

NOE = noe()
NOW = datetime(2026, 10, 7, 12, tzinfo=UTC)
MARQUE = 70
"""Offset of the marking in the record 000."""

(GROUPE,) = retour().groupes
(KIND,) = GROUPE.retours
PAID = KIND.factures[0]


def _answering(*factures: FactureRetour, code_retour: str = "01") -> bytes:
    """A return of another file id that answers these invoices only."""
    kind = replace(KIND, code_retour=code_retour, factures=factures)
    return build(replace(retour(), identifiant_fichier="AUTRE1", groupes=(replace(GROUPE, retours=(kind,)),)))


def _parts(*parts: PartRetour) -> FactureRetour:
    return replace(PAID, parts=parts)


def _last(*contents: bytes) -> Iterable[Finding]:
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        *before, noticed = receive(practice, *contents)
        assert all(one.verdict == "recu" for one in before)
        refused = noticed.verdict in ("ecarte", "pas_un_retour")
        assert refused is any(one.sets_aside for one in noticed.constats), "effect and verdict agree"
        return noticed.constats


def _again(content: bytes) -> Iterable[Finding]:
    """What is noticed of a file set aside when it comes a second time."""
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        first, again = receive(practice, content, content)
        assert first.verdict == again.verdict == "ecarte"
        return again.constats


ASKED_MORE = replace(PAID.parts[0], montant_demande=PAID.parts[0].montant_demande + 1)
REJECTED = replace(PAID.parts[0], etat="R", montant_rembourse=0)
TAKEN_BACK = replace(PAID.parts[0], montant_rembourse=-PAID.parts[0].montant_rembourse)


def older_generation() -> bytes:
    """One invoice of the older generation, without a centime."""
    group = [
        NOEMIE.build("040", {"beneficiaire_reglement": PRESTATAIRE}),
        NOEMIE.build("070", {"date_comptable": DAY}),
        NOEMIE.build("080", {"date_lot": DAY, "numero_lot": 1}),
        NOEMIE.build("100", {"numero_facture": 1}),
        NOEMIE.build("290", {"codification": "0250 050"}),
        NOEMIE.build("990", {"identification_niveau": "07000000000000001", "nombre": 1, "somme": 0}),
    ]
    return frame(NOEMIE, noemie_entities(group, total=0))


def _forced_then_answered() -> Iterable[Finding]:
    """A part given up by hand, then answered after all."""
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        with practice.journal.transaction(NOW) as transaction:
            acte = ActeRow(
                acte=actes.next_acte(transaction),
                genre="etat_force",
                auteur="secretaire",
                motif="sans espoir",
                pose_le=to_days(JOUR),
                prestataire=PRESTATAIRE,
                numero=1,
                partie="AMO",
                etat="abandonnee",
                retours=0,
            )
            actes.insert_acte(transaction, acte)
            refresh(transaction, [1])
        return receive(practice, NOE)[0].constats


def _paid_twice() -> Iterable[Finding]:
    """An invoice corrected under a new number, both paid in the end."""
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        (correction,) = securiser(
            practice, document(facture("V-4-BIS", before="<remplace>4</remplace>")), le=JOUR
        ).factures
        emettre(practice, Path(folder) / "envoi", lambda *_: signer(), le=JOUR)
        pays = _parts(replace(PAID.parts[0], montant_rembourse=2100))
        answered = [
            replace(pays, numero_facture=numero, numero_lot=None, date_lot=None) for numero in (4, correction.numero)
        ]
        return receive(practice, _answering(*answered))[0].constats


def _arrived_after_all(elsewhere: Callable[[Practice], object]) -> Iterable[Finding]:
    """What is noticed of a lot that arrives once one of its sheets went another way."""
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        elsewhere(practice)
        return receive(practice, arl())[0].constats


def _freed(practice: Practice) -> None:
    lot = LotKey(PRESTATAIRE, 1, to_days(JOUR))
    with practice.journal.transaction(NOW) as transaction:
        relances.free_the_others(transaction, lot, 6, motif="accuse_negatif", le=to_days(JOUR))


UNKNOWN_LOT = arl(replace(POSITIF, numero_lot=2))
OTHER_BODY = arl(replace(POSITIF, organisme_destinataire="997"))
OTHER_FILE = arl(replace(POSITIF, fichier_accuse="000009"))
OTHER_INVOICE = arl(replace(NEGATIF, numero_facture=999))
OTHER_PRACTICE = arl(numero_destinataire="00000009876546")

CAS: dict[str, Case] = {
    "reception.accuse_lot_inconnu": partial(_last, UNKNOWN_LOT),
    "reception.accuse_autre_organisme": partial(_last, OTHER_BODY),
    "reception.accuse_autre_fichier": partial(_last, OTHER_FILE),
    "reception.accuse_facture_absente": partial(_last, OTHER_INVOICE),
    "reception.accuse_contradictoire": partial(_last, arl(), arl(NEGATIF, identifiant="ARL002")),
    "reception.accuse_apres_duplicata": partial(_arrived_after_all, lambda practice: on_paper(practice, 1, le=JOUR)),
    "reception.accuse_apres_relot": partial(_arrived_after_all, _freed),
    "reception.autre_destinataire": partial(_last, OTHER_PRACTICE),
    "reception.pas_un_retour": partial(_last, b2_file()),
    "reception.deja_recu": partial(_last, NOE, NOE),
    "reception.deja_ecarte": partial(_again, NOE[:-128]),
    "reception.flux_reel": partial(_last, changed(NOE, MARQUE, b" ")),
    "reception.marque_illisible": partial(_last, NOE[:100]),
    "reception.autre_marque": partial(_last, changed(NOE, MARQUE, b"D")),
    "reception.identite_reprise": partial(_last, NOE, reordered()),
    "reception.ecart_demande": partial(_last, _answering(_parts(ASKED_MORE))),
    "reception.etat_degrade": partial(_last, NOE, _answering(_parts(TAKEN_BACK), code_retour="04")),
    "reception.etat_force_caduc": _forced_then_answered,
    "reception.payee_deux_fois": _paid_twice,
    "reception.rejet_apres_paiement": partial(_last, NOE, _answering(_parts(REJECTED))),
    "reception.residu": partial(_last, _answering(replace(PAID, numero_facture=999))),
}
