"""Every code of the catalogue is raised by its smallest failing input: a code that nothing raises is not a code.

What the input of a code raises besides is read too: sentences with a next action, that name no patient.
"""

import re
import string

import pytest

from fse.base.findings import Effect, Severity, catalogue
from tests.each import each
from tests.findings.registry import cases
from tests.findings.wording import assert_sentences, names_a_patient, shown

CODES = sorted(catalogue())


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_raised_by_its_case(code: str) -> None:
    case = cases().get(code)
    if case is None:
        pytest.fail(f"write the smallest input that raises {code} in tests/findings/cas_{code.split('.')[0]}.py")
    found = list(case())
    raised = [finding for finding in found if finding.code == code]
    assert raised, f"its case does not raise {code}"
    rule = catalogue()[code]
    for finding in raised:
        assert (finding.gravite, finding.effet) == (rule.gravite, rule.effet)
        assert "{" not in finding.message + finding.action
        assert "Unparsed" not in finding.message
        assert finding.place.fichier is None, "the caller knows the file, not the code that reads it"
    assert_sentences(found)
    assert [text for text in shown(found) if names_a_patient(text)] == []


def test_every_case_is_of_a_code_of_the_catalogue() -> None:
    assert sorted(set(cases()) - set(CODES)) == []


@each("code", {code: code for code in CODES})
def test_a_rule_reads_as_the_catalogue_wants(code: str) -> None:
    rule = catalogue()[code]
    assert re.fullmatch(r"[a-z0-9]+\.[a-z0-9_]+", code)
    assert rule.message.endswith((".", "}")), "a sentence, or what a value ends"
    assert rule.action.strip()
    assert rule.source.strip()
    names = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name}
    assert all(re.fullmatch("[a-z_]+", name) for name in names)
    if rule.effet is Effect.ECARTE:
        assert rule.gravite is Severity.ERREUR
