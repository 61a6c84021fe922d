"""The walk over imports accepts what goes down and names what goes up, sideways or out of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracles import layers


def tree(root: Path, **modules: str) -> Path:
    """A made-up `fse` under `root`: `norm__model__facture="import …"` is `fse/norm/model/facture.py`."""
    for name, text in {"__init__": "", **modules}.items():
        path = root / "fse" / Path(name if name == "__init__" else name.replace("__", "/")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def test_imports_that_go_down_are_counted_and_accepted(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        base__errors="",
        base__findings="from fse.base import errors\nfrom fse.base.errors import FseError",
        norm__layout__codec="from .fields import Field\nfrom ...base import findings",
        norm__layout__fields="",
        norm__model__facture="import fse.norm.layout.codec as codec",
        domain__bank__cfonb="from fse.norm.model.facture import Facture",
        infra__journal__views="from fse.domain.bank import cfonb",
        app__operations__emettre="from fse.infra.journal import views\nfrom fse.domain.bank import cfonb",
        app__cli__main="import fse.app.operations.emettre\nfrom fse.app.nightly import nuit\nfrom fse import emettre",
        app__nightly__nuit="",
    )
    assert layers.violations(root) == []
    assert len(layers.imports(root)) == 12


@pytest.mark.parametrize(
    ("module", "text", "why"),
    [
        ("base__money", "from fse.norm.model import facture", "upward"),
        ("norm__layout__codec", "import fse.norm.codec.b2", "upward"),
        ("norm__layout__codec", "from ..model import facture", "upward"),
        ("norm__layout__codec", "from fse.norm import referentiels", "sideways"),
        ("norm__model__facture", "def f():\n    from fse.domain.bank import cfonb", "upward"),
        ("domain__bank__cfonb", "from fse.domain.emission import lots", "sideways"),
        ("domain__bank__cfonb", "from fse.domain import emission", "sideways"),
        ("domain__bank__cfonb", "from fse import emettre", "upward"),
        ("domain__bank__cfonb", "import_module('fse.infra.journal')", "upward"),
        ("infra__keys__pkcs12", "import fse.infra.journal", "sideways"),
        ("app__reports__page", "from fse.app.cli import main", "upward"),
        ("app__operations__emettre", "import fse", "upward"),
        ("app__caisse__reponse", "from fse.app.operations import emettre", "sideways"),
        ("app__caisse__reponse", "from fse.infra.journal import events", "caisse may not know journal"),
        ("app__caisse__reponse", "import fse.domain.reconciliation.sql", "caisse may not know reconciliation"),
        ("app__caisse__reponse", "from fse.domain.incitation import rate", "caisse may not know incitation"),
        ("infra__utils", "from fse.base import errors", "not in the table"),
        ("outside__room", "from fse.base import errors", "not in the table"),
    ],
)
def test_an_import_up_or_sideways_is_named(tmp_path: Path, module: str, text: str, why: str) -> None:
    known = dict.fromkeys(
        ["norm__referentiels__dates", "norm__model__lot", "domain__emission__lots", "infra__journal__events"], ""
    )
    found = layers.violations(tree(tmp_path, **known, base__errors="", **{module: text}))
    assert len(found) == 1
    assert why in found[0]
    assert found[0].startswith(f"fse/{module.replace('__', '/')}.py:")


def test_no_import_seen_is_a_violation(tmp_path: Path) -> None:
    assert layers.violations(tree(tmp_path, base__errors="import os")) == [
        f"no import of fse seen under {tmp_path.name}: nothing was checked"
    ]
