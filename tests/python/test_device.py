# SPDX-License-Identifier: LGPL-2.1-or-later
"""A phone, simulated behind usbmuxd's socket: the very code that talks to a real one."""
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import photosafe
import pytest
from conftest import write


def test_imports_from_a_phone(archive, phone):
    there = phone("--trust", "trusted", "--name", "Anna's iPhone")
    listed = photosafe.list_devices()
    assert [(one.udid, one.name, one.state) for one in listed] == [(there.udid, "Anna's iPhone", "ready")]
    for device in ("", there.udid, listed[0]):
        with photosafe.open_device(device, options=photosafe.DeviceOptions(deadline=timedelta(seconds=20))) as source:
            assert source.info().id == f"device:{there.udid}"
            report = photosafe.ingest(source, archive)
            assert report.failed == 0 and report.seen == 4
    assert archive.summary().originals == 3
    with photosafe.open_device() as source:
        assert photosafe.assess(source, archive).not_imported == 0


def test_tells_what_the_phone_says_of_its_pictures(tmp_path, archive, phone):
    subprocess.run([os.environ["SIMPHONE_BIN"], "make-roll", tmp_path / "roll", "--items", "19", "--seed", "4",
                    "--photo-bytes", "3kB", "--movie-bytes", "3kB"], check=True, stdout=subprocess.DEVNULL)
    phone("--trust", "trusted", root=tmp_path / "roll")
    with photosafe.open_device() as source:
        report = photosafe.ingest(source, archive)
        assert report.library.read and report.library.items > 0
    albums = [album for album in archive.phone_albums() if album.kind == "album" and album.stored]
    title = albums[0].title
    found = list(photosafe.find(archive, f'album:"{title}"'))
    assert 0 < len(found) <= albums[0].stored and all(title in one.albums for one in found)
    assert all(one.phone and one.phone[0].item.uuid and one.phone[0].gone is None for one in found)
    hearts = list(photosafe.find(archive, "favorite:yes"))
    assert hearts and all(one.phone[0].item.favorite for one in hearts)


def test_a_locked_phone_says_so(phone):
    there = phone("--trust", "trusted", "--locked", "yes")
    for call in (photosafe.wait_for_device, photosafe.open_device):
        with pytest.raises(photosafe.DeviceError) as raised:
            call(there.udid)
        assert raised.value.code == "device_locked" and str(raised.value)
    with pytest.raises(photosafe.DeviceError) as raised:
        photosafe.find_device("00008030-00000000000000FF")
    assert raised.value.code == "device_absent"


def test_no_usbmuxd_is_an_error_and_no_phone_is_an_answer(phone):
    with pytest.raises(photosafe.DeviceError) as raised:
        photosafe.list_devices()
    assert raised.value.code == "device_absent"


def test_a_phone_that_goes_away_leaves_a_report(tmp_path, archive, phone):
    card = write(tmp_path / "big", {f"DCIM/1/IMG_{i:04}.JPG": os.urandom(300_000) for i in range(40)})
    there = phone("--trust", "trusted", "--fault", "unplug:after-bytes=4000000", root=card)
    options = photosafe.DeviceOptions(reconnect=timedelta(0))
    with photosafe.open_device(options=options) as source:
        with pytest.raises(photosafe.IngestInterrupted) as raised:
            photosafe.ingest(source, archive, retries=0)
    error = raised.value
    assert error.at_device and error.code.startswith("device_")
    report = error.report
    assert report.seen == report.stored + report.known + report.failed + report.excluded and report.failed > 0
    assert there and archive.summary().originals == report.stored


def test_waits_for_a_person_and_ctrl_c_ends_it(phone):
    phone("--trust", "trusted", "--locked", "yes")
    script = """
import photosafe
try:
    photosafe.wait_for_device(wait=True, on_notice=lambda text: print(text, flush=True))
except KeyboardInterrupt:
    print("stopped")
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert "nlock" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith("stopped\n")
        assert process.wait() == 0


def test_a_notice_ends_the_wait_when_it_fails(phone):
    phone("--trust", "trusted", "--locked", "yes")

    def fails(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        photosafe.wait_for_device(wait=True, on_notice=fails)


def test_a_notice_comes_from_the_thread_that_called_and_can_ask_the_source(tmp_path, archive, phone):
    card = write(tmp_path / "big", {f"DCIM/1/IMG_{i:04}.JPG": os.urandom(300_000) for i in range(40)})
    there = phone("--trust", "trusted", "--fault", "unplug:after-bytes=4000000,for=2s", root=card)
    heard = []

    def hear(text):
        heard.append((text, source.info().id, threading.get_ident()))
        with pytest.raises(photosafe.Error):
            archive.summary()

    with photosafe.open_device(on_notice=hear) as source:
        report = photosafe.ingest(source, archive)
    assert report.failed == 0 and report.stored == 40
    assert heard and {one[1:] for one in heard} == {(f"device:{there.udid}", threading.get_ident())}


def test_other_threads_run_while_one_is_in_the_library(phone):
    there = phone("--trust", "trusted", "--locked", "yes")
    waits, states = threading.Event(), []
    waiting = threading.Thread(
        target=lambda: states.append(photosafe.wait_for_device(wait=True, on_notice=lambda _: waits.set()).state))
    waiting.start()
    assert waits.wait(60)
    there.tell("unlock")  # by this thread, or nobody
    waiting.join(60)
    assert states == ["ready"]


def test_waits_until_it_is_unlocked(phone):
    there = phone("--trust", "ask")
    heard = []

    def unlock(text):
        heard.append(text)
        there.tell("trust")

    assert photosafe.wait_for_device(wait=True, on_notice=unlock).state == "ready"
    assert heard
