#pragma once

/// What the tests of the click path share: links, a journal in a directory of its own, requests.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clicks/capture.hpp"
#include "platform/http/request.hpp"
#include "platform/journal/fixture_test.hpp"

namespace referral::clicks {

inline constexpr std::string_view firefox =
    "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0";

/// One request, as somebody sends it.
struct Visit {
    std::string_view method = "GET";
    std::string target = "/r/summer";
    std::string headers = {};  // Lines with their ends.
    std::string_view user_agent = firefox;
    std::string ip = "203.0.113.7";
    std::string cookie = {};  // Of the visitor; empty: none.
    Instant at = *parse_instant("2026-03-01T12:00:00Z");
    bool secure = false;
};

/// What came back.
struct Answered {
    std::string text;
    http::ClickAnswer answer;

    int status() const { return std::stoi(text.substr(9, 3)); }
    /// The value of a header line, or empty.
    std::string header(std::string_view name) const {
        const std::size_t at = text.find("\r\n" + std::string(name) + ": ");
        if (at == text.npos) return {};
        const std::size_t from = at + name.size() + 4;
        return text.substr(from, text.find("\r\n", from) - from);
    }
    std::string cookie() const {
        const std::string line = header("Set-Cookie");
        return line.starts_with("lv=") ? line.substr(3, 26) : "";
    }
    std::string click_id() const {
        const std::string location = header("Location");
        const std::size_t at = location.find("click_id=");
        return at == location.npos ? "" : location.substr(at + 9, click_id_text_bytes);
    }
};

/// A copy of a click's record that owns its texts.
struct StoredClick {
    ClickRecord record;
    std::string code, query, user_agent;
};

class CaptureTest : public ::testing::Test {
protected:
    CaptureTest() {
        links::ProgramView program{.id = {1}};
        directory_.put(program);
        add(1, "summer");
    }

    static links::LinkRow row(std::int64_t id, std::string code) {
        links::LinkRow link;
        link.id = {id};
        link.user_id = {70 + id};
        link.program_id = {1};
        link.code = std::move(code);
        link.destination_url = "https://quote.example.com/start?a=1";
        return link;
    }
    void add(std::int64_t id, std::string code) { directory_.put(row(id, std::move(code))); }

    static const Crawlers& crawlers() {
        static const Crawlers list("node_modules/crawler-user-agents/crawler-user-agents.json");
        return list;
    }

    CaptureParts parts() const {
        CaptureParts parts;
        parts.directory = &directory_;
        parts.crawlers = &crawlers();
        parts.pages = &pages_;
        parts.unlock_cookies = &unlock_cookies_;
        return parts;
    }

    journal::Journal& journal() {
        if (!journal_)
            journal_ = std::make_unique<journal::Journal>(journal::small(folder_.path()));
        return *journal_;
    }
    Capture& capture() {
        if (!capture_)
            capture_ = std::make_unique<Capture>(parts(), duplicates_, salts_, journal(), 0);
        return *capture_;
    }

    static std::unique_ptr<http::RequestCopy> request(const Visit& visit) {
        std::string raw = std::string(visit.method) + ' ' + visit.target + " HTTP/1.1\r\n";
        raw += "Host: go.example.com\r\n";
        if (!visit.user_agent.empty())
            raw += "User-Agent: " + std::string(visit.user_agent) + "\r\n";
        if (!visit.cookie.empty()) raw += "Cookie: lv=" + visit.cookie + "\r\n";
        http::Origin origin;
        origin.client = *IpAddress::parse(visit.ip);
        origin.received_at = visit.at;
        origin.secure = visit.secure;
        origin.date_line = "Date: Sun, 01 Mar 2026 12:00:00 GMT\r\n";
        return http::RequestCopy::parse(raw + visit.headers + "\r\n", origin);
    }

    static Answered ask(http::ClickPath& path, const Visit& visit) {
        const auto copy = request(visit);
        Answered answered;
        answered.answer = path.answer(copy->request(), answered.text);
        return answered;
    }
    /// Answers and commits.
    Answered ask(const Visit& visit) {
        Answered answered = ask(capture(), visit);
        EXPECT_TRUE(capture().commit());
        return answered;
    }

    /// All clicks of the journal, in its order.
    std::vector<StoredClick> stored() {
        std::vector<StoredClick> clicks;
        for (const journal::SegmentInfo& segment : journal().segments()) {
            auto reader = journal().reader({segment.id, 0});
            for (auto records = reader->read(1 << 20); !records.empty();
                 records = reader->read(1 << 20))
                for (const journal::Record& record : records) {
                    const auto click = decode(record.payload);
                    EXPECT_TRUE(click.has_value());
                    if (click)
                        clicks.push_back({*click, std::string(click->code),
                                          std::string(click->query),
                                          std::string(click->user_agent)});
                }
        }
        return clicks;
    }
    std::map<Class, int> stored_by_class() {
        std::map<Class, int> counts;
        for (const StoredClick& click : stored()) ++counts[click.record.click_class];
        return counts;
    }
    Class last_class() { return stored().back().record.click_class; }

    journal::TestDirectory folder_;
    journal::TestDirectory salts_folder_;
    links::Directory directory_{crypto::SipKey{3}};
    Pages pages_{PageTemplate("404 %CODE% %SUGGESTIONS%"), PageTemplate("410 %CODE%"),
                 PageTemplate("password for %CODE% %MESSAGE%")};
    UnlockCookies unlock_cookies_{crypto::Key{5}};
    Duplicates duplicates_{{.slots_max = 1 << 20, .key = {1}},
                           *parse_instant("2026-03-01T00:00:00Z")};
    Salts salts_{salts_folder_.path(), *parse_instant("2026-03-01T00:00:00Z")};
    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<Capture> capture_;
};

}  // namespace referral::clicks
