#include "platform/db/cluster.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "platform/db/child_process.hpp"
#include "platform/db/cluster_folder.hpp"
#include "platform/log/log.hpp"

namespace referral::db {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds, std::chrono::steady_clock;

constexpr milliseconds look_while_starting{5};
constexpr milliseconds look_while_running{1'000};
constexpr milliseconds pause_min{100};
constexpr milliseconds pause_max{5'000};
constexpr milliseconds immediate_stop_wait{10'000};
constexpr std::chrono::minutes steady_after{1};

std::string quoted(const fs::path& path) {
    std::string result = "'";
    for (const char c : path.string()) {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + '\'';
}

std::string conninfo_for(const fs::path& socket_folder) {
    return fmt::format("host={} port=5432 user=referral dbname=referral", quoted(socket_folder));
}

void refuse_root() {
    if (geteuid() == 0)
        throw std::runtime_error(
            "PostgreSQL does not run as root: start the program as another user, or name one in "
            "RUN_AS_USER");
}

}  // namespace

/// Owns the thread that starts the server and lives as long: the kernel tells the server of the end
/// of the thread that started it, not of the process.
class Cluster::Supervisor {
public:
    explicit Supervisor(ClusterSettings settings)
        : settings_((refuse_root(), std::move(settings))), folder_(settings_.data_dir) {
        folder_.check_rights();
        programs_ = folder_.programs(settings_.installations);
        if (!folder_.has_cluster()) folder_.make_cluster(programs_);
        conninfo_ = conninfo_for(folder_.socket_folder());
        wake_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (!wake_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
        thread_ = std::thread([this] { run(); });
    }

    ~Supervisor() { stop(); }

    const std::string& conninfo() const { return conninfo_; }

    bool ready() const {
        const std::scoped_lock lock(mutex_);
        return ready_;
    }
    pid_t pid() const {
        const std::scoped_lock lock(mutex_);
        return pid_;
    }
    std::uint64_t restarts() const {
        const std::scoped_lock lock(mutex_);
        return restarts_;
    }

    void wait_until_ready(milliseconds limit) const {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, limit, [&] { return ready_ || stopping_; });
        if (ready_ && !stopping_) return;
        throw std::runtime_error(fmt::format("PostgreSQL in {} does not take connections{}{}",
                                             folder_.data().string(),
                                             complaint_.empty() ? "" : ": ", complaint_));
    }

    void stop() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        eventfd_write(wake_.number(), 1);
        if (thread_.joinable()) thread_.join();
    }

private:
    bool stopping() const {
        const std::scoped_lock lock(mutex_);
        return stopping_;
    }

    void run() {
        auto pause = pause_min;
        while (!stopping()) {
            const auto started = steady_clock::now();
            std::string why;
            try {
                why = serve();
            } catch (const std::exception& broken) {
                why = broken.what();
            }
            if (stopping()) return;
            if (steady_clock::now() - started > steady_after) pause = pause_min;
            log::error("postgres_ended", "PostgreSQL ended and is started again",
                       {{"reason", why}, {"pause_ms", pause.count()}});
            std::unique_lock lock(mutex_);
            complaint_ = why;
            ++restarts_;
            changed_.wait_for(lock, pause, [&] { return stopping_; });
            pause = std::min(2 * pause, pause_max);
        }
    }

    /// One life of the server: from its start to its end, and why that came.
    std::string serve() {
        const auto began = steady_clock::now();
        folder_.end_leftovers(settings_.stop_wait);
        folder_.rotate_log();
        write_configuration();
        const Descriptor output = folder_.open_log();
        const auto log_from = fs::file_size(folder_.log());
        ChildProcess server({.program = programs_ / "postgres",
                             .arguments = {"-D", folder_.data().string(), "-c",
                                           "config_file=" + folder_.configuration().string()},
                             .folder = folder_.data(),
                             .output = output.number(),
                             .death_signal = SIGINT});
        set_pid(server.pid());
        const auto status = watch(server, began);
        set_pid(0);
        const std::string complaint = folder_.last_complaint(log_from);
        return status_text(status) +
               (complaint.empty() ? "" : ", its last complaint: " + complaint);
    }

    /// Written only when it changes, so that a full disk does not keep a server from starting.
    void write_configuration() const {
        const auto file = folder_.configuration();
        const auto text = cluster_configuration(settings_, folder_.socket_folder(),
                                                file.parent_path() / "local.conf");
        std::ostringstream present;
        present << std::ifstream(file).rdbuf();
        if (present.str() == text) return;
        const auto draft = file.string() + ".new";
        std::ofstream stream(draft, std::ios::trunc);
        stream << text;
        stream.close();
        if (!stream)
            throw std::runtime_error(fmt::format("{} cannot be written: {}", draft,
                                                 std::generic_category().message(errno)));
        fs::rename(draft, file);
    }

    /// Waits for the server's end, which `stop` brings about; its status.
    int watch(ChildProcess& server, steady_clock::time_point began) {
        bool ready = false;
        while (true) {
            const auto ended =
                server.wait(ready ? look_while_running : look_while_starting, wake_.number());
            if (ended) return *ended;
            if (stopping()) return end(server);
            if (!ready && folder_.is_ready(server.pid()) &&
                PQping(conninfo_.c_str()) == PQPING_OK) {
                ready = true;
                set_ready(server.pid(), steady_clock::now() - began);
            }
            if (ready) folder_.rotate_log();
        }
    }

    int end(ChildProcess& server) {
        server.signal(SIGINT);
        if (const auto ended = server.wait(settings_.stop_wait)) return *ended;
        log::warn("postgres_slow_stop", "PostgreSQL does not end tidily and is ended at once");
        server.signal(SIGQUIT);
        if (const auto ended = server.wait(immediate_stop_wait)) return *ended;
        server.signal(SIGKILL);
        return server.wait(immediate_stop_wait).value_or(SIGKILL);
    }

    void set_pid(pid_t pid) {
        const std::scoped_lock lock(mutex_);
        pid_ = pid;
        ready_ = false;
    }

    void set_ready(pid_t pid, steady_clock::duration took) {
        {
            const std::scoped_lock lock(mutex_);
            ready_ = true;
            complaint_.clear();
        }
        changed_.notify_all();
        log::info(
            "postgres_ready", "PostgreSQL takes connections",
            {{"pid", pid}, {"took_ms", std::chrono::duration_cast<milliseconds>(took).count()}});
    }

    const ClusterSettings settings_;
    ClusterFolder folder_;
    fs::path programs_;
    std::string conninfo_;
    Descriptor wake_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool ready_ = false;
    bool stopping_ = false;
    pid_t pid_ = 0;
    std::uint64_t restarts_ = 0;
    std::string complaint_;
    std::thread thread_;
};

Cluster::Cluster(ClusterSettings settings)
    : supervisor_(std::make_unique<Supervisor>(std::move(settings))) {}

Cluster::~Cluster() = default;

const std::string& Cluster::conninfo() const { return supervisor_->conninfo(); }

bool Cluster::ready() const { return supervisor_->ready(); }

void Cluster::wait_until_ready(milliseconds limit) const { supervisor_->wait_until_ready(limit); }

void Cluster::stop() { supervisor_->stop(); }

pid_t Cluster::pid() const { return supervisor_->pid(); }

std::uint64_t Cluster::restarts() const { return supervisor_->restarts(); }

std::optional<std::string> conninfo_of_running(const fs::path& data_dir) {
    const fs::path root = fs::absolute(data_dir) / "postgres";
    std::string elsewhere;
    std::ifstream memory(root / "socket_folder");
    std::getline(memory, elsewhere);
    for (const fs::path& folder : {root / "socket", fs::path(elsewhere)}) {
        if (folder.empty()) continue;
        const std::string conninfo = conninfo_for(folder);
        if (PQping(conninfo.c_str()) == PQPING_OK) return conninfo;
    }
    return std::nullopt;
}

}  // namespace referral::db
