/// Measures the click path alone (look-up, class, visitor, duplicates, record, answer) and, given a
/// migrated database, how fast the journal is loaded into it.
///
///     bench_clicks CRAWLERS_JSON [CLICKS [CONNINFO]]

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>

#include "clicks/clicks.hpp"
#include "platform/http/request.hpp"

namespace referral {
namespace {

using Steady = std::chrono::steady_clock;

Instant now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

double seconds_since(Steady::time_point began) {
    return std::chrono::duration<double>(Steady::now() - began).count();
}

std::vector<std::unique_ptr<http::RequestCopy>> requests(std::size_t count) {
    std::vector<std::unique_ptr<http::RequestCopy>> list;
    for (std::size_t i = 0; i < count; ++i) {
        http::Origin origin;
        origin.client =
            *IpAddress::parse(fmt::format("203.{}.{}.{}", i >> 16 & 255, i >> 8 & 255, i & 255));
        origin.received_at = now();
        origin.date_line = "Date: Sun, 01 Mar 2026 12:00:00 GMT\r\n";
        list.push_back(http::RequestCopy::parse(
            fmt::format("GET /r/code{} HTTP/1.1\r\nHost: go.example.com\r\n"
                        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/{}.0\r\n"
                        "Accept-Language: en\r\nReferer: https://blog.example/post/{}\r\n\r\n",
                        i % 1'000, 100 + i % 40, i % 200),
            origin));
    }
    return list;
}

void capture(journal::Journal& journal, const std::string& crawlers_file, std::size_t clicks,
             const std::filesystem::path& folder) {
    links::Directory directory(crypto::SipKey{1});
    directory.put(links::ProgramView{.id = {1}});
    for (int i = 0; i < 1'000; ++i)
        directory.put(links::LinkRow{.id = {1 + i},
                                     .user_id = {1 + i % 50},
                                     .program_id = {1},
                                     .code = fmt::format("code{}", i),
                                     .destination_url = "https://quote.example.com/start"});
    const clicks::Crawlers crawlers(crawlers_file);
    const clicks::Pages pages{clicks::PageTemplate(""), clicks::PageTemplate(""),
                              clicks::PageTemplate("")};
    const clicks::UnlockCookies cookies(crypto::Key{});
    clicks::Duplicates duplicates({.slots_max = 1 << 24, .key = {1}}, now());
    clicks::Salts salts(folder, now());
    clicks::CaptureParts parts;
    parts.directory = &directory;
    parts.crawlers = &crawlers;
    parts.pages = &pages;
    parts.unlock_cookies = &cookies;
    clicks::Capture path(parts, duplicates, salts, journal, 0);
    const auto list = requests(clicks);

    std::string out;
    double answering = 0, committing = 0;
    for (std::size_t i = 0; i < list.size();) {
        const auto began = Steady::now();
        out.clear();
        for (const std::size_t end = std::min(list.size(), i + 200); i < end; ++i)
            path.answer(list[i]->request(), out);
        answering += seconds_since(began);
        const auto answered = Steady::now();
        path.commit();
        committing += seconds_since(answered);
        if (i % 10'000 == 0) duplicates.maintain(now());
    }
    fmt::print("{} clicks: {:.0f} ns to answer, {:.0f} ns of commit in batches of 200; {} unique\n",
               clicks, answering * 1e9 / static_cast<double>(clicks),
               committing * 1e9 / static_cast<double>(clicks),
               path.stats().by_class[static_cast<std::size_t>(clicks::Class::human)]);
}

void load(journal::Journal& journal, const std::string& conninfo, std::size_t clicks) {
    clicks::IngestParts parts;
    parts.journal = &journal;
    parts.database.url = conninfo;
    parts.directory = "bench";
    parts.clock = now;
    clicks::Ingest ingest(parts);
    const auto began = Steady::now();
    ingest.start();
    const bool done = ingest.wait_until_caught_up(std::chrono::minutes(10));
    fmt::print("{} in {:.1f} s: {:.0f} rows/s, one loader, {} batches, {}\n", ingest.stats().loaded,
               seconds_since(began), static_cast<double>(clicks) / seconds_since(began),
               ingest.stats().batches, done ? "all" : "not all");
}

}  // namespace
}  // namespace referral

int main(int argc, char** argv) {
    namespace journal = referral::journal;
    using referral::capture, referral::load, referral::now;
    if (argc < 2) {
        fmt::print(stderr, "bench_clicks CRAWLERS_JSON [CLICKS [CONNINFO]]\n");
        return 2;
    }
    const std::size_t clicks = argc > 2 ? std::stoul(argv[2]) : 500'000;
    std::string folder = (std::filesystem::temp_directory_path() / "clicks-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return 1;
    {
        journal::Settings settings;
        settings.directory = std::filesystem::path(folder) / "journal";
        settings.clock = now;
        journal::Journal journal(settings);
        capture(journal, argv[1], clicks, folder);
        if (argc > 3) load(journal, argv[3], clicks);
    }
    std::filesystem::remove_all(folder);
}
