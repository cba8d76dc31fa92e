# SPDX-License-Identifier: LGPL-2.1-or-later
"""The completion scripts, run by their shells where these are at hand."""
import os
import shutil
import subprocess

import pytest


def complete(photosafe, *words):
    """What bash offers after these words."""
    script = photosafe.ok("completion", "bash").out + """
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _photosafe; printf '%s\\n' "${COMPREPLY[@]}"
"""
    result = subprocess.run(["bash", "-u", "-c", script, "bash", "photosafe", *words], capture_output=True, text=True,
                            check=True, cwd=photosafe.folder)
    assert result.stderr == ""
    return result.stdout.split("\n")[:-1]


@pytest.mark.parametrize("words, offered", [
    (["im"], ["import"]),
    (["--json", "st"], ["status"]),
    (["import", "--ver"], ["--verbose", "--version", "--verify"]),
    (["import", "--verify", "r"], ["reread"]),
    (["import", "--only", "=", "vid"], ["videos"]),
    (["import", "--no"], ["--no-library", "--no-wait", "--no-metadata"]),
    (["completion", ""], ["bash", "zsh", "fish"]),
    (["device", "p"], ["pair"]),
    (["help", "ver"], ["verify"]),
    (["-a", "ho"], ["home"]),
    (["import", "--from", "ho"], ["home"]),
    (["init", "ho"], ["home"]),
])
def test_bash_offers(photosafe, words, offered):
    assert complete(photosafe, *words) == offered


def test_bash_offers_every_verb_and_folders_with_spaces(photosafe):
    assert set(complete(photosafe, "")) >= {"init", "import", "status", "verify", "doctor"}
    (photosafe.folder / "my photos").mkdir()
    assert complete(photosafe, "-a", "my") == ["my photos"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_shell_takes_the_script(photosafe, shell):
    script = photosafe.ok("completion", shell).out
    assert "import" in script and "reread" in script
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not at hand")
    file = photosafe.folder / "script"
    file.write_text(script)
    subprocess.run([shell, "-n", file], check=True)


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not at hand")
@pytest.mark.parametrize("line, offered", [
    ("photosafe im", {"import"}),
    ("photosafe import --ver", {"--verbose", "--verify", "--version"}),
    ("photosafe import --verify ", {"once", "reread"}),
])
def test_fish_offers(photosafe, line, offered):
    script = photosafe.folder / "photosafe.fish"
    script.write_text(photosafe.ok("completion", "fish").out)
    result = subprocess.run(["fish", "-c", f"source {script}; complete -C '{line}'"], capture_output=True, text=True,
                            check=True, env={"HOME": str(photosafe.folder), "PATH": os.environ["PATH"]})
    assert {entry.split("\t")[0] for entry in result.stdout.splitlines()} == offered


def test_as_json_it_is_a_script_too(photosafe):
    assert photosafe.ok("completion", "bash", "--json").last["script"] == photosafe.ok("completion", "bash").out
