"""Many cases in one test: each is tried, and those that fail are named."""

from pathlib import Path

import pytest

from tests.each import each


def test_every_case_is_tried_and_each_that_fails_is_named(tmp_path: Path) -> None:
    tried = []

    @each("left, right", {"one": (1, 1), "two": (1, 2), "three": (3, 4), "four": (4, 4)})
    def equal(left: int, right: int, folder: Path) -> None:
        tried.append((left, folder))
        assert left == right

    with pytest.raises(BaseExceptionGroup, match="2 of 4 cases fail") as raised:
        equal(folder=tmp_path)
    assert tried == [(number, tmp_path) for number in (1, 1, 3, 4)]
    assert [error.__notes__ for error in raised.value.exceptions] == [["case: two"], ["case: three"]]


def test_what_should_have_been_raised_fails_its_case_only() -> None:
    @each("text", {"letters": "abc", "digits": "123", "blank": ""})
    def refused(text: str) -> None:
        with pytest.raises(ValueError, match="invalid"):
            int(text)

    with pytest.raises(BaseExceptionGroup) as raised:
        refused()
    assert [error.__notes__ for error in raised.value.exceptions] == [["case: digits"]]


def test_no_case_is_a_failure() -> None:
    @each("text", {})
    def never(text: str) -> None: ...

    with pytest.raises(AssertionError, match="no case"):
        never()
