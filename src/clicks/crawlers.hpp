#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "clicks/user_agent_cache.hpp"

namespace referral::clicks {

class Patterns;

/// Whether a request's user agent calls itself a crawler.
enum class Declared : std::uint8_t {
    nothing,  // It may be a person.
    crawler,  // It names a known crawler, monitor, link preview or HTTP library.
    absent    // Nothing but blanks. No crawler by this rule: whether a client without a user agent
              // is trusted is another rule's matter.
};

/// Our word against a pattern of the list that is known to catch people.
struct CrawlerAmendment {
    std::string_view pattern;      // As the list has it.
    std::string_view replacement;  // Taken in its place; empty: none.
    std::string_view reason;
};

/// The crawlers that npm's `crawler-user-agents` lists. Immutable: any thread may ask.
class Crawlers {
public:
    /// Reads `file`, a crawler-user-agents.json (0.1 s). Throws std::runtime_error, naming the
    /// file, when it is missing, is not such a file, or has a pattern that cannot be applied.
    explicit Crawlers(const std::filesystem::path& file);
    ~Crawlers();
    Crawlers(const Crawlers&) = delete;
    Crawlers& operator=(const Crawlers&) = delete;

    /// Looks at the first `user_agent_bytes_max` bytes of `agent`.
    Declared declared(std::string_view agent) const;

    /// How many patterns are applied.
    std::size_t size() const;

    /// Where we do not follow the list, and why.
    static const std::vector<CrawlerAmendment>& amendments();

private:
    std::unique_ptr<const Patterns> patterns_;
};

/// `Crawlers` with a memory, for the click path: a hit takes no lock and allocates nothing. One for
/// each thread; `crawlers` outlives it.
class CrawlerCache {
public:
    explicit CrawlerCache(const Crawlers& crawlers, std::size_t entries_max = 4096)
        : crawlers_(crawlers), cache_(entries_max) {}

    Declared declared(std::string_view agent) noexcept;

private:
    const Crawlers& crawlers_;
    UserAgentCache<Declared> cache_;
};

}  // namespace referral::clicks
