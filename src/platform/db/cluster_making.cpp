#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "platform/db/cluster_folder.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes making_time_max{5};

/// Runs one of PostgreSQL's programs to its end, with `input` to read.
void run(const ClusterFolder& folder, const fs::path& program, std::vector<std::string> arguments,
         std::string_view input = "") {
    const auto before = fs::exists(folder.log()) ? fs::file_size(folder.log()) : 0;
    const Descriptor output = folder.open_log();
    const Descriptor text(memfd_create("input", MFD_CLOEXEC));
    if (!text.is_open() || pwrite(text.number(), input.data(), input.size(), 0) < 0)
        throw std::system_error(errno, std::generic_category(), "memfd");
    ChildProcess running({.program = program,
                          .arguments = std::move(arguments),
                          .folder = folder.data().parent_path(),
                          .output = output.number(),
                          .input = text.number(),
                          .death_signal = SIGTERM});
    const auto status = running.wait(making_time_max);
    if (status == 0) return;
    const std::string complaint = folder.last_complaint(before);
    throw std::runtime_error(fmt::format(
        "no PostgreSQL cluster could be made in {}: {}", folder.data().string(),
        !complaint.empty() ? complaint
        : status           ? fmt::format("{} {}", program.filename().string(), status_text(*status))
                           : "too slow"));
}

/// The whole file system in one call: on a busy disk 0.05 s, where initdb's fsync of 950 files took
/// 3 s (ext4, 2026-11). Errors are reported since Linux 5.8.
void sync_files_below(const fs::path& folder) {
    const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || syncfs(opened.number()) != 0)
        throw std::system_error(errno, std::generic_category(), folder.string());
}

void sync_folder(const fs::path& folder) {
    const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || fsync(opened.number()) != 0)
        throw std::system_error(errno, std::generic_category(), folder.string());
}

}  // namespace

void ClusterFolder::make_cluster(const fs::path& programs) const {
    // Made under another name, synced once and then renamed: a half-made one is never taken for a
    // cluster.
    const auto draft = root_ / "data.new";
    fs::remove_all(draft);
    try {
        run(*this, programs / "initdb",
            {"--pgdata", draft.string(), "--username", "referral", "--encoding", "UTF8", "--locale",
             "C.UTF-8", "--data-checksums", "--auth-local", "trust", "--auth-host", "reject",
             "--no-sync", "--no-instructions"});
        run(*this, programs / "postgres",
            {"--single", "-F", "-c", "exit_on_error=on", "-D", draft.string(), "postgres"},
            "create database referral\n");
        sync_files_below(draft);
        fs::rename(draft, data());
        sync_folder(root_);
    } catch (const std::exception&) {
        std::error_code ignored;
        fs::remove_all(draft, ignored);
        throw;
    }
}

}  // namespace referral::db
