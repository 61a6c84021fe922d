"""The worklist said a second time, in plain Python."""

from collections.abc import Iterator

from tests.domain.reconciliation.world.money import debts, doubles, groups, under
from tests.domain.reconciliation.world.reference import PARTS, Reference
from tests.domain.reconciliation.world.values import DAY, Facture

Task = tuple[str, str, int, str, str, int, int, str, str, int]
"""(cabinet, prestataire, number, part, nature, amount, since, reference, file, rank)."""

SETTLED = {"sans_objet", "payee", "remplacee", "abandonnee"}


def worklist(reference: Reference, today: int, delai: int) -> list[Task]:
    """What waits and what is to handle, sorted."""
    tasks = [*_invoices(reference, today, delai), *_doubles(reference), *_lines(reference)]
    return sorted([*tasks, *_transfers(reference), *_debts(reference), *_rejected_though_paid(reference)])


def _invoices(reference: Reference, today: int, delai: int) -> Iterator[Task]:
    for facture in reference.facts.factures.values():
        etat, _, _ = reference.invoices[facture.key]
        if etat in ("a_emettre", "a_reemettre"):
            asked = facture.amo * facture.attend_amo + facture.amc * facture.attend_amc
            yield (*facture.key, "", etat, asked, DAY - 2, "", "", 0)
        elif etat in ("en_cours", "a_traiter"):
            yield from _parts(reference, facture, today, delai)
        elif etat == "annulee":
            yield from (task for task in _parts(reference, facture, today, delai) if _paid(reference, facture, task[3]))


def _paid(reference: Reference, facture: Facture, partie: str) -> bool:
    return reference.parts[*facture.key, partie].paye != 0


def _parts(reference: Reference, facture: Facture, today: int, delai: int) -> Iterator[Task]:
    sent = DAY - 2 if facture.mode in ("papier", "s3404") else facture.emise_le
    for partie in PARTS:
        part = reference.parts[*facture.key, partie]
        if part.etat in SETTLED or _is_the_chains(reference, facture, partie):
            continue
        nature = part.etat
        if nature == "attendue" and today > sent + delai:
            nature = "sans_retour"
        if nature == "payee_plus" and part.saisi:
            nature = "saisie_doublee"
        amount = part.paye - part.demande if part.etat == "payee_plus" else part.demande - part.paye
        yield (*facture.key, partie, nature, amount, part.derniere_le or sent, "", "", 0)


def _rejected_though_paid(reference: Reference) -> Iterator[Task]:
    for (*invoice, partie), part in reference.parts.items():
        if part.etat == "payee" and part.dernier == "R" and not part.acte:
            cabinet, prestataire, numero = invoice
            end = ("rejetee_apres_paiement", part.paye, part.derniere_le, "", "", 0)
            yield cabinet, prestataire, numero, partie, *end


def _is_the_chains(reference: Reference, facture: Facture, partie: str) -> bool:
    """True when the chain of corrections says it: rejected, but another is paid; too much, but seen as paid twice."""
    part = reference.parts[*facture.key, partie]
    chain = [reference.parts[*one.key, partie] for one in reference.facts.chain(facture)]
    if len(chain) == 1:
        return False
    if part.etat == "rejetee":
        return sum(one.paye for one in chain) >= part.demande
    return part.etat == "payee_plus" and sum(one.paye > 0 for one in chain) > 1


def _doubles(reference: Reference) -> Iterator[Task]:
    for (*invoice, partie), (_, over, last) in doubles(reference).items():
        cabinet, prestataire, numero = invoice
        yield cabinet, prestataire, numero, partie, "payee_deux_fois", over, last, "", "", 0


def _lines(reference: Reference) -> Iterator[Task]:
    for answer in reference.answers:
        cabinet, fichier, rang = answer.place
        nature = reference.residues.get(answer.place)
        if nature:
            end = (answer.paye, answer.jour, "", fichier, rang)
            yield cabinet, answer.prestataire, answer.numero, "", nature, *end


def _transfers(reference: Reference) -> Iterator[Task]:
    for group in groups(reference):
        cabinet, fichier, rang = group.place
        lines = under(reference, group)
        told = sum(one.paye for one in lines) + group.forfaits - group.retenues
        gap = told if group.montant is None else group.montant - told
        if group.montant is None:
            nature = "virement_sans_total"
        elif gap and not lines and not group.forfaits and not group.retenues:
            nature = "virement_sans_ligne"
        elif gap:
            nature = "virement_inegal"
        else:
            continue
        yield cabinet, group.beneficiaire, 0, "", nature, gap, group.jour, "", fichier, rang


def _debts(reference: Reference) -> Iterator[Task]:
    for (cabinet, prestataire, name, *_), debt in debts(reference).items():
        if debt.retenu and not debt.acte:
            end = (debt.retenu, debt.derniere_le, name, *debt.place[1:])
            yield cabinet, prestataire, 0, "", "retenue_inexpliquee", *end
