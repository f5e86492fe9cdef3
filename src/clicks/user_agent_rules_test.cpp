#include "clicks/user_agent_rules.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "clicks/user_agent_rules_samples_test.hpp"

namespace referral::clicks {
namespace {

std::filesystem::path file_with(std::string_view text) {
    const auto file =
        std::filesystem::path(::testing::TempDir()) / (std::to_string(::getpid()) + "regexes.yaml");
    std::ofstream(file) << text;
    return file;
}

constexpr std::string_view small_rules = R"(
user_agent_parsers:
  - regex: '(Namoroka|Minefield)/(\d+)\.(\d+)\.(\d+(?:pre)?)'
    family_replacement: 'Firefox ($1)'
  - regex: 'MSIE 7'
    family_replacement: 'IE'
    v1_replacement: '7'
  - regex: '(Plain)/(\d+)(?:\.(\d+)|)'
os_parsers:
  - regex: 'Win(95|98)'
    os_replacement: 'Windows'
    os_v1_replacement: '$1'
  - regex: '(Deep) (\d+)\.(\d+)\.(\d+)\.(\d+)'
device_parsers:
  - regex: '; *(PEDI)_(PLUS)_(W) Build'
    device_replacement: 'Odys $1 $2 $3'
    brand_replacement: 'Odys'
    model_replacement: ' $1 $2 $3 $9'
  - regex: 'fone (\w+)'
    regex_flag: 'i'
)";

TEST(UserAgentRules, ReplaceAsTheSpecificationSays) {
    const UserAgentRules rules(file_with(small_rules));

    EXPECT_EQ(rules.browser("Gecko Minefield/4.0.1pre"),
              (BrowserName{"Firefox (Minefield)", "4", "0", "1pre"}));
    EXPECT_EQ(rules.browser("MSIE 7.5"), (BrowserName{"IE", "7", "", ""}));
    EXPECT_EQ(rules.browser("Plain/3 Minefield"), (BrowserName{"Plain", "3", "", ""}));
    EXPECT_EQ(rules.system("Win95"), (SystemName{"Windows", "95", "", "", ""}));
    EXPECT_EQ(rules.system("Deep 1.2.3.4"), (SystemName{"Deep", "1", "2", "3", "4"}));
    EXPECT_EQ(rules.device("x; PEDI_PLUS_W Build/1"),
              (DeviceName{"Odys PEDI PLUS W", "Odys", "PEDI PLUS W"}));
    EXPECT_EQ(rules.device("FONE nine"), (DeviceName{"nine", "", "nine"}));
}

TEST(UserAgentRules, CallTheUnknownOther) {
    const UserAgentRules rules(file_with(small_rules));

    EXPECT_EQ(rules.browser("minefield/4.0.1"), (BrowserName{"Other", "", "", ""}));
    EXPECT_EQ(rules.system(""), SystemName{});
    EXPECT_EQ(rules.device("phone"), (DeviceName{"Other", "", ""}));
}

TEST(UserAgentRules, AreAllTakenFromTheFile) {
    const UserAgentRules rules(samples::rules_file);

    EXPECT_GE(rules.size(), 1000U);
}

TEST(UserAgentRules, NameTheFileThatHoldsNone) {
    const auto message = [](const std::filesystem::path& file) {
        try {
            const UserAgentRules rules(file);
        } catch (const std::runtime_error& e) {
            return std::string(e.what());
        }
        return std::string("nothing was wrong");
    };

    EXPECT_NE(message("/nowhere/regexes.yaml").find("/nowhere/regexes.yaml"), std::string::npos);
    for (const char* text :
         {"", "a: [", "[]", "user_agent_parsers: 3", "user_agent_parsers: [{}]",
          "user_agent_parsers: [{regex: '('}]", "user_agent_parsers: [{regex: 'a(?=b)'}]",
          "user_agent_parsers: [{regex: a, regex_flag: x}]",
          "user_agent_parsers: [{regex: a}]\nos_parsers: [{regex: a}]"})
        EXPECT_NE(message(file_with(text)).find("regexes.yaml"), std::string::npos)
            << text << ": " << message(file_with(text));
}

}  // namespace
}  // namespace referral::clicks
