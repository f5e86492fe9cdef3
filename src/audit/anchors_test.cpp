#include "audit/anchors.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "audit/fixture_test.hpp"
#include "platform/log/log.hpp"
#include "testing/database_test.hpp"

namespace referral::audit {
namespace {

class AnchorsTest : public AuditTest {
protected:
    static Anchor at(std::int64_t sequence) {
        return {.head = {.sequence = sequence, .hash = crypto::sha256(std::to_string(sequence))},
                .at = noon};
    }
    std::string text() const {
        std::ostringstream text;
        text << std::ifstream(anchors_file()).rdbuf();
        return text.str();
    }
    void put(const std::string& text) const { std::ofstream(anchors_file()) << text; }
};

TEST_F(AnchorsTest, AreReadAsTheyWereWritten) {
    EXPECT_TRUE(anchors_.read().anchors.empty());
    for (const std::int64_t sequence : {5, 9, 9, 12}) anchors_.write(at(sequence));

    const AnchorList list = anchors_.read();

    ASSERT_EQ(list.anchors.size(), 3u) << "the same end is written once";
    EXPECT_EQ(list.anchors[1].head.sequence, 9);
    EXPECT_EQ(list.anchors[1].head.hash, crypto::sha256("9"));
    EXPECT_EQ(list.anchors[1].at, noon);
    EXPECT_EQ(list.unreadable, 0);
    struct stat status;
    ASSERT_EQ(stat(anchors_file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(AnchorsTest, CountWhatWasChanged) {
    anchors_.write(at(5));
    const std::string line = text();
    for (const auto& [from, to] : {std::pair{"\"sequence\":5", "\"sequence\":6"},
                                   {"12:00:00Z", "13:00:00Z"},
                                   {"\"hash\":\"ef", "\"hash\":\"ff"},
                                   {"{", "["}}) {
        std::string changed = line;
        ASSERT_NE(changed.find(from), changed.npos) << from;
        put(changed.replace(changed.find(from), std::string_view(from).size(), to));

        const AnchorList list = anchors_.read();

        EXPECT_EQ(list.anchors.size(), 0u) << to;
        EXPECT_EQ(list.unreadable, 1) << to;
    }
}

TEST_F(AnchorsTest, LeaveOutALineThatWasCutOffAndGoOnAfterIt) {
    anchors_.write(at(5));
    const std::string line = text();
    put(line + line.substr(0, 40));
    EXPECT_EQ(anchors_.read().anchors.size(), 1u);
    EXPECT_EQ(anchors_.read().unreadable, 0);

    anchors_.write(at(6));

    EXPECT_EQ(anchors_.read().anchors.size(), 2u);
    EXPECT_EQ(anchors_.read().unreadable, 0);
}

TEST_F(AnchorsTest, AreAsGoodInTheLog) {
    std::string lines;
    log::configure({.to = [&](std::string_view line) { lines.append(line).append("\n"); }});
    log::info("started", "something else");
    anchors_.write(at(5));
    log::configure({});
    const auto file = folder_ / "log";
    std::ofstream(file) << lines;

    const AnchorList list = anchors_.read_elsewhere(file);

    ASSERT_EQ(list.anchors.size(), 1u) << lines;
    EXPECT_EQ(list.anchors[0].head.hash, crypto::sha256("5"));
    EXPECT_EQ(list.unreadable, 0);
}

TEST_F(AnchorsTest, SayWhereTheChainEnds) {
    anchor(database_.pool(), anchors_, noon);
    EXPECT_TRUE(anchors_.read().anchors.empty()) << "an empty chain has no end";
    add(3);
    extend_chain(database_.pool());
    anchor(database_.pool(), anchors_, noon);

    db::Transaction tx(database_.pool());
    const AnchorList list = anchors_.read();
    ASSERT_EQ(list.anchors.size(), 1u);
    EXPECT_EQ(list.anchors[0].head.sequence, 3);
    EXPECT_EQ(list.anchors[0].head.hash, head(tx).hash);
}

}  // namespace
}  // namespace referral::audit
