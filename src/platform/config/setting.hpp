#pragma once

/// One setting, as data: what is read, what is written to docs/configuration.md.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/config/settings.hpp"

template <>
struct referral::Names<referral::log::Level> {
    using enum log::Level;
    static constexpr std::array list{std::pair{debug, "debug"}, std::pair{info, "info"},
                                     std::pair{warn, "warn"}, std::pair{error, "error"}};
};

template <>
struct referral::Names<referral::log::Format> {
    using enum log::Format;
    static constexpr std::array list{std::pair{json, "json"}, std::pair{text, "text"}};
};

namespace referral::config {

/// One line of text of a length.
struct Text {
    std::string Settings::*member;
    std::size_t length_min = 0;
    std::size_t length_max = 1'000;
};

/// An http or https address without path, query and fragment; or nothing.
struct WebAddress {
    std::string Settings::*member;
};

/// Origins of other sites' pages, as WebAddress, separated by commas.
struct Origins {
    std::vector<std::string> Settings::*member;
};

/// An e-mail address, with or without a name before it; or nothing.
struct Mailbox {
    std::string Settings::*member;
};

/// As Text, but never shown.
struct Hidden {
    Secret Settings::*member;
    std::size_t length_min = 0;
};

/// A file or folder; one that is made when missing, unless `exists`.
struct Path {
    std::filesystem::path Settings::*member;
    bool exists = true;
};

/// Files that exist, separated by commas; none or `count` of them (0: any number).
struct Paths {
    std::vector<std::filesystem::path> Settings::*member;
    std::size_t count = 0;
};

struct Flag {
    bool Settings::*member;
};

/// A whole number; `unit` is a plural noun.
struct Count {
    std::int64_t Settings::*member;
    std::int64_t min;
    std::int64_t max;
    std::string_view unit;
};

/// A number of bytes, with or without KiB, MiB, GiB or TiB.
struct Bytes {
    std::int64_t Settings::*member;
    std::int64_t min;
    std::int64_t max;
};

/// A whole number of the unit in the setting's name.
template <class Duration>
struct Span {
    Duration Settings::*member;
    std::int64_t min;
    std::int64_t max;
};

/// Endpoints, separated by commas.
struct Endpoints {
    std::vector<Endpoint> Settings::*member;
    bool may_be_none = false;
};

/// Addresses and blocks, separated by commas.
struct Blocks {
    std::vector<IpBlock> Settings::*member;
};

/// One of the words of an enumeration.
template <Named E>
struct Choice {
    E Settings::*member;
};

using Kind =
    std::variant<Text, WebAddress, Origins, Mailbox, Hidden, Path, Paths, Flag, Count, Bytes,
                 Span<std::chrono::hours>, Span<std::chrono::minutes>, Span<std::chrono::seconds>,
                 Endpoints, Blocks, Choice<Durability>, Choice<log::Level>, Choice<log::Format>>;

struct Setting {
    std::string_view name;      // "CLICK_LOOPS", as in the environment.
    Kind kind;                  // Type, bounds and where the value goes.
    std::string_view fallback;  // The default, as an operator would write it.
    bool reloadable;            // SIGHUP is enough to change it.
    std::string_view description;
    std::string_view example;
};

/// Every setting, in the order of the documentation.
std::span<const Setting> all_settings();

/// The setting called `name`, or null.
const Setting* find_setting(std::string_view name);

/// The name closest to `name` when it looks like a slip of at most two letters; or "".
std::string_view similar_setting(std::string_view name);

/// Reads `text` into its member. Nothing when it fits; else what it must be: "must be a number …".
std::optional<std::string> assign(Settings& settings, const Setting& setting,
                                  std::string_view text);

/// The value as `assign` reads it; a secret in the clear.
std::string text_of(const Settings& settings, const Setting& setting);

void copy_value(Settings& to, const Settings& from, const Setting& setting);

bool is_secret(const Setting& setting);

/// Whether an empty text is a value; otherwise it means that nothing was set.
bool takes_empty(const Setting& setting);

/// What its values look like, for people: "number of threads, 0 to 64".
std::string type_of(const Setting& setting);

}  // namespace referral::config
