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

Program change(db::Transaction& tx, ProgramId id, const ProgramChange& wanted, bool development,
               Instant now) {
    constexpr std::size_t hosts_max = 500;
    if (wanted.allowed_hosts && wanted.allowed_hosts->size() > hosts_max)
        throw invalid("allowed_hosts", "must be at most 500");
    const auto fallback = wanted.fallback_url.value_or(std::nullopt);
    if (fallback && !fallback->is_https() && !development)
        throw invalid("fallback_url", "must be an https address");
    try {
        tx.run_for_effect(sql::change, id, wanted.name, wanted.timezone, wanted.allowed_hosts,
                          wanted.fallback_url.has_value(), fallback, wanted.click_window_days,
                          wanted.duplicate_window_seconds, now);
    } catch (const db::Error& error) {
        if (error.is_unique_violation()) throw conflict("name", "is already taken");
        throw;
    }
    return get(tx, id);
}

Program get(db::Transaction& tx, ProgramId id) {
    if (auto program = tx.maybe(sql::get, id)) return std::move(*program);
    throw not_found("program");
}

Program lock(db::Transaction& tx, ProgramId id) {
    if (auto program = tx.maybe(sql::lock, id)) return std::move(*program);
    throw not_found("program");
}

std::vector<Program> list(db::Transaction& tx) { return tx.all(sql::list); }

}  // namespace referral::programs
