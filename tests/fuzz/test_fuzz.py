"""The bounded lane: the same damage as the long runs, a fixed number of inputs, the same for the same seed."""

import resource
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.law import CORPUS, Target, contents
from tests.fuzz.minimising import breaks_like, minimise
from tests.fuzz.mutators import damage, entities, frame_entities, lines, records, tokens
from tests.fuzz.targets import TARGETS, mutations, start

SEED = 2026
MEMORY = 256
"""MB that one target may add to the process."""


SHARES = [pytest.param(3, id="a-third"), pytest.param(1, id="whole", marks=pytest.mark.long)]
"""What part of the damages of its lane a target goes through, all that it starts from besides."""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_bytes_give_findings_or_the_one_typed_error(target: Target, share: int) -> None:
    before = _memory()
    starts, _ = start(target.nom)
    for data in mutations(target.nom, SEED, len(starts) + max(target.lane - len(starts), 0) // share):
        if breaks_like(target, data):
            smallest = minimise(target, data)
            print(f"smallest input: {smallest!r}")
            target.prove(smallest)
    assert _memory() - before < MEMORY


@pytest.mark.filterwarnings("error")
@given(st.data())
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_any_bytes_of_hypothesis_do_too(target: Target, data: st.DataObject) -> None:
    starts, mutate = start(target.nom)
    first = data.draw(st.sampled_from(starts) | st.binary(max_size=400))
    target.prove(mutate(first, data.draw(st.randoms(use_true_random=False)))[: target.longueur])


def _memory() -> int:
    """The largest size of the process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_damage_is_the_same_for_the_same_seed_and_leaves_little_alone(target: Target) -> None:
    starts, _ = start(target.nom)
    once = list(mutations(target.nom, 1, 40 + len(starts)))
    assert once == list(mutations(target.nom, 1, 40 + len(starts)))
    made = once[len(starts) :]
    assert len(set(made) - set(starts)) > 25
    assert max(map(len, made)) <= target.longueur


def test_every_corpus_is_of_a_target_and_small() -> None:
    kept = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert {path.parent.name for path in kept} <= set(TARGETS)
    assert sum(path.stat().st_size for path in kept) < 64_000


def test_a_format_cut_and_put_together_is_the_same() -> None:
    for data in contents("b2/*/*.b2"):
        assert b"".join(records(data)) == data
        assert b"".join(tokens(data)) == data
        assert b"".join(lines(data)) == data
    for data in contents("noemie/payee/*.noe", "noemie/deux-virements/*.noe"):
        assert frame_entities(entities(data)) == data


def test_a_broken_law_is_seen_and_made_small() -> None:
    def read(data: bytes) -> None:
        if b"@" in data and len(data) > 3:
            raise ValueError("no")

    target = Target(nom="x", read=read, seeds=lambda: [b"aaaa"], mutator=lambda _: damage)
    chance = Random(1)
    data = next(one for one in (damage(b"aaaaaaaa", chance) for _ in range(10_000)) if breaks_like(target, one))
    assert len(minimise(target, data)) == 4
    assert sorted(minimise(target, data)) == sorted(b"@   ")


def test_a_certificate_of_no_version_is_refused_in_a_key_too() -> None:
    """Found by the fuzzer in an anchor (`corpus/ancres`): `cryptography` raises an error that is no `ValueError`."""
    target = TARGETS["pkcs12"]
    clear = target.seeds()[1]
    place = clear.index(b"\xa0\x03\x02\x01\x02")
    target.prove(clear[: place + 4] + b"\x07" + clear[place + 5 :])
