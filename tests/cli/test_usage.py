# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is typed wrongly, and how it is answered."""
import pytest


def test_the_version_is_one_line(photosafe):
    result = photosafe.ok("--version")
    assert result.out.startswith("photosafe 0.") and result.out.count("\n") == 1
    assert photosafe.ok("--version", "--json").last["version"] == result.out.split()[1]


@pytest.mark.parametrize("words, said", [
    ((), "Which subcommand?"),
    (("improt",), "did you mean `import`?"),
    (("frobnicate",), "`photosafe help` lists them"),
    (("--frobnicate", "status"), "`--frobnicate` is not expected"),
    (("status", "extra"), "`extra` is not expected"),
    (("init",), "needs a DIR"),
    (("import", "--retries"), "--retries needs a value"),
    (("import", "--retries", "many"), "--retries: `many`"),
    (("import", "--since", "yesterday-ish"), "--since: "),
    (("import", "--only", "music"), "--only: "),
    (("import", "--verify", "never"), "--verify: "),
    (("import", "--deadline", "soon"), "--deadline: "),
    (("verify", "--subset", "120%"), "--subset: "),
    (("verify", "--threads", "-1"), "--threads: "),
    (("device", "eject"), "ACTION: "),
    (("device", "list", "some-udid"), "takes no UDID"),
    (("completion", "tcsh"), "SHELL: "),
    (("config", "no.such"), "No setting is called"),
    (("help", "nothing"), "is no subcommand"),
])
def test_wrong_usage_ends_with_2_and_changes_nothing(photosafe, words, said):
    result = photosafe(*words)
    assert result.status == 2
    assert said in result.err
    assert result.out == ""
    assert list(photosafe.folder.rglob("*")) == [photosafe.folder / "home"]


def test_wrong_usage_is_an_object_too(photosafe):
    result = photosafe("import", "--frobnicate", "--json")
    assert (result.status, result.last["type"], result.last["code"]) == (2, "error", "usage")
    assert result.err != ""


def test_what_is_typed_reaches_no_terminal_raw(photosafe):
    result = photosafe("import\x1b[2J")
    assert result.status == 2
    assert "\\x1b[2J" in result.err


@pytest.mark.parametrize("verb", ["import", "status", "verify", "rebuild"])
def test_without_an_archive_the_status_is_10(photosafe, verb):
    result = photosafe(verb)
    assert result.status == 10
    assert "photosafe init" in result.err
    nowhere = photosafe(verb, "-a", photosafe.folder / "nowhere", "--json")
    assert (nowhere.status, nowhere.last["code"]) == (10, "not_found")


@pytest.mark.parametrize("verb", ["init", "device", "import", "status", "verify", "rebuild", "doctor", "config",
                                  "completion", "help"])
def test_every_verb_has_help(photosafe, verb):
    result = photosafe.ok(verb, "--help")
    assert result.out.startswith("photosafe " + verb)
    assert "Exit status:" in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines())
    assert photosafe.ok("help", verb).out == result.out
    assert f"  {verb} " in photosafe.ok("help").out
