/// Whatever a client sends as its user agent: what is stored of it is short UTF-8, and the caches
/// say what the rules say. Runs in the root of the source, where node_modules is.

#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "base/text.hpp"
#include "clicks/crawlers.hpp"
#include "clicks/user_agent.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace clicks = referral::clicks;
    static const clicks::UserAgentRules rules("node_modules/uap-core/regexes.yaml");
    static const clicks::Crawlers crawlers(
        "node_modules/crawler-user-agents/crawler-user-agents.json");
    static clicks::UserAgents agents(rules, 64);
    static clicks::CrawlerCache declared(crawlers, 64);

    const std::string_view agent(reinterpret_cast<const char*>(data), size);
    const clicks::UserAgent says = clicks::describe(rules, agent);
    for (const std::string* text :
         {&says.browser, &says.browser_version, &says.os, &says.os_version})
        CHECK(referral::is_utf8(*text) && text->size() <= 64);
    CHECK(agents.find(agent) == says);
    CHECK(declared.declared(agent) == crawlers.declared(agent));
    return 0;
}
