"""An input that breaks the law, made as small as it goes while it breaks it the same way."""

from __future__ import annotations

import traceback

from tests.fuzz.law import Target


def breaks_like(target: Target, data: bytes) -> str:
    """How this input breaks the law: the exception and where it was raised; empty when it keeps it."""
    try:
        target.prove(data)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {last.filename}:{last.lineno}"
    return ""


def minimise(target: Target, data: bytes) -> bytes:
    """Ever smaller parts are taken out, then bytes are made plain, as long as the same thing breaks."""
    wanted = breaks_like(target, data)
    size = len(data) // 2
    while size:
        start = 0
        while start < len(data):
            shorter = data[:start] + data[start + size :]
            if breaks_like(target, shorter) == wanted:
                data = shorter
            else:
                start += size
        size //= 2
    for place in range(len(data)):
        plainer = data[:place] + b" " + data[place + 1 :]
        if breaks_like(target, plainer) == wanted:
            data = plainer
    return data
