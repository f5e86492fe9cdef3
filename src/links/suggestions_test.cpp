#include <gtest/gtest.h>

#include "links/links.hpp"

namespace referral::links {
namespace {

class Suggestions : public ::testing::Test {
protected:
    Suggestions() { put("spring"); }

    void put(std::string code, Status status = Status::active) {
        directory.put(LinkRow{.id = {++links_made},
                              .code = std::move(code),
                              .destination_url = "https://quote.example.com",
                              .status = status});
    }
    std::vector<std::string> for_typed(std::string_view typed) {
        return suggestions(reader, typed, Instant{});
    }

    std::int64_t links_made = 0;
    Directory directory{crypto::SipKey{}};
    Directory::Reader reader{directory};
};

TEST_F(Suggestions, AreOneEditAway) {
    for (const char* typed : {"sprnig", "sprint", "sprin", "pring", "springs", "xspring", "SPRING5",
                              "spr!ng", "spring.", " sprin ", "sp ring"})
        EXPECT_EQ(for_typed(typed), std::vector<std::string>{"spring"}) << typed;
    for (const char* typed : {"", "spri", "sprngi", "springest", "spr!n!g", "gnirps"})
        EXPECT_TRUE(for_typed(typed).empty()) << typed;
}

TEST_F(Suggestions, FindADrawnCodeWhateverTheSlip) {
    const std::string code = Code::random().text();
    put(code);
    for (std::size_t i = 0; i < code.size(); ++i) {
        std::string typed = code;
        typed[i] = typed[i] == 'z' ? 'y' : 'z';
        if (typed == code) continue;
        EXPECT_EQ(for_typed(typed), std::vector<std::string>{code}) << typed;
    }
}

TEST_F(Suggestions, NameLiveLinksOnly) {
    put("winter", Status::paused);
    EXPECT_TRUE(for_typed("winterx").empty());
}

TEST_F(Suggestions, AreFiveAtMost) {
    for (char c = 'a'; c <= 'h'; ++c) put(std::string("code-") + c);
    EXPECT_EQ(for_typed("code-").size(), 5u);
}

TEST_F(Suggestions, TakeTheLongestCodesAndNothingLonger) {
    put(std::string(64, 'a'));
    EXPECT_EQ(for_typed(std::string(65, 'a')).size(), 1u);
    EXPECT_EQ(for_typed(std::string(63, 'a')).size(), 1u);
    EXPECT_TRUE(for_typed(std::string(100'000, 'a')).empty());
}

}  // namespace
}  // namespace referral::links
