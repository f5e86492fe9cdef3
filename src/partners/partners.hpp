#pragma once

/// Who refers customers to us beside their user: applications, the terms they accepted, profiles,
/// and the programs they take part in. Start with README.md.

#include <functional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "links/links.hpp"
#include "partners/applications.hpp"
#include "partners/enrolment.hpp"
#include "partners/enrolments.hpp"
#include "partners/groups.hpp"
#include "partners/profile.hpp"
#include "partners/terms.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::partners {

/// What the routes work with; all must outlive them.
struct RouteParts {
    accounts::Accounts& accounts;
    links::Links& links;
    std::function<void()> links_changed{};  ///< Called after the commit of a partner's first link.
};

/// Applying, deciding on it, terms, partners, groups, enrolments.
http::RouteTable routes(const RouteParts& parts);

/// The jobs behind answers that must not tell whether somebody has an address, and those that take
/// newcomers in.
jobs::JobTable tasks(const std::string& base_url);
std::vector<jobs::Schedule> schedules();

}  // namespace referral::partners
