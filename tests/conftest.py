"""What all tests share: the Hypothesis profiles and a clean environment. What one subject needs lies beside its tests.

A law that Hypothesis tries is tried on a few examples in `make test`, and again on many in `make long`; on more still
under `ENDURANCE=1`. A number of examples of its own is for a law whose examples are slow, or that needs many.

That skips are listed with their reason at the end, and that no connection leaves the machine, are options of pytest in
`pyproject.toml`.
"""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

LONG = "long"
EXAMPLES = {"quick": 25, LONG: 100, "endurance": 1000}


def lane(config: pytest.Config) -> str:
    if os.environ.get("ENDURANCE"):
        return "endurance"
    return LONG if config.option.markexpr == LONG else "quick"


def pytest_configure(config: pytest.Config) -> None:
    """Before any test module is imported: a number of its own is added to the profile."""
    common = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=EXAMPLES[lane(config)])
    settings.register_profile("dev", common)
    settings.register_profile("ci", common, derandomize=True, print_blob=True)
    settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Laws are of the long lane too, before pytest leaves out what is not of the lane that is run."""
    if lane(config) == LONG:
        for item in items:
            if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
                item.add_marker(LONG)


def pytest_collection_finish() -> None:
    """What was collected stays: it is not gone through again and again by the garbage collector."""
    gc.freeze()
    gc.enable()


gc.disable()

# What is compiled is kept for the other workers and for the commands that tests start, whatever the environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

for name in [name for name in os.environ if name.startswith("FSE_")]:
    del os.environ[name]
