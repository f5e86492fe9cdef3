#include "platform/db/cluster.hpp"

#include <gmock/gmock.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "platform/db/child_process.hpp"
#include "platform/db/cluster_folder.hpp"
#include "platform/db/run_as.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::chrono::seconds patience{60};

/// The first value of the answer, or the error.
std::string ask(const std::string& conninfo, const char* sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo.c_str()),
                                                                  PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql),
                                                               PQclear);
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return "done";
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return PQerrorMessage(connection.get());
    return PQntuples(result.get()) == 0 ? "" : PQgetvalue(result.get(), 0, 0);
}

/// Whether the process ends in time.
bool ends(int handle) {
    pollfd watched{handle, POLLIN, 0};
    return poll(&watched, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) == 1;
}

std::string refusal(const ClusterSettings& settings) {
    try {
        Cluster cluster(settings);
    } catch (const std::exception& refused) {
        return refused.what();
    }
    return "not refused";
}

fs::path fresh_folder() {
    std::string pattern = "/tmp/cluster-test-XXXXXX";
    return mkdtemp(pattern.data());
}

ClusterSettings settings_of(const fs::path& folder) {
    return {.data_dir = folder, .connections_max = 10, .memory_bytes = 1 << 30};
}

/// One cluster, made once; every test starts and stops it.
class Clusters : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder = fresh_folder();
        run_as({.user = "postgres", .owns = {folder}});
        Cluster(settings()).wait_until_ready(patience);
    }
    static void TearDownTestSuite() { fs::remove_all(folder); }

    void TearDown() override { fs::remove(folder / "postgres/local.conf"); }

    static ClusterSettings settings() { return settings_of(folder); }

    static inline fs::path folder;
};

/// The cluster under another path, for as long as it lives.
class Moved {
public:
    Moved(fs::path from, fs::path to) : from_(std::move(from)), to_(std::move(to)) {
        fs::create_directories(to_);
        fs::rename(from_ / "postgres", to_ / "postgres");
    }
    ~Moved() { fs::rename(to_ / "postgres", from_ / "postgres"); }
    Moved(const Moved&) = delete;
    Moved& operator=(const Moved&) = delete;

private:
    fs::path from_;
    fs::path to_;
};

}  // namespace

TEST_F(Clusters, AreMadeReadyForUse) {
    Cluster cluster(settings());
    cluster.wait_until_ready(patience);
    const auto& conninfo = cluster.conninfo();

    EXPECT_TRUE(cluster.ready());
    EXPECT_EQ(ask(conninfo, "select current_database() || current_user"), "referralreferral");
    EXPECT_EQ(ask(conninfo, "show server_encoding"), "UTF8");
    EXPECT_EQ(ask(conninfo, "show lc_collate"), "C.UTF-8");
    EXPECT_EQ(ask(conninfo, "show data_checksums"), "on");
    EXPECT_EQ(ask(conninfo, "show fsync"), "on");
    EXPECT_EQ(ask(conninfo, "show listen_addresses"), "");
    EXPECT_EQ(ask(conninfo, "show max_connections"), "15");
    EXPECT_EQ(ask(conninfo, "show shared_buffers"), "64MB");
}

TEST_F(Clusters, KeepWhatIsCommittedOverAStop) {
    {
        Cluster cluster(settings());
        cluster.wait_until_ready(patience);
        ask(cluster.conninfo(),
            "drop table if exists kept; create table kept as select 42 as value");
    }
    Cluster cluster(settings());
    cluster.wait_until_ready(patience);

    EXPECT_EQ(ask(cluster.conninfo(), "select value from kept"), "42");
}

TEST_F(Clusters, LetNobodyElseIn) {
    const Cluster cluster(settings());
    cluster.wait_until_ready(patience);

    for (const auto* name : {"postgres", "postgres/data", "postgres/socket"})
        EXPECT_EQ(fs::status(folder / name).permissions(), fs::perms::owner_all) << name;
    EXPECT_EQ(fs::status(folder / "postgres/socket/.s.PGSQL.5432").permissions(),
              fs::perms::owner_all);
}

