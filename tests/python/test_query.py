# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asking: the same grammar, the same words and the same answers as on the command line."""
import json
import os
import subprocess
from itertools import islice

import photosafe
import pytest
from photosafe import Query, QueryError

QUERIES = ["", "kind:live", "camera:iphone taken:2024", "not kind:video", "kind:raw or kind:video", "near:52.5,13.4,50km",
           "size:..50kB", "name:*.HEIC", "duration:1s..", "taken:..2024-06 kind:photo", "rating:1..", "has:place"]


def ask_the_command(root, query, *words):
    out = subprocess.run([os.environ["PHOTOSAFE_BIN"], "--archive", root, "find", *words, "--json", "--", query],
                         stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False).stdout
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize("query", QUERIES)
def test_finds_what_the_command_finds(filled, query):
    try:
        found = [one.asset.path for one in photosafe.find(filled, query)]
    except QueryError as e:
        assert ask_the_command(filled.root, query)[-1]["message"] == str(e)
        return
    told = [one["path"] for one in ask_the_command(filled.root, query) if one["type"] == "asset"]
    assert found == told
    assert photosafe.count(filled, query) == len(found)


def test_most_of_those_queries_find_something(filled):
    assert sum(photosafe.count(filled, one) > 0 for one in QUERIES if one != "has:place") >= 8


def test_a_query_is_a_value():
    query = Query.parse("camera:iphone   taken:2024-07")
    assert query == Query.parse(query.text()) and hash(query) == hash(Query.parse(str(query)))
    assert query != Query() and query != "camera:iphone" and Query() == Query.parse("")
    assert repr(query).startswith("Query.parse(")


def test_a_query_says_where_it_is_wrong(filled):
    with pytest.raises(QueryError) as raised:
        Query.parse('"Zürich" camra:x')
    assert (raised.value.code, raised.value.column, raised.value.subject) == ("invalid", 10, None)
    assert "camera:" in str(raised.value)
    with pytest.raises(QueryError):
        photosafe.find(filled, "taken:yesterday..")  # at once, not when it is iterated
    with pytest.raises(QueryError):
        Query.parse("name:\udcff\x00(")
    for wrong in (5, None, b"kind:live"):
        with pytest.raises(TypeError):
            photosafe.count(filled, wrong)


def test_find_pages_without_a_seam(filled, monkeypatch):
    originals = filled.summary().originals
    most = originals + 10  # where pages come again, that many are enough to see it

    def find(**options):
        return list(islice(photosafe.find(filled, unit="files", **options), most))

    everything = find()
    assert len(everything) == originals > 40
    monkeypatch.setattr("photosafe.query._PAGE", 7)
    assert find() == everything
    assert find(order="oldest_first") == everything[::-1]
    for limit in (0, 1, 6, 7, 8, 14, originals, originals + 5):
        assert find(limit=limit) == everything[:limit]
    assert find(after=everything[9].key) == everything[10:]


def test_find_refuses_what_can_not_be(filled):
    with pytest.raises(ValueError, match='"shots", "files"'):
        photosafe.find(filled, unit="shot")
    with pytest.raises(ValueError, match="order"):
        photosafe.find(filled, order="random")
    with pytest.raises(ValueError):
        photosafe.find(filled, limit=-1)
    with pytest.raises(photosafe.Error) as raised:
        photosafe.find(filled, after="no key")
    assert raised.value.code == "invalid"


def test_shows_one_and_its_shot(filled):
    live = next(photosafe.find(filled, "kind:live"))
    assert live.asset.role == "original" and "live" in live.kinds and live.places == ()
    parts = photosafe.parts_of_shot(filled, live.asset)
    assert {"original", "live_video"} <= {part.asset.role for part in parts} and all(part.places for part in parts)
    for name in (live.asset.path, str(live.asset.id), live.asset.sha256, live.asset.sha256[:12]):
        assert photosafe.look_up(filled, name).asset == live.asset
    assert photosafe.look_up(filled, "nothing of that name") is None
    assert not live.metadata.raw and filled.metadata(live.asset).raw
    assert filled.parse_record(live.asset).state == "done"
    assert (filled.places(live.asset), ()) == (parts[0].places, live.places)
