#pragma once

/// What keeps the system going, as people see it: jobs, their queues and schedules, and
/// mails.

#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/mail/mail.hpp"

namespace referral::operations {

/// What the routes work with; all must outlive them.
struct RouteParts {
    const jobs::JobTable& kinds;
    std::vector<jobs::Schedule> schedules;
};

http::RouteTable routes(RouteParts parts);

/// The page of mails and the test message. The mailer must outlive them.
http::RouteTable mail_routes(const mail::Mailer& mailer);

/// The upkeep of what is counted.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

/// The settings that administrators change while the program runs.
http::RouteTable settings_routes();

}  // namespace referral::operations
