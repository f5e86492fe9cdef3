#include "links/destination.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/text.hpp"

namespace referral::links {
namespace {

std::string location(std::string_view url, const Additions& additions) {
    std::string out;
    append_location(out, Destination::of(url), additions);
    return out;
}

TEST(Destination, IsTakenApart) {
    const auto parts = Destination::of("https://a.example/p?x=1&y=2#top?no");

    EXPECT_EQ(parts.base, "https://a.example/p");
    EXPECT_EQ(parts.query, "x=1&y=2");
    EXPECT_EQ(parts.fragment, "top?no");
    EXPECT_EQ(Destination::of("https://a.example").base, "https://a.example");
    EXPECT_EQ(Destination::of("https://a.example#?x").query, "");
}

struct Case {
    const char* what;
    const char* url;
    Additions additions;
    const char* location;
};

TEST(Location, AddsToWhatIsThere) {
    const std::vector<Case> cases{
        {"nothing there",
         "https://a.example",
         {.code = "c", .click_id = "k"},
         "https://a.example?ref=c&click_id=k"},
        {"a query and a fragment",
         "https://a.example/p?x=1#top",
         {.code = "c", .click_id = "k"},
         "https://a.example/p?x=1&ref=c&click_id=k#top"},
        {"an empty query",
         "https://a.example/?",
         {.code = "c", .click_id = "k"},
         "https://a.example/?ref=c&click_id=k"},
        {"a query that ends open",
         "https://a.example/?x&",
         {.code = "c"},
         "https://a.example/?x&ref=c"},
        {"no click id", "https://a.example/", {.code = "c"}, "https://a.example/?ref=c"},
        {"UTM parameters",
         "https://a.example/",
         {.utm = "utm_source=s&utm_term=t", .code = "c"},
         "https://a.example/?utm_source=s&utm_term=t&ref=c"},
        {"the destination's own UTM",
         "https://a.example/?utm_source=own",
         {.utm = "utm_source=s&utm_medium=m", .code = "c"},
         "https://a.example/?utm_source=own&utm_medium=m&ref=c"},
        {"the destination's own UTM, escaped",
         "https://a.example/?utm%5Fsource=own",
         {.utm = "utm_source=s", .code = "c"},
         "https://a.example/?utm%5Fsource=own&ref=c"},
    };
    for (const Case& one : cases)
        EXPECT_EQ(location(one.url, one.additions), one.location) << one.what;
}

TEST(Location, PassesParametersThrough) {
    const std::vector<Case> cases{
        {"sub-ids",
         "https://a.example/?x=1",
         {.request_query = "sub1=a&sub2=b%20c+d", .code = "c"},
         "https://a.example/?x=1&sub1=a&sub2=b%20c+d&ref=c"},
        {"not ours",
         "https://a.example/",
         {.request_query = "ref=evil&click_id=evil&to=https://evil.example&s=1", .code = "c"},
         "https://a.example/?s=1&ref=c"},
        {"not ours in disguise",
         "https://a.example/",
         {.request_query = "r%65f=evil&cl%69ck_id=evil&%74%6F=x&s=1", .code = "c"},
         "https://a.example/?s=1&ref=c"},
        {"not what the link says",
         "https://a.example/",
         {.utm = "utm_source=s", .request_query = "utm_source=evil&utm_medium=m", .code = "c"},
         "https://a.example/?utm_medium=m&utm_source=s&ref=c"},
        {"not what the destination says",
         "https://a.example/?utm_source=own",
         {.request_query = "utm_source=evil&utm_s%6Furce=evil", .code = "c"},
         "https://a.example/?utm_source=own&ref=c"},
        {"empty ones",
         "https://a.example/",
         {.request_query = "&&a&&=b&", .code = "c"},
         "https://a.example/?a&=b&ref=c"},
        {"what is no query",
         "https://a.example/",
         {.request_query = "a=\r\nSet-Cookie:x&b=%0d%0a&c=<\">'\\#;%&\x80=%zz%4", .code = "c"},
         "https://a.example/?a=%0D%0ASet-Cookie:x&b=%0d%0a&c=%3C%22%3E%27%5C%23%3B%25"
         "&%80=%25zz%254&ref=c"},
    };
    for (const Case& one : cases)
        EXPECT_EQ(location(one.url, one.additions), one.location) << one.what;
}

TEST(Location, LetsNoMorePassThanItsLimit) {
    const std::string long_one = "long=" + std::string(passed_bytes_max, 'x');
    const std::string query = "a=1&" + long_one + "&b=2";

    EXPECT_EQ(location("https://a.example/", {.request_query = query, .code = "c"}),
              "https://a.example/?a=1&b=2&ref=c");
}

TEST(Location, SaysWhereTheClickIdStands) {
    std::string out = "Location: ";
    const ClickIdPlace place = append_location(out, Destination::of("https://a.example/?x#end"),
                                               {.code = "c", .click_id = "clk_1"});
    ASSERT_EQ(out.substr(place.at, place.size), "&click_id=clk_1");

    out.erase(place.at, place.size);

    EXPECT_EQ(out, "Location: https://a.example/?x&ref=c#end");
    EXPECT_EQ(append_location(out, Destination::of("https://a.example/"), {.code = "c"}).size, 0u);
}

std::string random_bytes_text(std::mt19937& chance) {
    static constexpr std::string_view favourites =
        "&&&===%%%##?/?/\\\\@@::..;;\r\n\t \"'<>refto_click_idutm_source0123456789abcdefABCDEF";
    std::string text(chance() % 80, '\0');
    for (char& c : text)
        c = chance() % 4 ? favourites[chance() % favourites.size()] : static_cast<char>(chance());
    return text;
}

TEST(Location, LeadsToItsDestinationWhateverTheVisitorSends) {
    std::mt19937 chance(20260301);
    for (int i = 0; i < 20'000; ++i) {
        const std::string query = random_bytes_text(chance);
        const std::string out = location(
            "https://quote.example.com/a?b=c#d",
            {.utm = "utm_source=s", .request_query = query, .code = "code", .click_id = "clk_x"});

        ASSERT_TRUE(out.starts_with("https://quote.example.com/a?b=c&")) << query;
        ASSERT_TRUE(out.ends_with("&ref=code&click_id=clk_x#d")) << query;
        const auto url = Url::parse(out);
        ASSERT_TRUE(url) << out;
        ASSERT_EQ(url->host(), "quote.example.com") << out;
    }
}

/// What open redirects have been made with: other ways to write an address that browsers follow.
const std::vector<std::string> evil{"https://evil.example",
                                    "http://evil.example",
                                    "//evil.example",
                                    "///evil.example",
                                    "////evil.example",
                                    "\\\\evil.example",
                                    "/\\evil.example",
                                    "\\/evil.example",
                                    "/\\/evil.example",
                                    "https:evil.example",
                                    "https:/evil.example",
                                    "https:\\\\evil.example",
                                    "https:///evil.example",
                                    "HTTPS://EVIL.EXAMPLE",
                                    "hTTp:evil.example",
                                    "javascript:alert(1)",
                                    "java\tscript:alert(1)",
                                    "java\nscript:alert(1)",
                                    "JaVaScRiPt:alert(1)",
                                    " javascript:alert(1)",
                                    "\x01javascript:alert(1)",
                                    "data:text/html,<script>1</script>",
                                    "data:text/html;base64,PHNjcmlwdD4=",
                                    "vbscript:msgbox(1)",
                                    "file:///etc/passwd",
                                    "ftp://evil.example",
                                    "blob:https://evil.example/x",
                                    "about:blank",
                                    "https://quote.example.com@evil.example",
                                    "https://quote.example.com:443@evil.example",
                                    "https://quote.example.com%40evil.example",
                                    "https://quote.example.com\\@evil.example",
                                    "https://quote.example.com#@evil.example",
                                    "https://quote.example.com?@evil.example",
                                    "https://evil.example#quote.example.com",
                                    "https://evil.example?quote.example.com",
                                    "https://evil.example/quote.example.com",
                                    "https://evil.example\\quote.example.com",
                                    "https://evil.example\\.quote.example.com",
                                    "https://quote.example.com.evil.example",
                                    "https://evilquote.example.com.evil.example",
                                    "https://xquote.example.com.evil.example",
                                    "https://quote.example.com%00.evil.example",
                                    "https://quote.example.com%2eevil.example",
                                    "https://quote.example.com%2f.evil.example",
                                    "https://quote.example.com;evil.example",
                                    "https://quote.example.com,evil.example",
                                    "https://quote.example.com|evil.example",
                                    "https://quote.example.com\tevil.example",
                                    "https://quote.example.com\r\nX: y",
                                    "https://quote.example.com evil.example",
                                    "https://evil.example%23.quote.example.com",
                                    "https://evil.example%3f.quote.example.com",
                                    "https://evil.example%5c.quote.example.com",
                                    "https://evil\xe3\x80\x82"
                                    "example",
                                    "https://evil\xef\xbc\x8e"
                                    "example",
                                    "https://\xef\xbd\x85vil.example",
                                    "https://qu\xd0\xbet\xd0\xb5.example.com",
                                    "https://xn--qut-9cd.example.com",
                                    "https://quote.example.com:8443",
                                    "https://quote.example.com:443.evil.example",
                                    "https://[::1]",
                                    "https://0x7f.1",
                                    "https://2130706433",
                                    "https://017700000001",
                                    "https://127.0.0.1",
                                    "https://localhost",
                                    "https://.evil.example",
                                    "https://evil.example.",
                                    "https://quote.example.com.",
                                    "https://quote.example.com..",
                                    "https://",
                                    "https:",
                                    "//",
                                    "http://quote.example.com",
                                    "%0d%0aLocation: https://evil.example",
                                    "\r\nSet-Cookie: a=b",
                                    "https://user:pass@evil.example",
                                    "https://:@quote.example.com",
                                    "https://@quote.example.com"};

/// Each of them as it is, escaped once and twice, and with something around.
std::vector<std::string> payloads() {
    std::vector<std::string> all;
    for (const std::string& one : evil) {
        std::string escaped;
        append_percent_encoded(escaped, one);
        std::string escaped_twice;
        append_percent_encoded(escaped_twice, escaped);
        for (const std::string& form : {one, escaped, escaped_twice, one + "/%2e%2e", "%20" + one})
            all.push_back(form);
    }
    return all;
}

const std::vector<HostPattern> hosts{HostPattern::parse("quote.example.com").value(),
                                     HostPattern::parse("*.shop.example.com").value()};

/// Host and port as a browser finds them, by the simplest reading there is: it ends at the first
/// character that can end it, and nothing stands before it.
std::string_view authority(std::string_view location) {
    constexpr std::string_view scheme = "https://";
    if (!location.starts_with(scheme)) return "";
    location.remove_prefix(scheme.size());
    return location.substr(0, location.find_first_of("/?#\\"));
}

TEST(OpenRedirects, NeverComeFromTheParameterTo) {
    const auto all = payloads();
    ASSERT_GE(all.size(), 300u);
    std::size_t refused = 0;
    for (const std::string& payload : all) {
        const auto link = deep_link("to=" + payload, hosts);
        if (!link) {
            ++refused;
            continue;
        }
        // A few lead to the program's host after all: there the evil is in path, query or fragment.
        EXPECT_EQ(authority(*link), "quote.example.com") << payload;
    }
    EXPECT_GE(refused, all.size() - 20);
}

TEST(OpenRedirects, NeverComeFromWhatPassesThrough) {
    for (const std::string& payload : payloads())
        for (const char* name :
             {"url", "to", "redirect", "ref", "click_id", "utm_source", "", "?"}) {
            const std::string query = std::string(name) + '=' + payload;
            const std::string out =
                location("https://quote.example.com", {.request_query = query, .code = "c"});

            ASSERT_TRUE(out.starts_with("https://quote.example.com?")) << query;
            ASSERT_EQ(Url::parse(out).value_or(Url()).host(), "quote.example.com") << query;
            ASSERT_EQ(out.find_first_of("\r\n\t \\#"), out.npos) << query;
        }
}

TEST(DeepLinks, LeadToTheProgramsHosts) {
    EXPECT_EQ(deep_link("to=https://quote.example.com/a%3Fb%3Dc%23d", hosts),
              "https://quote.example.com/a?b=c#d");
    EXPECT_EQ(deep_link("x=1&t%6F=https%3A%2F%2Fa.shop.example.com%2F", hosts),
              "https://a.shop.example.com/");
    EXPECT_EQ(deep_link("to=https://QUOTE.example.com", hosts), "https://QUOTE.example.com");
    EXPECT_EQ(deep_link("to=https://quote.example.com:443/", hosts),
              "https://quote.example.com:443/");
}

TEST(DeepLinks, AreNothingWithoutAGoodAddress) {
    EXPECT_FALSE(deep_link("", hosts));
    EXPECT_FALSE(deep_link("to", hosts));
    EXPECT_FALSE(deep_link("to=", hosts));
    EXPECT_FALSE(deep_link("too=https://quote.example.com", hosts));
    EXPECT_FALSE(deep_link("to=https://shop.example.com", hosts));
    EXPECT_FALSE(deep_link("to=https://evil.example&to=https://quote.example.com", hosts));
    EXPECT_FALSE(deep_link("to=https://quote.example.com", {}));
    EXPECT_FALSE(deep_link("to=https://quote.example.com/" + std::string(2'048, 'x'), hosts));
}

}  // namespace
}  // namespace referral::links
