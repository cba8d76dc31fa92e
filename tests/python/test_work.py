# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone

import photosafe
import pytest
from conftest import write


def test_ingest_tells_each_file_and_proves_it(archive, card):
    files, progress, scanned = [], [], []
    with photosafe.open_folder(card) as source:
        assert source.info().kind == "folder"
        plan = photosafe.plan_ingest(source, archive)
        assert (plan.seen, plan.to_copy, plan.fits) == (4, 4, True) and archive.summary().originals == 0
        report = photosafe.ingest(source, archive, on_file=files.append, on_progress=progress.append,
                                  on_scan=scanned.append, proof="reread")
        assert (report.seen, report.stored, report.known, report.failed) == (4, 3, 1, 0)
        again = photosafe.ingest(source, archive)
        assert (again.known, again.stored, again.read_bytes) == (4, 0, 0)
    assert sorted(one.outcome for one in files) == ["known", "stored", "stored", "stored"]
    assert all((archive.root / one.asset_path).stat().st_size == one.file.bytes for one in files)
    assert scanned[-1] == 4 and progress[-1].items_done == progress[-1].items_total == 4


def test_ingest_takes_what_is_asked_for(tmp_path, archive):
    card = write(tmp_path / "mixed", {"DCIM/1/A.JPG": b"old", "DCIM/1/B.JPG": b"new", "DCIM/1/C.MOV": b"movie"})
    os.utime(card / "DCIM/1/B.JPG", (1767225600, 1767225600))
    with photosafe.open_folder(card) as source:
        since = datetime(2026, 1, 1, tzinfo=timezone.utc)
        os.utime(card / "DCIM/1/C.MOV", (1767225600, 1767225600))
        report = photosafe.ingest(source, archive, since=since, videos=False, backoff=timedelta(milliseconds=1))
        assert report.stored == 1 and archive.summary().originals == 1
        with pytest.raises(ValueError, match="zone"):
            photosafe.ingest(source, archive, since=datetime(2026, 1, 1))
        with pytest.raises(ValueError, match="1677"):
            photosafe.ingest(source, archive, since=datetime(1, 1, 1, tzinfo=timezone.utc))
        with pytest.raises(TypeError):
            photosafe.ingest(source, archive, since="2026-01-01")
        with pytest.raises(ValueError, match='"once", "reread"'):
            photosafe.ingest(source, archive, proof="never")


def test_an_exception_of_a_callback_ends_the_work_and_nothing_is_lost(tmp_path, archive):
    card = write(tmp_path / "many", {f"DCIM/1/IMG_{i:04}.JPG": os.urandom(2000) for i in range(300)})
    heard = []

    def fails(file):
        heard.append(file)
        raise ZeroDivisionError("of the caller")

    with photosafe.open_folder(card) as source:
        with pytest.raises(ZeroDivisionError, match="of the caller"):
            photosafe.ingest(source, archive, on_file=fails)
        assert len(heard) == 1, "it isn't called again"
        with pytest.raises(ZeroDivisionError) as raised:
            photosafe.ingest(source, archive, on_file=fails)
        interrupted = raised.value.__context__
        assert isinstance(interrupted, photosafe.IngestInterrupted) and interrupted.code == "cancelled"
        assert interrupted.report.seen == 300 and interrupted.report.failed > 0, "what was done until then"
        report = photosafe.ingest(source, archive)
    assert report.failed == 0 and report.stored + report.known == 300 and archive.summary().originals == 300


def test_a_file_that_can_not_be_brought_is_a_row(tmp_path, archive):
    card = write(tmp_path / "bad", {"DCIM/1/GOOD.JPG": b"good", "DCIM/1/BAD.JPG": b"bad"})
    with photosafe.open_folder(card) as source:
        def take_away(_):
            (card / "DCIM/1/BAD.JPG").unlink(missing_ok=True)

        report = photosafe.ingest(source, archive, on_scan=take_away, retries=0)
        assert (report.stored, report.failed) == (1, 1)
    failure, = archive.failures()
    assert (failure.path, failure.bytes) == ("DCIM/1/BAD.JPG", 3) and failure.code and failure.reason


def test_callbacks_come_from_the_thread_that_called(archive, roll):
    threads = set()

    def hear(_):
        threads.add(threading.get_ident())

    with photosafe.open_folder(roll) as source:
        photosafe.ingest(source, archive, on_file=hear, on_progress=hear, on_scan=hear)
    photosafe.convert(archive, on_item=hear, on_progress=hear)
    assert threads == {threading.get_ident()}


