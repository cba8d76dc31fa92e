#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what the media worker says of real files with what exiftool says of them, field by field.

    compare_with_exiftool.py --metadata-of BIN --worker BIN CORPUS

CORPUS has expected-exiftool.json (`exiftool -json -G -n` of its files); exiftool itself is asked for lenses and for how
HEIFs are cut, which that file hasn't. Prints a table. Fails when less than 99 % agree, when a difference isn't explained
in explained_differences.py, and when an explained one isn't there any more. Ends with 77 where CORPUS
or exiftool isn't.
"""
import argparse
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

from exiftool_facts import of_exiftool, of_photosafe
from explained_differences import EXPLAINED

LEAST_AGREEMENT = 0.99


def ours(options, corpus, names):
    """What PhotoSafe says of each file, by its name."""
    rows = {}
    paths = [str(corpus / name) for name in names]
    for start in range(0, len(paths), 500):
        done = subprocess.run([options.metadata_of, options.worker, *paths[start:start + 500]], check=True,
                              stdout=subprocess.PIPE)
        for line in done.stdout.splitlines():
            row = json.loads(line)
            rows[str(Path(row["file"]).relative_to(corpus))] = row
    return rows


def ask_exiftool(folder, *arguments):
    done = subprocess.run(["exiftool", "-json", "-a", "-G0:4", "-n", "-q", "-q", *arguments, "-r", str(folder)],
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)  # it complains of broken ones
    return json.loads(done.stdout or "[]")


def near(theirs, mine, most):
    if theirs is None:  # it says nothing of it
        return True
    if mine is None:
        return False
    return math.isclose(float(theirs), float(mine), abs_tol=most)


def agree(field, theirs, mine):
    if field == "GPS":
        return all(near(a, b, most) for a, b, most in zip(theirs, mine, (1e-6, 1e-6, 1e-2)))
    if field in ("duration", "sub-seconds"):
        return near(theirs, mine, 1e-3)
    if field == "dimensions":
        return tuple(theirs) == tuple(mine)
    if field == "keywords":
        return theirs == mine
    return " ".join(str(theirs).split()) == " ".join(str(mine).split())


def compare(theirs, mine):
    """Pairs of file and field, in lists by what came of them."""
    found = {"agree": [], "differ": [], "only ours": []}
    for name, row in sorted(theirs.items()):
        if "error" in mine[name]:
            a, b = of_exiftool(row), {}
        else:
            a, b = of_exiftool(row), of_photosafe(mine[name])
        for field in a.keys() | b.keys():
            if field not in a:
                if field != "orientation":  # that a picture is upright is not said by many
                    found["only ours"].append((name, field, None, b[field]))
            elif field in b and agree(field, a[field], b[field]):
                found["agree"].append((name, field, a[field], b[field]))
            else:
                found["differ"].append((name, field, a[field], b.get(field)))
    return found


def table(found):
    fields = sorted({one[1] for rows in found.values() for one in rows})
    print(f"{'field':<14}{'exiftool has':>14}{'agree':>8}{'differ':>8}{'only ours':>11}")
    for field in fields + ["all"]:
        agreed, differ, more = (sum(one[1] == field or field == "all" for one in found[key])
                                for key in ("agree", "differ", "only ours"))
        print(f"{field:<14}{agreed + differ:>14}{agreed:>8}{differ:>8}{more:>11}")
    agreed, differ = len(found["agree"]), len(found["differ"])
    return agreed / (agreed + differ)


def verdict(found, explained):
    """Prints the table, and every difference with its explanation. Returns what is wrong, a line each."""
    share = table(found)
    print(f"\n{100 * share:.2f} % agree")
    wrong = [] if share >= LEAST_AGREEMENT else [f"less than {100 * LEAST_AGREEMENT:.0f} % agree"]
    differing = {(name, field): (theirs, mine) for name, field, theirs, mine in found["differ"]}
    for place, (theirs, mine) in sorted(differing.items()):
        reason = explained.get(place)
        print(f"  {place[0]}: {place[1]}: exiftool {theirs!r}, PhotoSafe {mine!r}: {reason or 'NOT EXPLAINED'}")
        if not reason:
            wrong.append(f"{place[0]}: {place[1]}: nobody explains why this differs")
    for place in sorted(explained.keys() - differing.keys()):
        wrong.append(f"{place[0]}: {place[1]}: is explained and doesn't differ any more")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--metadata-of", required=True)
    parser.add_argument("--worker", required=True)
    parser.add_argument("corpus", type=Path)
    options = parser.parse_args()
    expected = options.corpus / "expected-exiftool.json"
    if not expected.is_file() or not shutil.which("exiftool"):
        print(f"{options.corpus} or exiftool isn't here")
        return 77
    theirs = {row["SourceFile"]: row for row in json.loads(expected.read_text())}
    for row in ask_exiftool(options.corpus, "-LensModel", "-CleanAperture"):
        name = str(Path(row.pop("SourceFile")).relative_to(options.corpus))
        if name in theirs:
            theirs[name].update(row)
    wrong = verdict(compare(theirs, ours(options, options.corpus, theirs)), EXPLAINED)
    for line in wrong:
        print("WRONG:", line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
