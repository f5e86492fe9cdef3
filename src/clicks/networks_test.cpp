#include "clicks/networks.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace referral::clicks {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

std::filesystem::path file_with(const std::string& name, std::string_view text) {
    const auto file =
        std::filesystem::path(::testing::TempDir()) / (std::to_string(::getpid()) + name);
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

Networks networks(std::string_view v4, std::string_view v6 = "2001::,2001::ffff,6,Six\n") {
    return {file_with("v4.csv", v4), file_with("v6.csv", v6)};
}

TEST(Networks, HoldTheirRangesToTheLastAddress) {
    const Networks all = networks("1.0.0.0,1.0.0.255,10,Ten\n1.0.4.0,1.0.4.0,20,Twenty\n");

    EXPECT_FALSE(all.find(ip("0.255.255.255")));
    EXPECT_EQ(all.find(ip("1.0.0.0")), (Network{10, "Ten"}));
    EXPECT_EQ(all.find(ip("1.0.0.255")), (Network{10, "Ten"}));
    EXPECT_FALSE(all.find(ip("1.0.1.0")));
    EXPECT_EQ(all.find(ip("1.0.4.0")), (Network{20, "Twenty"}));
    EXPECT_FALSE(all.find(ip("255.255.255.255")));
}

TEST(Networks, KnowBothFamiliesApart) {
    const Networks all = networks("0.0.0.0,255.255.255.255,4,Four\n",
                                  "2001::,2001::ffff:ffff:ffff:ffff:ffff:ffff,6,Six\n"
                                  "2003:5:1::,2003:5:1::,7,Seven\n");

    EXPECT_EQ(all.find(ip("2001::1")), (Network{6, "Six"}));
    EXPECT_EQ(all.find(ip("2003:5:1::")), (Network{7, "Seven"}));
    EXPECT_FALSE(all.find(ip("2003:5:1::1")));
    EXPECT_EQ(all.find(ip("::ffff:1.2.3.4")), (Network{4, "Four"}));
    EXPECT_EQ(all.ranges(), 3U);
}

TEST(Networks, ReadQuotedNames) {
    const Networks all = networks(
        "1.0.0.0,1.0.0.0,1,\"Cloudflare, Inc.\"\r\n"
        "1.0.0.1,1.0.0.1,2,\"The \"\"Net\"\"\"\r\n\r\n"
        "1.0.0.2,1.0.0.2,3,");

    EXPECT_EQ(all.find(ip("1.0.0.0"))->organisation, "Cloudflare, Inc.");
    EXPECT_EQ(all.find(ip("1.0.0.1"))->organisation, "The \"Net\"");
    EXPECT_EQ(all.find(ip("1.0.0.2"))->organisation, "");
}

TEST(Networks, GiveWhatTwoRangesShareToTheLater) {
    const Networks all = networks(
        "1.0.0.0,1.0.0.9,1,Outer\n"
        "1.0.0.3,1.0.0.4,2,Inner\n"
        "1.0.0.8,1.0.0.12,3,Next\n");

    EXPECT_EQ(all.find(ip("1.0.0.2"))->number, 1U);
    EXPECT_EQ(all.find(ip("1.0.0.4"))->number, 2U);
    EXPECT_EQ(all.find(ip("1.0.0.5"))->number, 1U);
    EXPECT_EQ(all.find(ip("1.0.0.7"))->number, 1U);
    EXPECT_EQ(all.find(ip("1.0.0.8"))->number, 3U);
    EXPECT_EQ(all.find(ip("1.0.0.12"))->number, 3U);
}

TEST(Networks, NameTheLineThatIsWrong) {
    for (const char* line :
         {"", "1.0.0.2", "1.0.0.2,1.0.0.1,1,Backwards", "1.0.0.2,1.0.0.3,x,No number",
          "1.0.0.2,1.0.0.3,-1,Negative", "1.0.0.2,::1,1,Mixed", "::2,::3,1,Other family",
          "0.0.0.9,1.0.0.3,1,Out of order", "1.0.0.2,1.0.0.3"}) {
        const std::string text =
            line[0] == '\0' ? "" : "1.0.0.0,1.0.0.1,1,Good\n" + std::string(line);
        try {
            networks(text);
            FAIL() << "taken: " << line;
        } catch (const std::runtime_error& e) {
            const std::string place = text.empty() ? "v4.csv: line 0" : "v4.csv: line 2";
            EXPECT_NE(std::string(e.what()).find(place), std::string::npos) << e.what();
        }
    }
}

TEST(Networks, NameTheFileThatIsMissing) {
    try {
        const Networks all("/nowhere/asn.csv", "/nowhere/asn6.csv");
        FAIL();
    } catch (const std::runtime_error& e) {
        EXPECT_STREQ(e.what(), "/nowhere/asn.csv: cannot be opened");
    }
}

TEST(Networks, FitTheRealFilesIntoLittleMemory) {
    const Networks all("node_modules/@ip-location-db/asn/asn-ipv4.csv",
                       "node_modules/@ip-location-db/asn/asn-ipv6.csv");

    EXPECT_EQ(all.find(ip("1.1.1.1"))->number, 13335U);
    EXPECT_EQ(all.find(ip("8.8.8.8"))->number, 15169U);
    EXPECT_EQ(all.find(ip("2001:4860:4860::8888"))->number, 15169U);
    EXPECT_FALSE(all.find(ip("10.0.0.1")));
    EXPECT_GT(all.ranges(), 400'000U);
    EXPECT_LT(all.bytes(), 60'000'000U);
}

}  // namespace
}  // namespace referral::clicks
