#pragma once

/// How much one user, key, address or name may ask for: a table, and what is done with it.

#include <array>
#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/cache/gcra.hpp"
#include "platform/http/call.hpp"

namespace referral::cache {
class Limiter;
}

namespace referral::http {

/// Whose requests are counted together.
enum class LimitScope {
    user,     ///< A signed-in user's, over all sessions.
    key,      ///< Those that come with one API key.
    address,  ///< Those from one IPv4 address or IPv6 /64, before anything else is looked at.
    name,     ///< Those that name the same account: counted by the slice that knows accounts.
};

/// One row of the table.
struct RateLimit {
    std::string_view limit_class;  ///< As in About.
    LimitScope scope;
    std::optional<cache::Rate> rate;  ///< Nothing: not limited.

    /// "read.user": how clients and settings call it.
    std::string policy() const;
};

/// The table with the changes that RATE_LIMITS asks for: entries `CLASS=COUNT/UNIT`,
/// `CLASS.SCOPE=COUNT/UNIT:BURST` or `…=off`, separated by commas, later ones winning; or just
/// `off`. Without scope all rows of the class; without burst a quarter of the count may come at
/// once. Throws std::invalid_argument with what is wrong.
std::vector<RateLimit> rate_limits(std::string_view changes = "");

/// Counts requests by the table. Safe in every thread.
class RateLimits {
public:
    RateLimits(std::vector<RateLimit> table, cache::Limiter& limiter);

    /// Counts the request for the address it came from. Refuses: too_many.
    void charge_address(Call& call, std::string_view limit_class);

    /// Counts it for its caller: for the API key it came with, else for the user. Refuses:
    /// too_many.
    void charge_caller(Call& call, std::string_view limit_class);

    /// Counts it for `who`, whatever the caller of this function means by it: for the scope `name`.
    /// Refuses: too_many. Whoever counts by a name that strangers can send must make `who` of more
    /// than that, such as name and known device, or strangers lock the account's owner out.
    void charge(Call& call, std::string_view limit_class, LimitScope scope, std::string_view who);

    /// Takes back what `charge` counted: the password was right.
    void give_back(Call& call, std::string_view limit_class, LimitScope scope,
                   std::string_view who);

    /// Whether the table has this class.
    static bool knows(std::string_view limit_class);

    /// The classes, and how many requests of each were refused.
    static constexpr std::array<std::string_view, 6> classes{"read",   "write",  "sign-in",
                                                             "public", "export", "report"};
    std::uint64_t refused(std::size_t class_index) const { return refused_[class_index]; }

private:
    const RateLimit* find(std::string_view limit_class, LimitScope scope) const;

    const std::vector<RateLimit> table_;
    cache::Limiter& limiter_;
    std::array<std::atomic<std::uint64_t>, classes.size()> refused_{};
};

/// The part of an address that is one customer's: all of IPv4, the /64 of IPv6.
std::string address_block(const IpAddress& address);

}  // namespace referral::http
