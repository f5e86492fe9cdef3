#include "clicks/visitor.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/crypto/encoding.hpp"

namespace referral::clicks {
namespace {

class VisitorSalts : public ::testing::Test {
protected:
    VisitorSalts() {
        std::string pattern = (std::filesystem::temp_directory_path() / "salts-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
    }
    ~VisitorSalts() override { std::filesystem::remove_all(directory_); }

    std::string file() const {
        std::ifstream in(directory_ / "visitor_salts");
        std::stringstream text;
        text << in.rdbuf();
        return text.str();
    }

    std::filesystem::path directory_;
};

Instant at(const char* text) { return *parse_instant(text); }

TEST(VisitorCookie, IsReadAsItWasWritten) {
    Visitor visitor{};
    for (std::size_t i = 0; i < visitor.size(); ++i) visitor[i] = static_cast<std::uint8_t>(i * 17);

    std::string line;
    append_visitor_cookie(line, visitor, true);

    EXPECT_TRUE(line.starts_with("Set-Cookie: lv="));
    EXPECT_TRUE(line.ends_with("; Path=/; Max-Age=34128000; HttpOnly; SameSite=Lax; Secure\r\n"));
    EXPECT_EQ(visitor_of_cookie(line.substr(15, 26)), visitor);
}

TEST(VisitorCookie, LeavesSecureOutOnPlainConnections) {
    std::string line;
    append_visitor_cookie(line, Visitor{}, false);

    EXPECT_EQ(line.find("Secure"), std::string::npos);
}

TEST(VisitorCookie, OfAnyOtherFormIsIgnored) {
    for (const char* value :
         {"", "x", "0123456789abcdef0123456789", "\"00000000000000000000000000\"",
          "zzzzzzzzzzzzzzzzzzzzzzzzzz", "000000000000000000000000000"})
        EXPECT_EQ(visitor_of_cookie(value).has_value(),
                  std::string_view(value) == "0123456789abcdef0123456789")
            << value;
}

TEST(Fingerprint, TellsAddressesAgentsAndDaysApart) {
    const IpAddress ip = *IpAddress::parse("203.0.113.7");
    const crypto::SipKey salt{1}, other_salt{2};
    const Visitor visitor = fingerprint(salt, ip, "Firefox");

    EXPECT_EQ(visitor, fingerprint(salt, ip, "Firefox"));
    EXPECT_NE(visitor, fingerprint(salt, *IpAddress::parse("203.0.113.8"), "Firefox"));
    EXPECT_NE(visitor, fingerprint(salt, ip, "Chrome"));
    EXPECT_NE(visitor, fingerprint(other_salt, ip, "Firefox"));
}

TEST(Fingerprint, LooksNoFurtherThanTheJournalKeeps) {
    const std::string agent(ClickRecord::user_agent_bytes_max, 'a');

    EXPECT_EQ(fingerprint({}, {}, agent + "b"), fingerprint({}, {}, agent + "c"));
}

TEST_F(VisitorSalts, AreTheSameAfterARestart) {
    const Instant now = at("2026-03-01T12:00:00Z");
    const DaySalts before = Salts(directory_, now).at(now);

    const DaySalts after = Salts(directory_, now).at(now);

    EXPECT_EQ(before.today, after.today);
    EXPECT_EQ(before.yesterday.size(), after.yesterday.size());
}

TEST_F(VisitorSalts, OfTodayAreTomorrowsYesterday) {
    Salts salts(directory_, at("2026-03-01T23:59:59Z"));
    const DaySalts before = salts.at(at("2026-03-01T23:59:59.999999Z"));

    const DaySalts after = salts.at(at("2026-03-02T00:00:00Z"));

    EXPECT_EQ(after.yesterday, before.today);
    EXPECT_NE(after.today, before.today);
}

TEST_F(VisitorSalts, ForTomorrowAreSavedAhead) {
    Salts first(directory_, at("2026-03-01T12:00:00Z"));
    const DaySalts tomorrow = first.at(at("2026-03-02T00:00:01Z"));

    Salts second(directory_, at("2026-03-02T00:00:02Z"));

    EXPECT_EQ(second.at(at("2026-03-02T00:00:03Z")).today, tomorrow.today);
}

TEST_F(VisitorSalts, AreDestroyedAfterTheSecondMidnight) {
    Salts salts(directory_, at("2026-03-01T12:00:00Z"));
    const std::string key = crypto::to_hex(salts.at(at("2026-03-01T12:00:00Z")).today);
    ASSERT_NE(file().find(key), std::string::npos);

    salts.maintain(at("2026-03-02T23:59:59Z"));
    EXPECT_NE(file().find(key), std::string::npos);
    salts.maintain(at("2026-03-03T00:00:00Z"));

    EXPECT_EQ(file().find(key), std::string::npos);
}

TEST_F(VisitorSalts, BeginAnewWhenTheFileIsDamaged) {
    std::ofstream(directory_ / "visitor_salts") << "2026-13-99 zz\n\xff\xfe";

    Salts salts(directory_, at("2026-03-01T12:00:00Z"));

    EXPECT_NE(salts.at(at("2026-03-01T12:00:00Z")).today, crypto::SipKey{});
}

}  // namespace
}  // namespace referral::clicks
