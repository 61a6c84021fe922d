"""Random months of a practice: what caisses send, in the disorder in which they send it. The same seed, the same month.

Each invoice has a story, told piece by piece over days; the pieces of a day make a file, with the lump sums and the
debts of that day. Then things go wrong: pieces are lost, sent twice, sent under another lot or without a number, files
come in another order, an invoice is recorded after its return.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random

from tests.domain.reconciliation.world.entities import lay
from tests.domain.reconciliation.world.values import (
    COMPANY,
    DAY,
    DOC,
    LOCUM,
    NURSE,
    STRANGER,
    Act,
    Annulment,
    Attach,
    Entry,
    Explain,
    Facture,
    File,
    Force,
    Line,
    Lump,
    Mandate,
    Movement,
    Part,
    Range,
    Step,
    Takeover,
    Transfer,
    deferred,
    paid,
    rejected,
)

FILES = 12
FIRST = 10  # the numbers before were given by the previous software
_PAYERS = ("CPAM 001", "MUTUELLE")


@dataclass(frozen=True)
class Piece:
    """A line on a day, from a payer, to the one that it names."""

    jour: int
    payeur: str
    nomme: str
    line: Line


def month(seed: int) -> list[Step]:
    """The steps of a month, in the order in which they come."""
    random = Random(seed)
    invoices = list(_invoices(random))
    pieces = [piece for invoice in invoices for piece in _story(random, invoice)]
    pieces += [_stray(random) for _ in range(4)]
    files = list(_files(random, list(_spoil(random, pieces))))
    known: list[Step] = [Mandate(COMPANY), Mandate(COMPANY, NURSE), Takeover(FIRST - 1), Range(1, 900, NURSE)]
    late = {invoice.key for invoice in random.sample(invoices, 3)}
    known += [invoice for invoice in invoices if invoice.key not in late]
    coming: list[Step] = [*files, *(invoice for invoice in invoices if invoice.key in late)]
    random.shuffle(coming)
    return [*known, *coming, *_acts(random, invoices, files)]


def _invoices(random: Random) -> Iterator[Facture]:
    """Two prestataires that give the same numbers; some made by a locum, on paper, cancelled, or corrected."""
    for prestataire in (DOC, NURSE):
        corrected = 0
        for order in range(14):
            day = DAY + order // 3
            invoice = Facture(
                FIRST + order,
                amo=random.randrange(700, 9000),
                amc=random.choice([0, random.randrange(300, 3000)]),
                prestataire=prestataire,
                attend_amo=random.choice([1, 1, 1, 1, 0]),
                lot=(1 + order // 3, day),
                emise_le=day + 1,
                remplacant=LOCUM if random.random() < 0.15 else "",
                remplace=corrected,
            )
            corrected = invoice.numero if random.random() < 0.2 else 0
            kind = random.random()
            if kind < 0.1:
                invoice = replace(invoice, mode="papier", lot=(0, 0), emise_le=0)
            elif kind < 0.15:
                invoice = replace(invoice, emise_le=0, lot=(0, 0), annulee=random.choice([0, 1]))
            yield replace(invoice, attend_amc=int(invoice.amc > 0))


def _story(random: Random, invoice: Facture) -> Iterator[Piece]:
    """What the payers say of an invoice over time."""
    named = invoice.prestataire
    if invoice.remplacant and random.random() < 0.6:
        named = invoice.remplacant
    elif random.random() < 0.2:
        named = COMPANY
    lot = invoice.lot if invoice.lot[0] else (None, None)
    start = DAY + 5 + random.randrange(4)
    amo = list(_answers(random, invoice.amo))
    amc = list(_answers(random, invoice.amc)) if invoice.amc else []
    split = random.random() < 0.4
    for turn in range(max(len(amo), len(amc))):
        day = start + 6 * turn + random.randrange(3)
        first = amo[turn] if turn < len(amo) else None
        second = amc[turn] if turn < len(amc) else None
        if not split:
            yield Piece(day, _PAYERS[0], named, Line(invoice.numero, first, second, lot, _why(first, second)))
            continue
        if first:
            yield Piece(day, _PAYERS[0], named, Line(invoice.numero, first, None, lot, _why(first, None)))
        if second:
            yield Piece(day + 1, _PAYERS[1], named, Line(invoice.numero, None, second, lot, _why(None, second)))


def _answers(random: Random, asked: int) -> Iterator[Part]:
    """The answers to one part, in order."""
    some = random.randrange(1, max(2, asked))
    told = random.choice(
        [
            *[[paid(asked)]] * 4,
            [paid(asked, some), paid(asked, asked - some)],  # a deposit, then the balance
            [paid(asked, some)],  # short
            [paid(asked, asked + some)],  # too much
            [deferred(asked), paid(asked)],
            [deferred(asked)],
            [rejected(asked)],
            [paid(asked), Part("R", asked, -asked)],  # refused after payment
            [paid(asked), paid(asked, -some)],  # rappel in favour of the payer
            [paid(asked, asked - some), rejected(asked), paid(asked, some)],
            [paid(asked), rejected(asked)],  # already paid
            [],
        ]
    )
    yield from told


def _why(*parts: Part | None) -> tuple[tuple[str, str, str, int | None], ...]:
    refused = [part for part in parts if part and part.etat == "R"]
    return (("0250", "F", "O", None),) if refused else ()


def _stray(random: Random) -> Piece:
    """A line about something that is not of ours, or of no number."""
    named, numero = random.choice(
        [(STRANGER, 12), (DOC, FIRST - 2), (NURSE, 950), (NURSE, 800), (DOC, None), ("?", 11)]
    )
    day = DAY + 5 + random.randrange(20)
    return Piece(day, _PAYERS[0], named, Line(numero, paid(random.randrange(1, 5000)), None, (None, None)))


def _spoil(random: Random, pieces: list[Piece]) -> Iterator[Piece]:
    """Loss, repetition in a later file, another lot, no number."""
    for piece in pieces:
        fate = random.random()
        if fate < 0.06:
            continue
        if fate < 0.12:
            yield replace(piece, jour=piece.jour + 7)
        lot = random.choice([(99, DAY), (None, None), (1, DAY - 500)]) if 0.12 <= fate < 0.18 else piece.line.lot
        numero = None if 0.18 <= fate < 0.22 else piece.line.numero
        yield replace(piece, line=replace(piece.line, lot=lot, numero=numero))


def _files(random: Random, pieces: list[Piece]) -> Iterator[File]:
    """One file for each day that has pieces, the last ones together if there are many days; twelve at least."""
    days = sorted({piece.jour for piece in pieces} | set(range(DAY + 5, DAY + 5 + FILES)))
    balance = 20000
    for order, day in enumerate(days):
        today = sorted((piece for piece in pieces if piece.jour == day), key=lambda one: (one.payeur, one.nomme))
        transfers = []
        for (payeur, nomme), lines in groupby(today, key=lambda one: (one.payeur, one.nomme)):
            taken = min(balance, random.choice([0, 0, 0, 1500, 7000]))
            balance -= taken
            debt = (Movement(taken, "RPR", "IND42", balance),) if taken else ()
            transfers.append(
                Transfer(tuple(one.line for one in lines), day, lieu=nomme, payeur=payeur, mouvements=debt)
            )
        if order == 0:
            transfers.append(Transfer((), day, mouvements=(Movement(20000, "CIN", "IND42", 20000),)))
        if not transfers or random.random() < 0.1:
            lump = Lump(random.randrange(100, 50000), ((DAY - 365, DAY),))
            transfers.append(Transfer((), day, forfaits=(lump,), montant=random.choice([None, None, lump.montant + 1])))
        if random.random() < 0.1:
            transfers.append(Transfer((), day, montant=random.randrange(1, 9000)))
        if random.random() < 0.05:
            transfers[0] = replace(transfers[0], controle=False)
        older = all(one.lieu in (DOC, None) for one in transfers) and random.random() < 0.5
        generation = 576 if older else 580
        yield File(f"{random.getrandbits(32):08x}-{order}", tuple(transfers), cree_le=day, generation=generation)


def _acts(random: Random, invoices: list[Facture], files: list[File]) -> Iterator[Step]:
    """Some of what has no number is attached; a paper statement; a part given up; a debt explained; two taken back."""
    sent = [one for one in invoices if one.left and not one.annulee]
    numberless = [
        (file, laid.lignes[order, number])
        for file in files
        for laid in (lay(file),)
        for order, transfer in enumerate(file.virements)
        for number, line in enumerate(transfer.lignes)
        if not line.numero
    ]
    acts: list[Act] = []
    for file, rang in random.sample(numberless, min(3, len(numberless))):
        chosen = random.choice(sent)
        acts.append(Attach(len(acts) + 1, file.fichier, rang, chosen.numero, chosen.prestataire))
    for chosen in random.sample(sent, 3):
        acts.append(Entry(len(acts) + 1, chosen.numero, "AMO", chosen.amo, prestataire=chosen.prestataire))
    for chosen in random.sample(sent, 3):
        acts.append(Force(len(acts) + 1, chosen.numero, "AMO", "abandonnee", random.choice([0, 1]), chosen.prestataire))
    acts.append(Explain(len(acts) + 1, "IND42", random.choice(sent).numero, DAY))
    yield from acts
    yield from (Annulment(one.acte) for one in random.sample(acts, 2))
