"""Random worlds: few numbers, few names, few amounts, so that everything meets everything."""

from dataclasses import replace

from hypothesis import strategies as st

from tests.domain.reconciliation.world.entities import lay
from tests.domain.reconciliation.world.values import (
    CABINET,
    COMPANY,
    DAY,
    DOC,
    LOCUM,
    LOT_DAY,
    NURSE,
    OTHER_CABINET,
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
)

cabinets = st.sampled_from([CABINET, CABINET, CABINET, OTHER_CABINET])
prestataires = st.sampled_from([DOC, DOC, NURSE])
numbers = st.integers(1, 3)
lots = st.sampled_from([(1, LOT_DAY), (1, LOT_DAY), (1, LOT_DAY), (2, LOT_DAY), (1, LOT_DAY - 400)])
flags = st.sampled_from([1, 1, 0])
sides = st.sampled_from(["AMO", "AMC"])
amounts = st.sampled_from([1500, 1000, 500, 0, 0, -500, -1500, None])

factures = st.builds(
    Facture,
    numbers,
    amo=st.sampled_from([1500, 0]),
    amc=st.sampled_from([1000, 0]),
    prestataire=prestataires,
    cabinet=cabinets,
    attend_amo=flags,
    attend_amc=flags,
    mode=st.sampled_from(["S", "S", "S", "S", "papier", "reprise"]),
    lot=lots,
    emise_le=st.sampled_from([DAY, DAY, DAY, DAY, DAY, 0]),
    annulee=st.sampled_from([0, 0, 0, 0, 0, 1]),
    remplacant=st.sampled_from(["", "", LOCUM, NURSE]),
    remplace=st.sampled_from([0, 1, 1, 2]),
    en_route=st.sampled_from([1, 1, 1, 1, 0]),
    accuse=st.sampled_from(["", "", "attendu", "positif", "negatif", "papier"]),
).map(lambda facture: facture if facture.remplace < facture.numero else replace(facture, remplace=0))
known_factures = st.lists(
    factures,
    min_size=2,
    max_size=8,
    unique_by=(lambda one: one.key, lambda one: (*one.key[:2], one.remplace or -one.numero)),  # one successor at most
)

parts = st.one_of(
    st.none(),
    st.builds(Part, st.sampled_from(["P", "P", "R", "D", None]), st.sampled_from([1500, 1000, None]), amounts),
)
lines = st.builds(
    Line,
    st.sampled_from([1, 1, 1, 2, 2, 2, 3, 99, 0, None]),
    parts,
    parts,
    st.sampled_from(
        [*[(1, LOT_DAY)] * 4, (None, None), (None, None), (2, LOT_DAY), (1, LOT_DAY - 400), (1, None)],
    ),
    st.sampled_from([(), (), (("0250", "F", "O", None),)]),
)
movements = st.builds(
    Movement,
    st.sampled_from([5000, 700, -200]),
    st.sampled_from(["RPR", "RPR", "CIN", "PAI"]),
    st.sampled_from(["IND42", "IND43", None]),
    st.sampled_from([9000, 0]),
)
lump_sums = st.builds(
    Lump, st.sampled_from([30000, 500]), st.sampled_from([(), ((DAY - 90, DAY),), ((None, None), (DAY, None))])
)
transfers = st.builds(
    Transfer,
    st.lists(lines, max_size=5).map(tuple),
    jour=st.sampled_from([DAY + 1, DAY + 2, None]),
    montant=st.sampled_from([None, None, None, 1234]),
    lieu=st.sampled_from(
        [*[None] * 8, NURSE, NURSE, COMPANY, COMPANY, LOCUM, LOCUM, STRANGER.zfill(14), "ILLISIBLE", "JAMAIS VU"]
    ),
    controle=st.sampled_from([True, True, False]),
    forfaits=st.lists(lump_sums, max_size=2).map(tuple),
    mouvements=st.lists(movements, max_size=3).map(tuple),
)
# Few names, drawn: a file that arrives later may sort before, and two cabinets may receive the same file.
received = st.builds(
    File,
    st.text("ab", min_size=1, max_size=2),
    st.lists(transfers, min_size=1, max_size=3).map(tuple),
    beneficiaire=st.sampled_from([DOC, DOC, DOC, NURSE, COMPANY, None]),
    destinataire=st.sampled_from([None, DOC.zfill(14)]),
    cabinet=cabinets,
    cree_le=st.sampled_from([DAY + 1, None]),
    generation=st.sampled_from([580, 580, 576]),
)
files = st.lists(received, min_size=1, max_size=4, unique_by=lambda file: (file.cabinet, file.fichier))

