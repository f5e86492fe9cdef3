#pragma once

#include <atomic>
#include <vector>

#include "conversions/conversions.hpp"
#include "platform/config/settings.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/mail/mail.hpp"

namespace referral::app {

/// What kinds of jobs work by. `reload` changes it while they run; it outlives them.
struct TaskSettings {
    std::atomic<std::int64_t> click_ip_days = 0;
    std::atomic<std::int64_t> audit_keep_days = 0;
    const std::string base_url;
    const std::chrono::minutes session_idle_max;

    explicit TaskSettings(const config::Settings& settings);
    void reload(const config::Settings& settings) {
        click_ip_days = settings.click_ip_days;
        audit_keep_days = settings.audit_keep_days;
    }
};

/// Every kind of job there is. All must outlive them.
jobs::JobTable all_tasks(const TaskSettings& settings, mail::Mailer& mailer,
                         const conversions::Conversions& conversions);

/// Every schedule.
std::vector<jobs::Schedule> all_schedules();

}  // namespace referral::app
