#include "clicks/capture.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <new>
#include <set>

#include "clicks/fixture_test.hpp"
#include "platform/crypto/password.hpp"

namespace {

/// How often this thread asked for memory; for SpendsNoMemoryAfterAWarmUp.
thread_local std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
// Libraries ask this way too, and give back by the delete below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace referral::clicks {
namespace {

using std::chrono::seconds;

const Instant noon = *parse_instant("2026-03-01T12:00:00Z");

std::string person(int number) {
    return "203.0." + std::to_string(number / 250) + '.' + std::to_string(number % 250);
}

TEST_F(CaptureTest, ClassifiesTheContractsThousandRequests) {
    for (int i = 0; i < 700; ++i) ask({.ip = person(i)});
    for (int i = 0; i < 120; ++i) ask({.ip = person(i), .at = noon + seconds(3'000)});
    for (int i = 0; i < 90; ++i)
        ask({.user_agent = "Googlebot/2.1 (+http://www.google.com/bot.html)", .ip = person(i)});
    for (int i = 0; i < 40; ++i) ask({.headers = "Sec-Purpose: prefetch\r\n"});
    for (int i = 0; i < 30; ++i) ask({.method = "HEAD"});
    for (int i = 0; i < 15; ++i) ask({.headers = "Sec-Fetch-Dest: image\r\n"});
    for (int i = 0; i < 5; ++i) ask({.target = "/r/nothing-here"});

    EXPECT_EQ(stored_by_class(), (std::map<Class, int>{{Class::human, 700},
                                                       {Class::duplicate, 120},
                                                       {Class::bot, 90},
                                                       {Class::prefetch, 40},
                                                       {Class::non_get, 30},
                                                       {Class::embedded, 15},
                                                       {Class::orphan, 5}}));
    EXPECT_EQ(capture().stats().by_class[static_cast<int>(Class::human)], 700u);
}

TEST_F(CaptureTest, CountsAVisitorAgainWhenTheWindowIsOver) {
    const std::string cookie = ask({}).cookie();

    ask({.cookie = cookie, .at = noon + seconds(3'599)});
    EXPECT_EQ(last_class(), Class::duplicate);
    ask({.cookie = cookie, .at = noon + seconds(3'600)});
    EXPECT_EQ(last_class(), Class::human);
}

TEST_F(CaptureTest, StoresABotAndHeadsWithoutAUniqueClick) {
    ask({.user_agent = "Googlebot/2.1"});
    for (int i = 0; i < 3; ++i) ask({.method = "HEAD"});

    EXPECT_EQ(stored_by_class(), (std::map<Class, int>{{Class::bot, 1}, {Class::non_get, 3}}));
}

TEST_F(CaptureTest, RedirectsWithRefAndClickId) {
    const Answered answered = ask({});

    EXPECT_EQ(answered.status(), 302);
    EXPECT_EQ(answered.header("Location"),
              "https://quote.example.com/start?a=1&ref=summer&click_id=" + answered.click_id());
    EXPECT_EQ(answered.header("Cache-Control"), "no-store");
    EXPECT_EQ(answered.header("Content-Length"), "0");
    EXPECT_EQ(answered.header("Date"), "Sun, 01 Mar 2026 12:00:00 GMT");
    EXPECT_TRUE(answered.text.ends_with("\r\n\r\n"));
    EXPECT_TRUE(answered.answer.wait_for_commit);
    EXPECT_EQ(ClickId::parse(answered.click_id()), stored().back().record.id);
}

TEST_F(CaptureTest, TellsTheServerWhereTheClickIdStands) {
    const Answered answered = ask({});
    const http::ByteRange place = answered.answer.click_id[0];
    std::string cut = answered.text;

    cut.erase(place.at, place.size);

    EXPECT_NE(cut.find("Location: https://quote.example.com/start?a=1&ref=summer\r\n"), cut.npos);
}

TEST_F(CaptureTest, FindsCodesHoweverTheyAreWritten) {
    ask({.target = "/r/SUMMER/"});

    EXPECT_EQ(last_class(), Class::human);
}

TEST_F(CaptureTest, TakesOnePartBelowTheLinksPath) {
    EXPECT_TRUE(Answers::takes("/r/x"));
    EXPECT_TRUE(Answers::takes("/r/x/"));
    for (const char* path : {"/r/", "/r//", "/r", "/", "/rx/y", "/r/x/y", "/api/v1/links"})
        EXPECT_FALSE(Answers::takes(path)) << path;
}

TEST_F(CaptureTest, HandsACookieToUniqueVisitorsOnly) {
    const std::string cookie = ask({}).cookie();

    EXPECT_EQ(cookie.size(), 26u);
    EXPECT_EQ(ask({.cookie = cookie}).cookie(), "");
    EXPECT_EQ(ask({}).cookie(), "");
    EXPECT_EQ(ask({.user_agent = "Googlebot/2.1", .ip = "203.0.113.9"}).cookie(), "");
    EXPECT_EQ(ask({.method = "HEAD", .ip = "203.0.113.9"}).cookie(), "");
    EXPECT_EQ(ask({.headers = "Purpose: prefetch\r\n", .ip = "203.0.113.9"}).cookie(), "");
    EXPECT_EQ(ask({.target = "/r/nowhere", .ip = "203.0.113.9"}).cookie(), "");
}

TEST_F(CaptureTest, KnowsAVisitorWithAndWithoutTheCookie) {
    const std::string cookie = ask({}).cookie();

    ask({.cookie = cookie, .at = noon + seconds(1)});
    EXPECT_EQ(last_class(), Class::duplicate);
    ask({.at = noon + seconds(2)});
    EXPECT_EQ(last_class(), Class::duplicate);
    ask({.ip = "203.0.113.8", .cookie = cookie, .at = noon + seconds(3)});
    EXPECT_EQ(last_class(), Class::duplicate);
}

TEST_F(CaptureTest, IgnoresACookieThatIsNoneOfOurs) {
    ask({.cookie = "made-up"});

    const ClickRecord record = stored().back().record;
    EXPECT_EQ(record.click_class, Class::human);
    EXPECT_EQ(record.flags & (ClickFlags::known_cookie | ClickFlags::new_cookie),
              ClickFlags::new_cookie);
}

TEST_F(CaptureTest, KnowsAVisitorWithoutCookieOverMidnight) {
    const Instant late = *parse_instant("2026-03-01T23:50:00Z");
    ask({.at = late});

    ask({.at = late + seconds(1'200)});
    EXPECT_EQ(last_class(), Class::duplicate);
    ask({.at = late + seconds(3'599)});
    EXPECT_EQ(last_class(), Class::duplicate);
    ask({.at = late + seconds(3'600)});
    EXPECT_EQ(last_class(), Class::human);
    ask({.at = late + seconds(3'601)});
    EXPECT_EQ(last_class(), Class::duplicate);
}

TEST_F(CaptureTest, SendsVisitorsOfDeadLinksToTheFallback) {
    directory_.put(links::ProgramView{.id = {2}, .fallback_url = "https://example.com/offers"});
    links::LinkRow link = row(2, "winter");
    link.program_id = {2};
    link.status = links::Status::paused;
    directory_.put(link);

    const Answered answered = ask({.target = "/r/winter"});

    EXPECT_EQ(answered.status(), 302);
    EXPECT_EQ(answered.header("Location"), "https://example.com/offers");
    EXPECT_EQ(answered.answer.click_id[0].size, 0u);
    const StoredClick click = stored().back();
    EXPECT_EQ(click.record.click_class, Class::orphan);
    EXPECT_EQ(click.record.link_id, 2);
    EXPECT_EQ(click.code, "winter");
}

TEST_F(CaptureTest, AnswersDeadLinksWithoutFallbackByPages) {
    const auto status = [&](links::Status now, std::int64_t id) {
        links::LinkRow link = row(id, "dead" + std::to_string(id));
        link.status = now;
        directory_.put(link);
        return ask({.target = "/r/dead" + std::to_string(id)}).status();
    };

    EXPECT_EQ(status(links::Status::paused, 10), 404);
    EXPECT_EQ(status(links::Status::expired, 11), 410);
    EXPECT_EQ(status(links::Status::disabled, 12), 410);
    EXPECT_EQ(status(links::Status::banned, 13), 410);
    EXPECT_EQ(ask({.target = "/r/unknown"}).status(), 404);
}

TEST_F(CaptureTest, WritesWhatWasTypedAsTextOnly) {
    const Answered answered = ask({.target = "/r/%3Cscript%3E<b>&\"'"});

    EXPECT_EQ(answered.text.find("<b>"), std::string::npos);
    EXPECT_NE(answered.text.find("&lt;b&gt;&amp;"), std::string::npos);
}

TEST_F(CaptureTest, SuggestsCodesAFewTimesASecond) {
    CaptureParts with = parts();
    int asked = 0;
    with.suggest = [&](std::string_view) {
        ++asked;
        return std::vector<std::string>{"summer"};
    };
    Capture capture(with, duplicates_, salts_, journal(), 0);

    std::string first;
    for (int i = 0; i < 100; ++i) {
        const Answered answered = ask(capture, {.target = "/r/sumer"});
        if (i == 0) first = answered.text;
    }

    EXPECT_TRUE(capture.commit());
    EXPECT_NE(first.find("<a href=\"/r/summer\">summer</a>"), first.npos);
    EXPECT_EQ(asked, 20);
}

TEST_F(CaptureTest, AnswersOtherMethodsWith405) {
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"}) {
        const Answered answered = ask({.method = method});
        EXPECT_EQ(answered.status(), 405) << method;
        EXPECT_EQ(answered.header("Allow"), "GET, HEAD");
    }

    EXPECT_EQ(stored_by_class(), (std::map<Class, int>{{Class::non_get, 6}}));
}

TEST_F(CaptureTest, AnswersHeadAsGetButWithoutBody) {
    EXPECT_FALSE(ask({.method = "HEAD"}).click_id().empty());

    const Answered page = ask({.method = "HEAD", .target = "/r/unknown"});
    EXPECT_EQ(page.status(), 404);
    EXPECT_NE(page.header("Content-Length"), "0");
    EXPECT_TRUE(page.text.ends_with("\r\n\r\n"));
}

TEST_F(CaptureTest, StopsAtTheLastVisit) {
    links::LinkRow link = row(2, "few");
    link.visits_max = 2;
    directory_.put(link);

    for (int i = 0; i < 3; ++i) ask({.target = "/r/few", .ip = person(i)});

    EXPECT_EQ(stored_by_class(), (std::map<Class, int>{{Class::human, 2}, {Class::orphan, 1}}));
    EXPECT_EQ(stored().front().record.flags & ClickFlags::counted_visit, ClickFlags::counted_visit);
}

TEST_F(CaptureTest, PassesParametersThroughWhenTheLinkSaysSo) {
    links::LinkRow link = row(2, "sub");
    link.pass_params = true;
    directory_.put(link);

    const std::string location = ask({.target = "/r/sub?sub1=x"}).header("Location");

    EXPECT_NE(location.find("sub1=x"), location.npos);
    EXPECT_EQ(ask({.target = "/r/summer?sub1=x"}).header("Location").find("sub1"),
              std::string::npos);
}

TEST_F(CaptureTest, AsksForThePasswordAndRecordsNothingUntilItIsGiven) {
    links::LinkRow link = row(2, "secret");
    link.password_hash =
        crypto::hash_password(Secret("open sesame"), {.memory_kib = 8, .passes = 1});
    directory_.put(link);
    UnlockForm form(directory_, unlock_cookies_, pages_);
    const auto post = [&](const std::string& body, Instant now) {
        const std::string raw = "POST /links/unlock HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body;
        return form.handle(http::RequestCopy::parse(raw)->request(), now);
    };

    const Answered locked = ask({.target = "/r/secret"});
    EXPECT_EQ(locked.status(), 200);
    EXPECT_NE(locked.text.find("password for secret"), locked.text.npos);
    EXPECT_TRUE(stored().empty());

    const http::Response wrong = post("code=secret&password=wrong", noon);
    EXPECT_EQ(wrong.status, 403);
    EXPECT_EQ(wrong.headers[1].name, "Content-Security-Policy") << "as pages of clicks";
    const http::Response opened = post("code=secret&password=open+sesame", noon);
    ASSERT_EQ(opened.status, 303);
    EXPECT_EQ(opened.headers[0].value, "/r/secret");
    const std::string cookie = opened.headers[2].value.substr(0, opened.headers[2].value.find(';'));

    const std::string line = "Cookie: " + cookie + "\r\n";
    EXPECT_EQ(ask({.target = "/r/secret", .headers = line}).status(), 302);
    EXPECT_EQ(last_class(), Class::human);
    EXPECT_EQ(ask({.target = "/r/secret", .headers = line, .at = noon + seconds(600)}).status(),
              200);
    std::string forged = line;
    forged[forged.size() - 5] = forged[forged.size() - 5] == '0' ? '1' : '0';
    EXPECT_EQ(ask({.target = "/r/secret", .headers = forged}).status(), 200);

    link.password_hash = crypto::hash_password(Secret("another"), {.memory_kib = 8, .passes = 1});
    directory_.put(link);
    EXPECT_EQ(ask({.target = "/r/secret", .headers = line}).status(), 200);
}

TEST_F(CaptureTest, LimitsTheTriesOfAPassword) {
    links::LinkRow link = row(2, "secret");
    link.password_hash =
        crypto::hash_password(Secret("open sesame"), {.memory_kib = 8, .passes = 1});
    directory_.put(link);
    UnlockForm form(directory_, unlock_cookies_, pages_);
    const auto request = http::RequestCopy::parse(
        "POST /links/unlock HTTP/1.1\r\nHost: x\r\nContent-Length: "
        "22\r\n\r\ncode=secret&password=x");

    for (int i = 0; i < 10; ++i) EXPECT_EQ(form.handle(request->request(), noon).status, 403);
    EXPECT_EQ(form.handle(request->request(), noon).status, 429);
    EXPECT_EQ(form.handle(request->request(), noon + seconds(60)).status, 403);
}

TEST_F(CaptureTest, AnswersUnrecordedWithoutClickIdOnAFrontLoop) {
    UnrecordedCapture front(parts());

    const Answered answered = ask(front, {});

    EXPECT_EQ(answered.status(), 302);
    EXPECT_EQ(answered.click_id(), "");
    EXPECT_EQ(answered.cookie(), "");
    EXPECT_FALSE(answered.answer.wait_for_commit);
    EXPECT_EQ(front.unrecorded(), 1u);
}

TEST_F(CaptureTest, TakesItsClaimsBackWhenTheJournalFails) {
    capture();
    // The journal cannot begin a segment where its directory is gone.
    std::filesystem::rename(folder_.path(), folder_.path().string() + "-away");

    const Answered lost = ask(capture(), {});
    EXPECT_TRUE(lost.answer.wait_for_commit);
    EXPECT_FALSE(capture().commit());
    EXPECT_EQ(capture().stats().unrecorded, 1u);
    std::filesystem::rename(folder_.path().string() + "-away", folder_.path());

    const DuplicateKey key = duplicates_.key_of(*visitor_of_cookie(lost.cookie()), 1);
    Duplicates::Reader reader(duplicates_);
    EXPECT_FALSE(reader.seen(key, noon, seconds(3'600)));
}

TEST_F(CaptureTest, KnowsItsVisitorsAfterARestart) {
    const std::string cookie = ask({}).cookie();
    ask({.ip = "203.0.113.99", .cookie = cookie});
    capture_.reset();
    journal_.reset();

    Duplicates fresh({.slots_max = 1 << 16, .key = {9}}, noon);
    EXPECT_EQ(remember_clicks(fresh, journal(), noon + seconds(10), seconds(3'600)), 1u);
    Capture again(parts(), fresh, salts_, journal(), 0);

    ask(again, {.cookie = cookie, .at = noon + seconds(3'599)});
    ask(again, {.at = noon + seconds(3'599)});
    ask(again, {.cookie = cookie, .at = noon + seconds(3'600)});
    EXPECT_TRUE(again.commit());
    EXPECT_EQ(stored_by_class(), (std::map<Class, int>{{Class::human, 2}, {Class::duplicate, 3}}));
}

TEST_F(CaptureTest, SpendsNoMemoryAfterAWarmUp) {
    journal::Settings roomy = journal::small(folder_.path());
    roomy.segment_bytes = 8u << 20;
    roomy.batch_bytes_max = 4u << 20;
    journal_ = std::make_unique<journal::Journal>(roomy);
    std::vector<std::unique_ptr<http::RequestCopy>> requests;
    for (int i = 0; i < 2'000; ++i) requests.push_back(request({.ip = person(i)}));
    requests.push_back(request({.user_agent = "Googlebot/2.1"}));
    requests.push_back(request({.target = "/r/summer?x=1", .headers = "Purpose: prefetch\r\n"}));
    std::string out;
    out.reserve(1 << 20);
    const auto answer_all = [&](std::size_t from, std::size_t to) {
        out.clear();
        for (std::size_t i = from; i < to; ++i) {
            capture().answer(requests[i]->request(), out);
            if (i % 100 == 0) capture().commit();
        }
        EXPECT_TRUE(capture().commit());
    };
    answer_all(0, 1'000);
    answer_all(2'000, requests.size());

    const std::size_t before = allocations;
    for (std::size_t i = 1'000; i < requests.size(); ++i) {
        out.clear();
        capture().answer(requests[i]->request(), out);
    }
    const std::size_t spent = allocations - before;

    EXPECT_TRUE(capture().commit());
    EXPECT_EQ(spent, 0u);
    EXPECT_EQ(stored_by_class()[Class::human], 2'000);
}

}  // namespace
}  // namespace referral::clicks
