"""`make docs`: writes every generated page, and removes those of editions that are no more."""

from pathlib import Path

from docs.generator import FOLDER, pages

ROOT = Path(__file__).resolve().parents[2]

(ROOT / FOLDER).mkdir(exist_ok=True)
written = pages()
for stale in {path.relative_to(ROOT).as_posix() for path in (ROOT / FOLDER).glob("*.md")} - set(written):
    (ROOT / stale).unlink()
for name, text in written.items():
    (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
