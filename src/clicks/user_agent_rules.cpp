#include "clicks/user_agent_rules.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <stdexcept>

#include "base/text.hpp"
#include "clicks/user_agent_rules_search.hpp"

namespace referral::clicks {

namespace {

/// Where a part of a name comes from: a field of the rule, else `otherwise`.
struct PartSource {
    const char* field;
    const char* otherwise;
};

using PartSources = std::array<PartSource, 5>;

constexpr PartSources browser_parts{{{"family_replacement", "$1"},
                                     {"v1_replacement", "$2"},
                                     {"v2_replacement", "$3"},
                                     {"v3_replacement", "$4"},
                                     {nullptr, ""}}};
constexpr PartSources system_parts{{{"os_replacement", "$1"},
                                    {"os_v1_replacement", "$2"},
                                    {"os_v2_replacement", "$3"},
                                    {"os_v3_replacement", "$4"},
                                    {"os_v4_replacement", "$5"}}};
constexpr PartSources device_parts{{{"device_replacement", "$1"},
                                    {"brand_replacement", ""},
                                    {"model_replacement", "$1"},
                                    {nullptr, ""},
                                    {nullptr, ""}}};

std::string expanded(std::string_view replacement, const FirstMatch& match) {
    std::string result;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const bool group = replacement[i] == '$' && i + 1 < replacement.size() &&
                           replacement[i + 1] >= '1' && replacement[i + 1] <= '9';
        if (group)
            result += match.groups[static_cast<std::size_t>(replacement[++i] - '0')];
        else
            result += replacement[i];
    }
    return result;
}

}  // namespace

/// Reads the three lists of one file.
class UserAgentRules::Reader {
public:
    explicit Reader(const std::filesystem::path& file) : source_(file.string()) {
        try {
            root_ = YAML::LoadFile(source_);
        } catch (const YAML::Exception& e) {
            throw std::runtime_error(fmt::format("{}: {}", source_, e.what()));
        }
    }

    List list(const char* name, const PartSources& parts) const {
        List result;
        std::vector<Pattern> patterns;
        try {
            const YAML::Node rules = root_[name];
            if (!rules.IsSequence()) throw std::runtime_error("is no list");
            for (const YAML::Node& rule : rules) {
                patterns.push_back(pattern(rule));
                result.replacements.push_back(replacements(rule, parts));
            }
        } catch (const std::exception& e) {
            throw std::runtime_error(fmt::format("{}: {}: {}", source_, name, e.what()));
        }
        result.patterns = std::make_unique<Patterns>(patterns, source_);
        return result;
    }

private:
    static Pattern pattern(const YAML::Node& rule) {
        Pattern result{.regex = rule["regex"].as<std::string>()};
        if (const YAML::Node flag = rule["regex_flag"]) {
            if (flag.as<std::string>() != "i")
                throw std::runtime_error("regex_flag \"" + flag.as<std::string>() +
                                         "\" is unknown");
            result.ignore_case = true;
        }
        return result;
    }

    static Parts replacements(const YAML::Node& rule, const PartSources& parts) {
        Parts result;
        for (std::size_t i = 0; i < parts.size(); ++i) result[i] = replacement(rule, parts[i]);
        return result;
    }

    static std::string replacement(const YAML::Node& rule, const PartSource& part) {
        std::string given;
        if (part.field != nullptr) given = rule[part.field].as<std::string>("");
        return given.empty() ? part.otherwise : given;
    }

    std::string source_;
    YAML::Node root_;
};

UserAgentRules::UserAgentRules(const std::filesystem::path& file) {
    const Reader reader(file);
    browsers_ = reader.list("user_agent_parsers", browser_parts);
    systems_ = reader.list("os_parsers", system_parts);
    devices_ = reader.list("device_parsers", device_parts);
}

UserAgentRules::~UserAgentRules() = default;

std::optional<UserAgentRules::Parts> UserAgentRules::apply(const List& list,
                                                           std::string_view agent) {
    const std::optional<FirstMatch> match = list.patterns->first(agent);
    if (!match) return std::nullopt;
    const Parts& replacements = list.replacements[match->pattern];
    Parts result;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = expanded(replacements[i], *match);
    if (result[0].empty()) result[0] = "Other";
    return result;
}

BrowserName UserAgentRules::browser(std::string_view agent) const {
    auto parts = apply(browsers_, agent);
    if (!parts) return {};
    auto& [family, major, minor, patch, none] = *parts;
    return {.family = std::move(family),
            .major = std::move(major),
            .minor = std::move(minor),
            .patch = std::move(patch)};
}

SystemName UserAgentRules::system(std::string_view agent) const {
    auto parts = apply(systems_, agent);
    if (!parts) return {};
    auto& [family, major, minor, patch, patch_minor] = *parts;
    return {.family = std::move(family),
            .major = std::move(major),
            .minor = std::move(minor),
            .patch = std::move(patch),
            .patch_minor = std::move(patch_minor)};
}

DeviceName UserAgentRules::device(std::string_view agent) const {
    auto parts = apply(devices_, agent);
    if (!parts) return {};
    auto& [family, brand, model, none, none_either] = *parts;
    return {.family = std::string(trimmed(family)),
            .brand = std::string(trimmed(brand)),
            .model = std::string(trimmed(model))};
}

std::size_t UserAgentRules::size() const {
    return browsers_.patterns->size() + systems_.patterns->size() + devices_.patterns->size();
}

}  // namespace referral::clicks
