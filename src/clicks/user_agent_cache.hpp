#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace referral::clicks {

/// No more than this many bytes of a user agent are looked at, by any rule: the longest that real
/// browsers send are about 500.
constexpr std::size_t user_agent_bytes_max = 1024;

/// Remembers what was found out about the user agents seen lately. Of one thread. A hit allocates
/// nothing; a full cache drops one that was not asked for lately (second chance among four).
/// Agents are compared whole, so that no two are ever confused.
template <class Value>
class UserAgentCache {
public:
    /// Room for `entries_max` agents, rounded up to a power of two and at least four.
    explicit UserAgentCache(std::size_t entries_max)
        : sets_(std::bit_ceil((entries_max + ways - 1) / ways)) {}

    /// What `make(agent)` says, or said before. Valid until the next call.
    template <class Make>
    const Value& find(std::string_view agent, const Make& make) {
        const std::size_t hash = std::hash<std::string_view>{}(agent);
        Set& set = sets_[hash & (sets_.size() - 1)];
        for (Entry& entry : set.entries) {
            if (entry.hash != hash || !entry.filled || entry.agent != agent) continue;
            entry.wanted = true;
            return entry.value;
        }
        Entry& entry = replaceable(set);
        entry.filled = false;  // Should make() throw, half an entry must not be found.
        entry.value = make(agent);
        entry.agent = agent;
        entry.hash = hash;
        entry.wanted = false;
        entry.filled = true;
        return entry.value;
    }

    std::size_t capacity() const { return sets_.size() * ways; }

private:
    static constexpr std::size_t ways = 4;

    struct Entry {
        std::size_t hash = 0;
        std::string agent;
        Value value{};
        bool filled = false;
        bool wanted = false;  // Asked for since the hand last passed.
    };

    struct Set {
        std::array<Entry, ways> entries;
        std::uint8_t hand = 0;
    };

    static Entry& replaceable(Set& set) {
        for (;;) {
            Entry& entry = set.entries[set.hand];
            set.hand = static_cast<std::uint8_t>((set.hand + 1) % ways);
            if (!entry.wanted) return entry;
            entry.wanted = false;
        }
    }

    std::vector<Set> sets_;
};

}  // namespace referral::clicks
