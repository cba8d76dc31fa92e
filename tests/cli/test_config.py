# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest


def settings(photosafe, *words, **more):
    return {one["key"]: one for one in photosafe.ok("config", "--json", *words, **more).objects if one["type"] == "setting"}


def test_prints_each_value_and_who_set_it(photosafe, archive):
    photosafe.config.write_text(photosafe.config.read_text() + "[import]\nretries = 4\n[verify]\nthreads = 2\n")
    (archive / "photosafe.toml").write_text("import.retries = 5\n")
    found = settings(photosafe, env={"PHOTOSAFE_IMPORT_SINCE": "20d"})
    assert found["json"]["origin"] == "flag"
    assert found["import.since"] == {"type": "setting", "schema": 1, "key": "import.since", "value": "20d",
                                     "origin": "environment", "where": "PHOTOSAFE_IMPORT_SINCE",
                                     "environment": "PHOTOSAFE_IMPORT_SINCE"}
    assert found["import.retries"]["value"] == "5"
    assert found["import.retries"]["where"] == f"{archive}/photosafe.toml:1"
    assert (found["verify.threads"]["origin"], found["verify.threads"]["value"]) == ("user", "2")
    assert found["import.verify"]["origin"] == "default"
    assert found["import.from"]["value"] == ["device"]
    text = photosafe.ok("config").out
    assert f"import.retries" in text and f"archive, {archive}/photosafe.toml:1" in text


def test_one_key_prints_its_value_alone(photosafe, archive):
    assert photosafe.ok("config", "archive").out == f"{archive}\n"
    assert photosafe.ok("config", "import.retries").out == "3\n"
    assert photosafe.ok("config", "import.since").out == ""


def test_a_setting_works_like_the_flag(photosafe, archive, card):
    (archive / "photosafe.toml").write_text(f'[import]\nfrom = ["{card}"]\ndry-run = true\n')
    assert photosafe.ok("import", "--json").last["dry_run"] is True
    assert photosafe.ok("import", "--json", env={"PHOTOSAFE_IMPORT_DRY_RUN": "no"}).last["stored"] == 3


@pytest.mark.parametrize("text, line", [("archive = \n", 1), ("\n[import\n", 2), ("[import]\nretries = []\n", 2)])
def test_a_broken_file_is_named_with_its_line(photosafe, text, line):
    photosafe.config.parent.mkdir(parents=True)
    photosafe.config.write_text(text)
    result = photosafe("config")
    assert result.status == 2
    assert f"{photosafe.config}:{line}: " in result.err
    photosafe.ok("help")
    photosafe.ok("--version")


def test_an_unknown_key_is_told_of(photosafe, archive):
    photosafe.config.write_text(photosafe.config.read_text() + "[improt]\nretries = 4\n")
    result = photosafe.ok("status")
    assert f"{photosafe.config}:4: no setting is called `improt.retries`." in result.err
