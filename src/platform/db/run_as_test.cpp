#include "platform/db/run_as.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace referral::db {

namespace {

namespace fs = std::filesystem;

uid_t owner(const fs::path& path) {
    struct stat status {};
    lstat(path.c_str(), &status);
    return status.st_uid;
}

bool binds(std::uint16_t port) {
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound =
        bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ||
        errno == EADDRINUSE;
    close(descriptor);
    return bound;
}

/// Ends the process of a death test: 0 when `good`.
[[noreturn]] void leave(bool good, std::string_view what) {
    if (!good) std::cerr << what << '\n';
    std::_Exit(good ? 0 : 1);
}

/// Each test gives up root in a process of its own; GoogleTest runs death tests first, while the
/// program is still what it was started as.
class RunAsDeathTest : public testing::Test {
protected:
    void SetUp() override {
        if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
        std::string pattern = "/tmp/run-as-XXXXXX";
        folder = mkdtemp(pattern.data());
        chmod(folder.c_str(), 0755);
    }
    void TearDown() override {
        if (!folder.empty()) fs::remove_all(folder);
    }

    fs::path folder;
};

}  // namespace

TEST_F(RunAsDeathTest, GivesUpRootForGood) {
    EXPECT_EXIT(
        {
            run_as({.user = "postgres"});
            leave(geteuid() != 0 && getuid() == geteuid() && setuid(0) != 0 && getgid() != 0 &&
                      !binds(1),
                  "still root");
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(RunAsDeathTest, KeepsTheRightToListenOnLowPortsWhenAsked) {
    EXPECT_EXIT(
        {
            run_as({.user = "postgres", .binds_low_ports = true});
            leave(binds(1) && setuid(0) != 0 && access("/etc/shadow", R_OK) != 0,
                  "low port refused or too many rights");
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(RunAsDeathTest, MakesFoldersAndGivesThemAway) {
    const auto data = folder / "deep" / "data";
    fs::create_directories(data / "inner");
    std::ofstream(data / "inner" / "file") << "x";

    EXPECT_EXIT(
        {
            run_as({.user = "postgres", .owns = {data, folder / "new"}});
            std::ofstream(folder / "new" / "mine") << "x";
            leave(fs::exists(folder / "new" / "mine"), "cannot write");
        },
        testing::ExitedWithCode(0), "");
    EXPECT_NE(owner(data / "inner" / "file"), 0u);
    EXPECT_NE(owner(data), 0u);
    EXPECT_EQ(owner(folder / "deep"), 0u);
}

TEST_F(RunAsDeathTest, DoesNotGiveAwayWhatLinksLeadTo) {
    const auto precious = folder / "precious";
    std::ofstream(precious) << "x";
    fs::create_directory(folder / "data");
    fs::create_symlink(precious, folder / "data" / "link");
    fs::create_symlink(folder, folder / "data" / "above");
    fs::create_hard_link(precious, folder / "data" / "second_name");

    EXPECT_EXIT(
        {
            run_as({.user = "postgres", .owns = {folder / "data"}});
            leave(true, "");
        },
        testing::ExitedWithCode(0), "");
    EXPECT_NE(owner(folder / "data"), 0u);
    EXPECT_EQ(owner(precious), 0u);
    EXPECT_EQ(owner(folder), 0u);
}

TEST_F(RunAsDeathTest, SaysWhichFolderTheUserCannotEnter) {
    chmod(folder.c_str(), 0700);

    EXPECT_EXIT(
        {
            try {
                run_as({.user = "postgres", .owns = {folder / "data"}});
            } catch (const std::runtime_error& refused) {
                std::cerr << refused.what() << '\n';
                std::_Exit(3);
            }
        },
        testing::ExitedWithCode(3), "user postgres cannot enter /tmp/run-as-......: choose");
}

TEST_F(RunAsDeathTest, RefusesAUserThatIsNotThereOrIsRoot) {
    EXPECT_THROW(run_as({.user = "nobody_of_this_name"}), std::runtime_error);
    EXPECT_THROW(run_as({.user = "root"}), std::runtime_error);
    EXPECT_EQ(geteuid(), 0u);
}

}  // namespace referral::db
