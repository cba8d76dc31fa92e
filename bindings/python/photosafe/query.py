# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asking an archive, as Python iterates."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ._photosafe import Archive, Query, _find_page
from .facts import Found

_PAGE = 200
Unit = Literal["shots", "files"]
Order = Literal["newest_first", "oldest_first"]


def find(archive: Archive, query: Query | str = "", *, unit: Unit = "shots", order: Order = "newest_first",
         limit: int | None = None, after: str = "", places: bool = False) -> Iterator[Found]:
    """What a query finds, in the order of capture, fetched page by page while it is iterated.

    The words of a query are those of docs/guide/query-language.md; a wrong one raises QueryError at once. `unit`: "shots",
    each once, as the original that stands for it, or "files". `order`: "newest_first" or "oldest_first". `after`: the
    `key` of what was found last. `places`: tell where each was seen, too. What is imported meanwhile may appear in pages
    that are still to come.
    """
    page = _find_page(archive, query, unit, order, _size(limit), after, places)
    return _pages(archive, query, unit, order, limit, places, page)


def _size(left: int | None) -> int:
    if left is not None and left < 0:
        raise ValueError("limit can't be negative.")
    return _PAGE if left is None else min(left, _PAGE)


def _pages(archive: Archive, query: Query | str, unit: str, order: str, left: int | None, places: bool,
           page: tuple[Found, ...]) -> Iterator[Found]:
    while page:
        yield from page
        asked = _size(left)
        if left is not None:
            left -= len(page)
        if len(page) < asked or left == 0:
            return
        page = _find_page(archive, query, unit, order, _size(left), page[-1].key, places)
