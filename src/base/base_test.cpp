/// Values at the bottom: times, addresses, ids and URLs, read and written.

#include <gtest/gtest.h>

#include "base/base32.hpp"
#include "base/id.hpp"
#include "base/ip_address.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "base/timezone.hpp"
#include "base/url.hpp"

namespace referral {
namespace {

struct ThingTag {
    static constexpr std::string_view prefix = "thg";
};
using ThingId = Id<ThingTag>;

TEST(Time, ReadsAndWritesTheSameInstant) {
    for (const char* text :
         {"2026-03-01T12:00:00Z", "2026-03-01T12:00:00.250Z", "1969-12-31T23:59:59.000001Z",
          "2024-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"})
        EXPECT_EQ(to_text(parse_instant(text).value()), text);
    EXPECT_EQ(to_text(parse_instant("2026-03-01T12:00:00+05:30").value()), "2026-03-01T06:30:00Z");
}

TEST(Time, RefusesWhatIsNoTime) {
    for (const char* text : {"", "2026-03-01", "2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z",
                             "2026-03-01T12:00:60Z", "2026-03-01T12:00:00", "2026-03-01T12:00:00.Z",
                             "2026-03-01T12:00:00Z ", "2026-3-1T12:00:00Z"})
        EXPECT_FALSE(parse_instant(text)) << text;
    EXPECT_FALSE(parse_day("2026-02-30"));
}

TEST(Time, RefusesYearsThatPostgresqlDoesNotHave) {
    for (const char* text : {"0000-01-01T00:00:00Z", "0000-12-31T23:59:59Z",
                             "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"})
        EXPECT_FALSE(parse_instant(text)) << text;
    EXPECT_FALSE(parse_day("0000-12-31"));
    EXPECT_TRUE(parse_day("9999-12-31"));
}

TEST(IpAddress, HasOneTextForOneClient) {
    EXPECT_EQ(IpAddress::parse("::ffff:203.0.113.7")->text(), "203.0.113.7");
    EXPECT_EQ(IpAddress::parse("2001:DB8:0:0::1")->text(), "2001:db8::1");
    for (const char* text :
         {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[::1]", "::1%lo", "1.2.3.4:80"})
        EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddress, IsKeptWithoutItsLastPart) {
    EXPECT_EQ(IpAddress::parse("203.0.113.77")->anonymous().text(), "203.0.113.0");
    EXPECT_EQ(IpAddress::parse("2001:db8:1:2:3::4")->anonymous().text(), "2001:db8:1::");
}

TEST(IpBlock, ContainsItsAddressesOnly) {
    const IpBlock ten = IpBlock::parse("10.0.0.0/8").value();
    EXPECT_TRUE(ten.contains(*IpAddress::parse("10.255.0.1")));
    EXPECT_FALSE(ten.contains(*IpAddress::parse("11.0.0.1")));
    EXPECT_FALSE(IpBlock::parse("::/0")->contains(*IpAddress::parse("10.0.0.1")));
    for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "x/8"})
        EXPECT_FALSE(IpBlock::parse(text)) << text;
}

TEST(Id, ReadsItsOwnText) {
    for (const std::int64_t value : {1LL, 2LL, 123'456'789LL, 0x7fff'ffff'ffff'ffffLL}) {
        const std::string text = ThingId{value}.text();
        EXPECT_EQ(text.size(), 17u);
        EXPECT_EQ(ThingId::parse(text), ThingId{value});
    }
}

TEST(Id, RefusesAnotherKindsText) {
    const std::string text = ThingId{7}.text();
    EXPECT_FALSE(ThingId::parse("lnk" + text.substr(3)));
    EXPECT_FALSE(ThingId::parse(text + "0"));
    EXPECT_FALSE(ThingId::parse("thg_7"));
}

TEST(Base32, ReadsBackAllBits) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(255 - i);
    EXPECT_EQ(base32::decode_128(base32::encode(bytes)), bytes);
    EXPECT_EQ(base32::decode_64(base32::encode(~0ULL)), ~0ULL);
    EXPECT_FALSE(base32::decode_64("g000000000000"));
}

TEST(Url, TakesWebAddressesOnly) {
    for (const char* text :
         {"https://a.example/x?y=1#z", "https://a.example:8443/", "http://[::1]:80/",
          "https://A.Example", "https://xn--bcher-kva.example/"})
        EXPECT_TRUE(Url::parse(text)) << text;
    for (const char* text :
         {"", "a.example", "//a.example/", "ftp://a.example/", "https:///x",
          "https://user@a.example/", "https://a.example:0/", "https://a.example:99999/",
          "javascript:alert(1)", "https://a b/", "https://a.example/\r\nX: y", "https://a..b/",
          "https://b\xc3\xbc"
          "cher.example/",
          "https://a%2eexample/", "https://a.example\\@evil.example/", "https://a.example/ x",
          "https://a.example:443.evil.example", "https://a.example:x/"})
        EXPECT_FALSE(Url::parse(text)) << text;
}

TEST(HostPattern, MatchesItsHostsOnly) {
    const auto leads = [](const char* pattern, const char* url) {
        return HostPattern::parse(pattern).value().matches(Url::parse(url).value());
    };
    EXPECT_TRUE(leads("a.example", "https://A.example/x"));
    EXPECT_FALSE(leads("a.example", "https://b.a.example/"));
    EXPECT_FALSE(leads("a.example", "https://a.example.evil.example/"));
    EXPECT_FALSE(leads("a.example", "https://a.example:8443/"));
    EXPECT_TRUE(leads("a.example:8443", "https://a.example:8443/"));
    EXPECT_TRUE(leads("*.a.example", "https://b.a.example/"));
    EXPECT_FALSE(leads("*.a.example", "https://a.example/"));
    EXPECT_FALSE(leads("*.a.example", "https://eviLa.example/"));
    for (const char* text : {"", "*", "*.example", "a/b", "https://a.example", "*.*.a.example"})
        EXPECT_FALSE(HostPattern::parse(text)) << text;
}

TEST(Money, IsWrittenWithItsCurrencysDigits) {
    const Currency usd, yen = Currency::parse("JPY").value(),
                        dinar = Currency::parse("KWD").value();
    EXPECT_EQ(to_text(Money{3'900, usd}), "39.00");
    EXPECT_EQ(to_text(Money{-5, usd}), "-0.05");
    EXPECT_EQ(to_text(Money{926, yen}), "926");
    EXPECT_EQ(to_text(Money{1'005, dinar}), "1.005");
    EXPECT_EQ(usd.unit(), 100);
    EXPECT_EQ(yen.unit(), 1);
    EXPECT_EQ(dinar.unit(), 1'000);
}

TEST(Money, IsReadExactlyOrNotAtAll) {
    const Currency usd, yen = Currency::parse("JPY").value();
    EXPECT_EQ(parse_money("39", usd)->minor, 3'900);
    EXPECT_EQ(parse_money("-0.5", usd)->minor, -50);
    for (const char* text :
         {"", "-", "1.", ".5", "1.234", "1e3", "1,00", "10000000000000000", " 1"})
        EXPECT_FALSE(parse_money(text, usd)) << text;
    EXPECT_FALSE(parse_money("1.5", yen));
}

TEST(ExchangeRate, IsReadExactlyOrNotAtAll) {
    const ExchangeRate rate = ExchangeRate::parse("1.0837").value();
    EXPECT_EQ(rate.digits(), 10'837);
    EXPECT_EQ(rate.unit(), 10'000);
    EXPECT_EQ(ExchangeRate::parse("0.0000006667")->digits(), 6'667);
    EXPECT_EQ(ExchangeRate::parse("150")->unit(), 1);
    for (const char* text : {"", "0", "0.00", "-1", "1.", ".5", "1.-5", "1e3", " 1", "1,5", "1.5.2",
                             "1.000000000000000000"})
        EXPECT_FALSE(ExchangeRate::parse(text)) << text;
}

TEST(Timezone, IsOneTheMachineKnows) {
    for (const char* text : {"UTC", "America/Chicago", "Asia/Kathmandu", "Etc/GMT+5"})
        EXPECT_TRUE(Timezone::parse(text)) << text;
    for (const char* text :
         {"", "Mars/Olympus", "../../etc/passwd", "America", "posixrules", "America//Chicago"})
        EXPECT_FALSE(Timezone::parse(text)) << text;
}

}  // namespace
}  // namespace referral