def test_ctrl_c_ends_an_ingest_and_the_next_goes_on(tmp_path):
    card = write(tmp_path / "many", {f"DCIM/1/IMG_{i:04}.JPG": os.urandom(400_000) for i in range(600)})
    script = f"""
import photosafe
with photosafe.Archive.create({str(tmp_path / "stopped")!r}) as archive, photosafe.open_folder({str(card)!r}) as source:
    first = True
    def tell(progress):
        global first
        if first: print("begun", flush=True)
        first = False
    try:
        photosafe.ingest(source, archive, on_progress=tell)
        print("ended")
    except KeyboardInterrupt:
        print("stopped", archive.summary().originals < 600)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "stopped True\n"
    with photosafe.Archive.open(tmp_path / "stopped", "write") as archive, photosafe.open_folder(card) as source:
        report = photosafe.ingest(source, archive)
        assert report.failed == 0 and archive.summary().originals == 600
        assert photosafe.check_fixity(archive).matched == 600


def test_converts_and_says_what_is_lost(filled):
    plan = photosafe.plan_convert(filled, quality=80, max_size=200)
    made, progress = [], []
    report = photosafe.convert(filled, on_item=made.append, on_progress=progress.append, quality=80, max_size=200)
    assert report.made == plan.to_make > 0 and report.failed == 0 and report.complete
    assert report.lost["live_video"] > 0 and progress
    one = next(item for item in made if item.outcome == "made")
    assert max(one.rendition.width, one.rendition.height) <= 200
    assert (filled.root / one.rendition.path).read_bytes()[:2] == b"\xff\xd8"
    assert photosafe.renditions(filled, one.asset) == (one.rendition,)
    assert photosafe.convert(filled, quality=80, max_size=200).current == report.made
    thumbnail = photosafe.convert(filled, kind="thumbnail", max_size=64, assets=[one.asset.id])
    assert thumbnail.made == 1 and len(photosafe.renditions(filled, one.asset)) == 2
    for wrong in ({"kind": "tiff"}, {"decoder": "mine"}):
        with pytest.raises(ValueError):
            photosafe.convert(filled, **wrong)
    with pytest.raises(photosafe.ArchiveError) as raised:
        photosafe.convert(filled, quality=101)
    assert raised.value.code == "invalid"


def test_reads_metadata_apart_from_the_import(archive, roll):
    with photosafe.open_folder(roll) as source:
        photosafe.ingest(source, archive, metadata=False)
    assert photosafe.plan_read_metadata(archive).pending == archive.summary().originals
    progress = []
    report = photosafe.read_metadata(archive, on_progress=progress.append)
    assert progress[-1].items_done == progress[-1].items_total
    assert (report.read, report.pending, report.trouble) == (archive.summary().originals, 0, "")
    assert photosafe.count(archive, "camera:iphone") > 0
    assert photosafe.read_metadata(archive, again=True, media=photosafe.MediaOptions(workers=1)).trouble == ""
    broken = photosafe.read_metadata(archive, again=True, media=photosafe.MediaOptions(worker="/nowhere"))
    assert broken.read == 0 and broken.trouble


def test_writes_sidecars(filled):
    plan = photosafe.plan_sidecars(filled)
    items, progress = [], []
    report = photosafe.write_sidecars(filled, on_item=items.append, on_progress=progress.append)
    assert [one.outcome for one in items].count("written") == report.written and progress
    assert all((filled.root / one.path).exists() for one in items if one.outcome == "written")
    assert report.written == plan.written > 0 and list((filled.root / "originals").rglob("*.xmp"))
    assert photosafe.write_sidecars(filled).written == 0


def test_finds_damage_and_says_what_is_safe(filled, roll):
    asset = next(photosafe.find(filled, "kind:photo")).asset
    path = filled.root / asset.path
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    findings, progress = [], []
    report = photosafe.check_fixity(filled, on_finding=findings.append, on_progress=progress.append)
    assert progress[-1].items_done == progress[-1].items_total == report.checked
    assert (report.altered, report.checked) == (1, filled.summary().originals)
    assert [(one.outcome, one.path) for one in findings] == [("altered", asset.path)] and findings[0].message
    assert photosafe.look_up(filled, asset.path).asset.state == "damaged"
    items = []
    with photosafe.open_folder(roll) as source:
        assessment = photosafe.assess(source, filled, on_item=items.append)
    assert assessment.safe_to_wipe is False and len(items) == assessment.items
    assert photosafe.check_fixity(filled, bytes=1).checked == 1


def test_rebuilds_the_catalog(filled):
    root, originals = filled.root, filled.summary().originals
    filled.close()
    (root / "catalog.sqlite").write_bytes(b"nonsense" * 1000)
    assert photosafe.rebuild(root, dry_run=True).set_aside is None
    progress = []
    report = photosafe.rebuild(root, on_progress=progress.append)
    assert progress[-1].manifests_done == progress[-1].manifests_total == report.manifests
    assert report.originals == originals and report.missing == 0 and report.set_aside.exists()
    with photosafe.Archive.open(root, "write") as again:
        photosafe.read_metadata(again)
        assert photosafe.count(again, "camera:iphone") > 0


def test_diagnose_says_what_to_do(filled):
    findings = {one.code: one for one in photosafe.diagnose(filled.root)}
    assert findings["usbmuxd"].severity != "ok" and findings["usbmuxd"].next and findings["usbmuxd"].message
    assert findings["archive"].severity == "ok" and "usbmuxd" in {one.code for one in photosafe.diagnose()}
