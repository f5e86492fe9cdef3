#include "platform/db/cluster_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "base/text.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view socket_name = "/.s.PGSQL.5432";
constexpr std::size_t socket_path_max = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::uintmax_t log_bytes_max = 8 << 20;
constexpr std::uintmax_t space_min = 64 << 10;
constexpr std::string_view disk_full = "the disk is full: No space left on device";

std::string reason(int error) { return std::generic_category().message(error); }

std::string first_line(const fs::path& file) {
    std::string line;
    std::getline(std::ifstream(file), line);
    return line;
}

void make_private(const fs::path& folder) {
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        throw std::runtime_error(
            fmt::format("the folder {} cannot be made: {}", folder.string(), reason(errno)));
}

/// A folder below /tmp is only used again when nobody else can have put it there.
bool is_ours_alone(const fs::path& folder) {
    struct stat status;
    return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

}  // namespace

ClusterFolder::ClusterFolder(const fs::path& data_dir)
    : root_(fs::absolute(data_dir).lexically_normal() / "postgres") {
    std::error_code error;
    fs::create_directories(data_dir, error);
    make_private(root_);
    root_ = fs::canonical(root_);
    lock();
    choose_socket_folder();
}

void ClusterFolder::lock() {
    const auto file = root_ / "lock";
    lock_ = Descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_.is_open())
        throw std::runtime_error(
            fmt::format("{} cannot be written: {}", file.string(), reason(errno)));
    if (flock(lock_.number(), LOCK_EX | LOCK_NB) != 0)
        throw std::runtime_error(fmt::format("{} is in use by another referral program, process {}",
                                             root_.parent_path().string(), first_line(file)));
    const std::string pid = fmt::format("{}\n", getpid());
    // Only for the message above; without it the lock still holds.
    if (ftruncate(lock_.number(), 0) == 0) [[maybe_unused]]
        const auto length = pwrite(lock_.number(), pid.data(), pid.size(), 0);
}

void ClusterFolder::choose_socket_folder() {
    socket_folder_ = root_ / "socket";
    if (socket_folder_.string().size() + socket_name.size() <= socket_path_max)
        return make_private(socket_folder_);
    const auto memory = root_ / "socket_folder";
    socket_folder_ = first_line(memory);
    if (!socket_folder_.empty() && is_ours_alone(socket_folder_)) return;
    std::string pattern = "/tmp/referral-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error(fmt::format("no folder below /tmp: {}", reason(errno)));
    socket_folder_ = pattern;
    std::ofstream(memory, std::ios::trunc) << pattern << '\n';
}

bool ClusterFolder::has_cluster() const {
    std::error_code error;
    return fs::exists(data(), error);
}

fs::path ClusterFolder::programs(const fs::path& installations) const {
    std::error_code error;
    std::int64_t newest = 0;
    for (const auto& entry : fs::directory_iterator(installations, error)) {
        const auto version = parse_int(entry.path().filename().string());
        if (version && fs::exists(entry.path() / "bin" / "postgres", error))
            newest = std::max(newest, *version);
    }
    if (newest == 0)
        throw std::runtime_error(
            fmt::format("no PostgreSQL below {}: install postgresql, or set DATABASE_URL",
                        installations.string()));
    if (!has_cluster()) return installations / fmt::to_string(newest) / "bin";
    const std::string version = first_line(data() / "PG_VERSION");
    if (version.empty())
        throw std::runtime_error(
            fmt::format("{} holds no readable PostgreSQL cluster: move it away or restore it",
                        data().string()));
    const auto fitting = installations / version / "bin";
    if (!fs::exists(fitting / "postgres", error))
        throw std::runtime_error(
            fmt::format("{} was made by PostgreSQL {}, but {} is installed: install postgresql-{}; "
                        "to change over, "
                        "dump it with {} and restore it with {}",
                        data().string(), version, newest, version, version, newest));
    return fitting;
}

void ClusterFolder::check_rights() const {
    struct stat status;
    if (stat(data().c_str(), &status) != 0) return;
    if (status.st_uid != geteuid())
        throw std::runtime_error(
            fmt::format("{} belongs to user {}, but the program runs as user {}", data().string(),
                        status.st_uid, geteuid()));
    if ((status.st_mode & 077) != 0)
        throw std::runtime_error(
            fmt::format("{} is open to other users: chmod 0700 it", data().string()));
}

Descriptor ClusterFolder::open_log() const {
    Descriptor file(open(log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file.is_open()) throw std::system_error(errno, std::generic_category(), log().string());
    return file;
}

void ClusterFolder::rotate_log() const {
    std::error_code error;
    const auto size = fs::file_size(log(), error);
    if (error || size <= log_bytes_max) return;
    // The server keeps its descriptor, so the file is copied and emptied; it appends, so it goes on
    // at the new end. A line written between the two is lost.
    fs::copy_file(log(), log().string() + ".1", fs::copy_options::overwrite_existing, error);
    fs::resize_file(log(), 0, error);
}

std::string ClusterFolder::last_complaint(std::uintmax_t from) const {
    constexpr std::uintmax_t tail_bytes = 16 << 10;
    std::error_code error;
    const auto size = fs::file_size(log(), error);
    if (error) return "";
    std::ifstream file(log());
    const auto start = std::max(from <= size ? from : 0, size - std::min(size, tail_bytes));
    file.seekg(static_cast<std::streamoff>(start));
    std::string complaint;
    for (std::string line; std::getline(file, line);) {
        if (line.find("No space left on device") != line.npos) return std::string(disk_full);
        for (const std::string_view severity : {"FATAL:  ", "PANIC:  ", "initdb: error: "}) {
            const auto at = line.find(severity);
            // Clients that came too early are told so, and that is logged too.
            if (at == line.npos || line.find("the database system is") != line.npos) continue;
            complaint = trimmed(std::string_view(line).substr(at + severity.size()));
        }
    }
    // On a full disk the log may lack the last words too.
    const auto space = fs::space(root_, error);
    if (complaint.empty() && !error && space.available < space_min) return std::string(disk_full);
    return complaint;
}

}  // namespace referral::db
