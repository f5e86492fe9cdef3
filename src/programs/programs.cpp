#include "programs/programs.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "programs/queries.hpp"

namespace referral::programs {

namespace {

bool is_this_machine(const Url& url) {
    return url.host() == "localhost" || url.host() == "127.0.0.1" || url.host() == "::1";
}

template <std::int64_t min, std::int64_t max>
void take(const std::optional<schema::Whole<min, max>>& wanted, std::int64_t& to) {
    if (wanted) to = wanted->value;
}
template <std::int64_t min, std::int64_t max>
void take(const std::optional<std::optional<schema::Whole<min, max>>>& wanted,
          std::optional<std::int64_t>& to) {
    if (wanted) to = *wanted ? std::optional((*wanted)->value) : std::nullopt;
}
template <class T>
void take(const std::optional<T>& wanted, T& to) {
    if (wanted) to = *wanted;
}

/// Amounts of a change, in the currency that the program is to have.
class Amounts {
public:
    Amounts(const Currency& currency, std::vector<FieldError>& errors)
        : currency_(currency), errors_(errors) {}

    std::optional<std::int64_t> read(const Decimal& decimal, std::string field) {
        const auto minor = decimal.in_units_from_zero(currency_.decimals());
        if (!minor)
            errors_.push_back(
                {std::move(field), "must be an amount of " + currency_.text() + ", not below 0"});
        return minor;
    }
    void take(const std::optional<Decimal>& wanted, std::int64_t& to, std::string field) {
        if (wanted) to = read(*wanted, std::move(field)).value_or(to);
    }
    void take(const std::optional<std::optional<Decimal>>& wanted, std::optional<std::int64_t>& to,
              std::string field) {
        if (wanted) to = *wanted ? read(**wanted, std::move(field)) : std::nullopt;
    }

private:
    const Currency& currency_;
    std::vector<FieldError>& errors_;
};

/// The same number of minor units is another amount in another currency.
void check_new_currency(const Program& before, const ProgramChange& wanted,
                        std::vector<FieldError>& errors) {
    if (before.currency_fixed)
        throw conflict("currency", "cannot change any more: there is business in it");
    const auto want = [&](bool is_set, bool is_given, const char* field) {
        if (is_set && !is_given)
            errors.push_back({field, "must be given, too, when the currency changes"});
    };
    want(before.minimum_payout > 0, wanted.minimum_payout.has_value(), "minimum_payout");
    want(before.budget.has_value(), wanted.budget.has_value(), "budget");
    want(before.four_eyes_above.has_value(), wanted.four_eyes_above.has_value(), "four_eyes_above");
}

/// The program as it is wanted. Refuses: invalid, conflict (currency).
Program changed(const Program& before, const ProgramChange& wanted, bool development) {
    constexpr std::size_t hosts_max = 500;
    std::vector<FieldError> errors;
    Program program = before;
    take(wanted.name, program.name);
    take(wanted.kind, program.kind);
    take(wanted.currency, program.currency);
    take(wanted.timezone, program.timezone);
    take(wanted.attribution_model, program.attribution_model);
    take(wanted.click_window_days, program.click_window_days);
    take(wanted.duplicate_window_seconds, program.duplicate_window_seconds);
    take(wanted.half_life_days, program.half_life_days);
    take(wanted.acquisition, program.acquisition);
    take(wanted.lock_days, program.lock_days);
    take(wanted.protection_days, program.protection_days);
    take(wanted.trigger, program.trigger);
    take(wanted.hold_days, program.hold_days);
    take(wanted.allowed_hosts, program.allowed_hosts);
    take(wanted.fallback_url, program.fallback_url);
    take(wanted.status, program.status);
    if (program.currency != before.currency) check_new_currency(before, wanted, errors);
    Amounts amounts(program.currency, errors);
    amounts.take(wanted.minimum_payout, program.minimum_payout, "minimum_payout");
    amounts.take(wanted.budget, program.budget, "budget");
    amounts.take(wanted.four_eyes_above, program.four_eyes_above, "four_eyes_above");
    if (program.allowed_hosts.size() > hosts_max)
        errors.push_back({"allowed_hosts", "must be at most 500"});
    if (wanted.fallback_url && program.fallback_url && !program.fallback_url->is_https() &&
        !development)
        errors.push_back({"fallback_url", "must be an https address"});
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    return program;
}

void write(db::Transaction& tx, const Program& p, Instant now) {
    try {
        tx.one(sql::write, p.id, p.name, p.kind, p.currency, p.timezone, p.attribution_model,
               p.click_window_days, p.duplicate_window_seconds, p.half_life_days, p.acquisition,
               p.lock_days, p.protection_days, p.trigger, p.hold_days, p.minimum_payout, p.budget,
               p.four_eyes_above, p.allowed_hosts, p.fallback_url, p.status, now);
    } catch (const db::Error& error) {
        if (error.is_unique_violation()) throw conflict("name", "is already taken");
        throw;
    }
}

template <class T>
std::optional<std::optional<T>> given(const std::optional<T>& wanted) {
    std::optional<std::optional<T>> both;
    if (wanted) both.emplace(wanted);
    return both;
}

ProgramChange change_of(const NewProgram& wanted) {
    return {.timezone = wanted.timezone,
            .allowed_hosts = wanted.allowed_hosts,
            .fallback_url = given(wanted.fallback_url),
            .click_window_days = wanted.click_window_days,
            .duplicate_window_seconds = wanted.duplicate_window_seconds,
            .kind = wanted.kind,
            .attribution_model = wanted.attribution_model,
            .half_life_days = wanted.half_life_days,
            .acquisition = wanted.acquisition,
            .lock_days = given(wanted.lock_days),
            .protection_days = wanted.protection_days,
            .trigger = wanted.trigger,
            .hold_days = wanted.hold_days,
            .minimum_payout = wanted.minimum_payout,
            .budget = given(wanted.budget),
            .four_eyes_above = given(wanted.four_eyes_above)};
}

}  // namespace

bool Program::allows(const Url& url, bool development) const {
    if (development && is_this_machine(url)) return true;
    if (!url.is_https()) return false;
    return std::ranges::any_of(allowed_hosts,
                               [&](const HostPattern& host) { return host.matches(url); });
}

Program default_program(db::Transaction& tx) { return tx.one(sql::first); }

std::optional<Program> find_default(db::Transaction& tx) { return tx.maybe(sql::first); }

void ensure_default(db::Transaction& tx, Instant now) {
    tx.run_for_effect(sql::insert_default, now);
}

Program create(db::Transaction& tx, const NewProgram& wanted, bool development, Instant now) {
    // What list() can show.
    constexpr std::int64_t programs_max = 1'000;
    if (tx.one(sql::count) >= programs_max)
        throw Problem(Refusal::conflict, "There are 1,000 programs, which is the most.");
    const Program plain{.name = wanted.name, .currency = wanted.currency.value_or(Currency())};
    const Program program = changed(plain, change_of(wanted), development);
    const auto id = tx.maybe(
        sql::insert, program.name, program.kind, program.currency, program.timezone,
        program.attribution_model, program.click_window_days, program.duplicate_window_seconds,
        program.half_life_days, program.acquisition, program.lock_days, program.protection_days,
        program.trigger, program.hold_days, program.minimum_payout, program.budget,
        program.four_eyes_above, program.allowed_hosts, program.fallback_url, now);
    if (!id) throw conflict("name", "is already taken");
    return get(tx, *id);
}

Program change(db::Transaction& tx, ProgramId id, const ProgramChange& wanted, bool development,
               Instant now) {
    write(tx, changed(lock(tx, id), wanted, development), now);
    return get(tx, id);
}

void fix_currency(db::Transaction& tx, ProgramId id) { tx.run_for_effect(sql::fix_currency, id); }

AttributionPolicy policy_at(db::Transaction& tx, ProgramId id, Instant at) {
    if (auto policy = tx.maybe(sql::policy_at, id, at)) return *policy;
    throw not_found("program");
}

std::vector<AttributionPolicy> policies(db::Transaction& tx, ProgramId id) {
    auto all = tx.all(sql::policies, id);
    if (all.empty()) throw not_found("program");
    return all;
}

std::optional<Program> find(db::Transaction& tx, ProgramId id) { return tx.maybe(sql::get, id); }

Program get(db::Transaction& tx, ProgramId id) {
    if (auto program = find(tx, id)) return std::move(*program);
    throw not_found("program");
}

Program lock(db::Transaction& tx, ProgramId id) {
    if (auto program = tx.maybe(sql::lock, id)) return std::move(*program);
    throw not_found("program");
}

std::vector<Program> list(db::Transaction& tx) { return tx.all(sql::list); }

}  // namespace referral::programs
