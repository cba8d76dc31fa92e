// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <photosafe/metadata.hpp>

namespace photosafe::worker {

/// What a movie says of itself, by libavformat and quicktime.hpp. Its kind is told by `facts.mime`
/// (`video/x-msvideo`, `video/x-matroska`, …); anything else is read as QuickTime, MP4 and 3GP are. Into
/// `facts` go time, size as stored and orientation, make, model, lens, software, position, content
/// identifier, duration, frame rate, codec, bit depth of HEVC, `nclx`, HDR, slow motion, spatial, title,
/// caption, keywords, and the raw tags; returned is the XMP packet, for the reader of that.
///
/// Raw tags are `QuickTime.KEY`, of other containers `Movie.KEY`. The keys of timed metadata have the value
/// `timed`: the moving half of a Live Photo has `QuickTime.com.apple.quicktime.still-image-time`.
///
/// The time is creationdate, which has its zone; else the header's, which is UTC and only an instant. A
/// header that says 1904, 1970 or another time before there was QuickTime has none. A creationdate without a
/// zone has that by which it differs from the header, where such a zone is in use. Where the two are the
/// same, or where there is no header's time, it is the camera's clock without a zone, which counts as EXIF's
/// does; so does the clock of AVI.
///
/// Slow motion is what was taken at 100 frames a second or more and isn't marked by
/// `full-frame-rate-playback-intent` 1 as meant to play at that rate. Before iOS had that key, nothing in a
/// movie told slow motion from a fast one.
///
/// Reads headers only: of a movie of any size some megabytes at most. No other file or address is opened for
/// it. Where libavformat refuses the file, `facts.troubles` says why and what else was read stays. Throws
/// nothing but std::bad_alloc. The descriptor stays the caller's; it is read by position.
std::string read_video(int fd, Metadata& facts);

} // namespace photosafe::worker
