#include "platform/db/pool.hpp"

namespace referral::db {

namespace {
constexpr std::chrono::milliseconds wait_max{1'000};
/// After a restart of the server every idle connection is dead: as many tries as there are of them.
constexpr std::size_t dead_connections_spare = 2;
}  // namespace

Pool::Pool(ConnectionSettings settings, std::size_t size)
    : settings_(std::move(settings)), size_(size) {}

Pool::Lease::~Lease() {
    if (!pool_ || !connection_) return;
    if (broken_ || !connection_->is_alive()) connection_.reset();
    pool_->give_back(std::move(connection_));
}

void Pool::Lease::announce() const {
    if (pool_->announced_) pool_->announced_();
}

Pool::Lease Pool::begin() {
    for (std::size_t attempt = 0;; ++attempt) {
        Lease taken = lease();
        try {
            taken->run_script("begin");
            return taken;
        } catch (const Error& error) {
            taken.discard();
            if (!error.is_unavailable() || attempt >= size_ + dead_connections_spare) throw;
        }
    }
}

Pool::Lease Pool::lease() {
    std::unique_lock lock(mutex_);
    const auto free = [&] { return !idle_.empty() || lent_ < size_; };
    if (!returned_.wait_for(lock, wait_max, free))
        throw Error("53300", "", "no database connection came free within a second");
    ++lent_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return Lease(*this, std::move(connection));
    }
    lock.unlock();
    try {
        return Lease(*this, std::make_unique<Connection>(settings_));
    } catch (const std::exception&) {
        give_back(nullptr);
        throw;
    }
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        --lent_;
        if (connection) idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
}

std::unique_ptr<Connection> Pool::connect(std::chrono::milliseconds statement_timeout) const {
    ConnectionSettings settings = settings_;
    settings.statement_timeout = statement_timeout;
    return std::make_unique<Connection>(settings);
}

std::size_t Pool::connections_in_use() const {
    const std::lock_guard lock(mutex_);
    return lent_;
}

}  // namespace referral::db
