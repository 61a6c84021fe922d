"""One test for many small cases: every case is tried, and those that fail are named together.

A test of its own for each case costs more than the case when there are thousands of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import Any

import pytest

Check = Callable[..., None]


def each(names: str, cases: Mapping[str, Any]) -> Callable[[Check], Check]:
    """Run a test on each of these cases: its argument of this name, or its arguments, by what names the case.

    What else the test takes are fixtures, shared by the cases. Raises `BaseExceptionGroup`: a failure for each case,
    with a note that names it. A test without any case fails.
    """
    arguments = [name.strip() for name in names.split(",")]

    def decorate(check: Check) -> Check:
        @wraps(check)
        def test(**fixtures: Any) -> None:
            assert cases, "no case"
            failures = []
            for name, values in cases.items():
                given = dict(zip(arguments, values if len(arguments) > 1 else (values,), strict=True))
                try:
                    check(**given, **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"case: {name}")
                    failures.append(error)
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(cases)} cases fail", failures)

        asked = signature(check).parameters.values()
        fixtures = [Parameter(one.name, Parameter.KEYWORD_ONLY) for one in asked if one.name not in arguments]
        test.__signature__ = signature(check).replace(parameters=fixtures)
        return test

    return decorate
