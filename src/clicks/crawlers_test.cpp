#include "clicks/crawlers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "clicks/user_agent_rules_samples_test.hpp"

namespace referral::clicks {
namespace {

const Crawlers& crawlers() {
    static const Crawlers all(samples::crawlers_file);
    return all;
}

TEST(Crawlers, AreFoundByNinetyNineOfAHundredOfTheListsExamples) {
    const std::vector<std::string> examples = samples::crawlers();
    ASSERT_GE(examples.size(), 1500U);

    const auto missed = std::ranges::count_if(examples, [](const auto& agent) {
        return crawlers().declared(agent) != Declared::crawler;
    });

    EXPECT_LE(missed * 100, std::ssize(examples));
    RecordProperty("missed", static_cast<int>(missed));
}

TEST(Crawlers, AreNotSeenInMoreThanOneOfAThousandBrowsers) {
    const std::vector<std::string> browsers = samples::browsers();
    ASSERT_GE(browsers.size(), 5000U);

    std::size_t mistaken = 0;
    for (const std::string& agent : browsers)
        if (crawlers().declared(agent) != Declared::nothing) {
            ++mistaken;
            std::cout << "taken for a crawler: " << agent << '\n';
        }

    EXPECT_LE(mistaken * 1000, browsers.size());
}

TEST(Crawlers, AreNotPeopleInsideApps) {
    for (const char* agent :
         {"Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 "
          "(KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36 Instagram "
          "406.0.0.58.159 Android (35/15; 480dpi; 1080x2400; OPPO; CPH2557; en_MY; 822918295)",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
          "like "
          "Gecko) Mobile/15E148 PayPal/8.66"})
        EXPECT_EQ(crawlers().declared(agent), Declared::nothing) << agent;
}

TEST(Crawlers, IncludeMonitorsPreviewsAndLibraries) {
    for (const char* agent :
         {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0",
          "python-requests/2.31.0", "facebookexternalhit/1.1", "Slackbot-LinkExpanding 1.0",
          "PayPal/AUHR-214.0-51787073PayPal IPN ( https://www.paypal.com/ipn )",
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "HeadlessChrome/120.0.0.0 Safari/537.36"})
        EXPECT_EQ(crawlers().declared(agent), Declared::crawler) << agent;
}

TEST(Crawlers, AreNotDeclaredByAnAbsentAgent) {
    for (const char* agent : {"", " ", "\t  "})
        EXPECT_EQ(crawlers().declared(agent), Declared::absent) << '"' << agent << '"';
    EXPECT_EQ(crawlers().declared("-"), Declared::nothing);
}

TEST(Crawlers, AreLookedForInTheFirstBytesOnly) {
    const std::string name = " Googlebot/";
    const std::string filling(user_agent_bytes_max - name.size(), 'x');

    EXPECT_EQ(crawlers().declared(filling + name), Declared::crawler);
    EXPECT_EQ(crawlers().declared(filling + "x" + name), Declared::nothing);
}

TEST(Crawlers, AreAmendedOnlyWhereTheListStillSaysSo) {
    const boost::json::value list = samples::crawler_list();
    for (const CrawlerAmendment& amendment : Crawlers::amendments()) {
        const bool listed = std::ranges::any_of(list.as_array(), [&](const auto& crawler) {
            return std::string_view(crawler.at("pattern").as_string()) == amendment.pattern;
        });
        EXPECT_TRUE(listed) << amendment.pattern;
        EXPECT_FALSE(amendment.reason.empty());
    }
}

TEST(Crawlers, LoseNoPatternOfTheList) {
    const auto dropped = std::ranges::count_if(Crawlers::amendments(), [](const auto& amendment) {
        return amendment.replacement.empty();
    });

    EXPECT_EQ(crawlers().size() + static_cast<std::size_t>(dropped),
              samples::crawler_list().as_array().size());
}

TEST(Crawlers, NameTheFileThatIsNoList) {
    const auto file = std::filesystem::path(::testing::TempDir()) /
                      (std::to_string(::getpid()) + "crawlers.json");
    const auto message = [&] {
        try {
            const Crawlers all(file);
        } catch (const std::runtime_error& e) {
            return std::string(e.what());
        }
        return std::string("nothing was wrong");
    };

    std::filesystem::remove(file);
    EXPECT_NE(message().find("crawlers.json: cannot be opened"), std::string::npos) << message();
    for (const char* text : {"", "{}", "[]", "[{}]", "[{\"pattern\": 1}]", "[{\"pattern\": \"(\"}]",
                             "[{\"pattern\": \"a(?=b)\"}]"}) {
        std::ofstream(file) << text;
        EXPECT_NE(message().find("crawlers.json"), std::string::npos) << text << ": " << message();
    }
}

TEST(CrawlerCache, SaysWhatTheCrawlersSay) {
    CrawlerCache cache(crawlers(), 64);
    std::vector<std::string> agents = samples::crawlers();
    agents.resize(300);
    for (const std::string& browser : samples::browsers())
        if (agents.size() < 600) agents.push_back(browser);
    agents.emplace_back();

    for (int round = 0; round < 3; ++round)
        for (const std::string& agent : agents)
            for (int again = 0; again < 2; ++again)
                ASSERT_EQ(cache.declared(agent), crawlers().declared(agent)) << agent;
}

}  // namespace
}  // namespace referral::clicks
