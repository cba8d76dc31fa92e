# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import subprocess

UDIDS = ["00008030-000000000000001A", "00008030-000000000000002B"]


def test_without_usbmuxd_there_is_no_usable_phone(photosafe):
    result = photosafe("device", "--json")
    assert (result.status, result.last["code"]) == (4, "device_absent")
    assert "usbmuxd" in result.err


def test_lists_a_phone_that_trusts_us(photosafe, phone):
    there = phone("--trust", "trusted")
    result = photosafe.ok("device", "list", "--json")
    listed = [one for one in result.objects if one["type"] == "device"]
    assert [one["udid"] for one in listed] == [there.udid]
    assert listed[0]["state"] == "ready" and listed[0]["free_bytes"] > 0 and listed[0]["connection"] == "usb"
    assert result.last["devices"] == result.last["ready"] == 1
    text = photosafe.ok("device").out
    assert there.udid in text and "ready" in text and listed[0]["model"] in text


def test_lists_a_phone_that_does_not_with_what_to_do(photosafe, phone):
    phone("--trust", "ask")
    result = photosafe.ok("device")
    assert "trust_needed" in result.out or "trust_pending" in result.out
    assert "`photosafe device pair`" in result.out.splitlines()[-1]


def test_no_phone_in_reach_is_an_answer_for_list_and_an_error_for_info(photosafe, phone):
    phone("--trust", "trusted").tell("unplug")
    assert "No phone is in reach" in photosafe.ok("device", "list").out
    result = photosafe("device", "info", "--json")
    assert (result.status, result.last["code"]) == (4, "device_absent")


def test_info_tells_about_one_phone(photosafe, phone):
    there = phone("--trust", "trusted")
    text = photosafe.ok("device", "info").out
    assert there.udid in text and "ready" in text
    assert photosafe.ok("device", "info", there.udid, "--json").objects[0]["udid"] == there.udid


def test_info_of_a_locked_phone_says_so_and_ends_with_4(photosafe, phone):
    phone("--trust", "trusted", "--locked", "yes")
    result = photosafe("device", "info", "--json")
    assert result.status == 4
    assert result.objects[0]["state"] == "locked" and "nlock" in result.objects[0]["problem"]


def test_two_phones_want_a_name(photosafe, phone, card):
    phone("--phone", f"udid={UDIDS[0]},root={card},trust=trusted", "--phone",
          f"udid={UDIDS[1]},root={card},trust=trusted")
    assert photosafe.ok("device", "--json").last["devices"] == 2
    result = photosafe("device", "info", "--json")
    assert (result.status, result.last["code"]) == (4, "device_ambiguous")
    assert photosafe.ok("device", "info", UDIDS[1], "--json").objects[0]["udid"] == UDIDS[1]


def test_a_hostile_name_reaches_no_terminal(photosafe, phone):
    name = "Eve\u202e\u009b31m"  # what XML lets through
    phone("--trust", "trusted", "--name", name)
    assert "Eve\\xe2\\x80\\xae\\xc2\\x9b31m" in photosafe.ok("device").out
    assert photosafe.ok("device", "--json").objects[0]["name"] == name


def test_pair_waits_for_the_tap(photosafe, phone):
    there = phone("--trust", "ask")
    with photosafe.start("device", "pair", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        told = json.loads(process.stdout.readline())
        assert told["type"] == "notice" and "Trust" in told["message"]
        there.tell("trust")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out.splitlines()[-1])["state"] == "ready"
    assert "ready" in photosafe.ok("device").out


def test_pair_that_is_refused_ends_with_4(photosafe, phone):
    phone("--trust", "deny")
    result = photosafe("device", "pair", "--json")
    assert (result.status, result.last["type"]) == (4, "error")
    assert result.last["code"] in ("not_trusted", "refused")