settings_known = st.lists(
    st.one_of(
        st.builds(Mandate, st.sampled_from([COMPANY, NURSE]), prestataires, cabinets),
        st.builds(Mandate, st.just(COMPANY), prestataires, st.just(CABINET)),
        st.builds(Mandate, st.just(NURSE), st.just(DOC), st.just(CABINET)),
        st.builds(Takeover, st.sampled_from([2, 50]), prestataires, cabinets),
        st.builds(Range, st.just(2), st.sampled_from([3, 50]), prestataires, cabinets),
    ),
    max_size=3,
    unique_by=lambda one: one if isinstance(one, Mandate) else (type(one), one.cabinet, one.prestataire),
)
states = st.sampled_from(["payee", "rejetee", "abandonnee"])
answered = st.sampled_from([0, 0, 1, 2])


@st.composite
def scripts(draw: st.DrawFn) -> list[Step]:
    """Facts that a journal may hold: acts name what exists, and no two of them contradict each other."""
    invoices, returns = draw(known_factures), draw(files)
    acts: list[Act] = []
    if invoices:
        named = st.sampled_from(invoices)
        acts += [_force(*one) for one in draw(st.lists(st.tuples(named, sides, states, answered), max_size=2))]
        acts += [
            _entry(*one) for one in draw(st.lists(st.tuples(named, sides, amounts, st.sampled_from("PRD")), max_size=2))
        ]
        acts += draw(_attached(invoices, returns))
    debts = st.builds(Explain, st.just(0), st.sampled_from(["IND42", "IND43"]), st.sampled_from([0, 1]), st.just(DAY))
    acts += draw(st.lists(debts, max_size=1))
    posed = [replace(act, acte=number) for number, act in enumerate({_target(act): act for act in acts}.values(), 1)]
    ended = [Annulment(act.acte, act.cabinet) for act in posed if draw(st.sampled_from([True, False, False]))]
    return [*invoices, *returns, *draw(settings_known), *posed, *ended]


def _attached(invoices: list[Facture], returns: list[File]) -> st.SearchStrategy[list[Act]]:
    """Lines attached to invoices of their cabinet."""
    pairs = [
        (file, rang, invoice)
        for file in returns
        for rang in lay(file).lignes.values()
        for invoice in invoices
        if invoice.cabinet == file.cabinet
    ]
    if not pairs:
        return st.just([])
    chosen = st.lists(st.sampled_from(pairs), max_size=2)
    return chosen.map(lambda some: [_attach(*one) for one in some])


def _attach(file: File, rang: int, invoice: Facture) -> Act:
    return Attach(0, file.fichier, rang, invoice.numero, invoice.prestataire, invoice.cabinet)


def _force(invoice: Facture, partie: str, etat: str, retours: int) -> Act:
    return Force(0, invoice.numero, partie, etat, retours, invoice.prestataire, invoice.cabinet)


def _entry(invoice: Facture, partie: str, montant: int | None, etat: str) -> Act:
    return Entry(0, invoice.numero, partie, montant or 0, etat, DAY + 4, invoice.prestataire, invoice.cabinet)


def _target(act: Act) -> tuple[object, ...]:
    """What two live acts of one kind cannot both name."""
    match act:
        case Attach():
            return Attach, act.cabinet, act.fichier, act.rang
        case Force():
            return Force, act.cabinet, act.prestataire, act.numero, act.partie
        case Explain():
            return Explain, act.cabinet, act.prestataire, act.reference
        case _:
            return Entry, act
