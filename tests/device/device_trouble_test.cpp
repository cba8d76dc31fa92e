// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include <libimobiledevice/lockdown.h>

#include "device/lockdown_trouble.hpp"

namespace photosafe {
namespace {

struct Row {
    int error;
    ErrorCode code;
    DeviceState state;
};

using enum ErrorCode;
using State = DeviceState;

constexpr std::array table{
    Row{LOCKDOWN_E_PASSWORD_PROTECTED, device_locked, State::locked},
    Row{LOCKDOWN_E_ESCROW_LOCKED, device_locked, State::locked},
    Row{LOCKDOWN_E_PAIRING_DIALOG_RESPONSE_PENDING, trust_pending, State::trust_pending},
    Row{LOCKDOWN_E_USER_DENIED_PAIRING, not_trusted, State::refused},
    Row{LOCKDOWN_E_PAIRING_FAILED, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_SAVE_PAIR_RECORD_FAILED, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_INVALID_HOST_ID, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_MISSING_HOST_ID, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_INVALID_PAIR_RECORD, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_MISSING_PAIR_RECORD, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_INVALID_CONF, not_trusted, State::trust_needed},
    Row{LOCKDOWN_E_NO_RUNNING_SESSION, device_gone, State::unreachable},
    Row{LOCKDOWN_E_SESSION_ACTIVE, device_gone, State::unreachable},
    Row{LOCKDOWN_E_SESSION_INACTIVE, device_gone, State::unreachable},
    Row{LOCKDOWN_E_MISSING_SESSION_ID, device_gone, State::unreachable},
    Row{LOCKDOWN_E_INVALID_SESSION_ID, device_gone, State::unreachable},
    Row{LOCKDOWN_E_MUX_ERROR, device_gone, State::unreachable},
    Row{LOCKDOWN_E_SSL_ERROR, device_gone, State::unreachable},
    Row{LOCKDOWN_E_RECEIVE_TIMEOUT, timeout, State::unreachable},
    Row{LOCKDOWN_E_SERVICE_LIMIT, busy, State::unreachable},
    Row{LOCKDOWN_E_INVALID_SERVICE, refused, State::refused},
    Row{LOCKDOWN_E_MISSING_SERVICE, refused, State::refused},
    Row{LOCKDOWN_E_SERVICE_PROHIBITED, refused, State::refused},
    Row{LOCKDOWN_E_MC_PROTECTED, refused, State::refused},
    Row{LOCKDOWN_E_MC_CHALLENGE_REQUIRED, refused, State::refused},
    Row{LOCKDOWN_E_FMIP_PROTECTED, refused, State::refused},
    Row{LOCKDOWN_E_PAIRING_PROHIBITED_OVER_THIS_CONNECTION, refused, State::refused},
    Row{LOCKDOWN_E_GET_PROHIBITED, refused, State::refused},
    Row{LOCKDOWN_E_SET_PROHIBITED, refused, State::refused},
    Row{LOCKDOWN_E_REMOVE_PROHIBITED, refused, State::refused},
    Row{LOCKDOWN_E_INVALID_ACTIVATION_RECORD, refused, State::refused},
    Row{LOCKDOWN_E_MISSING_ACTIVATION_RECORD, refused, State::refused},
    Row{LOCKDOWN_E_INVALID_ARG, protocol, State::unreachable},
    Row{LOCKDOWN_E_PLIST_ERROR, protocol, State::unreachable},
    Row{LOCKDOWN_E_DICT_ERROR, protocol, State::unreachable},
    Row{LOCKDOWN_E_INVALID_RESPONSE, protocol, State::unreachable},
    Row{LOCKDOWN_E_MISSING_KEY, protocol, State::unreachable},
    Row{LOCKDOWN_E_MISSING_VALUE, protocol, State::unreachable},
    Row{LOCKDOWN_E_IMMUTABLE_VALUE, protocol, State::unreachable},
    Row{LOCKDOWN_E_UNKNOWN_ERROR, protocol, State::unreachable},
    Row{-12345, protocol, State::unreachable},
};

TEST(LockdownTrouble, HasACodeAStateAndOneSentenceWithAThingToDoForEveryError)
{
    for (const auto& row : table) {
        const auto trouble = trouble_of(row.error);
        EXPECT_EQ(trouble.code, row.code) << row.error;
        EXPECT_EQ(trouble.state, row.state) << row.error;
        ASSERT_FALSE(trouble.sentence.empty()) << row.error;
        EXPECT_EQ(trouble.sentence.back(), '.') << row.error;
        EXPECT_EQ(trouble.sentence.find('.'), trouble.sentence.size() - 1) << trouble.sentence;
        EXPECT_NE(trouble.sentence.find(':'), trouble.sentence.npos) << "what to do: " << trouble.sentence;
    }
}

TEST(LockdownTrouble, CoversAllErrorsThatTheLibraryKnows)
{
    for (int error = LOCKDOWN_E_MC_CHALLENGE_REQUIRED; error < 0; ++error) {
        const bool listed = std::ranges::find(table, error, &Row::error) != table.end();
        EXPECT_TRUE(listed) << error;
    }
}

} // namespace
} // namespace photosafe