TEST_F(Clusters, PassNothingOfOurEnvironmentOn) {
    setenv("LD_PRELOAD_OF_NOBODY", "secret", 1);
    Cluster cluster(settings());
    cluster.wait_until_ready(patience);

    std::ostringstream environment;
    environment << std::ifstream("/proc/" + std::to_string(cluster.pid()) + "/environ").rdbuf();

    EXPECT_THAT(environment.str(), ::testing::StartsWith("PATH="));
    EXPECT_THAT(environment.str(), ::testing::Not(HasSubstr("NOBODY")));
    unsetenv("LD_PRELOAD_OF_NOBODY");
}

TEST_F(Clusters, StandInASessionOfTheirOwn) {
    Cluster cluster(settings());
    cluster.wait_until_ready(patience);

    EXPECT_EQ(getsid(cluster.pid()), cluster.pid());
    EXPECT_NE(getpgid(cluster.pid()), getpgrp());
}

TEST_F(Clusters, StartAgainWhenTheServerIsKilled) {
    Cluster cluster(settings());
    cluster.wait_until_ready(patience);
    ask(cluster.conninfo(), "drop table if exists kept; create table kept as select 42 as value");
    const pid_t first = cluster.pid();
    const Descriptor handle = process_handle(first);

    kill(first, SIGKILL);
    ASSERT_TRUE(ends(handle.number()));
    std::string answer;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (answer != "42" && std::chrono::steady_clock::now() < deadline) {
        answer = ask(cluster.conninfo(), "select value from kept");
        std::this_thread::yield();
    }

    EXPECT_EQ(answer, "42");
    EXPECT_NE(cluster.pid(), first);
    EXPECT_EQ(cluster.restarts(), 1u);
}

