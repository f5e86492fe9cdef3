#include "programs/programs.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "programs/queries.hpp"

namespace referral::programs {

namespace {

bool is_this_machine(const Url& url) {
    return url.host() == "localhost" || url.host() == "127.0.0.1" || url.host() == "::1";
}

}  // namespace

bool Program::allows(const Url& url, bool development) const {
    if (development && is_this_machine(url)) return true;
    if (!url.is_https()) return false;
    return std::ranges::any_of(allowed_hosts,
                               [&](const HostPattern& host) { return host.matches(url); });
}

Program default_program(db::Transaction& tx) { return tx.one(sql::first); }

void ensure_default(db::Transaction& tx, Instant now) {
    tx.run_for_effect(sql::insert_default, now);
}

Program get(db::Transaction& tx, ProgramId id) {
    if (auto program = tx.maybe(sql::get, id)) return std::move(*program);
    throw not_found("program");
}

std::vector<Program> list(db::Transaction& tx) { return tx.all(sql::list); }

}  // namespace referral::programs
