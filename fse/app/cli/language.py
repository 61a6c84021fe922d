"""What click itself says, in French: its messages pass through gettext, and `locale/` holds their translation.

`make messages` compiles `fse.po`. Only the command line calls this: it names a language for the whole process.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "fse"
LOCALE = Path(__file__).with_name("locale")


def speak_french() -> None:
    """Usage errors and help of click in French, whatever the language of the session."""
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
