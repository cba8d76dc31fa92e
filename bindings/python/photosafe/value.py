# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all values of the library have in common."""
from __future__ import annotations

import dataclasses
from typing import Any


class Value:
    """A fact that the library told: it can't be changed, is equal to its like, can be pickled, and is a key of a
    dictionary where all of its parts are. An absent text is empty, another absent fact is None; a datetime is of UTC, to
    the microsecond. Texts that aren't UTF-8 have lone surrogates, as os.fsdecode makes them."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as dictionaries and tuples."""
        return dataclasses.asdict(self)
