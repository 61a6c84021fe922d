"""Things that follow each other in groups that are not too heavy: files in units and packs, practices in slices."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def groups_of(
    things: Iterable[T], weight: Callable[[T], int], *, most: int, count: int = sys.maxsize
) -> Iterator[list[T]]:
    """The same things in the same order: at most `count` a group, which weighs at most `most` unless it is of one."""
    group: list[T] = []
    size = 0
    for one in things:
        if group and (size + weight(one) > most or len(group) == count):
            yield group
            group, size = [], 0
        group.append(one)
        size += weight(one)
    if group:
        yield group
