#include "app/workforce.hpp"

#include "accounts/accounts.hpp"

namespace referral::app {

namespace {

/// Beside the pool: the one that listens and the bell's.
constexpr std::size_t own_connections = 2;

/// A worker is left for other jobs, as long as there are two.
mail::Settings mail_settings(const config::Settings& settings, std::size_t workers) {
    mail::Settings mail = mail::settings_from(settings);
    mail.at_once_max = std::max<std::size_t>(workers, 2) - 1;
    return mail;
}

}  // namespace

Workforce::Workforce(const config::Settings& settings, db::ConnectionSettings connection,
                     std::size_t workers, Clock clock)
    : task_settings_(settings),
      mailer_(mail_settings(settings, workers), accounts::branding),
      sales_(settings, {}),
      kinds_(all_tasks(task_settings_, mailer_, sales_.conversions)),
      pool_(std::move(connection), jobs::Runner::connections_for(workers)),
      bell_(pool_) {
    if (workers > 0)
        runner_ = std::make_unique<jobs::Runner>(
            kinds_, all_schedules(), pool_,
            jobs::Runner::Settings{.clock = clock, .workers = workers});
    hear(pool_);
}

Workforce::~Workforce() { stop(std::chrono::milliseconds(0)); }

std::size_t Workforce::connections_for(std::size_t workers) {
    return jobs::Runner::connections_for(workers) + own_connections;
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
