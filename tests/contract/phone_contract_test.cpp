// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/phone_fixture.hpp"
#include "contract/source_contract.hpp"

namespace photosafe::test {
namespace {

INSTANTIATE_TEST_SUITE_P(Phone, SourceContract,
                         ::testing::Values(SourceKind{"Phone",
                                                      [] { return std::make_unique<PhoneFixture>(); }}),
                         kind_name);

} // namespace
} // namespace photosafe::test
