#include "links/directory_snapshot.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace referral::links {
namespace {

const Horizon horizon{.database = "7:1:5", .xid = 100, .next_xid = 120, .at = Instant{}};

class SnapshotTest : public ::testing::Test {
protected:
    SnapshotTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "links-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        file = folder / "links.snapshot";
    }
    ~SnapshotTest() override { std::filesystem::remove_all(folder); }

    void write() {
        Directory::Reader reader(directory);
        write_snapshot(reader, horizon, file);
    }
    std::string contents() const {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void set_contents(std::string_view bytes) const {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    }

    std::filesystem::path folder, file;
    Directory directory{crypto::SipKey{1}};
};

LinkRow row(std::int64_t id) {
    return {.id = {id},
            .user_id = {7},
            .program_id = {1},
            .code = "code-" + std::to_string(id),
            .destination_url = "https://quote.example.com/" + std::to_string(id)};
}

TEST_F(SnapshotTest, BringsEverythingBack) {
    directory.put({.id = {1},
                   .fallback_url = "https://f.example",
                   .duplicate_window = std::chrono::seconds(60),
                   .allowed_hosts = {*HostPattern::parse("*.example.com")}});
    for (std::int64_t id = 0; id < 5'000; ++id) {
        LinkRow link = row(id);
        if (id == 17) link.visits_max = 5;
        if (id == 17) link.visits = 4;
        if (id == 18) link.status = Status::paused;
        directory.put(link);
    }
    write();

    Directory other{crypto::SipKey{2}};
    EXPECT_EQ(read_snapshot(other, file), horizon);

    Directory::Reader reader(other);
    EXPECT_EQ(other.stats().links, 5'000u);
    for (std::int64_t id = 0; id < 5'000; ++id)
        ASSERT_EQ(reader.find("code-" + std::to_string(id))->link_id().value, id);
    EXPECT_TRUE(reader.find("code-17")->count_visit());
    EXPECT_FALSE(reader.find("code-17")->count_visit());
    EXPECT_EQ(reader.find("code-18")->state(Instant{}), State::paused);
    EXPECT_EQ(reader.find("code-1")->program().fallback_url, "https://f.example");
    EXPECT_EQ(reader.find("code-1")->program().allowed_hosts.at(0).text(), "*.example.com");
}

TEST_F(SnapshotTest, IsReadableByItsOwnerOnly) {
    write();
    EXPECT_EQ(std::filesystem::status(file).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SnapshotTest, IsNothingWithoutAFile) { EXPECT_FALSE(read_snapshot(directory, file)); }

TEST_F(SnapshotTest, IsIgnoredWhenSpoiltAnywhere) {
    directory.put(row(1));
    write();
    const std::string good = contents();

    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        set_contents(bad);
        Directory other{crypto::SipKey{}};
        ASSERT_FALSE(read_snapshot(other, file)) << at;
        ASSERT_EQ(other.stats().links, 0u);
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        set_contents(std::string_view(good).substr(0, size));
        Directory other{crypto::SipKey{}};
        ASSERT_FALSE(read_snapshot(other, file)) << size;
    }
    set_contents(good + 'x');
    Directory other{crypto::SipKey{}};
    EXPECT_FALSE(read_snapshot(other, file));
}

TEST_F(SnapshotTest, StaysAsItWasWhenTheNewOneCannotBeWritten) {
    directory.put(row(1));
    write();
    const std::string good = contents();
    std::filesystem::create_directory(file.string() + ".new");

    EXPECT_THROW(write(), std::system_error);

    EXPECT_EQ(contents(), good);
}

}  // namespace
}  // namespace referral::links
