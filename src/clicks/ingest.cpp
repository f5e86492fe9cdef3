#include "clicks/ingest.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

#include "clicks/loader.hpp"
#include "clicks/node.hpp"
#include "platform/log/log.hpp"

namespace referral::clicks {

namespace {

constexpr std::chrono::milliseconds hold_every{2'000};
constexpr std::chrono::milliseconds hold_retry{200};
constexpr std::chrono::seconds sweep_every{60};

}  // namespace

std::string directory_key(const std::filesystem::path& journal_directory) {
    struct ::stat status {};
    char host[256] = {};
    if (::stat(journal_directory.c_str(), &status) != 0 ||
        ::gethostname(host, sizeof host - 1) != 0)
        throw std::system_error(errno, std::generic_category(), journal_directory.string());
    return std::string(host) + ':' + std::to_string(status.st_dev) + ':' +
           std::to_string(status.st_ino);
}

/// The threads: one loader each, and one that holds the node and sweeps the journal.
class Ingest::Parts {
public:
    explicit Parts(IngestParts parts)
        : parts_(std::move(parts)),
          node_(parts_.journal->node(), parts_.journal->epoch(), parts_.directory),
          pool_(parts_.database, 1) {
        for (std::uint32_t i = 0; i < parts_.loaders; ++i)
            loaders_.push_back(std::make_unique<Loader>(parts_, node_, i));
    }
    ~Parts() { stop(); }

    void start() {
        threads_.emplace_back([this] { hold(); });
        for (const auto& loader : loaders_)
            threads_.emplace_back([loader = loader.get()] { loader->run(); });
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
            stopping_.notify_all();
        }
        for (const auto& loader : loaders_) loader->stop();
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }

    bool wait_until_caught_up(std::chrono::milliseconds limit) {
        // The second time from now began after now, so it saw everything durable now.
        std::vector<std::uint64_t> wanted;
        for (const auto& loader : loaders_)
            wanted.push_back(loader->counters().caught_up.get() + 2);
        const auto deadline = std::chrono::steady_clock::now() + limit;
        for (std::size_t i = 0; i < loaders_.size(); ++i)
            while (loaders_[i]->counters().caught_up.get() < wanted[i]) {
                if (std::chrono::steady_clock::now() >= deadline) return false;
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
        return true;
    }

    IngestStats stats() const {
        IngestStats stats;
        stats.connected = true;
        std::uint64_t caught_up_at = UINT64_MAX;
        for (const auto& loader : loaders_) {
            const LoaderCounters& counters = loader->counters();
            stats.loaded += counters.loaded.get();
            stats.batches += counters.batches.get();
            stats.failures += counters.failures.get();
            stats.quarantined += counters.quarantined.get();
            stats.reloaded_segments += counters.reloaded.get();
            stats.dimensions_refused += counters.dimensions_refused.get();
            stats.connected = stats.connected && counters.connected;
            caught_up_at = std::min(caught_up_at, counters.caught_up_at.get());
        }
        stats.fenced = node_.fenced();
        stats.caught_up_at = Instant(std::chrono::microseconds(caught_up_at));
        return stats;
    }

private:
    bool pause(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return !stopping_.wait_for(lock, time, [&] { return stop_; });
    }

    void hold() {
        std::chrono::milliseconds wait{0};
        auto swept_at = std::chrono::steady_clock::now();
        while (pause(wait)) {
            try {
                node_.hold(pool_);
                wait = node_.id() ? hold_every : hold_retry;
            } catch (const std::exception& error) {
                // The last word stays: what positions say decides, not this.
                log::warn("ingest_away", error.what());
                wait = hold_retry;
            }
            if (std::chrono::steady_clock::now() - swept_at < sweep_every) continue;
            swept_at = std::chrono::steady_clock::now();
            parts_.journal->sweep(parts_.clock());
        }
    }

    const IngestParts parts_;
    Node node_;
    db::Pool pool_;
    std::vector<std::unique_ptr<Loader>> loaders_;
    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stop_ = false;
};

Ingest::Ingest(IngestParts parts) : parts_(std::make_unique<Parts>(std::move(parts))) {}
Ingest::~Ingest() = default;
void Ingest::start() { parts_->start(); }
void Ingest::stop() { parts_->stop(); }
bool Ingest::wait_until_caught_up(std::chrono::milliseconds limit) {
    return parts_->wait_until_caught_up(limit);
}
IngestStats Ingest::stats() const { return parts_->stats(); }

}  // namespace referral::clicks
