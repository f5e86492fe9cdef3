#pragma once

#include <memory>

#include "app/sales.hpp"
#include "app/tasks.hpp"
#include "platform/db/pool.hpp"
#include "platform/jobs/bell.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/metrics/metrics.hpp"

namespace referral::app {

/// The workers of this process, with connections of their own so that jobs never take those of
/// requests; and the bell that wakes workers of others. `workers` may be none.
class Workforce {
public:
    Workforce(const config::Settings& settings, db::ConnectionSettings connection,
              std::size_t workers, Clock clock);
    /// As `stop`, with no patience. The pools heard must not be used any more.
    ~Workforce();
    Workforce(const Workforce&) = delete;
    Workforce& operator=(const Workforce&) = delete;

    /// How many connections it may have open.
    static std::size_t connections_for(std::size_t workers);

    /// Jobs committed through `pool` wake the workers. Before the pool is shared.
    void hear(db::Pool& pool);

    /// To be called when the database's schema is there.
    void start();
    void stop(std::chrono::milliseconds patience);
    void reload(const config::Settings& settings) { task_settings_.reload(settings); }

    const jobs::JobTable& kinds() const { return kinds_; }
    const mail::Mailer& mailer() const { return mailer_; }
    /// Null when there are no workers.
    const jobs::Runner* runner() const { return runner_.get(); }

private:
    TaskSettings task_settings_;
    mail::Mailer mailer_;
    const Sales sales_;
    const jobs::JobTable kinds_;
    db::Pool pool_;
    jobs::Bell bell_;
    std::unique_ptr<jobs::Runner> runner_;
};

}  // namespace referral::app
