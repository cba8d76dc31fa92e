// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/folder_fixture.hpp"
#include "contract/memory_fixture.hpp"
#include "contract/source_contract.hpp"

namespace photosafe::test {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Sources, SourceContract,
    ::testing::Values(SourceKind{"Memory", [] { return std::make_unique<MemoryFixture>(); }},
                      SourceKind{"Folder", [] { return std::make_unique<FolderFixture>(); }}),
    kind_name);

} // namespace
} // namespace photosafe::test