TEST_F(Clusters, StartAfterTheProgramAboveThemWasKilled) {
    int channel[2];
    ASSERT_EQ(pipe(channel), 0);
    const pid_t program = fork();
    if (program == 0) {
        Cluster cluster(settings());
        cluster.wait_until_ready(patience);
        ask(cluster.conninfo(),
            "drop table if exists kept; create table kept as select 42 as value");
        const pid_t server = cluster.pid();
        const bool told = write(channel[1], &server, sizeof server) == sizeof server;
        while (told) pause();
        _exit(1);
    }
    pid_t server = 0;
    ASSERT_EQ(read(channel[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
    const Descriptor handle = process_handle(server);

    kill(program, SIGKILL);
    waitpid(program, nullptr, 0);
    Cluster cluster(settings());
    cluster.wait_until_ready(patience);

    EXPECT_TRUE(ends(handle.number()));
    EXPECT_NE(cluster.pid(), server);
    EXPECT_EQ(ask(cluster.conninfo(), "select value from kept"), "42");
    close(channel[0]);
    close(channel[1]);
}

TEST_F(Clusters, EndWithTheProgramAboveThem) {
    int channel[2];
    ASSERT_EQ(pipe(channel), 0);
    const pid_t program = fork();
    if (program == 0) {
        Cluster cluster(settings());
        cluster.wait_until_ready(patience);
        const pid_t server = cluster.pid();
        const bool told = write(channel[1], &server, sizeof server) == sizeof server;
        while (told) pause();
        _exit(1);
    }
    pid_t server = 0;
    ASSERT_EQ(read(channel[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
    const Descriptor handle = process_handle(server);

    kill(program, SIGKILL);
    waitpid(program, nullptr, 0);

    EXPECT_TRUE(ends(handle.number()));
    close(channel[0]);
    close(channel[1]);
}

TEST_F(Clusters, TakeOverFromAServerNobodyStops) {
    const ClusterFolder paths(folder);
    std::ofstream(paths.configuration()) << cluster_configuration(
        settings(), paths.socket_folder(), folder / "postgres" / "local.conf");
    const Descriptor output = paths.open_log();
    ChildProcess stray({.program = paths.programs(ClusterSettings{}.installations) / "postgres",
                        .arguments = {"-D", paths.data().string(), "-c",
                                      "config_file=" + paths.configuration().string()},
                        .folder = paths.data(),
                        .output = output.number()});
    while (!paths.is_ready(stray.pid()))
        ASSERT_EQ(stray.wait(std::chrono::milliseconds(5)), std::nullopt);

    paths.end_leftovers(patience);

    EXPECT_EQ(stray.wait(patience), 0);
    EXPECT_FALSE(fs::exists(paths.data() / "postmaster.pid"));
}

TEST_F(Clusters, IgnoreLockFilesThatNameAProcessOfToday) {
    // The id of a living process of ours that is no PostgreSQL, as after a restart of a container.
    const pid_t other = fork();
    if (other == 0)
        while (true) pause();
    std::ofstream(folder / "postgres/data/postmaster.pid") << other << "\n/nowhere\n";
    std::ofstream(folder / "postgres/socket/.s.PGSQL.5432.lock") << other << "\n/nowhere\n";

    Cluster cluster(settings());

    EXPECT_NO_THROW(cluster.wait_until_ready(patience));
    EXPECT_EQ(kill(other, 0), 0);
    kill(other, SIGKILL);
    waitpid(other, nullptr, 0);
}

TEST_F(Clusters, UseASocketFolderElsewhereWhenTheirPathIsTooLong) {
    const fs::path deep = folder / std::string(100, 'd');
    const Moved moved(folder, deep);
    std::string first;
    {
        Cluster cluster(settings_of(deep));
        cluster.wait_until_ready(patience);
        first = cluster.conninfo();
    }

    Cluster cluster(settings_of(deep));
    cluster.wait_until_ready(patience);

    EXPECT_THAT(first, HasSubstr("host='/tmp/referral-"));
    EXPECT_EQ(cluster.conninfo(), first);
    EXPECT_EQ(ask(first, "select 1"), "1");
    cluster.stop();
    fs::remove_all(first.substr(6, first.find('\'', 6) - 6));
}

TEST_F(Clusters, ServeFoldersOfAnyName) {
    const fs::path odd = folder / "a b'c\\d";
    const Moved moved(folder, odd);

    Cluster cluster(settings_of(odd));
    cluster.wait_until_ready(patience);

    EXPECT_EQ(ask(cluster.conninfo(), "select 1"), "1");
}

TEST_F(Clusters, BelongToOneProgramAtATime) {
    const Cluster cluster(settings());

    EXPECT_EQ(refusal(settings()), folder.string() +
                                       " is in use by another referral program, process " +
                                       std::to_string(getpid()));
}

TEST_F(Clusters, TakeChangesFromAFileOfTheOperator) {
    std::ofstream(folder / "postgres/local.conf") << "work_mem = 5MB\n";

    Cluster cluster(settings());
    cluster.wait_until_ready(patience);

    EXPECT_EQ(ask(cluster.conninfo(), "show work_mem"), "5MB");
}

TEST_F(Clusters, TellWhyTheServerDoesNotStart) {
    std::ofstream(folder / "postgres/local.conf") << "shared_buffers = 1kB\n";
    Cluster cluster(settings());

    try {
        cluster.wait_until_ready(std::chrono::seconds(2));
        FAIL();
    } catch (const std::runtime_error& late) {
        EXPECT_THAT(late.what(), HasSubstr("does not take connections: exited with 1, its last "
                                           "complaint: configuration file"));
    }
}

TEST_F(Clusters, StopWaitingWhenStopped) {
    Cluster cluster(settings());

    cluster.stop();

    EXPECT_THROW(cluster.wait_until_ready(patience), std::runtime_error);
    EXPECT_EQ(cluster.pid(), 0);
    EXPECT_FALSE(cluster.ready());
}

}  // namespace referral::db
