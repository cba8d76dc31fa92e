# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual pages: complete, and clean for man."""
import re
import subprocess

import pytest

VERBS = ["init", "device", "import", "status", "verify", "find", "show", "album", "metadata", "convert", "thumbnails", "sidecars",
         "rebuild", "doctor", "config", "completion", "help"]


def page(photosafe, *verb):
    return photosafe.ok("help", "--man", *verb).out


def rendered(photosafe, source):
    file = photosafe.folder / "page.1"
    file.write_text(source)
    result = subprocess.run(["man", "--warnings", "-l", file], capture_output=True, text=True, check=True,
                            env={**photosafe.environment, "MANWIDTH": "200", "LC_ALL": "C.UTF-8", "MANROFFOPT": "-c"})
    assert result.stderr == ""
    return re.sub(".\b", "", result.stdout)


@pytest.mark.parametrize("verb", [[], *([verb] for verb in VERBS)])
def test_man_has_nothing_to_complain_about(photosafe, verb):
    text = rendered(photosafe, page(photosafe, *verb))
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "EXAMPLES", "SEE ALSO"):
        assert f"\n{section}\n" in text, section


def test_the_main_page_names_every_verb(photosafe):
    text = page(photosafe)
    assert sorted(VERBS) == sorted(re.findall(r"^\.TP\n\\fBphotosafe\\-(\w+)\\fP\(1\)$", text, re.M))


def test_an_option_is_told_with_variable_and_key(photosafe):
    text = rendered(photosafe, page(photosafe, "import"))
    assert re.search(r"--since TIME\n.*2024-05-01.*\n.*PHOTOSAFE_IMPORT_SINCE; key: import\.since\.", text)


def test_the_layout_survives_roff(photosafe):
    assert "{taken:%Y}/{taken:%Y-%m-%d}/{name}" in rendered(photosafe, page(photosafe, "init"))
