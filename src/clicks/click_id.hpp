#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace referral::clicks {

/// A click's identity: a UUID of version 7 (RFC 9562 §5.7, with the counter of §6.2, method 1),
/// so that it sorts by time and, among the clicks of one shard and epoch, as the journal has them.
/// From the highest bit: 48 milliseconds, 4 version, 6 shard, 6 + 12 counter (around the two
/// variant bits), 16 epoch, 16 node, 18 drawn at random when the shard was opened.
struct ClickId {
    std::array<std::uint8_t, 16> bytes{};

    /// "clk_" and 26 characters, or nothing.
    static std::optional<ClickId> parse(std::string_view text);
    /// From "0190163d-8694-…" as PostgreSQL writes it, or nothing.
    static std::optional<ClickId> parse_uuid(std::string_view text);

    std::string text() const;
    std::string uuid() const;

    std::uint64_t milliseconds() const;
    std::uint32_t shard() const;
    /// The lowest 16 bits of the epoch.
    std::uint32_t epoch() const;

    friend auto operator<=>(const ClickId&, const ClickId&) = default;
};

constexpr std::size_t click_id_text_bytes = 30;

/// Writes `text()` without allocating.
void write_text(const ClickId& id, char (&out)[click_id_text_bytes]) noexcept;

/// Makes the ids of one shard's clicks, each greater than the one before. For one thread. No two
/// makers of one node make the same id, for their epochs or shards differ (65,536 starts of a node
/// take longer than a millisecond). Makers of two nodes agree in node and random bits with
/// probability 2^-34, and then collide only in the same millisecond, shard and count.
class ClickIds {
public:
    /// `random` are bits drawn for this maker.
    ClickIds(std::uint64_t node, std::uint32_t epoch, std::uint32_t shard, std::uint32_t random);

    /// `now` may go back: the id's time then stays.
    ClickId next(Instant now) noexcept;

private:
    std::uint64_t shard_bits_;
    std::uint64_t low_bits_;
    std::uint64_t milliseconds_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace referral::clicks
