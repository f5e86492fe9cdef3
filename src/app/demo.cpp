#include "app/demo.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "accounts/accounts.hpp"
#include "app/demo_sales.hpp"
#include "base/check.hpp"
#include "clicks/clicks.hpp"
#include "links/links.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"
#include "platform/log/log.hpp"

namespace referral::app {

namespace {

constexpr const char* partners[] = {
    "Alder Freight Partners", "Bluegrass Dispatch",     "Cargo Compass",
    "Delta Lane Advisors",    "Eastline Brokers Blog",  "Five Corners Trucking",
    "Great Lakes Shippers",   "Harbor Street Agents",   "Ironwood Logistics News",
    "Juniper Fleet Services", "Keystone Carriers Club", "Lone Star Loads",
    "Mesa Verde Transport",   "Northway Referrals",     "Old Mill Intermodal",
    "Prairie Wind Drayage",   "Quarry Road Haulers",    "Riverbend 3PL",
    "Summit Pass Freight",    "Tidewater Trade Desk"};

struct Campaign {
    const char* name;
    const char* path;
};
constexpr Campaign campaigns[] = {
    {"Quote request page", "/quote"},
    {"Carrier sign-up", "/carriers/join"},
    {"Driver jobs", "/drivers"},
};

struct Weighted {
    const char* text;
    int weight;
};

// First octets of blocks that are mostly one country's, so that places look like a company's.
constexpr Weighted networks[] = {{"73", 22}, {"24", 12}, {"98", 12}, {"174", 12}, {"68", 8},
                                 {"99", 6},  {"189", 5}, {"84", 4},  {"81", 4},   {"91", 3},
                                 {"83", 2},  {"49", 3},  {"203", 2}, {"177", 2},  {"41", 1}};

constexpr Weighted browsers[] = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/142.0.0.0 Safari/537.36",
     30},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
     24},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/142.0.0.0 Mobile Safari/537.36",
     20},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/18.6 Safari/605.1.15",
     9},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
     8},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", 5},
    {"Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.7 Mobile/15E148 Safari/604.1",
     3},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", 1}};

constexpr Weighted bots[] = {
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 4},
    {"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", 3},
    {"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", 2},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", 2}};

constexpr Weighted referrers[] = {{"", 38},
                                  {"https://www.google.com/", 18},
                                  {"https://www.linkedin.com/feed/", 14},
                                  {"https://www.facebook.com/", 9},
                                  {"https://t.co/x", 5},
                                  {"https://www.youtube.com/watch", 6},
                                  {"https://news.freight.example/weekly", 6},
                                  {"https://forum.drivers.example/thread/812", 4}};

constexpr Weighted campaign_queries[] = {
    {"", 60},
    {"utm_source=newsletter&utm_medium=email&utm_campaign=autumn-rates", 16},
    {"utm_source=linkedin&utm_medium=social&utm_campaign=carrier-drive", 14},
    {"utm_source=podcast&utm_medium=audio&utm_campaign=on-the-road", 10}};

struct Class {
    clicks::Class value;
    int weight;
};
constexpr Class classes[] = {{clicks::Class::human, 74},  {clicks::Class::duplicate, 12},
                             {clicks::Class::bot, 9},     {clicks::Class::prefetch, 3},
                             {clicks::Class::non_get, 1}, {clicks::Class::embedded, 1}};

constexpr int days_shown = 90;
constexpr double clicks_a_day = 620;
constexpr std::size_t batch = 5'000;

/// Reproducible chance: the same company every time.
class Chance {
public:
    double fraction() { return std::uniform_real_distribution<>(0, 1)(random_); }
    int below(int bound) { return std::uniform_int_distribution<>(0, bound - 1)(random_); }
    template <class T, std::size_t size>
    const T& one_of(const T (&list)[size]) {
        int sum = 0;
        for (const T& each : list) sum += each.weight;
        int left = below(sum);
        for (const T& each : list)
            if ((left -= each.weight) < 0) return each;
        return list[0];
    }
    void fill(clicks::Visitor& visitor) {
        for (std::uint8_t& byte : visitor) byte = static_cast<std::uint8_t>(below(256));
    }

private:
    std::mt19937 random_{20'260'101};
};

struct Company {
    std::vector<links::Link> links;
    FirstSignIn sign_in;
};

