#pragma once

/// What a link is made of, for every file of this folder.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/country.hpp"
#include "base/id.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/url.hpp"
#include "programs/programs.hpp"

namespace referral::links {

struct LinkTag {
    static constexpr std::string_view prefix = "lnk";
};
using LinkId = Id<LinkTag>;

using accounts::UserId;
using programs::ProgramId;

/// `active <-> paused`, `-> expired | disabled`, any `-> banned`.
enum class Status : std::uint8_t { active, paused, expired, disabled, banned };

/// What targets tell devices apart by.
enum class Device : std::uint8_t { desktop, mobile, tablet, other };

/// What analytics of the destination are told, unless the destination says it itself.
struct Utm {
    using Value = Line<100>;
    std::optional<Value> source;
    std::optional<Value> medium;
    std::optional<Value> campaign;
    std::optional<Value> term;
    std::optional<Value> content;

    friend bool operator==(const Utm&, const Utm&) = default;
};

/// Another destination for visitors of one of `countries` and on one of `devices`; empty or absent
/// means any. The first target that fits a visitor wins.
struct Target {
    std::optional<std::vector<Country>> countries;
    std::optional<std::vector<Device>> devices;
    Url destination_url;

    friend bool operator==(const Target&, const Target&) = default;
};

inline constexpr std::size_t targets_max = 20;
inline constexpr std::size_t target_countries_max = 250;

}  // namespace referral::links

template <>
struct referral::Names<referral::links::Status> {
    using enum links::Status;
    static constexpr std::array list{std::pair{active, std::string_view("active")},
                                     std::pair{paused, std::string_view("paused")},
                                     std::pair{expired, std::string_view("expired")},
                                     std::pair{disabled, std::string_view("disabled")},
                                     std::pair{banned, std::string_view("banned")}};
};

template <>
struct referral::Names<referral::links::Device> {
    using enum links::Device;
    static constexpr std::array list{std::pair{desktop, std::string_view("desktop")},
                                     std::pair{mobile, std::string_view("mobile")},
                                     std::pair{tablet, std::string_view("tablet")},
                                     std::pair{other, std::string_view("other")}};
};
