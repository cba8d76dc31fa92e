// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/archive.hpp>
#include <photosafe/assess.hpp>
#include <photosafe/asset.hpp>
#include <photosafe/convert.hpp>
#include <photosafe/device.hpp>
#include <photosafe/doctor.hpp>
#include <photosafe/error.hpp>
#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/media.hpp>
#include <photosafe/metadata.hpp>
#include <photosafe/phone_library.hpp>
#include <photosafe/phone_record.hpp>
#include <photosafe/query.hpp>
#include <photosafe/read_metadata.hpp>
#include <photosafe/sidecars.hpp>
#include <photosafe/source.hpp>
#include <photosafe/version.hpp>
