# SPDX-License-Identifier: LGPL-2.1-or-later
"""What exiftool says of a file (`-json -G -n`) and what PhotoSafe says, in the same words, so that they can be
compared field by field. A field that isn't there is not in the dictionary."""
import re
from datetime import datetime, timezone

NUMBER = re.compile(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?$", re.IGNORECASE)
TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.(\d+))?(?:GMT)?(Z|[+-]\d\d:?\d\d)?$")

# exiftool's tags for one thing, the one that PhotoSafe prefers first.
TIMES = ["EXIF:DateTimeOriginal", "QuickTime:CreationDate", "XMP:DateTimeOriginal",
         "Composite:DateTimeOriginal",  # of IPTC
         "EXIF:CreateDate", "XMP:CreateDate"]
SIZES = ["File", "PNG", "GIF", "RIFF", "QuickTime", "EXIF"]
LONGEST_EDGE = 1_000_000  # what claims more, or nothing, is no picture, and PhotoSafe doesn't repeat it
CODECS = {"hvc1": "hevc", "hev1": "hevc", "avc1": "h264", "apco": "prores", "apcs": "prores", "apcn": "prores",
          "apch": "prores", "jpeg": "jpeg", "mp4v": "mpeg4"}


def first(row, *keys):
    for key in keys:
        if row.get(key) not in (None, ""):
            return row[key]
    return None


def time_of(text):
    """A time's wall clock to the second, its fraction (as a number) and its offset in minutes."""
    match = TIME.match(str(text))
    if not match or match[1] == "0000":
        return None, None, None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    wall = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}"
    if zone:
        sign = -1 if zone[0] == "-" else 1
        digits = zone.replace(":", "")
        zone = 0 if zone == "Z" else sign * (int(digits[1:3]) * 60 + int(digits[3:5]))
    return wall, float("0." + fraction) if fraction else None, zone


def put(facts, name, value):
    if value not in (None, "", []) and str(value).strip():
        facts[name] = value


def number(value):
    return float(value) if value is not None and NUMBER.match(str(value)) else None


def cut(size, aperture):
    """A HEIF may show a part of its picture only; exiftool tells both."""
    edges = [number(edge) for edge in str(aperture or "").split()[:2]]
    if len(edges) == 2 and all(edge and 0 < edge <= whole for edge, whole in zip(edges, size)):
        return (int(edges[0]), int(edges[1]))
    return size


def of_exiftool(row):
    facts = {}
    movie = str(row.get("File:MIMEType", "")).startswith("video/")
    key = next((key for key in TIMES if row.get(key)), None)
    wall, fraction, zone = time_of(row[key]) if key else (None, None, None)
    if key == "EXIF:DateTimeOriginal":
        zone = time_of("2000:01:01 00:00:00" + str(row.get("EXIF:OffsetTimeOriginal", "")))[2]
        digits = str(row.get("EXIF:SubSecTimeOriginal", ""))
        fraction = float("0." + digits) if digits.isdigit() else None
    put(facts, "time", wall)
    put(facts, "offset", zone)
    put(facts, "sub-seconds", fraction or None)  # .00 is no more than nothing
    if movie and key != "QuickTime:CreationDate":  # which is an instant too, and a better one
        put(facts, "utc", time_of(row.get("QuickTime:CreateDate"))[0])
    latitude, longitude = number(row.get("Composite:GPSLatitude")), number(row.get("Composite:GPSLongitude"))
    if latitude is not None and longitude is not None:
        facts["GPS"] = (latitude, longitude, number(row.get("Composite:GPSAltitude")))
    group = next((group for group in SIZES if f"{group}:ImageWidth" in row and f"{group}:ImageHeight" in row), None)
    if group:
        size = (row[f"{group}:ImageWidth"], row[f"{group}:ImageHeight"])
        # That of the main picture is the first; exiftool keeps the last under the plain name.
        size = cut(size, first(row, "QuickTime:Copy1:CleanAperture", "QuickTime:CleanAperture"))
        if all(0 < edge <= LONGEST_EDGE for edge in size):
            facts["dimensions"] = size
    put(facts, "orientation", row.get("EXIF:Orientation"))
    make = first(row, "EXIF:Make", "QuickTime:Make", "XMP:Make")
    put(facts, "make", make if isinstance(make, str) else None)  # a number is what isn't text in the file
    put(facts, "model", first(row, "EXIF:Model", "QuickTime:Model", "XMP:Model"))
    put(facts, "lens", first(row, "EXIF:LensModel"))
    put(facts, "content id", first(row, "MakerNotes:MediaGroupUUID", "QuickTime:ContentIdentifier"))
    put(facts, "burst", row.get("MakerNotes:BurstUUID"))
    put(facts, "live index", row.get("MakerNotes:LivePhotoVideoIndex"))
    put(facts, "duration", first(row, "QuickTime:Duration", "GIF:Duration", "RIFF:Duration"))
    codec = row.get("QuickTime:CompressorID")
    put(facts, "codec", codec and CODECS.get(codec, codec))
    put(facts, "rating", first(row, "XMP:Rating", "EXIF:Rating"))
    keywords = row.get("XMP:Subject")
    if keywords not in (None, ""):
        facts["keywords"] = sorted(str(one) for one in (keywords if isinstance(keywords, list) else [keywords]))
    put(facts, "title", first(row, "XMP:Title", "PNG:Title"))
    put(facts, "caption", row.get("XMP:Description"))
    return facts


def of_photosafe(row):
    facts = {}
    local = row.get("taken_local", "")
    put(facts, "time", local[:19])
    if row.get("taken_source") != "exif_gps":  # exiftool doesn't draw that conclusion
        put(facts, "offset", row.get("taken_offset"))
    put(facts, "sub-seconds", float("0" + local[19:]) if local[19:] else None)
    if row.get("taken_source") == "quicktime_utc":
        facts["utc"] = datetime.fromtimestamp(row["taken"] // 10**9, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    position = row.get("position")
    if position:
        facts["GPS"] = (position + [None])[:3]
    if row.get("width") and row.get("height"):
        facts["dimensions"] = (row["width"], row["height"])
    facts["orientation"] = row.get("orientation", 1)
    for name, key in (("make", "make"), ("model", "model"), ("lens", "lens"), ("content id", "content_id"),
                      ("burst", "burst_id"), ("live index", "live_index"), ("duration", "duration_s"),
                      ("codec", "codec"), ("rating", "rating"), ("title", "title"), ("caption", "caption")):
        put(facts, name, row.get(key))
    if row.get("keywords"):
        facts["keywords"] = sorted(row["keywords"])
    return facts
