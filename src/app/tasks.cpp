#include "app/tasks.hpp"

#include "accounts/accounts.hpp"
#include "clicks/clicks.hpp"
#include "links/links.hpp"
#include "operations/operations.hpp"

namespace referral::app {

jobs::JobTable all_tasks(const TaskSettings& settings, mail::Mailer& mailer) {
    jobs::JobTable all;
    const auto add = [&](jobs::JobTable more) {
        for (jobs::JobKind& kind : more) all.push_back(std::move(kind));
    };
    add(mail::tasks(mailer));
    add(accounts::tasks());
    add(links::tasks());
    add(clicks::tasks([&settings] { return std::chrono::days(settings.click_ip_days); }));
    add(operations::tasks());
    return all;
}

std::vector<jobs::Schedule> all_schedules() {
    std::vector<jobs::Schedule> all;
    for (const auto& more : {mail::schedules(), accounts::schedules(), links::schedules(),
                             clicks::schedules(), operations::schedules()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace referral::app
