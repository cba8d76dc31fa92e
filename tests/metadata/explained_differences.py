# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where PhotoSafe and exiftool 12.57 don't agree on a file of the corpus, and why that is right: file and field, and
the reason. An entry that doesn't differ any more fails the comparison, as does a difference without an entry."""

EXPLAINED = {
    ("broken/exifr-RangeError_Invalid_typed_array_length.jpg", "offset"):
        "XMP says midnight at +02:00, IPTC midnight at +00:00; XMP goes before IPTC, exiftool shows IPTC's",
    ("broken/exiv2-issue_1833_poc.jpg", "dimensions"):
        "a segment without a length stands before the size; libjpeg refuses such a file, and so no size is told of it",
    ("broken/libheif-clusterfuzz-testcase-minimized-file-fuzzer-4616081830051840.heic", "orientation"):
        "a HEIF is turned by its own property, which this one hasn't; the tag in EXIF doesn't count",
    ("heic/iphone_7.heic", "orientation"):
        "a HEIF is turned by its own property, which this one hasn't; the tag in EXIF doesn't count, and heif-convert "
        "doesn't turn the picture either",
    ("heic/pillow_heif-spatial_photo.heic", "GPS"):
        "0, 0 is what receivers say that have found no satellite; it is no place where the headset was",
    ("jpeg/30-type_error.jpg", "offset"):
        "the pointer to EXIF's times has the wrong type, and exiftool leaves them out; they have no zone, and XMP's Z "
        "beside them isn't taken over: editors have added it to local times",
    ("other/animated-loop-3.webp", "duration"):
        "its ten frames last 42.000 s together, as those of the GIF that it was made of",
}
