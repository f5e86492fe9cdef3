/// Measures the directory of codes: memory for each link, looking up, and loading a million of them
/// from the snapshot and, given a migrated database, from PostgreSQL.
///
///     bench_directory [LINKS [CONNINFO]]

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "links/directory_snapshot.hpp"
#include "links/links.hpp"

namespace referral {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point began) {
    return std::chrono::duration<double>(Steady::now() - began).count();
}

/// Resident memory of this process in bytes.
std::size_t resident() {
    std::size_t pages = 0, resident_pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident_pages;
    return resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<std::string> fill(links::Directory& directory, std::int64_t count) {
    std::vector<std::string> codes;
    codes.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) codes.push_back(links::Code::random().text());
    const std::size_t before = resident();
    const auto began = Steady::now();
    for (std::int64_t i = 0; i < count; ++i)
        directory.put(links::LinkRow{
            .id = {i},
            .user_id = {i % 10'000},
            .program_id = {1},
            .code = codes[static_cast<std::size_t>(i)],
            .destination_url =
                "https://quote.example.com/start?campaign=spring&partner=" + std::to_string(i)});
    fmt::print("put {} links: {:.2f} s, {:.0f} bytes a link\n", count, seconds_since(began),
               static_cast<double>(resident() - before) / static_cast<double>(count));
    return codes;
}

void look_up(const links::Directory& directory, const std::vector<std::string>& codes) {
    constexpr std::size_t look_ups = 5'000'000;
    links::Directory::Reader reader(directory);
    std::mt19937_64 chance(1);
    std::vector<const std::string*> order(look_ups);
    for (auto& code : order) code = &codes[chance() % codes.size()];
    std::size_t found = 0;
    const auto began = Steady::now();
    for (const std::string* code : order) {
        found += reader.find(*code) != nullptr;
        reader.pass();
    }
    fmt::print("find: {:.0f} ns each, {} of {} found\n", seconds_since(began) * 1e9 / look_ups,
               found, look_ups);
}

void save_and_load(const links::Directory& directory) {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / fmt::format("bench-{}.snapshot", getpid());
    auto began = Steady::now();
    {
        links::Directory::Reader reader(directory);
        links::write_snapshot(reader, {.database = "bench"}, file);
    }
    fmt::print("write snapshot: {:.2f} s, {} MB\n", seconds_since(began),
               std::filesystem::file_size(file) / 1'000'000);
    began = Steady::now();
    links::Directory other{crypto::SipKey{}};
    links::read_snapshot(other, file);
    fmt::print("read snapshot: {:.2f} s, {} links\n", seconds_since(began), other.stats().links);
    std::filesystem::remove(file);
}

void load(const std::string& conninfo) {
    db::Pool pool({.url = conninfo}, 1);
    links::Directory directory{crypto::SipKey{}};
    links::DirectorySync sync(directory, pool);
    const std::size_t before = resident();
    const auto began = Steady::now();
    sync.step();
    fmt::print("load from PostgreSQL: {:.2f} s, {} links, {} MB more resident\n",
               seconds_since(began), directory.stats().links, (resident() - before) / 1'000'000);
}

void search(const std::string& conninfo) {
    db::Pool pool({.url = conninfo}, 1);
    links::Links links{{.public_url = Url::parse("https://go.example.com").value()}};
    const http::Caller staff{.user_id = 1, .sees_all = true};
    const auto took = [&](std::string_view what, const links::LinkFilter& filter) {
        db::Transaction tx(pool);
        links.list(tx, staff, filter, Instant{});
        const auto began = Steady::now();
        const auto page = links.list(tx, staff, filter, Instant{});
        fmt::print("list {}: {:.1f} ms, {} links\n", what, seconds_since(began) * 1e3,
                   page.links.size());
    };
    for (const char* q : {"a", "ab1", "abcdef", "quote", "spring", "partner=77777", "no such thing",
                          "Name 4711", "https"})
        took(fmt::format("q={}", q), {.q = Line<200>::parse(q)});
    for (const auto& [sort, name] : Names<links::Sort>::list)
        took(fmt::format("sort={}", name), {.sort = sort});
    for (const auto& [status, name] : Names<links::Status>::list)
        took(fmt::format("status={}", name), {.status = status});
    took("user_id", {.user_id = accounts::UserId{77}});
}

}  // namespace

void measure(std::int64_t count, const std::string& conninfo) {
    {
        links::Directory directory{crypto::SipKey{}};
        const auto codes = fill(directory, count);
        look_up(directory, codes);
        save_and_load(directory);
    }
    if (conninfo.empty()) return;
    load(conninfo);
    search(conninfo);
}

}  // namespace referral

int main(int argc, char** argv) {
    referral::measure(argc > 1 ? std::atoll(argv[1]) : 1'000'000, argc > 2 ? argv[2] : "");
}
