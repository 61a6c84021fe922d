"""What a description of previous software may not say: of itself first, then against what the journal holds already.

A second description may complete a first one (another prestataire, an invoice that had been forgotten); it may not
contradict it, nor what was secured here since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.reprise.cles import PERSONNELLES
from fse.app.operations.reprise.lecture import Entree, Lue, problem
from fse.base.dates import from_days, to_days
from fse.base.findings import Finding
from fse.base.identifiers.nir import reads_as_nir
from fse.infra.journal.facts import factures, reprises
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.fact_tables import MODE_REPRISE
from fse.infra.journal.transaction import Reading

Organisme = tuple[str, str, str]
"""(organisme, type_destinataire, centre informatique); the last two are "" when the destination table does not say."""

_ORDERS = (("date_facture", "envoyee_le"), ("date_lot", "envoyee_le"), ("date_facture", "date_lot"))
"""The first of two dates is not after the second."""


def complete(cabinet: Cabinet, entree: Entree) -> Iterator[Finding]:
    """Give its prestataire to each invoice that names none: the only one of the description, else of the practice."""
    named = [one.get("numero") for one in entree.prestataires] or [one.numero for one in cabinet.prestataires]
    kept = []
    for facture in entree.factures:
        if facture.get("prestataire") is None and len(named) != 1:
            yield problem("cle_absente", facture.ou, "prestataire")
        else:
            kept.append(replace(facture, valeurs={"prestataire": named[0], **facture.valeurs}))
    entree.factures = kept


def check_entry(cabinet: Cabinet, entree: Entree, today: date) -> Iterator[Finding]:
    """What is wrong with a description whose keys all read."""
    if entree.document.get("cabinet") not in (None, cabinet.cabinet):
        yield problem("autre_cabinet", entree.document.place("cabinet"), "cabinet", attendu=cabinet.cabinet)
    for one in entree.prestataires:
        yield from _known_prestataire(cabinet, one, "numero")
        yield from _lot_pair(one, "dernier_lot", "date_dernier_lot")
        yield from _past(one, "date_dernier_lot", today)
    yield from _twice(entree.prestataires, "numero")
    for one in entree.factures:
        yield from _check_facture(cabinet, one, today)
    yield from _twice(entree.factures, "numero", "prestataire")
    yield from _twice([one for one in entree.factures if one.get("reference")], "reference", "prestataire")


def check_journal(reading: Reading, entree: Entree) -> Iterator[Finding]:
    """What the journal holds that says otherwise."""
    last: dict[str, int] = {}
    for one in entree.prestataires:
        numero = one.get("numero")
        last[numero] = one.get("dernier_numero")
        known = reprises.find_reprise(reading, numero)
        if known is not None:
            yield from _differences(one, entree.document, known)
            continue
        own = reprises.first_own_number(reading, numero)
        if own is not None and own <= last[numero]:
            yield problem("numero_securise", one.place("dernier_numero"), "dernier_numero", numero=own)
        yield from _own_lot(reading, one, numero, "dernier_lot", "date_dernier_lot")
    for one in entree.factures:
        prestataire = one.get("prestataire")
        known = reprises.find_reprise(reading, prestataire)
        dernier = last.get(prestataire, known.dernier_numero if known else None)
        yield from _against_journal(reading, one, prestataire, dernier)


def organisme_of(cabinet: Cabinet, facture: Lue) -> Organisme | None:
    """Who pays an open invoice: by its triple, in the destination table, else by its number; `None`: nothing says."""
    triple = [facture.get(name) for name in ("regime", "caisse", "centre")]
    if any(triple):
        found = cabinet.destination(*(one or "" for one in triple))
        if found is None:
            return None
        return found.organisme_destinataire, found.type_destinataire, found.centre_informatique
    numero = facture.get("organisme")
    if numero is None:
        return None
    same = (one for one in cabinet.destinations if one.organisme_destinataire == numero)
    return next(((numero, one.type_destinataire, one.centre_informatique) for one in same), (numero, "", ""))


def _check_facture(cabinet: Cabinet, one: Lue, today: date) -> Iterator[Finding]:
    yield from _known_prestataire(cabinet, one, "prestataire")
    yield from _lot_pair(one, "numero_lot", "date_lot")
    yield from _past(one, "envoyee_le", today)
    for before, after in _ORDERS:
        first, second = one.get(before), one.get(after)
        if first and second and first > second:
            yield problem("dates", one.place(after), after, avant=before)
    if not (one.get("demande_amo") or one.get("demande_amc")):
        yield problem("rien_attendu", one.place("demande_amo"), "demande_amo")
    if reads_as_nir(one.get("reference") or ""):
        yield problem("reference_personnelle", one.place("reference"), "reference")
    if organisme_of(cabinet, one) is None:
        yield problem("organisme_inconnu", one.place("caisse"), "caisse")


def _known_prestataire(cabinet: Cabinet, one: Lue, cle: str) -> Iterator[Finding]:
    if cabinet.prestataire(one.get(cle)) is None:
        yield problem("prestataire_inconnu", one.place(cle), cle, prestataire=one.get(cle))


def _lot_pair(one: Lue, numero: str, jour: str) -> Iterator[Finding]:
    """The number of a lot and its date go together."""
    if bool(one.get(numero)) != bool(one.get(jour)):
        missing = numero if one.get(jour) else jour
        yield problem("lot_incomplet", one.ou, missing, present=jour if missing == numero else numero)


def _past(one: Lue, cle: str, today: date) -> Iterator[Finding]:
    if one.get(cle) and one.get(cle) > today:
        yield problem("date_future", one.place(cle), cle, jour=f"{today:%d/%m/%Y}")


def _twice(many: list[Lue], cle: str, *within: str) -> Iterator[Finding]:
    seen = set()
    for one in many:
        key = tuple(one.get(name) for name in (cle, *within))
        if key in seen:
            yield problem("en_double", one.place(cle), cle, valeur=one.get(cle))
        seen.add(key)


def _differences(one: Lue, document: Lue, known: reprises.RepriseRow) -> Iterator[Finding]:
    """The keys in which the last numbers of a prestataire are not those of an earlier description."""
    jour = one.get("date_dernier_lot")
    for lue, cle, given in (
        (one, "dernier_numero", one.get("dernier_numero")),
        (one, "dernier_lot", one.get("dernier_lot") or 0),
        (one, "date_dernier_lot", to_days(jour) if jour else 0),
        (document, "dernier_fichier", document.get("dernier_fichier") or 0),
    ):
        before = getattr(known, cle)
        if before != given:
            shown = (
                f"{from_days(value):%d/%m/%Y}" if cle == "date_dernier_lot" else value for value in (before, given)
            )
            avant, apres = shown
            yield problem("deja_faite", lue.place(cle), cle, prestataire=known.prestataire, avant=avant, apres=apres)


def _own_lot(reading: Reading, one: Lue, prestataire: str, numero: str, jour: str) -> Iterator[Finding]:
    if one.get(numero) and one.get(jour):
        key = LotKey(prestataire, one.get(numero), to_days(one.get(jour)))
        if reprises.is_own_lot(reading, key):
            yield problem("lot_constitue", one.place(numero), numero, numero_lot=key.numero_lot)


def _against_journal(reading: Reading, one: Lue, prestataire: str, dernier: int | None) -> Iterator[Finding]:
    numero = one.get("numero")
    if dernier is None:
        yield problem("sans_reprise", one.place("prestataire"), "prestataire", prestataire=prestataire)
    elif numero > dernier:
        yield problem("numero_posterieur", one.place("numero"), "numero", numero=numero, dernier=dernier)
    known = factures.find(reading, prestataire, numero)
    if known is not None and known.mode != MODE_REPRISE:
        yield problem("numero_securise", one.place("numero"), "numero", numero=numero)
    elif known is not None:
        yield from _changed(reading, one, known)
    else:
        yield from _own_lot(reading, one, prestataire, "numero_lot", "date_lot")
        other = factures.find_by_reference(reading, prestataire, reference_of(one))
        if other is not None:
            yield problem("reference_prise", one.place("reference"), "reference", numero=other.numero)


def reference_of(facture: Lue) -> str:
    """How an open invoice is called: as its software did, else by its number."""
    return facture.get("reference") or f"reprise-{facture.get('numero'):09d}"


def content_of(facture: Lue) -> bytes:
    """An open invoice as it is kept, encrypted: the same values always give the same bytes."""
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in facture.valeurs.items()}
    return json.dumps(values, sort_keys=True, ensure_ascii=False).encode()


def _changed(reading: Reading, one: Lue, known: FactureRow) -> Iterator[Finding]:
    """The keys in which an open invoice is not what an earlier description said; what is personal is not shown."""
    content = content_of(one)
    if reading.coffre.content_fingerprint(content) == known.empreinte_saisie:
        return
    before, now = json.loads(reading.load(known.contenu_saisie)), json.loads(content)
    for cle in sorted(before.keys() | now.keys()):
        if before.get(cle) != now.get(cle):
            hidden = cle in PERSONNELLES
            avant, apres = ("•••" if hidden else values.get(cle, "rien") for values in (before, now))
            place = one.place(cle)
            yield problem("facture_differente", place, cle, numero=known.numero, avant=avant, apres=apres)
