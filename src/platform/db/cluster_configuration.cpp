#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "platform/db/cluster_folder.hpp"

namespace referral::db {

namespace {

constexpr std::uint64_t mib = 1 << 20;
constexpr int administration_connections = 5;

/// A text in postgresql.conf.
std::string as_text(const std::filesystem::path& path) {
    std::string result = "'";
    for (const char c : path.string()) {
        if (c == '\'' || c == '\\') result += c;
        result += c;
    }
    return result + '\'';
}

}  // namespace

std::uint64_t memory_bytes_here() {
    std::uint64_t bytes = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                          static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
    for (const char* limit :
         {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
        std::uint64_t limit_bytes = 0;
        if (std::ifstream(limit) >> limit_bytes) bytes = std::min(bytes, limit_bytes);
    }
    return bytes;
}

std::string cluster_configuration(const ClusterSettings& settings,
                                  const std::filesystem::path& socket_folder,
                                  const std::filesystem::path& additions) {
    const std::uint64_t memory =
        (settings.memory_bytes != 0 ? settings.memory_bytes : memory_bytes_here()) / mib;
    return fmt::format(
        R"(# Written at every start of the program; changes go into local.conf beside it.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
port = 5432
max_connections = {connections}

# One part of the machine: the program and the file cache need the rest.
shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
maintenance_work_mem = {maintenance}MB
work_mem = 8MB
random_page_cost = 1.1
jit = off

# What is committed survives. A fast shutdown and a recovery stay short.
fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = lz4
max_wal_size = 1GB
min_wal_size = 128MB
recovery_init_sync_method = syncfs

idle_in_transaction_session_timeout = 5min
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
update_process_title = off

# To stderr, a file the program bounds. No values of rows: they can be personal data.
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] '
log_min_messages = warning
log_error_verbosity = terse
log_parameter_max_length = 0
log_checkpoints = off
log_autovacuum_min_duration = -1
log_lock_waits = on

include_if_exists {additions}
)",
        fmt::arg("socket", as_text(socket_folder)),
        fmt::arg("connections", settings.connections_max + administration_connections),
        fmt::arg("buffers", std::clamp<std::uint64_t>(memory / 16, 32, 512)),
        fmt::arg("cache", std::max<std::uint64_t>(memory / 2, 64)),
        fmt::arg("maintenance", std::clamp<std::uint64_t>(memory / 64, 16, 256)),
        fmt::arg("additions", as_text(additions)));
}

}  // namespace referral::db
