#pragma once

/// Who clicked: a first-party cookie of random bits or, without one, a keyed hash of address and
/// user agent whose key changes every day (UTC).

#include <array>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "clicks/record.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::clicks {

/// The cookie: `lv`, 26 characters of base 32.
constexpr std::string_view visitor_cookie_name = "lv";

/// How long a browser keeps it: 395 days, within the 13 months that CNIL's exemption for audience
/// measurement allows and the 400 days that browsers cap cookies at (RFC 6265bis §5.5).
constexpr int visitor_cookie_seconds = 395 * 86'400;

/// The visitor a cookie's value names, or nothing when it is none of ours.
std::optional<Visitor> visitor_of_cookie(std::string_view value) noexcept;

/// Appends the whole header line that hands out `visitor`, with its line end.
void append_visitor_cookie(std::string& out, const Visitor& visitor, bool secure);

/// The keys of two days, enough to recognise a visitor around midnight.
struct DaySalts {
    Day day{};
    crypto::SipKey today{};
    crypto::SipKey yesterday{};
};

/// The daily keys: random, kept in DIR/visitor_salts until the second midnight after their day
/// began, then destroyed: from then on no stored hash can be traced back to an address.
class Salts {
public:
    /// Reads the file; one that is missing or damaged begins anew. Throws std::system_error when
    /// the directory cannot be written.
    Salts(std::filesystem::path directory, Instant now);
    ~Salts();
    Salts(const Salts&) = delete;
    Salts& operator=(const Salts&) = delete;

    /// The keys for a click at `now`. Any thread; takes a lock, so keep the answer for the day. A
    /// day nobody prepared gets its key here, and the next `maintain` saves it.
    DaySalts at(Instant now);

    /// Makes tomorrow's key ahead, forgets old ones and saves; to be called now and then, by one
    /// thread. Throws std::system_error when the disk refuses; what is in memory stays good.
    void maintain(Instant now);

private:
    struct Salt {
        Day day{};
        crypto::SipKey key{};
    };

    const crypto::SipKey& key_of(Day day);
    void load();
    void save(const std::vector<Salt>& salts) const;

    const std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<Salt> salts_;
    bool changed_ = false;
};

/// The hash that stands for a visitor without cookie.
Visitor fingerprint(const crypto::SipKey& salt, const IpAddress& ip,
                    std::string_view user_agent) noexcept;

}  // namespace referral::clicks
