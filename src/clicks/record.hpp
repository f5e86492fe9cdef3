#pragma once

/// What the journal keeps of a click: one compact record, little-endian, with a version.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "clicks/classify.hpp"
#include "clicks/click_id.hpp"

namespace referral::clicks {

/// Who clicked: a cookie's value or, without one, a keyed hash of address and user agent. All zero:
/// not looked at (bots and the like).
using Visitor = std::array<std::uint8_t, 16>;

/// Facts of one bit each; they are or'ed in `ClickRecord::flags`.
struct ClickFlags {
    static constexpr std::uint16_t known_cookie = 1;   // The visitor brought its cookie.
    static constexpr std::uint16_t new_cookie = 2;     // `visitor` was handed out with this answer.
    static constexpr std::uint16_t secure = 4;         // By TLS.
    static constexpr std::uint16_t counted_visit = 8;  // Counts against the link's visits_max.
    static constexpr std::uint16_t language = 16;      // Brought Accept-Language.
    static constexpr std::uint16_t all = 31;
};

/// A click. Texts are views: of the request when written, of the journal's bytes when read, and may
/// hold any bytes a stranger sent.
struct ClickRecord {
    static constexpr std::size_t user_agent_bytes_max = 255;
    static constexpr std::size_t referrer_bytes_max = 512;
    static constexpr std::size_t query_bytes_max = 1024;
    static constexpr std::size_t code_bytes_max = 64;
    static constexpr std::size_t language_bytes_max = 64;
    /// A click's time lies between these, or the record is no record.
    static constexpr Instant time_min = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
    static constexpr Instant time_max = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);

    ClickId id;
    Instant clicked_at{};
    std::int64_t link_id = 0;  // 0: no such code.
    std::int64_t user_id = 0;  // Whose link; 0: nobody's.
    std::int64_t program_id = 0;
    Class click_class = Class::orphan;
    std::uint16_t flags = 0;
    Visitor visitor{};
    Visitor fingerprint{};  // The keyed hash, when the visitor came without cookie; else zero.
    IpAddress ip;
    std::string_view user_agent;
    std::string_view referrer;
    std::string_view query;     // Of the request, without '?'.
    std::string_view code;      // As asked for, of orphans only.
    std::string_view language;  // Accept-Language.
};

/// The bytes before the texts, and the longest record.
constexpr std::size_t click_record_fixed_bytes = 107;
constexpr std::size_t click_record_bytes_max =
    click_record_fixed_bytes + ClickRecord::user_agent_bytes_max + ClickRecord::referrer_bytes_max +
    ClickRecord::query_bytes_max + ClickRecord::code_bytes_max + ClickRecord::language_bytes_max;

/// Writes `record` to `out`; too long texts are cut. Gives the bytes written.
std::size_t encode(const ClickRecord& record,
                   std::span<std::byte, click_record_bytes_max> out) noexcept;

/// The record in `bytes`, whose texts view `bytes`; or nothing when it is not exactly one of a
/// version known here.
std::optional<ClickRecord> decode(std::span<const std::byte> bytes) noexcept;

}  // namespace referral::clicks