Company make_company(db::Transaction& tx, const conversions::Conversions& conversions,
                     Instant now) {
    const Instant since = now - std::chrono::days(days_shown + 5);
    links::Links links({.public_url = Url::parse("https://go.logisticsone.example").value()});
    Company company{.sign_in = {.email = "partner1@partners.example",
                                .password = Secret(crypto::random_code(16)),
                                .generated = true}};
    const std::string hash = crypto::hash_password(company.sign_in.password);
    DemoProgram demo = make_demo_program(tx, hash, since, now);
    std::vector<accounts::User> users;
    for (std::size_t i = 0; i < std::size(partners); ++i) {
        const std::string email = "partner" + std::to_string(i + 1) + "@partners.example";
        users.push_back(accounts::create(tx,
                                         {.email = accounts::Email::parse(email).value(),
                                          .name = Line<100>::parse(partners[i]).value(),
                                          .timezone = Timezone::parse("America/Chicago").value(),
                                          .password_hash = hash},
                                         since));
        const http::Caller caller{.user_id = users.back().id.value};
        for (const Campaign& campaign : campaigns)
            company.links.push_back(links.create(
                tx, caller,
                {.destination_url =
                     Url::parse(std::string("https://www.logisticsone.example") + campaign.path)
                         .value(),
                 .name = Line<100>::parse(campaign.name)},
                since + std::chrono::days(1)));
    }
    enrol_demo_partners(tx, demo, users, now);
    DemoBusiness business{.demo = demo,
                          .conversions = conversions,
                          .codes = {},
                          .since = now - std::chrono::days(days_shown),
                          .now = now};
    for (std::size_t i = 0; i < company.links.size(); i += std::size(campaigns))
        business.codes.push_back(company.links[i].code);
    make_demo_sales(tx, business);
    return company;
}

/// How many clicks a day has: more in the middle of the week, growing over the time.
int clicks_of_day(int day, std::chrono::weekday weekday, Chance& chance) {
    const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
    const double growth = 0.7 + 0.6 * day / days_shown;
    return static_cast<int>(clicks_a_day * growth * (weekend ? 0.45 : 1.0) *
                            (0.85 + 0.3 * chance.fraction()));
}

/// A second of the day (UTC): most at noon in Chicago.
std::chrono::microseconds time_of_day(Chance& chance) {
    const double bell = (chance.fraction() + chance.fraction() + chance.fraction()) / 3;
    const double hour = std::fmod(bell * 24 + 6, 24);
    return std::chrono::microseconds(static_cast<std::int64_t>(hour * 3.6e9));
}

/// Links are followed as often as such things are: few much, many little.
const links::Link& some_link(const Company& company, Chance& chance) {
    const double skewed = std::pow(chance.fraction(), 2.4);
    const auto index = static_cast<std::size_t>(skewed * static_cast<double>(company.links.size()));
    // A stride spreads the popular ones over the partners.
    return company.links[(index * 7) % company.links.size()];
}

class ClickWriter {
public:
    ClickWriter(journal::Journal& journal)
        : writer_(journal.writer(0)), ids_(journal.node(), journal.epoch(), 0, 0x2a) {}

    void write(const Company& company, Instant at, Chance& chance) {
        const links::Link& link = some_link(company, chance);
        const Class& kind = chance.one_of(classes);
        const bool is_bot = kind.value == clicks::Class::bot;
        const std::string ip =
            std::string(chance.one_of(networks).text) + '.' + std::to_string(chance.below(256)) +
            '.' + std::to_string(chance.below(256)) + '.' + std::to_string(1 + chance.below(254));
        clicks::ClickRecord record{
            .id = ids_.next(at),
            .clicked_at = at,
            .link_id = link.id.value,
            .user_id = link.user_id.value,
            .program_id = link.program_id.value,
            .click_class = kind.value,
            .ip = IpAddress::parse(ip).value(),
            .user_agent = is_bot ? chance.one_of(bots).text : chance.one_of(browsers).text,
            .referrer = is_bot ? "" : chance.one_of(referrers).text,
            .query = chance.one_of(campaign_queries).text,
            .language = "en-US,en;q=0.5"};
        if (!is_bot) chance.fill(record.visitor);
        const std::size_t size = clicks::encode(record, bytes_);
        CHECK(writer_.append({bytes_.data(), size}).has_value());
        ++written_;
        if (writer_.batch_records() == batch) commit();
    }
    void commit() {
        if (!writer_.commit()) throw std::runtime_error("the journal takes no clicks");
    }
    std::uint64_t written() const { return written_; }

private:
    journal::Writer& writer_;
    clicks::ClickIds ids_;
    std::array<std::byte, clicks::click_record_bytes_max> bytes_;
    std::uint64_t written_ = 0;
};

void write_clicks(const Company& company, journal::Journal& journal, Instant now) {
    Chance chance;
    ClickWriter writer(journal);
    const Day today = std::chrono::floor<std::chrono::days>(now);
    for (int day = 0; day <= days_shown; ++day) {
        const Day date = today - std::chrono::days(days_shown - day);
        std::vector<Instant> times;
        for (int i = clicks_of_day(day, std::chrono::weekday(date), chance); i > 0; --i)
            times.push_back(date + time_of_day(chance));
        std::ranges::sort(times);
        for (const Instant at : times)
            if (at < now) writer.write(company, at, chance);
    }
    writer.commit();
    log::info("demo_made", "a made-up company was made",
              {{"links", company.links.size()}, {"clicks", writer.written()}});
}

constexpr db::Query<bool()> has_partners{
    "select exists (select 1 from users where role = 'partner')"};

}  // namespace

std::optional<FirstSignIn> fill_with_demo(db::Pool& pool, journal::Journal& journal,
                                          const conversions::Conversions& conversions,
                                          Instant now) {
    db::Transaction tx(pool);
    if (tx.one(has_partners)) return std::nullopt;
    Company company = make_company(tx, conversions, now);
    tx.commit();
    write_clicks(company, journal, now);
    return std::move(company.sign_in);
}

}  // namespace referral::app
