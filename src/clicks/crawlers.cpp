#include "clicks/crawlers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/text.hpp"
#include "clicks/user_agent_rules_search.hpp"

namespace referral::clicks {

namespace {

boost::json::value parsed(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot be opened");
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return boost::json::parse(text);
}

/// The patterns of the list, amended.
std::vector<Pattern> read(const std::filesystem::path& file) try {
    std::vector<Pattern> patterns;
    const boost::json::value crawlers = parsed(file);
    for (const boost::json::value& crawler : crawlers.as_array()) {
        const std::string_view listed = crawler.at("pattern").as_string();
        const auto& amendments = Crawlers::amendments();
        const auto amendment = std::ranges::find(amendments, listed, &CrawlerAmendment::pattern);
        const std::string_view taken =
            amendment == amendments.end() ? listed : amendment->replacement;
        if (!taken.empty()) patterns.push_back({.regex = std::string(taken)});
    }
    return patterns;
} catch (const std::exception& e) {
    throw std::runtime_error(fmt::format("{}: {}", file.string(), e.what()));
}

}  // namespace

const std::vector<CrawlerAmendment>& Crawlers::amendments() {
    static const std::vector<CrawlerAmendment> all{
        {R"(AP3A\.240617\.008)", "",
         "the build number of Android 15 on many makers' phones: it stands in what their people's "
         "in-app browsers send"},
        {"MetaIAB Facebook", "", "the browser inside Facebook's app, which people use"},
        {R"(Code\/1\.)", "", "the browser inside an editor, which people use"},
        {R"(Trae\/)", "", "the browser inside an editor, which people use"},
        {"Fluid", "", "a browser for single sites on a Mac, which people use"},
        {R"(PayPal\/)", R"(^PayPal\/)",
         "PayPal's servers begin with it; the browser inside PayPal's app has it further on"},
        {R"(Notion\/)", R"(^Notion\/)",
         "Notion's servers begin with it; Notion's program for computers has it further on"}};
    return all;
}

Crawlers::Crawlers(const std::filesystem::path& file)
    : patterns_(std::make_unique<Patterns>(read(file), file.string())) {}

Crawlers::~Crawlers() = default;

Declared Crawlers::declared(std::string_view agent) const {
    if (trimmed(agent).empty()) return Declared::absent;
    return patterns_->any(agent) ? Declared::crawler : Declared::nothing;
}

std::size_t Crawlers::size() const { return patterns_->size(); }

Declared CrawlerCache::declared(std::string_view agent) noexcept {
    return cache_.find(agent.substr(0, user_agent_bytes_max), [this](std::string_view shortened) {
        return crawlers_.declared(shortened);
    });
}

}  // namespace referral::clicks
