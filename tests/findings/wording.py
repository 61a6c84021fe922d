"""What a practice reads: every message is a whole French sentence with a next action, and names no patient."""

import re
import string
from collections.abc import Iterable

from fse.base.findings import Finding
from fse.norm.model import to_b2
from tests.app.cabinet import PATIENTS, facture
from tests.app.caisse import world
from tests.norm.layout import samples

NIRS = {*(nir for nir, _, _ in PATIENTS), world.NIR, samples.b2_key(1)["nir"]}
NAMES = {to_b2(name) for name in re.findall(r"<(?:nom|prenom)>(.+?)</", facture("V-1"))}
"""Names of the patients of `tests.app.cabinet`, in the B2 alphabet."""


def assert_sentences(findings: Iterable[Finding]) -> None:
    """Each is a sentence and says what to do next."""
    for one in findings:
        assert one.message.endswith(".")
        assert one.action.endswith(".")
        assert one.action.strip(" .")
        for text in (one.message, one.action):
            assert not set("{}") & set(text), text
            assert ".." not in text, text
            assert text == text.strip(), text
            assert not text[0].islower(), text


def names_a_patient(text: str) -> bool:
    digits = "".join(character for character in text if character in string.digits)
    return any(nir in digits for nir in NIRS) or not NAMES.isdisjoint(to_b2(text).split())


def shown(findings: Iterable[Finding]) -> Iterable[str]:
    """All that an output may show of findings without masking it."""
    for one in findings:
        yield from (one.message, one.action, one.place.champ or "", one.place.type or "")
        if one.place.brut is not None and not one.place.personnel:
            yield one.place.brut
