"""The loop of a peer's program: one round of work for each line read, its seconds and its outcome as JSON.

`seconds` is the wall clock, `thread_seconds` the processor time of the thread: what it is compared with says which.

A program runs in the environment of its peer, where nothing of this project is. It says first that it is ready; what it
prepares before (imports, files of positions, keys) is not timed, reading the bytes of the file is.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any


def serve(work: Callable[[], Any], told: Callable[[Any], dict[str, Any]]) -> None:
    """Answer each line by a round of `work`; `told` says, untimed, what came out of it: claims, centimes."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for _ in sys.stdin:
        gc.collect()
        wall, thread = time.perf_counter(), time.thread_time()
        result = work()
        spent = {"seconds": time.perf_counter() - wall, "thread_seconds": time.thread_time() - thread}
        print(json.dumps({**spent, **told(result)}), file=answers, flush=True)
        del result
