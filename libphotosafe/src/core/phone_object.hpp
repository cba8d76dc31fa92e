// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/bounded.hpp"
#include "core/phone_facts.hpp"
#include "core/time.hpp"

namespace photosafe {

[[noreturn]] inline void refuse_phone_fact(const char* what) { throw BadPhoneFact{what}; }

/// An object of which each member is taken as what it has to be, or refused.
class PhoneObject {
public:
    explicit PhoneObject(const nlohmann::json& json) : json_{&json}
    {
        if (!json.is_object()) refuse_phone_fact("no object");
    }

    std::string text(const char* key) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr) return {};
        if (!found->is_string() || !is_kept_text(found->get_ref<const std::string&>()))
            refuse_phone_fact(key);
        return found->get<std::string>();
    }

    std::string checked(const char* key, bool (*good)(std::string_view)) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr) return {};
        if (!found->is_string() || !good(found->get_ref<const std::string&>())) refuse_phone_fact(key);
        return found->get<std::string>();
    }

    bool flag(const char* key, bool usual = false) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr) return usual;
        if (!found->is_boolean()) refuse_phone_fact(key);
        return found->get<bool>();
    }

    std::optional<std::int64_t> number(const char* key) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr) return std::nullopt;
        if (!found->is_number_integer() ||
            (found->is_number_unsigned() &&
             found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)))
            refuse_phone_fact(key);
        return found->get<std::int64_t>();
    }

    /// A number from 0 to `most`.
    std::optional<std::uint64_t> count(const char* key, std::uint64_t most) const
    {
        const auto found = number(key);
        if (!found) return std::nullopt;
        if (*found < 0 || static_cast<std::uint64_t>(*found) > most) refuse_phone_fact(key);
        return static_cast<std::uint64_t>(*found);
    }

    std::optional<Instant> instant(const char* key) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr) return std::nullopt;
        if (!found->is_string()) refuse_phone_fact(key);
        const auto value = from_rfc3339(found->get_ref<const std::string&>());
        if (!value) refuse_phone_fact(key);
        return value;
    }

    double degrees(const char* key, double most) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr || !found->is_number()) refuse_phone_fact(key);
        const auto value = found->get<double>();
        if (!(value >= -most && value <= most)) refuse_phone_fact(key);
        return value;
    }

    template <class T, std::size_t n>
    T word(const char* key, const std::array<T, n>& words) const
    {
        const nlohmann::json* found = member(key);
        if (found == nullptr) return T{};
        if (!found->is_string()) refuse_phone_fact(key);
        for (const T fact : words)
            if (found->get_ref<const std::string&>() == name(fact)) return fact;
        refuse_phone_fact(key);
    }

    const nlohmann::json& list(const char* key, std::size_t most) const
    {
        static const nlohmann::json none = nlohmann::json::array();
        const nlohmann::json* found = member(key);
        if (found == nullptr) return none;
        if (!found->is_array() || found->size() > most) refuse_phone_fact(key);
        return *found;
    }

    std::vector<std::string> texts(const char* key) const
    {
        std::vector<std::string> result;
        for (const nlohmann::json& one : list(key, phone_list_limit)) {
            if (!one.is_string() || !is_kept_text(one.get_ref<const std::string&>())) refuse_phone_fact(key);
            result.push_back(one.get<std::string>());
        }
        return result;
    }

    const nlohmann::json* member(const char* key) const
    {
        const auto found = json_->find(key);
        return found == json_->end() ? nullptr : &*found;
    }

private:
    const nlohmann::json* json_;
};

} // namespace photosafe
