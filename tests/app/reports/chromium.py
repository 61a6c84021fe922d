"""A page looked at by Chromium, which is not ours: what it computes of colours, places and focus, and its pictures.

Driven by the command line alone: a script put in a copy of the page writes what it measured into the document, which
Chromium prints.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage")

_TRIES = 6
"""On a busy machine the window may not have the focus yet when the page is measured: it is measured again."""

AUDIT = r"""
function rgb(text) {
  const found = text.match(/[\d.]+/g).map(Number);
  return {r: found[0], g: found[1], b: found[2], a: found.length > 3 ? found[3] : 1};
}
function luminance(c) {
  const part = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
}
function ratio(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}
function ground(node) {
  for (let one = node; one; one = one.parentElement) {
    const c = rgb(getComputedStyle(one).backgroundColor);
    if (c.a === 1) return c;
    if (c.a !== 0) throw new Error("half transparent");
  }
  return {r: 255, g: 255, b: 255, a: 1};
}
const texts = [];
for (const node of document.querySelectorAll("body *")) {
  const own = [...node.childNodes].some(one => one.nodeType === 3 && one.textContent.trim());
  if (!own || node.closest("script")) continue;
  const style = getComputedStyle(node);
  const ink = rgb(node.closest("svg") ? style.fill : style.color);
  const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700;
  const wanted = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
  texts.push({text: node.textContent.trim().slice(0, 40), ratio: ratio(ink, ground(node)), wanted: wanted});
}
const stops = [...document.querySelectorAll("a[href], button, input, [tabindex]")].map(one => {
  one.focus();
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {text: one.textContent.trim(), outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          seen: box.left >= 0 && box.width > 0, active: document.activeElement === one};
});
document.activeElement.blur();
window.scrollTo(0, 0);
const place = selector => {
  const one = document.querySelector(selector);
  if (!one) return null;
  const box = one.getBoundingClientRect();
  return {top: box.top, bottom: box.bottom, text: one.textContent.replace(/\s+/g, " ").trim()};
};
const told = {texts: texts, stops: stops, first: place(".choses > li"), second: place(".choses > li:nth-child(2)"),
              nothing: place(".rien"), lead: place(".bilan"), wide: document.documentElement.scrollWidth,
              width: window.innerWidth, focused: document.hasFocus()};
const out = document.createElement("pre");
out.id = "audit";
out.textContent = JSON.stringify(told);
document.body.appendChild(out);
"""


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed: apt-get install chromium")
        pytest.skip("chromium is not installed")
    return found


def _run(folder: Path, *arguments: str) -> str:
    command = [_chromium(), *_OPTIONS, f"--user-data-dir={folder / 'profil'}", *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=100).stdout.decode()


def audit(page: Path, folder: Path, width: int, height: int = 800) -> dict[str, Any]:
    """What Chromium measures in a page, in a window of this size."""
    html = page.read_text(encoding="utf-8")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', html)
    assert policy, "the page forbids scripts; the copy that is measured has one"
    copy = folder / f"mesure-{width}.html"
    copy.write_text(
        html.replace(policy.group(), "").replace("</body>", f"<script>{AUDIT}</script></body>"), encoding="utf-8"
    )
    for _ in range(_TRIES):
        told = _run(folder, f"--window-size={width},{height}", "--dump-dom", copy.as_uri())
        found = re.search(r'<pre id="audit">(.*?)</pre>', told, re.S)
        assert found, "the script measured nothing"
        measured: dict[str, Any] = json.loads(unescape(found.group(1)))
        if measured["focused"]:
            return measured
    raise AssertionError("the window never had the focus: what the keyboard shows cannot be measured")


def screenshot(page: Path, folder: Path, width: int, height: int) -> bytes:
    """A picture (PNG) of the first screen of a page."""
    out = folder / "image.png"
    _run(folder, f"--window-size={width},{height}", f"--screenshot={out}", page.as_uri())
    return out.read_bytes()


def printed(page: Path, folder: Path) -> bytes:
    """The page as the printer gets it (PDF)."""
    out = folder / "imprime.pdf"
    _run(folder, "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri())
    return out.read_bytes()
