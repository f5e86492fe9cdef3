/// Which processes use a cluster's folder, and how they are ended.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <thread>

#include "base/text.hpp"
#include "platform/db/cluster_folder.hpp"
#include "platform/log/log.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds, std::chrono::steady_clock;

constexpr milliseconds look_again{5};
constexpr milliseconds patience_at_once{5'000};

/// What the server writes about itself into postmaster.pid, line by line.
struct ServerFile {
    pid_t pid = 0;
    std::string status;  // "starting", "ready", "stopping".
};

std::optional<ServerFile> read_server_file(const fs::path& data) {
    constexpr int status_line = 8;
    std::ifstream file(data / "postmaster.pid");
    std::string line;
    ServerFile server;
    for (int number = 1; number <= status_line && std::getline(file, line); ++number) {
        if (number == 1) server.pid = static_cast<pid_t>(parse_int(trimmed(line)).value_or(0));
        if (number == status_line) server.status = trimmed(line);
    }
    return server.pid > 0 ? std::optional(server) : std::nullopt;
}

/// Whether the process is a PostgreSQL at work in `data`: its server changes to that folder, and
/// all its processes inherit it. A process id alone proves nothing, since ids come again.
bool works_in(const fs::path& process, const fs::path& data) {
    std::error_code error;
    const auto folder = fs::read_symlink(process / "cwd", error);
    if (error || folder != data) return false;
    const auto program = fs::read_symlink(process / "exe", error).filename().string();
    return !error && program.starts_with("postgres");
}

std::vector<pid_t> processes_in(const fs::path& data) {
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const auto pid = parse_int(entry.path().filename().string());
        if (pid && works_in(entry.path(), data)) found.push_back(static_cast<pid_t>(*pid));
    }
    return found;
}

/// Waits until none is left, looking again and again: they are not our children.
bool gone_within(const fs::path& data, milliseconds limit) {
    const auto deadline = steady_clock::now() + limit;
    while (!processes_in(data).empty()) {
        if (steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(look_again);
    }
    return true;
}

void signal_all(const fs::path& data, int signal) {
    for (const pid_t pid : processes_in(data)) kill(pid, signal);
}

}  // namespace

bool ClusterFolder::is_ready(pid_t pid) const {
    const auto server = read_server_file(data());
    return server && server->pid == pid && server->status == "ready";
}

void ClusterFolder::end_leftovers(milliseconds limit) const {
    const auto left = processes_in(data());
    const auto server = read_server_file(data());
    if (!left.empty()) {
        log::warn("postgres_left_over", "a PostgreSQL is left over from a killed program",
                  {{"processes", left.size()}, {"pid", server ? server->pid : 0}});
        const bool has_server = server && std::ranges::find(left, server->pid) != left.end();
        if (has_server) kill(server->pid, SIGINT);
        // Without their server the others end by themselves, unless one is busy.
        bool gone = gone_within(data(), has_server ? limit : milliseconds(500));
        if (!gone) signal_all(data(), SIGQUIT);
        gone = gone || gone_within(data(), patience_at_once);
        if (!gone) signal_all(data(), SIGKILL);
        gone_within(data(), patience_at_once);
    }
    std::error_code error;
    fs::remove(data() / "postmaster.pid", error);
    fs::remove(socket_folder() / ".s.PGSQL.5432.lock", error);
    fs::remove(socket_folder() / ".s.PGSQL.5432", error);
}

}  // namespace referral::db
