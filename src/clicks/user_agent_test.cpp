#include "clicks/user_agent.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "clicks/user_agent_rules_samples_test.hpp"

namespace referral::clicks {

void PrintTo(const UserAgent& agent, std::ostream* out) {
    *out << name_of(agent.device_type) << ", " << agent.browser << ' ' << agent.browser_version
         << ", " << agent.os << ' ' << agent.os_version;
}

namespace {

const UserAgentRules& rules() {
    static const UserAgentRules all(samples::rules_file);
    return all;
}

struct Expectation {
    const char* agent;
    UserAgent says;
};

using enum DeviceType;

TEST(UserAgent, NamesTheBrowsersOfComputers) {
    const Expectation table[] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36",
         {desktop, "Chrome", "126", "Windows", "10"}},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.61",
         {desktop, "Edge", "126", "Windows", "10"}},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0",
         {desktop, "Opera", "110", "Windows", "10"}},
        {"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
         {desktop, "IE", "11", "Windows", "7"}},
        {"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)",
         {desktop, "IE", "8", "Windows", "7"}},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.5 Safari/605.1.15",
         {desktop, "Safari", "17", "Mac OS X", "10.15.7"}},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
         {desktop, "Firefox", "127", "Mac OS X", "10.15"}},
        {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
         {desktop, "Firefox", "127", "Ubuntu", ""}},
        {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36",
         {desktop, "Chrome", "126", "Chrome OS", "14541.0.0"}}};
    for (const auto& [agent, says] : table) EXPECT_EQ(describe(rules(), agent), says) << agent;
}

TEST(UserAgent, NamesTheBrowsersOfPhonesAndTablets) {
    const Expectation table[] = {
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
         "like "
         "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
         {mobile, "Mobile Safari", "17", "iOS", "17.5.1"}},
        {"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
         {tablet, "Chrome Mobile iOS", "126", "iOS", "16.6"}},
        {"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
         "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
         {mobile, "Samsung Internet", "25", "Android", "14"}},
        {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Mobile Safari/537.36",
         {mobile, "Chrome Mobile", "126", "Android", "10"}},
        {"Mozilla/5.0 (Linux; Android 12; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/80.0.3987.119 Safari/537.36",
         {tablet, "Chrome", "80", "Android", "12"}},
        {"Mozilla/5.0 (Android 13; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0",
         {tablet, "Firefox Mobile", "127", "Android", "13"}},
        {"Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
         {mobile, "Opera Mini", "36", "Android", ""}},
        {"Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 650) AppleWebKit/537.36 "
         "(KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
         {mobile, "Edge Mobile", "15", "Windows Phone", "10.0"}}};
    for (const auto& [agent, says] : table) EXPECT_EQ(describe(rules(), agent), says) << agent;
}

TEST(UserAgent, TellsTheDevicesThatAreNeither) {
    const auto type = [](const char* agent) { return describe(rules(), agent).device_type; };

    for (const char* agent :
         {"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) "
          "Version/6.0 TV Safari/538.1",
          "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/79.0.3945.79 Safari/537.36",
          "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/13.0 Safari/605.1.15",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, "
          "like "
          "Gecko) Chrome/48.0.2564.82 Safari/537.36 Edge/20.02",
          "python-requests/2.31 Linux/5.4", "something else", ""})
        EXPECT_EQ(type(agent), other) << agent;
    EXPECT_EQ(type("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
              bot);
    EXPECT_EQ(type("Nokia6120c/3.83; Profile/MIDP-2.0 Configuration/CLDC-1.1"), mobile);
}

TEST(UserAgent, LeavesTheUnknownEmpty) {
    EXPECT_EQ(describe(rules(), ""), UserAgent{});
    EXPECT_EQ(describe(rules(), "qwertz"), UserAgent{});
}

TEST(UserAgent, IsStorableTextWhateverTheAgentHolds) {
    const std::string long_name = std::string(199, '\xc3') + "\xa9/1 CFNetwork/1.2 Darwin/3";
    const std::string two_halves = "\xa9\xff\xc3/1.2 CFNetwork/1.2";

    for (const std::string& agent : {long_name, two_halves, std::string(100'000, 'M')}) {
        const UserAgent says = describe(rules(), agent);
        for (const std::string* text :
             {&says.browser, &says.browser_version, &says.os, &says.os_version}) {
            EXPECT_TRUE(is_utf8(*text));
            EXPECT_LE(text->size(), 64U);
        }
    }
}

TEST(UserAgents, SayWhatTheRulesSayAlsoWhenFull) {
    UserAgents agents(rules(), 16);
    const std::vector<std::string> browsers = samples::browsers();

    for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < browsers.size(); i += 50)
            for (int again = 0; again < 2; ++again)
                ASSERT_EQ(agents.find(browsers[i]), describe(rules(), browsers[i])) << browsers[i];
}

TEST(UserAgentCache, MakesOnceWhatIsAskedForOften) {
    UserAgentCache<int> cache(16);
    int made = 0;
    const auto make = [&](std::string_view) { return ++made; };

    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(cache.find("the same", make), 1);
        EXPECT_EQ(cache.find("the same", make), 1);
        cache.find(std::to_string(i), make);
    }

    EXPECT_EQ(made, 1001);
}

TEST(UserAgentCache, HasRoomForWhatItWasAskedFor) {
    EXPECT_EQ(UserAgentCache<int>(1).capacity(), 4U);
    EXPECT_EQ(UserAgentCache<int>(100).capacity(), 128U);
    EXPECT_EQ(UserAgentCache<int>(4096).capacity(), 4096U);
}

}  // namespace
}  // namespace referral::clicks
