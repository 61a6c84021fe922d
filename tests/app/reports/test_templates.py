"""What all pages share: filters, escaping, nothing left out in silence."""

from __future__ import annotations

import doctest
import sys

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from fse.app.reports import pdf, templates
from fse.base.errors import UsageError


def test_the_examples_of_the_filters() -> None:
    results = doctest.testmod(templates)
    assert (results.failed, results.attempted >= 5) == (0, True)


def test_what_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        templates.fill("duplicata/brouillon.html")


@pytest.mark.parametrize("name", ["rien.html", "__init__.py", "duplicata"])
def test_only_templates_are_templates(name: str) -> None:
    with pytest.raises(TemplateNotFound):
        templates.fill(name)


def test_what_is_given_is_escaped() -> None:
    environment = templates._environment()
    assert environment.from_string("{{ x }}").render(x="<b>&</b>") == "&lt;b&gt;&amp;&lt;/b&gt;"


@pytest.mark.parametrize("module", ["jinja2", "pypdf", "weasyprint"])
def test_a_missing_extra_is_named_with_its_install_line(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError) as error:
        pdf.check_extra()
    assert error.value.code == "installation.extra_absent"
    assert 'pip install "fse[pdf]"' in error.value.action


def test_a_missing_library_of_the_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint loads Pango when it is imported: without it the import itself fails, by `OSError`."""

    class NoPango:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(UsageError) as error:
        pdf.check_extra()
    assert (error.value.code, "libpango" in error.value.action) == ("installation.bibliotheque_absente", True)
