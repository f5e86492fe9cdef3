#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// The name of a time zone of the IANA database, "America/Chicago", that this machine knows.
/// PostgreSQL on Debian reads the same files, so what is known here is known there.
class Timezone {
public:
    static constexpr std::string_view rule = "a time zone such as America/Chicago";
    static std::optional<Timezone> parse(std::string_view text);

    const std::string& text() const { return text_; }

    Timezone() : text_("UTC") {}
    friend bool operator==(const Timezone&, const Timezone&) = default;

private:
    std::string text_;
};

}  // namespace referral
