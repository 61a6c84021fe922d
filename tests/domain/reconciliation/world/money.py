"""What is answered about money, said a second time in plain Python: transfers, debts, double payments, balance."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tests.domain.reconciliation.world.reference import PARTS, Answer, Reference, day_of, name_of
from tests.domain.reconciliation.world.values import Facture, Lump, Movement, Place, Transfer


@dataclass(frozen=True)
class Group:
    """One transfer of one file, and where it stands."""

    place: Place
    jour: int
    beneficiaire: str
    nomme: str
    transfer: Transfer

    @property
    def cabinet(self) -> str:
        return self.place[0]

    @property
    def montant(self) -> int | None:
        return self.transfer.total if self.transfer.controle else None

    @property
    def forfaits(self) -> int:
        return sum(one.montant for one in self.transfer.forfaits)

    @property
    def retenues(self) -> int:
        return sum(taken(one) for one in self.transfer.mouvements)


def taken(movement: Movement) -> int:
    """What an operation takes from its transfer."""
    return movement.montant if movement.operation == "RPR" else 0


def groups(reference: Reference) -> Iterator[Group]:
    """Every transfer."""
    for laid in reference.facts.files.values():
        for order, transfer in enumerate(laid.file.virements):
            yield Group(
                place=(laid.file.cabinet, laid.file.fichier, laid.virements[order]),
                jour=day_of(laid, transfer),
                beneficiaire=name_of(laid, None),
                nomme=name_of(laid, transfer if laid.file.generation == 580 else None),
                transfer=transfer,
            )


def under(reference: Reference, group: Group) -> list[Answer]:
    """The lines of a transfer."""
    here = (*group.place[:2], group.place[2])
    return [one for one in reference.answers if (*one.place[:2], one.virement) == here]


def controls(reference: Reference) -> list[tuple[Place, int | None, int, int, int, int | None, int, int, int]]:
    """(place, stated, parts, lump sums, withheld, difference, matched, in residues, left) of each transfer."""
    found = []
    for group in groups(reference):
        lines = under(reference, group)
        parts = sum(one.paye for one in lines)
        matched = sum(one.paye for one in lines if one.place in reference.matches)
        residue = sum(one.paye for one in lines if one.place in reference.residues)
        gap = None if group.montant is None else group.montant - (parts + group.forfaits - group.retenues)
        ends = (matched, residue, parts - matched - residue)
        found.append((group.place, group.montant, parts, group.forfaits, group.retenues, gap, *ends))
    return sorted(found)


def shares(reference: Reference) -> list[tuple[Place, str, int, int, int, int]]:
    """(place, prestataire, lines, invoices, lump sums, withheld): what each transfer pays for each one."""
    counts: dict[tuple[Place, str], Counter[str]] = {}
    for group in groups(reference):
        for answer in under(reference, group):
            match = reference.matches.get(answer.place)
            of = match.prestataire if match else answer.prestataire
            counts.setdefault((group.place, of), Counter()).update({"lignes": 1, "factures": answer.paye})
        if group.transfer.forfaits or group.transfer.mouvements:
            moved = Counter({"forfaits": group.forfaits, "retenues": group.retenues})
            counts.setdefault((group.place, group.nomme), Counter()).update(moved)
    names = ("lignes", "factures", "forfaits", "retenues")
    return sorted((*key, *(count[name] for name in names)) for key, count in counts.items())


@dataclass(frozen=True)
class Debt:
    """One debt of a prestataire, over all the files."""

    mouvements: int
    retenu: int
    solde: int
    premiere_le: int
    derniere_le: int
    place: Place
    payeur: str
    numero: int
    notifiee_le: int
    acte: int


def debts(reference: Reference) -> dict[tuple[str | int, ...], Debt]:
    """Each debt by (cabinet, prestataire, reference), and its place without one; its balance is the last one told."""
    told: list[tuple[tuple[str | int, ...], int, int, str, int, Movement, Group]] = []
    for group in groups(reference):
        laid = reference.facts.files[group.place[:2]]
        order = next(order for order, rang in laid.virements.items() if rang == group.place[2])
        for number, one in enumerate(group.transfer.mouvements):
            key = (group.cabinet, group.nomme, one.reference or "")
            made = laid.file.cree_le or 0
            place = (group.place[1], laid.mouvements[order, number])
            alone = () if one.reference else place
            told.append(((*key, *alone), group.jour, made, *place, one, group))
    found = {}
    for key, rows in groupby(sorted(told, key=lambda one: (one[0], *one[1:5])), key=lambda one: one[0]):
        operations = list(rows)
        _, day, _, fichier, rang, last, group = operations[-1]
        attached = reference.facts.explained.get(key[:3]) if key[2] else None
        found[key] = Debt(
            mouvements=len(operations),
            retenu=sum(taken(one[5]) for one in operations),
            solde=last.solde,
            premiere_le=operations[0][1],
            derniere_le=day,
            place=(key[0], fichier, rang),
            payeur=group.transfer.payeur or "" if reference.facts.files[key[0], fichier].file.generation == 580 else "",
            numero=attached.numero if attached else 0,
            notifiee_le=attached.notifiee_le if attached else 0,
            acte=attached.acte if attached else 0,
        )
    return found


def lump_sums(reference: Reference) -> list[tuple[Place, str, Lump, int]]:
    """(place, prestataire, lump sum, day) of each."""
    found = []
    for group in groups(reference):
        laid = reference.facts.files[group.place[:2]]
        order = next(order for order, rang in laid.virements.items() if rang == group.place[2])
        for number, lump in enumerate(group.transfer.forfaits):
            found.append(((*group.place[:2], laid.forfaits[order, number]), group.nomme, lump, group.jour))
    return found


def doubles(reference: Reference) -> dict[tuple[str, str, int, str], tuple[int, int, int]]:
    """Parts paid on several invoices of a chain of corrections: (last one paid, too much, day of the last answer)."""
    found = {}
    for facture in reference.facts.factures.values():
        for partie in PARTS:
            parts = {
                one.numero: reference.parts[*one.key, partie]
                for one in reference.facts.chain(facture)
                if not one.annulee
            }
            paid = {numero: part for numero, part in parts.items() if part.paye > 0}
            over = sum(part.paye for part in paid.values()) - max((part.demande for part in paid.values()), default=0)
            if len(paid) > 1 and over > 0:
                last = max(part.derniere_le for part in paid.values())
                found[*facture.key[:2], min(paid), partie] = (max(paid), over, last)
    return found


def balance(reference: Reference) -> dict[tuple[str, str], Counter[str]]:
    """Where the money of each prestataire stands, over its invoices that left and are not cancelled."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for facture in reference.facts.factures.values():
        if facture.annulee or not facture.left:
            continue
        row = found.setdefault(facture.key[:2], Counter())
        etat, _, _ = reference.invoices[facture.key]
        row.update({"factures": 1, "soldees": etat == "soldee", "sans_retour_attendu": etat == "aucun_retour_attendu"})
        for partie in PARTS:
            row.update(_missing(reference, facture, partie))
    return found


def _missing(reference: Reference, facture: Facture, partie: str) -> dict[str, int]:
    """Why what was asked of a part is not what was paid."""
    part = reference.parts[*facture.key, partie]
    why = {"remplacee": "corrige", "payee": "regle_autrement", "abandonnee": "abandonne"}.get(part.etat, "reste")
    chain = reference.facts.chain(facture)
    if part.etat == "rejetee" and len(chain) > 1:
        paid = sum(reference.parts[*one.key, partie].paye for one in chain)
        why = "couvert" if paid >= part.demande else why
    missing = part.demande - part.paye
    told = {"demande": part.demande, "paye": part.paye}
    return told | ({why: missing} if missing > 0 else {"trop_paye": -missing})
