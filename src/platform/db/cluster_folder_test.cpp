#include "platform/db/cluster_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "platform/db/cluster.hpp"
#include "platform/db/run_as.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string refusal(const ClusterSettings& settings) {
    try {
        Cluster cluster(settings);
    } catch (const std::exception& refused) {
        return refused.what();
    }
    return "not refused";
}

fs::path fresh_folder() {
    std::string pattern = "/tmp/no-cluster-XXXXXX";
    return mkdtemp(pattern.data());
}

ClusterSettings settings_of(const fs::path& folder) {
    return {.data_dir = folder, .connections_max = 10, .memory_bytes = 1 << 30};
}

/// A folder without a cluster that works.
class NoClusters : public testing::Test {
protected:
    void SetUp() override {
        folder = fresh_folder();
        run_as({.user = "postgres", .owns = {folder}});
        fs::create_directory(folder / "postgres");
    }
    void TearDown() override { fs::remove_all(folder); }

    void make_data() const { mkdir((folder / "postgres/data").c_str(), 0700); }

    ClusterSettings settings() const { return settings_of(folder); }

    fs::path folder;
};

}  // namespace

TEST_F(NoClusters, AreServedThatAnotherVersionMade) {
    make_data();
    std::ofstream(folder / "postgres/data/PG_VERSION") << "9\n";

    EXPECT_THAT(refusal(settings()), HasSubstr("was made by PostgreSQL 9, but "));
}

TEST_F(NoClusters, AreServedWithoutTheirFiles) {
    make_data();

    EXPECT_THAT(refusal(settings()), HasSubstr("holds no readable PostgreSQL cluster"));
}

TEST_F(NoClusters, AreServedThatOthersCanLookInto) {
    fs::create_directory(folder / "postgres/data");
    chmod((folder / "postgres/data").c_str(), 0755);

    EXPECT_THAT(refusal(settings()), HasSubstr("is open to other users"));
}

TEST_F(NoClusters, FailWithoutTellingWhy) {
    const std::string full =
        "2026-11-22 17:00 [8] FATAL:  could not write: No space left on device\n";
    std::ofstream(folder / "postgres/postgres.log")
        << full << "2026-11-22 17:00 [8] PANIC:  cannot abort\n"
        << "2026-11-22 17:00 [9] FATAL:  the database system is starting up\n";
    const ClusterFolder paths(folder);

    EXPECT_EQ(paths.last_complaint(0), "the disk is full: No space left on device");
    EXPECT_EQ(paths.last_complaint(full.size()), "cannot abort");
    EXPECT_EQ(paths.last_complaint(fs::file_size(paths.log())), "");
}

TEST_F(NoClusters, AreMadeWithoutPostgres) {
    auto elsewhere = settings();
    elsewhere.installations = folder;

    EXPECT_EQ(refusal(elsewhere), "no PostgreSQL below " + folder.string() +
                                      ": install postgresql, or set DATABASE_URL");
}

TEST_F(NoClusters, AreMadeWhereNothingCanBeWritten) {
    EXPECT_THAT(refusal(settings_of("/proc/none")),
                HasSubstr("the folder /proc/none/postgres cannot be made: "));
}

TEST_F(NoClusters, AreLeftHalfMade) {
    fs::create_directory(folder / "postgres/data.new");
    std::ofstream(folder / "postgres/data.new/PG_VERSION") << "15\n";

    Cluster cluster(settings());

    EXPECT_NO_THROW(cluster.wait_until_ready(std::chrono::seconds(60)));
    EXPECT_FALSE(fs::exists(folder / "postgres/data.new"));
}

TEST_F(NoClusters, LetTheirLogGrowWithoutBound) {
    std::ofstream(folder / "postgres/postgres.log") << std::string(9 << 20, 'x');
    const ClusterFolder paths(folder);

    paths.rotate_log();

    EXPECT_EQ(fs::file_size(paths.log()), 0u);
    EXPECT_EQ(fs::file_size(folder / "postgres/postgres.log.1"), 9u << 20);
}

}  // namespace referral::db
