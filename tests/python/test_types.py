# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types that the package declares are those that it has, and what the guide shows works as it is pasted."""
import os
import re
import subprocess
import sys
from pathlib import Path

import photosafe
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(photosafe.__file__).parent


def run(*words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_package_is_typed(tmp_path):
    script = tmp_path / "user.py"
    script.write_text("""
import photosafe
with photosafe.Archive.open("x") as archive:
    paths: list[str] = [found.asset.path for found in photosafe.find(archive, "kind:live", limit=3)]
    summary: int = archive.summary().originals
""")
    environment = {**os.environ, "MYPYPATH": str(PACKAGE.parent)}
    run("mypy", "--strict", "--cache-dir", tmp_path / "cache", "-p", "photosafe", env=environment, cwd=tmp_path)
    run("mypy", "--strict", "--cache-dir", tmp_path / "cache", script, env=environment, cwd=tmp_path)
    script.write_text("""
import photosafe
photosafe.find(photosafe.Archive.open("x"), unit="shot")
""")
    with pytest.raises(AssertionError, match="arg-type"):
        run("mypy", "--strict", "--cache-dir", tmp_path / "cache", script, env=environment, cwd=tmp_path)


def test_the_types_are_those_of_the_module(tmp_path):
    environment = {**os.environ, "MYPYPATH": str(PACKAGE.parent)}
    # A class of pybind11 has a metaclass of its own, and one that only functions make has an __init__ that refuses.
    allowed = tmp_path / "allowed"
    allowed.write_text("".join(f"photosafe._photosafe.{name}\n" for name in
                               ("Archive", "DeviceOptions", "MediaOptions", "Query", "Source", r"\w+.__init__")))
    run("stubtest", "--allowlist", allowed, "photosafe._photosafe", env=environment, cwd=tmp_path)


def test_the_arguments_are_those_of_the_module():
    import photosafe._photosafe as module
    text = (PACKAGE / "_photosafe.pyi").read_text()
    for name, arguments in re.findall(r"^def (\w+)\(([^)]*?(?:\([^)]*\)[^)]*?)*)\) ->", text, re.M | re.S):
        declared = re.findall(r"(?:^|[ \n(])(\w+): ", re.sub(r"\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]", "", arguments))
        has = re.findall(r"(\w+): ", getattr(module, name).__doc__.split("->")[0].split("\n")[0])
        assert declared == has, name


def test_the_guide_works_as_it_is_pasted(tmp_path, roll):
    page = (ROOT / "docs/guide/python.md").read_text()
    programs = re.findall(r"```python\n(.*?)```", page, re.S)
    assert len(programs) >= 4
    os.symlink(roll, tmp_path / "card")
    with photosafe.Archive.create(tmp_path / "Photos"):
        pass
    for program in programs:
        run(sys.executable, "-c", program, cwd=tmp_path)


def test_the_example_imports_from_a_phone(tmp_path, phone):
    phone("--trust", "trusted", "--name", "Anna's iPhone")
    example = ROOT / "examples/import_phone.py"
    assert "3 new, 1 known, 0 failed" in run(sys.executable, example, tmp_path / "archive")
    assert "0 new, 4 known, 0 failed" in run(sys.executable, example, tmp_path / "archive")
