#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Copies every new picture of the connected phone into an archive, each proven byte for byte: import_phone.py ARCHIVE"""
import sys
from pathlib import Path

import photosafe


def show(progress: photosafe.IngestProgress) -> None:
    print(f"\r{progress.items_done} of {progress.items_total}", end="", file=sys.stderr, flush=True)


def main(root: Path) -> int:
    made = root.exists()
    try:
        with photosafe.Archive.open(root, "write") if made else photosafe.Archive.create(root) as archive:
            photosafe.wait_for_device(wait=True, on_notice=print)
            with photosafe.open_device() as phone:
                report = photosafe.ingest(phone, archive, on_progress=show)
    except photosafe.Error as e:
        print(e, file=sys.stderr)
        return 1
    print(f"\r{report.stored} new, {report.known} known, {report.failed} failed")
    return 0 if report.failed == 0 else 3


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: import_phone.py ARCHIVE")
    sys.exit(main(Path(sys.argv[1])))
