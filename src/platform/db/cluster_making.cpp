#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "platform/db/cluster_folder.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes making_time_max{5};

void run_initdb(const ClusterFolder& folder, const fs::path& programs,
                std::vector<std::string> arguments) {
    const auto before = fs::exists(folder.log()) ? fs::file_size(folder.log()) : 0;
    const Descriptor output = folder.open_log();
    ChildProcess initdb({.program = programs / "initdb",
                         .arguments = std::move(arguments),
                         .folder = folder.data().parent_path(),
                         .output = output.number(),
                         .death_signal = SIGTERM});
    const auto status = initdb.wait(making_time_max);
    if (status == 0) return;
    const std::string complaint = folder.last_complaint(before);
    throw std::runtime_error(fmt::format("no PostgreSQL cluster could be made in {}: {}",
                                         folder.data().string(),
                                         !complaint.empty() ? complaint
                                         : status           ? "initdb " + status_text(*status)
                                                            : "too slow"));
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
        run_initdb(*this, programs,
                   {"--pgdata", draft.string(), "--username", "referral", "--encoding", "UTF8",
                    "--locale", "C.UTF-8", "--data-checksums", "--auth-local", "trust",
                    "--auth-host", "reject", "--no-sync", "--no-instructions"});
        run_initdb(*this, programs, {"--pgdata", draft.string(), "--sync-only"});
        fs::rename(draft, data());
        sync_folder(root_);
    } catch (const std::exception&) {
        std::error_code ignored;
        fs::remove_all(draft, ignored);
        throw;
    }
}

}  // namespace referral::db
