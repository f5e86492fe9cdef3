#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "clicks/user_agent_cache.hpp"
#include "clicks/user_agent_rules.hpp"

namespace referral::clicks {

/// What kind of machine clicked, as far as its user agent tells.
enum class DeviceType : std::uint8_t { other, desktop, mobile, tablet, bot };

}  // namespace referral::clicks

template <>
struct referral::Names<referral::clicks::DeviceType> {
    using enum referral::clicks::DeviceType;
    static constexpr std::array list{std::pair{other, "other"}, std::pair{desktop, "desktop"},
                                     std::pair{mobile, "mobile"}, std::pair{tablet, "tablet"},
                                     std::pair{bot, "bot"}};
};

namespace referral::clicks {

/// What a user agent is stored as. Texts are UTF-8 without NUL, of at most 64 bytes; what is not
/// known is empty.
struct UserAgent {
    DeviceType device_type = DeviceType::other;
    std::string browser;          // "Chrome Mobile"
    std::string browser_version;  // The major one: "126"
    std::string os;               // "Mac OS X"
    std::string os_version;       // As far as given, by dots: "10.15.7"

    friend bool operator==(const UserAgent&, const UserAgent&) = default;
};

/// Judges by the first that fits: a device that calls itself a crawler is a `bot`; televisions,
/// consoles, watches and headsets are `other`; iPads, "Tablet" outside Windows, Kindles, PlayBooks
/// and Androids that browse without "Mobile" are `tablet`; systems of phones and Java phones (MIDP)
/// are `mobile`; systems of computers are `desktop` when the agent begins like a browser's; the
/// rest is `other`. iPads that ask for desktop sites call themselves a Mac and count as `desktop`.
DeviceType device_type(const DeviceName& device, const SystemName& system, std::string_view agent);

/// Everything that `rules` tell of `agent`; of its first `user_agent_bytes_max` bytes.
UserAgent describe(const UserAgentRules& rules, std::string_view agent);

/// `describe` with a memory. One for each thread; `rules` outlives it.
class UserAgents {
public:
    explicit UserAgents(const UserAgentRules& rules, std::size_t entries_max = 8192)
        : rules_(rules), cache_(entries_max) {}

    /// Valid until the next call.
    const UserAgent& find(std::string_view agent);

private:
    const UserAgentRules& rules_;
    UserAgentCache<UserAgent> cache_;
};

}  // namespace referral::clicks
