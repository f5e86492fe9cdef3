#include "app/tasks.hpp"

#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "clicks/clicks.hpp"
#include "commissions/commissions.hpp"
#include "leads/leads.hpp"
#include "ledger/ledger.hpp"
#include "links/links.hpp"
#include "operations/operations.hpp"
#include "partners/partners.hpp"
#include "platform/http/tasks.hpp"

namespace referral::app {

TaskSettings::TaskSettings(const config::Settings& settings)
    : base_url(settings.base_url), session_idle_max(settings.session_idle_minutes) {
    reload(settings);
}

jobs::JobTable all_tasks(const TaskSettings& settings, mail::Mailer& mailer,
                         const conversions::Conversions& conversions) {
    jobs::JobTable all;
    const auto add = [&](jobs::JobTable more) {
        for (jobs::JobKind& kind : more) all.push_back(std::move(kind));
    };
    add(audit::tasks([&settings] { return std::chrono::days(settings.audit_keep_days); }));
    add(accounts::tasks(settings.base_url, settings.session_idle_max));
    add(partners::tasks(settings.base_url));
    add(mail::tasks(mailer));
    add(http::tasks());
    add(links::tasks());
    add(clicks::tasks([&settings] { return std::chrono::days(settings.click_ip_days); }));
    add(leads::tasks());
    add(conversions::tasks(conversions));
    add(ledger::tasks());
    add(commissions::tasks());
    add(operations::tasks());
    return all;
}

std::vector<jobs::Schedule> all_schedules() {
    std::vector<jobs::Schedule> all;
    for (const auto& more :
         {audit::schedules(), accounts::schedules(), partners::schedules(), mail::schedules(),
          http::schedules(), links::schedules(), clicks::schedules(), leads::schedules(),
          ledger::schedules(), commissions::schedules(), operations::schedules()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace referral::app
