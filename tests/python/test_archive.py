# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib
import os
import pickle
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import photosafe
import pytest
from conftest import write


def test_opens_what_it_made(tmp_path):
    with photosafe.Archive.create(tmp_path / "one", layout="{taken:%Y}/{name}") as archive:
        assert archive.root == tmp_path / "one" and archive.layout == "{taken:%Y}/{name}" and archive.warnings == ()
        with pytest.raises(photosafe.ArchiveError) as raised:
            photosafe.Archive.open(str(tmp_path / "one"), "write")
        assert raised.value.code == "busy"
    with photosafe.Archive.open(os.fsencode(tmp_path / "one")) as archive:
        assert archive.summary().originals == 0


def test_errors_say_what_they_are_about(tmp_path):
    with pytest.raises(photosafe.ArchiveError) as raised:
        photosafe.Archive.open(tmp_path / "nowhere")
    error = raised.value
    assert (error.code, error.subject) == ("not_found", tmp_path / "nowhere") and isinstance(error, photosafe.Error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.subject, str(again)) == (type(error), error.code, error.subject, str(error))
    with pytest.raises(ValueError, match='"read", "write"'):
        photosafe.Archive.open(tmp_path, "both")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/something").touch()
    with pytest.raises(photosafe.ArchiveError) as raised:
        photosafe.Archive.create(tmp_path / "full")
    assert raised.value.code == "unsafe"


def test_a_closed_one_says_so(archive):
    archive.close()
    archive.close()
    for use in (archive.summary, archive.__enter__, lambda: photosafe.count(archive), lambda: photosafe.find(archive)):
        with pytest.raises(ValueError, match="closed"):
            use()


def test_values_are_those_of_the_bytes(archive, card):
    with photosafe.open_folder(card) as source:
        photosafe.ingest(source, archive)
    found = photosafe.look_up(archive, hashlib.sha256(b"second").hexdigest())
    asset = found.asset
    assert (archive.root / asset.path).read_bytes() == b"second" and asset.bytes == 6
    assert asset.modified == datetime(2024, 5, 31, 12, tzinfo=timezone.utc)
    assert asset.taken_source == "file_modified" and asset.state == "present" and asset.verified is None
    assert [place.path for place in found.places] == ["DCIM/100APPLE/IMG_0002.JPG", "DCIM/101APPLE/IMG_0002.JPG"]
    assert found.parse.state == "done" and found.metadata.kind == "unknown"
    summary = archive.summary()
    assert (summary.originals, summary.places, summary.last_import.known) == (3, 4, 1)
    assert [one.source_name for one in archive.imports()] == [str(card)] and archive.failures() == ()


def test_values_behave_as_values(filled):
    found = list(photosafe.find(filled, places=True, limit=5))
    assert pickle.loads(pickle.dumps(found)) == found and len({one.asset for one in found}) == 5
    assert found[0].to_dict()["asset"]["sha256"] == found[0].asset.sha256
    with pytest.raises(AttributeError):
        found[0].asset.path = "elsewhere"


def test_names_that_are_no_utf8_come_back_byte_for_byte(tmp_path, archive):
    name = b"IMG_\xff\xfe.JPG"
    with photosafe.open_folder(write(tmp_path / "odd", {name: b"odd"})) as source:
        heard = []
        photosafe.ingest(source, archive, on_file=heard.append)
    assert heard[0].file.path.encode("utf-8", "surrogateescape") == name
    found = next(photosafe.find(archive, places=True))
    assert found.asset.name.encode("utf-8", "surrogateescape") == name
    assert photosafe.count(archive, "name:IMG*") == 1
    odd = tmp_path / os.fsdecode(b"archive \xff")
    with photosafe.Archive.create(odd) as other:
        assert other.root == odd


def test_threads_take_turns(filled):
    everything = [one.asset for one in photosafe.find(filled, unit="files")]
    answers = []

    def ask():
        for _ in range(20):
            answers.append([one.asset for one in photosafe.find(filled, unit="files")] == everything)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 80


def test_a_callback_can_not_use_what_is_at_work(archive, card):
    heard = []

    def ask(file):
        with pytest.raises(photosafe.Error) as raised:
            archive.summary()
        heard.append(raised.value.code)
        assert not file.asset_path or (archive.root / file.asset_path).exists(), "what never changes can be had"
        assert source.info().kind == "folder" and archive.layout and archive.warnings == ()

    with photosafe.open_folder(card) as source:
        photosafe.ingest(source, archive, on_file=ask)
    assert heard == ["busy"] * 4 and archive.summary().originals == 3


def test_two_that_want_each_others_archive_do_not_wait_forever(tmp_path, filled):
    with photosafe.Archive.create(tmp_path / "other") as other, photosafe.open_folder(filled.root / "originals") as source:
        photosafe.ingest(source, other)
        both_are_in, codes = threading.Barrier(2, timeout=30), []

        def work(mine, others):
            first = [True]

            def ask(_):
                if first.pop() if first else False:
                    both_are_in.wait()
                    try:
                        others.summary()
                    except photosafe.Error as e:
                        codes.append(e.code)

            photosafe.plan_convert(mine, on_item=ask)

        threads = [threading.Thread(target=work, args=pair) for pair in ((filled, other), (other, filled))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        assert "busy" in codes


def test_python_may_end_while_threads_are_in_the_library(tmp_path, filled):
    root = filled.root
    filled.close()
    script = f"""
import threading, photosafe
asked = threading.Semaphore(0)
archive = photosafe.Archive.open({str(root)!r})
def ask():
    while True:
        list(photosafe.find(archive))
        asked.release()
for _ in range(3): threading.Thread(target=ask, daemon=True).start()
for _ in range(30): asked.acquire()
print("ended")
"""
    for _ in range(10):
        done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"ended\n", b"")


def test_arguments_that_can_not_be_are_refused(archive, filled):
    asset = next(photosafe.find(filled)).asset
    for call, error in (
            (lambda: filled.metadata(next(photosafe.find(filled))), TypeError),  # a Found is no Asset
            (lambda: filled.places(None), TypeError),
            (lambda: photosafe.open_device(5), TypeError),
            (lambda: photosafe.open_device(on_notice=5), TypeError),
            (lambda: photosafe.Archive.open("a\0b"), ValueError),
            (lambda: photosafe.Archive.open("a\ud800"), ValueError),
            (lambda: photosafe.Archive.open(None), TypeError),
            (lambda: photosafe.check_fixity(filled, share=50), ValueError),
            (lambda: photosafe.check_fixity(filled, share=float("nan")), ValueError),
            (lambda: photosafe.check_fixity(filled, on_finding=5), TypeError),
            (lambda: photosafe.plan_ingest(5, filled), TypeError),
            (lambda: photosafe.convert(filled, srgb=None), TypeError),
            (lambda: photosafe.DeviceOptions(deadline=timedelta.max), ValueError),
            (lambda: photosafe.DeviceOptions(deadline=timedelta(seconds=-1)), ValueError),
            (lambda: photosafe.DeviceOptions(deadline=5), TypeError),
            (lambda: photosafe.MediaOptions(workers=-1), TypeError)):
        with pytest.raises(error):
            call()
    with pytest.raises(ValueError, match=r"not '\\udcff\\x00'"):
        photosafe.count(filled, unit="\udcff\0")
    assert filled.metadata(asset) is not None


def test_the_words_are_those_of_the_package():
    assert photosafe.__version__ and Path(photosafe.__file__).with_name("py.typed").exists()
    for name in photosafe.__all__:
        assert getattr(photosafe, name).__doc__ or name == "__version__", f"{name} says what it is"
