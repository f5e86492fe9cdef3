#include "app/workforce.hpp"

namespace referral::app {

namespace {

/// Beside the pool: the one that listens and the bell's.
constexpr std::size_t connections_apart = 2;
/// Jobs may ask more of the database at once than requests.
constexpr std::chrono::milliseconds statement_timeout{60'000};

db::ConnectionSettings patient(db::ConnectionSettings connection) {
    connection.statement_timeout = statement_timeout;
    return connection;
}

}  // namespace

Workforce::Workforce(const config::Settings& settings, db::ConnectionSettings connection,
                     std::size_t workers, Clock clock)
    : task_settings_(settings),
      kinds_(all_tasks(task_settings_)),
      pool_(patient(std::move(connection)), jobs::Runner::connections_for(workers)),
      bell_(pool_) {
    if (workers > 0)
        runner_ = std::make_unique<jobs::Runner>(
            kinds_, all_schedules(), pool_,
            jobs::Runner::Settings{.clock = clock, .workers = workers});
    hear(pool_);
}

Workforce::~Workforce() { stop(std::chrono::milliseconds(0)); }

std::size_t Workforce::connections_for(std::size_t workers) {
    return jobs::Runner::connections_for(workers) + connections_apart;
}

void Workforce::hear(db::Pool& pool) {
    pool.on_announced([this] {
        if (runner_) runner_->wake();
        bell_.ring();
    });
}

void Workforce::start() {
    if (runner_) runner_->start();
}

void Workforce::stop(std::chrono::milliseconds patience) {
    if (runner_) runner_->stop(patience);
}

}  // namespace referral::app
