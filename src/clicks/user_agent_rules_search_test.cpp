#include "clicks/user_agent_rules_search.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "clicks/user_agent_rules_samples_test.hpp"

namespace referral::clicks {
namespace {

TEST(WordSearch, FindsWordsWithinAndAcrossOneAnother) {
    const WordSearch search({"he", "she", "his", "hers", "r/1"});

    EXPECT_EQ(search.find("ushers"), (std::vector{0, 1, 3}));
    EXPECT_EQ(search.find("HERS HIS"), (std::vector{0, 2, 3}));
    EXPECT_EQ(search.find("hishe she"), (std::vector{0, 1, 2}));
    EXPECT_EQ(search.find("her/1"), (std::vector{0, 4}));
    EXPECT_TRUE(search.find("").empty());
    EXPECT_TRUE(search
                    .find("h\xff"
                          "e")
                    .empty());
}

TEST(Patterns, LetTheFirstThatMatchesDecide) {
    const Patterns patterns({{"second (\\d)"}, {"(first) (x)?"}, {"SHOUT", true}, {"first"}},
                            "test");

    const auto match = patterns.first("the first second 3");
    ASSERT_TRUE(match);
    EXPECT_EQ(match->pattern, 0U);
    EXPECT_EQ(match->groups[1], "3");

    const auto other = patterns.first("the first ");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->pattern, 1U);
    EXPECT_EQ(other->groups[1], "first");
    EXPECT_EQ(other->groups[2], "");

    EXPECT_EQ(patterns.first("do shout!")->pattern, 2U);
    EXPECT_FALSE(patterns.first("FIRST"));
    EXPECT_TRUE(patterns.any("Shout"));
    EXPECT_FALSE(patterns.any("nobody"));
}

TEST(Patterns, RefuseWhatCannotBeAppliedExactly) {
    EXPECT_THROW(Patterns({{"fine"}, {"a(?!b)"}}, "test"), std::runtime_error);
    EXPECT_THROW(Patterns({}, "test"), std::runtime_error);
}

/// All of the file's rules of one list, tried one after the other.
class OneByOne {
public:
    explicit OneByOne(const std::vector<Pattern>& patterns) {
        for (const Pattern& pattern : patterns) {
            RE2::Options options(RE2::Latin1);
            options.set_case_sensitive(!pattern.ignore_case);
            rules_.push_back(std::make_unique<RE2>(pattern.regex, options));
        }
    }

    std::optional<FirstMatch> first(const std::string& text) const {
        for (std::size_t i = 0; i < rules_.size(); ++i) {
            std::array<re2::StringPiece, 10> groups;
            const int count = rules_[i]->NumberOfCapturingGroups() + 1;
            if (!rules_[i]->Match(text, 0, text.size(), RE2::UNANCHORED, groups.data(), count))
                continue;
            FirstMatch match{.pattern = i, .groups = {}};
            for (int group = 0; group < count; ++group)
                match.groups[group] = std::string_view(groups[group].data(), groups[group].size());
            return match;
        }
        return std::nullopt;
    }

private:
    std::vector<std::unique_ptr<RE2>> rules_;
};

class EveryList : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryList, IsAppliedAsIfOneRuleAfterTheOther) {
    std::vector<Pattern> rules;
    for (const YAML::Node& rule : YAML::LoadFile(samples::rules_file)[GetParam()])
        rules.push_back({rule["regex"].as<std::string>(), rule["regex_flag"].IsDefined()});
    const OneByOne reference(rules);
    const Patterns patterns(rules, samples::rules_file);
    std::vector<std::string> agents = samples::crawlers();
    const std::vector<std::string> browsers = samples::browsers();
    for (std::size_t i = 0; i < browsers.size(); i += 5) agents.push_back(browsers[i]);
    for (const char* odd : {"", "Mozilla", "\xff\xfe Chrome/1.2", "Firefox/\xc3\xa9.1", "NOKIA"})
        agents.emplace_back(odd);
    ASSERT_GE(agents.size(), 2000U);

    for (const std::string& agent : agents) {
        const auto expected = reference.first(agent);
        const auto found = patterns.first(agent);
        ASSERT_EQ(found.has_value(), expected.has_value()) << agent;
        if (!found) continue;
        ASSERT_EQ(found->pattern, expected->pattern) << agent;
        ASSERT_EQ(found->groups, expected->groups) << agent;
    }
}

INSTANTIATE_TEST_SUITE_P(Patterns, EveryList,
                         ::testing::Values("user_agent_parsers", "os_parsers", "device_parsers"),
                         [](const auto& list) { return std::string(list.param); });

}  // namespace
}  // namespace referral::clicks
