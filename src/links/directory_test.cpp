#include "links/directory.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <thread>

#include "base/base32.hpp"
#include "testing/database_test.hpp"

namespace referral::links {
namespace {

using std::chrono_literals::operator""s, std::chrono_literals::operator""us;
using testing::at;

Url address(std::string_view text) { return Url::parse(text).value(); }

LinkRow row(std::int64_t id, std::string code) {
    return {.id = {id},
            .user_id = {7},
            .program_id = {1},
            .code = std::move(code),
            .destination_url = "https://quote.example.com/start?a=b#top"};
}

std::string text_of(const Destination& destination) {
    std::string text(destination.base);
    if (!destination.query.empty()) (text += '?') += destination.query;
    if (!destination.fragment.empty()) (text += '#') += destination.fragment;
    return text;
}

class DirectoryTest : public ::testing::Test {
protected:
    const Instant now = at("2026-03-01T12:00:00Z");
    Directory directory{crypto::SipKey{1, 2, 3}};
    Directory::Reader reader{directory};

    State state_of(const LinkRow& link) {
        directory.put(link);
        return reader.find(link.code)->state(now);
    }
};

TEST_F(DirectoryTest, FindsACodeHoweverItIsWritten) {
    directory.put(row(5, "oil-10"));

    for (const char* text : {"oil-10", "OIL-10", "0il-lO", "o1i-i0"}) {
        const Entry* entry = reader.find(text);
        ASSERT_TRUE(entry) << text;
        EXPECT_EQ(entry->link_id().value, 5);
        EXPECT_EQ(entry->user_id().value, 7);
        EXPECT_EQ(entry->program_id().value, 1);
        EXPECT_EQ(entry->code(), "oil-10");
    }
    for (const char* text : {"oil-11", "oil-1", "oil-100", "", "a", "oil 10"})
        EXPECT_FALSE(reader.find(text)) << text;
}

TEST_F(DirectoryTest, KeepsEverythingALinkHas) {
    LinkRow link = row(5, "spring");
    link.password_hash = "$argon2id$x";
    link.utm = Utm{.source = Utm::Value::parse("news letter"), .term = Utm::Value::parse("a&b=é")};
    link.pass_params = true;
    directory.put(link);

    const Entry& entry = *reader.find("spring");

    EXPECT_EQ(text_of(entry.destination()), link.destination_url);
    EXPECT_TRUE(entry.has_password());
    EXPECT_EQ(entry.password_hash(), "$argon2id$x");
    EXPECT_EQ(entry.utm(), "utm_source=news%20letter&utm_term=a%26b%3D%C3%A9");
    EXPECT_TRUE(entry.passes_params());
    std::string out;
    entry.append_location(out, entry.destination(), "sub=1", "clk_1");
    EXPECT_EQ(out,
              "https://quote.example.com/start?a=b&sub=1&utm_source=news%20letter"
              "&utm_term=a%26b%3D%C3%A9&ref=spring&click_id=clk_1#top");
}

TEST_F(DirectoryTest, AddsNothingThatALinkHasNot) {
    directory.put(row(5, "plain"));

    const Entry& entry = *reader.find("plain");

    EXPECT_FALSE(entry.has_password() || entry.passes_params() || entry.has_visits_max() ||
                 entry.asks_country() || entry.asks_device());
    std::string out;
    entry.append_location(out, entry.destination(), "sub=1", "clk_1");
    EXPECT_EQ(out, "https://quote.example.com/start?a=b&ref=plain&click_id=clk_1#top");
}

TEST_F(DirectoryTest, SendsVisitorsWhereTheirFirstTargetSays) {
    const std::vector<Country> america{*Country::parse("US"), *Country::parse("CA")};
    LinkRow link = row(5, "target");
    link.targets = {
        {.countries = america,
         .devices = std::vector{Device::mobile, Device::tablet},
         .destination_url = address("https://m.us.example")},
        {.countries = america, .destination_url = address("https://us.example")},
        {.devices = std::vector{Device::mobile}, .destination_url = address("https://m.example")}};
    directory.put(link);

    const Entry& entry = *reader.find("target");
    const auto leads = [&](std::string_view country, Device device) {
        return text_of(entry.destination(country, device));
    };

    EXPECT_TRUE(entry.asks_country() && entry.asks_device());
    EXPECT_EQ(leads("CA", Device::tablet), "https://m.us.example");
    EXPECT_EQ(leads("US", Device::desktop), "https://us.example");
    EXPECT_EQ(leads("DE", Device::mobile), "https://m.example");
    EXPECT_EQ(leads("", Device::mobile), "https://m.example");
    EXPECT_EQ(leads("", Device::other), link.destination_url);
    EXPECT_EQ(leads("SU", Device::desktop), link.destination_url);
    EXPECT_EQ(text_of(entry.destination()), link.destination_url);
}

TEST_F(DirectoryTest, TellsTheStateAtAnyTime) {
    EXPECT_EQ(state_of(row(1, "plain")), State::active);
    for (const auto& [status, state] :
         {std::pair{Status::active, State::active}, std::pair{Status::paused, State::paused},
          std::pair{Status::expired, State::expired}, std::pair{Status::disabled, State::disabled},
          std::pair{Status::banned, State::banned}}) {
        LinkRow link = row(1, "plain");
        link.status = status;
        EXPECT_EQ(state_of(link), state);
    }
    LinkRow window = row(2, "window");
    window.starts_at = now;
    window.expires_at = now + 1us;
    EXPECT_EQ(state_of(window), State::active);
    window.starts_at = now + 1us;
    EXPECT_EQ(state_of(window), State::not_started);
    window.starts_at = std::nullopt;
    window.expires_at = now;
    EXPECT_EQ(state_of(window), State::expired);
    window.status = Status::paused;
    EXPECT_EQ(state_of(window), State::expired);
    LinkRow used_up = row(3, "used-up");
    used_up.visits_max = used_up.visits = 10;
    EXPECT_EQ(state_of(used_up), State::expired);
}

TEST_F(DirectoryTest, KnowsTheProgramAsItIsNow) {
    directory.put(row(1, "plain"));
    const Entry& entry = *reader.find("plain");
    EXPECT_EQ(entry.program().fallback_url, "");
    EXPECT_EQ(entry.program().duplicate_window, 3'600s);

    directory.put({.id = {1}, .fallback_url = "https://f.example", .duplicate_window = 60s});
    EXPECT_EQ(entry.program().fallback_url, "https://f.example");
    EXPECT_EQ(entry.program().duplicate_window, 60s);
    EXPECT_EQ(entry.state(now), State::active);

    directory.put({.id = {1}, .closed = true});
    EXPECT_EQ(entry.state(now), State::disabled);
}

TEST_F(DirectoryTest, CountsVisitsExactlyOverAllThreads) {
    LinkRow link = row(1, "limited");
    link.visits_max = 1'000;
    directory.put(link);
    std::atomic<int> taken = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                Directory::Reader own(directory);
                for (int n = 0; n < 500; ++n)
                    if (own.find("limited")->count_visit()) ++taken;
            });
    }
    EXPECT_EQ(taken, 1'000);
    EXPECT_EQ(reader.find("limited")->state(now), State::expired);
}

TEST_F(DirectoryTest, KeepsCountingWhenALimitedLinkChanges) {
    LinkRow link = row(1, "limited");
    link.visits_max = 2;
    directory.put(link);
    EXPECT_TRUE(reader.find("limited")->count_visit());

    link.destination_url = "https://other.example";
    directory.put(link);
    EXPECT_TRUE(reader.find("limited")->count_visit());
    EXPECT_FALSE(reader.find("limited")->count_visit());

    link.visits_max = 5;
    link.visits = 4;  // Others took two more.
    directory.put(link);
    EXPECT_TRUE(reader.find("limited")->count_visit());
    EXPECT_FALSE(reader.find("limited")->count_visit());
}

TEST_F(DirectoryTest, CountsNothingWithoutALimit) {
    directory.put(row(1, "free"));
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(reader.find("free")->count_visit());
}

TEST_F(DirectoryTest, FindsEveryCodeWhileItGrows) {
    constexpr std::int64_t count = 20'000;
    for (std::int64_t i = 0; i < count; ++i) directory.put(row(i, "code-" + std::to_string(i)));
    reader.pass();
    directory.reclaim();

    for (std::int64_t i = 0; i < count; ++i) {
        const Entry* entry = reader.find("CODE-" + std::to_string(i));
        ASSERT_TRUE(entry) << i;
        ASSERT_EQ(entry->link_id().value, i);
    }
    EXPECT_EQ(directory.stats().links, static_cast<std::size_t>(count));
    EXPECT_EQ(directory.stats().bytes_waiting, 0u);
}

TEST_F(DirectoryTest, FreesWhatChangedOnceEveryReaderPassed) {
    directory.put(row(1, "plain"));
    const Entry* old = reader.find("plain");
    LinkRow changed = row(1, "plain");
    changed.status = Status::paused;
    directory.put(changed);
    directory.reclaim();

    EXPECT_EQ(old->state(now), State::active);
    EXPECT_EQ(reader.find("plain")->state(now), State::paused);
    EXPECT_GT(directory.stats().bytes_waiting, 0u);

    reader.rest();
    directory.reclaim();
    EXPECT_EQ(directory.stats().bytes_waiting, 0u);
    EXPECT_EQ(directory.stats().links, 1u);
}

TEST_F(DirectoryTest, LeavesAlonePutsThatChangeNothing) {
    directory.put(row(1, "plain"));
    const Entry* entry = reader.find("plain");

    directory.put(row(1, "plain"));

    EXPECT_EQ(reader.find("plain"), entry);
}

TEST_F(DirectoryTest, TakesOutWhatIsGone) {
    for (std::int64_t i = 0; i < 100; ++i) directory.put(row(i, "code-" + std::to_string(i)));

    directory.keep_only([](LinkId id) { return id.value % 2 == 0; });

    EXPECT_EQ(directory.stats().links, 50u);
    EXPECT_FALSE(reader.find("code-1"));
    EXPECT_TRUE(reader.find("code-2"));
    directory.put(row(101, "code-1"));
    EXPECT_EQ(reader.find("code-1")->link_id().value, 101);
}

TEST_F(DirectoryTest, ShowsEveryLinkOnce) {
    std::set<std::int64_t> wanted, seen;
    for (std::int64_t i = 0; i < 2'000; ++i) {
        directory.put(row(i, "code-" + std::to_string(i)));
        wanted.insert(i);
    }
    reader.for_each([&](const Entry& entry) { seen.insert(entry.link_id().value); });

    EXPECT_EQ(seen, wanted);
}

TEST_F(DirectoryTest, LetsReadersReadWhileTheWriterChanges) {
    constexpr std::int64_t codes = 3'000;
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    for (std::int64_t i = 0; i < 500; ++i) directory.put(row(i, "code-" + std::to_string(i)));
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                Directory::Reader own(directory);
                for (int n = t; !done; ++n) {
                    const std::int64_t id = n % 500;
                    const Entry* entry = own.find("code-" + std::to_string(id));
                    if (!entry || entry->link_id().value != id ||
                        !text_of(entry->destination()).starts_with("https://quote.example.com"))
                        ++wrong;
                    n % 100 ? own.pass() : own.rest();
                }
            });
        for (int round = 0; round < 5; ++round)
            for (std::int64_t i = 0; i < codes; ++i) {
                LinkRow link = row(i, "code-" + std::to_string(i));
                link.destination_url += std::to_string(round);
                directory.put(link);
                if (i % 64 == 0) directory.reclaim();
            }
        done = true;
    }
    EXPECT_EQ(wrong, 0);
}

