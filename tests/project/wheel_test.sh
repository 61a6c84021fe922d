#!/usr/bin/env bash
# Builds the wheel, installs it with its core dependencies alone in a fresh environment, and runs it far from the source
# tree: `fse --version`, the packaged data, `fse demo`. Needs the environment that `make test` makes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
unset PYTHONPATH VIRTUAL_ENV
export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy

cd "$root"
.venv/bin/python -m hatchling build --target wheel --directory "$away/dist" >/dev/null
.venv/bin/python -m venv --without-pip "$away/venv"
.venv/bin/uv pip install --quiet --python "$away/venv/bin/python" --constraint lock.txt "$away"/dist/*.whl

cd "$away"
venv/bin/fse --version
venv/bin/python - "$away" <<'PYTHON'
import sys
from importlib.util import find_spec
from pathlib import Path

import fse
from fse.base import findings, resources

away = Path(sys.argv[1])
assert Path(fse.__file__).is_relative_to(away), fse.__file__
assert Path(str(resources.demo_files())).is_relative_to(away)
assert any(resources.demo_files().iterdir())
assert findings.catalogue()
assert find_spec("pyhanko") is None, "an optional extra came with the core"
print(f"{len(findings.catalogue())} finding codes and the demo are read from the wheel")
PYTHON
venv/bin/fse demo --sortie "$away/demo"
