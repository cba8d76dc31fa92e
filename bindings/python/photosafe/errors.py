# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the library raises. The class says who must act, the code says on what; the message is for people."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reports import IngestReport


class Error(Exception):
    """Base of all that the library raises."""

    code: str  #: `device_locked`, `no_space`, …: libphotosafe's ErrorCode
    subject: Path | None  #: the file, phone or setting that it is about

    def __init__(self, message: str, *, code: str, subject: Path | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.subject = subject
        for name, value in facts.items():
            setattr(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args[0], self.__dict__)


def _again(error: type[Error], message: str, facts: dict[str, Any]) -> Error:
    return error(message, **facts)


class DeviceError(Error):
    """Act at the phone."""


class ArchiveError(Error):
    """Act at the disk."""


class FixityError(Error):
    """Bytes are not what they were."""


class MediaError(Error):
    """A picture can't be read; its original is safe."""


class QueryError(Error):
    """What is wrong with a query; the message has the column, the reason and often the fix."""

    column: int  #: where, in characters; the first is 1


class IngestInterrupted(Error):
    """An ingest could not go on: the phone is gone, the disk is full. What was done until then is safe."""

    report: IngestReport  #: what was done; its sums close, with what was not reached counted as failed
    at_device: bool  #: whether to act at the phone
