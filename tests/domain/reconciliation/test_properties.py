"""What holds for every world: partition, conservation, no order, incremental equals full, the reference agrees."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from fse.domain.reconciliation.policies import POLICIES, RESIDUES
from tests.domain.reconciliation import reference
from tests.domain.reconciliation.world import (
    DAY,
    DOC,
    LOT_DAY,
    NURSE,
    STRANGER,
    Facture,
    File,
    Line,
    Part,
    Transfer,
    World,
    entities,
)

EXAMPLES = settings(max_examples=80)

cabinets = st.sampled_from(["cab", "cab", "autre"])
numbers = st.integers(1, 3)
lots = st.sampled_from([(1, LOT_DAY), (1, LOT_DAY), (2, LOT_DAY)])
flags = st.sampled_from([1, 1, 0])

factures = st.builds(
    Facture,
    numbers,
    amo=st.sampled_from([1500, 0]),
    amc=st.sampled_from([1000, 0]),
    prestataire=st.sampled_from([DOC, DOC, NURSE]),
    cabinet=cabinets,
    attend_amo=flags,
    attend_amc=flags,
    mode=st.sampled_from(["S", "S", "S", "papier"]),
    lot=lots,
    emise_le=st.sampled_from([DAY, DAY, DAY, 0]),
    annulee=st.sampled_from([0, 0, 0, 1]),
)

parts = st.one_of(
    st.none(),
    st.builds(
        Part,
        st.sampled_from(["P", "P", "R", "D", None]),
        st.sampled_from([1500, 1000, None]),
        st.sampled_from([1500, 1000, 500, 0, 0, -500, -1500, None]),
    ),
)
lines = st.builds(
    Line,
    st.sampled_from([1, 1, 2, 2, 3, 3, 99, 0, None]),
    parts,
    parts,
    st.sampled_from([(1, LOT_DAY), (1, LOT_DAY), (2, LOT_DAY), (1, None), (None, None)]),
    st.sampled_from([(), (), (("0250", "F", "O", None),)]),
)
transfers = st.builds(
    Transfer,
    st.lists(lines, max_size=4).map(tuple),
    jour=st.sampled_from([DAY + 1, DAY + 2, None]),
    lieu=st.sampled_from([None, None, None, NURSE, STRANGER.zfill(14), "ILLISIBLE", "JAMAIS VU"]),
    controle=st.booleans(),
    forfaits=st.sampled_from([(), (), (30000, 500)]),
    mouvements=st.sampled_from([(), (), (("RPR", 5000),), (("RPR", 700), ("RPR", -200), ("CIN", 9000))]),
)
# Few names, drawn: a file that arrives later may sort before, and two cabinets may receive the same file.
files = st.lists(
    st.builds(
        File,
        st.text("ab", min_size=1, max_size=2),
        st.lists(transfers, min_size=1, max_size=3).map(tuple),
        beneficiaire=st.sampled_from([DOC, DOC, None]),
        destinataire=st.sampled_from([None, DOC.zfill(14)]),
        cabinet=cabinets,
        cree_le=st.sampled_from([DAY + 1, None]),
    ),
    max_size=4,
    unique_by=lambda file: (file.cabinet, file.fichier),
)
known_factures = st.lists(factures, max_size=6, unique_by=lambda facture: facture.bloc)


@contextmanager
def built(factures_: list[Facture], files_: list[File]) -> Iterator[World]:
    """A world computed in one go."""
    world = World()
    world.put(*factures_)
    world.store(*files_)
    world.rebuild()
    yield world
    world.close()


@EXAMPLES
@given(known_factures, files)
def test_every_line_is_matched_or_in_exactly_one_residue(factures_: list[Facture], files_: list[File]) -> None:
    with built(factures_, files_) as world:
        place = "cabinet, fichier, rang"
        ends = world.rows("appariement", place) + world.rows("residu", place)
        assert sorted(ends, key=str) == world.rows("noemie_102", place)
        assert {row[0] for row in world.rows("appariement", "politique")} <= {policy.nom for policy in POLICIES}
        assert {row[0] for row in world.rows("residu", "nature")} <= {residue.nom for residue in RESIDUES}


@EXAMPLES
@given(known_factures, files)
def test_every_centime_of_a_transfer_is_matched_or_in_a_residue(factures_: list[Facture], files_: list[File]) -> None:
    with built(factures_, files_) as world:
        world.touch_all()
        transfers_, totals = world.answer("controle_virement"), world.answer("totaux")
        assert [row["reste"] for row in transfers_] == [0] * len(transfers_)
        assert [row["reste"] for row in totals] == [0] * len(totals)
        assert {row["ecart"] for row in transfers_} <= {0, None}
        [(paid,)] = world.db.execute("SELECT COALESCE(SUM(paye), 0) FROM part_retour")
        assert sum(row["parts"] for row in transfers_) == paid
        assert sum(row["parts"] for row in totals) == paid
        [(lump_sums,)] = world.db.execute("SELECT COALESCE(SUM(montant), 0) FROM noemie_261")
        assert sum(row["forfaits"] for row in transfers_) == lump_sums
        [(withheld,)] = world.db.execute("SELECT COALESCE(SUM(montant), 0) FROM noemie_250 WHERE operation = 'RPR'")
        assert sum(row["retenues"] for row in transfers_) == withheld
        matched = [answer for answer in reference.answers(files_) if _matched(answer, factures_)]
        parts_ = [part.paye or 0 for answer in matched for part in (answer.line.amo, answer.line.amc) if part]
        assert sum(row["rapproche"] for row in transfers_) == sum(parts_)
        [(states,)] = world.db.execute("SELECT COALESCE(SUM(paye), 0) FROM etat_part")
        assert states == sum(parts_)


def _matched(answer: reference.Answer, factures_: list[Facture]) -> bool:
    known = {facture.bloc: facture for facture in factures_}
    return reference.verdict(answer, known) in {policy.nom for policy in POLICIES}


@EXAMPLES
@given(known_factures, files)
def test_reference_agrees(factures_: list[Facture], files_: list[File]) -> None:
    known = {facture.bloc: facture for facture in factures_}
    received = list(reference.answers(files_))
    with built(factures_, files_) as world:
        ends = world.rows("appariement", "cabinet, fichier, rang, politique")
        ends += world.rows("residu", "cabinet, fichier, rang, nature")
        assert {end[:3]: end[3] for end in ends} == {
            (answer.file.cabinet, answer.file.fichier, answer.rang): reference.verdict(answer, known)
            for answer in received
        }
        for bloc, facture in known.items():
            matched = [answer for answer in received if answer.block == bloc and _matched(answer, factures_)]
            cabinet, prestataire, numero = bloc
            assert world.states(numero, prestataire, cabinet) == reference.states(facture, matched)


@EXAMPLES
@given(known_factures, files, st.integers())
def test_order_of_arrival_does_not_matter(factures_: list[Facture], files_: list[File], seed: int) -> None:
    rows = [row for file in files_ for row in entities(file)]
    Random(seed).shuffle(rows)
    shuffled = World()
    shuffled.store_rows(rows)
    shuffled.put(*reversed(factures_))
    shuffled.rebuild()
    with built(factures_, files_) as world:
        assert shuffled.derived() == world.derived()
    shuffled.close()


@EXAMPLES
@given(st.lists(factures, max_size=8), files, st.integers())
def test_incremental_equals_full_rebuild(changes: list[Facture], files_: list[File], seed: int) -> None:
    """Invoices change (secured, sent, cancelled, in any order) while files arrive."""
    steps: list[Facture | File] = [*changes, *files_]
    Random(seed).shuffle(steps)
    world = World()
    for step in steps:
        if isinstance(step, File):
            world.book(step)
        else:
            world.change(step)
        incremental = world.derived()
        world.rebuild()
        assert incremental == world.derived()
    world.close()


@EXAMPLES
@given(known_factures, files)
def test_booking_the_touched_blocks_again_changes_nothing(factures_: list[Facture], files_: list[File]) -> None:
    with built(factures_, files_) as world:
        before = world.derived()
        world.touch_all()
        world.ask_from("blocs_touches")
        world.refresh()
        assert world.derived() == before


@EXAMPLES
@given(known_factures, files)
def test_worklist_holds_every_unsettled_part_and_every_residue(factures_: list[Facture], files_: list[File]) -> None:
    with built(factures_, files_) as world:
        tasks = world.answer("suivi")
        unsettled = world.db.execute(
            "SELECT COUNT(*) FROM etat_part p JOIN etat_facture e USING (cabinet, prestataire, numero)"
            " WHERE e.etat NOT IN ('annulee', 'a_emettre') AND p.etat NOT IN ('payee', 'sans_objet')"
        ).fetchone()[0]
        waiting = [row for row in world.rows("etat_facture", "etat") if row == ("a_emettre",)]
        assert len(tasks) == unsettled + len(waiting) + len(world.rows("residu"))
        assert all(row["montant"] >= 0 for row in tasks if not row["fichier"])