TEST(PackedLink, ComesBackAsItWas) {
    Directory directory{crypto::SipKey{}};
    LinkRow link = row(5, "spring");
    link.visits_max = 10;
    link.visits = 3;
    link.expires_at = at("2026-03-01T12:00:00Z");
    const PackedLink packed = PackedLink::of(link);
    directory.put(packed);

    const PackedLink again = Directory::Reader(directory).find("spring")->packed();

    EXPECT_TRUE(again.is_sound());
    EXPECT_EQ(again.link_id, 5);
    EXPECT_EQ(again.program_id, 1);
    EXPECT_EQ(again.visits, 3);
    EXPECT_EQ(again.bytes, packed.bytes);
    EXPECT_EQ(again.flags, packed.flags);
}

TEST(PackedLink, IsNotSoundWhenSomethingIsAmiss) {
    LinkRow link = row(5, "spring");
    link.visits_max = 10;
    link.targets = {{.countries = std::vector{*Country::parse("US")},
                     .destination_url = address("https://us.example")}};
    const PackedLink good = PackedLink::of(link);
    ASSERT_TRUE(good.is_sound());
    for (std::size_t size = 0; size < good.bytes.size(); ++size) {
        PackedLink cut = good;
        cut.bytes.resize(size);
        EXPECT_FALSE(cut.is_sound()) << size;
    }
    PackedLink longer = good;
    longer.bytes += 'x';
    EXPECT_FALSE(longer.is_sound());
    PackedLink other = good;
    other.bytes[0] = '/';
    EXPECT_FALSE(other.is_sound());
    other = good;
    other.code_size = 200;
    EXPECT_FALSE(other.is_sound());
}

}  // namespace
}  // namespace referral::links
