#pragma once

/// The bytes that answer a click, for one loop.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clicks/crawlers.hpp"
#include "clicks/networks.hpp"
#include "clicks/pages.hpp"
#include "clicks/places.hpp"
#include "clicks/unlock.hpp"
#include "clicks/user_agent.hpp"
#include "clicks/visitor.hpp"
#include "links/links.hpp"
#include "platform/http/request.hpp"

namespace referral::clicks {

/// What the click paths of all loops read. Everything outlives them.
struct CaptureParts {
    const links::Directory* directory = nullptr;
    const Crawlers* crawlers = nullptr;
    /// Asked when a loop meets its first link with targets by device; may wait until they are read.
    /// Empty, or when it throws: such targets see `other`.
    std::function<const UserAgentRules*()> user_agents;
    const Places* places = nullptr;  // Null: targets by country see none.
    const Pages* pages = nullptr;
    const UnlockCookies* unlock_cookies = nullptr;
    /// Live codes one edit away from what was typed, a few; asked at most 20 times a second by one
    /// loop. May be empty.
    std::function<std::vector<std::string>(std::string_view typed)> suggest;
    std::chrono::steady_clock::time_point (*steady_clock)() noexcept =
        std::chrono::steady_clock::now;
};

/// Looks links up and renders answers, for one loop.
class Answers {
public:
    explicit Answers(const CaptureParts& parts);

    /// Whether `path` is /r/ and one more part.
    static bool takes(std::string_view path) noexcept;

    /// The code in a path that `takes`: without a slash behind it.
    static std::string_view code_of(std::string_view path) noexcept;

    /// The link behind the code, in whatever state; valid until `rest`.
    const links::Entry* find(std::string_view code) noexcept { return reader_.find(code); }
    void rest() noexcept { reader_.rest(); }

    bool is_declared_crawler(std::string_view user_agent) noexcept {
        return crawlers_.declared(user_agent) == Declared::crawler;
    }

    /// Whether the link has a password and the request does not open it.
    bool is_locked(const http::Request& request, const links::Entry& link) const noexcept;

    /// 302 to where the link leads this visitor; gives the click id's place in `out`.
    links::ClickIdPlace redirect(const http::Request& request, const links::Entry& link,
                                 std::string_view click_id, const Visitor* new_cookie,
                                 std::string& out) noexcept;

    /// What a request gets that leads nowhere: 302 to the program's fallback, or a page with 404
    /// (no such code, paused, not started) or 410. `link` may be null.
    void dead_end(const http::Request& request, const links::Entry* link,
                  std::string& out) noexcept;

    /// The form that asks for the password.
    void password_form(const http::Request& request, const links::Entry& link,
                       std::string& out) noexcept;

    /// 405 for what is neither GET nor HEAD.
    static void method_not_allowed(const http::Request& request, std::string& out) noexcept;

private:
    /// A country found lately.
    struct Country {
        IpAddress ip;
        Day day{};
        std::array<char, 2> code{};
    };

    std::string_view country(const http::Request& request) noexcept;
    links::Device device(const http::Request& request) noexcept;
    bool may_suggest(Instant now) noexcept;
    void page(const http::Request& request, int status, const PageTemplate& page,
              const PageValues& values, std::string& out) noexcept;

    const CaptureParts parts_;
    links::Directory::Reader reader_;
    CrawlerCache crawlers_;
    std::optional<UserAgents> user_agents_;  // From the first need on.
    std::vector<Country> countries_;
    std::string body_;
    std::int64_t suggest_second_ = 0;
    int suggested_ = 0;
};

}  // namespace referral::clicks
