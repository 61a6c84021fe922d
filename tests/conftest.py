"""What all tests share: the Hypothesis profiles and a clean environment. What one subject needs lies beside its tests.

A law that Hypothesis tries is tried on a few examples in `make test`, and again on many in `make long`; on more still
under `ENDURANCE=1`. A number of examples of its own is for a law whose examples are slow, or that needs many.

What tests write is in memory where there is room, and nothing of it stays; where TMPDIR says otherwise it is there, and
what failed stays.

That skips are listed with their reason at the end, and that no connection leaves the machine, are options of pytest in
`pyproject.toml`.
"""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

LONG = "long"
MEMORY = Path("/dev/shm")
MEMORY_ROOM = 2 << 30
"""Bytes that must be free in memory for the tests to write there, where they hold less than a third of it at once."""

NEW_OBJECTS = 20_000
"""Containers made and not yet freed, at which the garbage collector looks at them: 700 as Python starts."""

EXAMPLES = {"quick": 10, LONG: 100, "endurance": 1000}


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
    if not is_worker(config) and "TMPDIR" not in os.environ and has_room(MEMORY):
        config.add_cleanup(in_folder_of_session(MEMORY).cleanup)


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def has_room(folder: Path) -> bool:
    """True where tests can write and start what they wrote, and where there is room for it."""
    if not os.access(folder, os.W_OK):
        return False
    system = os.statvfs(folder)
    return not system.f_flag & os.ST_NOEXEC and system.f_bavail * system.f_frsize >= MEMORY_ROOM


def in_folder_of_session(parent: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for all that this session, its workers and their commands write; nothing of it stays, nor of a session
    that was killed.
    """
    for old in parent.glob("fse-session-*"):
        if not Path("/proc", old.name.split("-")[2]).exists():
            shutil.rmtree(old, ignore_errors=True)
    session = tempfile.TemporaryDirectory(prefix=f"fse-session-{os.getpid()}-", dir=parent, ignore_cleanup_errors=True)
    Path(session.name).chmod(0o711)  # servers that tests start run as other users
    os.environ["TMPDIR"] = tempfile.tempdir = session.name
    return session


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: while one waits for a server, another works."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Laws are of the long lane too, before pytest leaves out what is not of the lane that is run."""
    if lane(config) == LONG:
        for item in items:
            if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
                item.add_marker(LONG)


def pytest_collection_finish() -> None:
    """What was collected stays: it is not gone through again and again by the garbage collector, which comes less
    often than for a program, for most of what a test makes lives as long as the test.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    gc.enable()


gc.disable()

# What is compiled is kept for the other workers and for the commands that tests start, whatever the environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

for name in [name for name in os.environ if name.startswith("FSE_")]:
    del os.environ[name]
