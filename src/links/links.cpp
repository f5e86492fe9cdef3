#include "links/links.hpp"

#include "base/problem.hpp"
#include "links/queries.hpp"
#include "platform/crypto/password.hpp"

namespace referral::links {

namespace {

constexpr int random_code_attempts_max = 5;
constexpr std::string_view links_path = "/r/";

sql::Owner owner_of(const http::Caller& caller) {
    if (caller.sees_all) return std::nullopt;
    return caller.user_id;
}

/// The port that a browser would connect to.
std::string_view port_of(const Url& url) {
    if (!url.port().empty()) return url.port();
    return url.is_https() ? "443" : "80";
}

bool same_place(const Url& a, const Url& b) {
    return a.host() == b.host() && port_of(a) == port_of(b);
}

/// Whether a link may go from one status to the other.
constexpr bool leads_to(Status from, Status to) {
    switch (to) {
        case Status::active:
            return from == Status::paused;
        case Status::paused:
            return from == Status::active;
        case Status::expired:
        case Status::disabled:
            return from == Status::active || from == Status::paused;
        case Status::banned:
            return true;
    }
    return false;
}

/// The user whose link it is to be.
UserId user_for(db::Transaction& tx, const http::Caller& caller, std::optional<UserId> wanted) {
    const UserId self{caller.user_id};
    if (!wanted || *wanted == self) return self;
    if (!caller.sees_all) throw invalid("user_id", "must be your own");
    if (!accounts::find(tx, *wanted)) throw invalid("user_id", "is not known");
    return *wanted;
}

void check_dates(const LinkTerms& terms) {
    if (terms.starts_at && terms.expires_at && *terms.starts_at >= *terms.expires_at)
        throw invalid("expires_at", "must be after starts_at");
}

void check_target(const Target& target, const std::string& path, std::vector<FieldError>& errors) {
    const bool countries = target.countries && !target.countries->empty();
    const bool devices = target.devices && !target.devices->empty();
    if (!countries && !devices) errors.push_back({path, "must name countries or devices"});
    if (countries && target.countries->size() > target_countries_max)
        errors.push_back({path + ".countries", "must be at most 250"});
}

/// Takes over what `wanted` says; the user and the password are seen to elsewhere.
void apply(const LinkChange& wanted, LinkTerms& terms) {
    if (wanted.destination_url) terms.destination_url = *wanted.destination_url;
    if (wanted.program_id) terms.program_id = *wanted.program_id;
    if (wanted.name) terms.name = *wanted.name;
    if (wanted.starts_at) terms.starts_at = *wanted.starts_at;
    if (wanted.expires_at) terms.expires_at = *wanted.expires_at;
    if (wanted.visits_max) terms.visits_max = *wanted.visits_max;
    if (wanted.utm) terms.utm = *wanted.utm;
    if (wanted.targets) terms.targets = wanted.targets->value_or(std::vector<Target>{});
    if (wanted.pass_params) terms.pass_params = *wanted.pass_params;
    if (terms.utm == Utm{}) terms.utm = std::nullopt;
}

}  // namespace

std::optional<LinkPassword> LinkPassword::parse(std::string_view text) {
    if (!is_utf8(text) || code_points(text) < 4 || code_points(text) > 100) return std::nullopt;
    LinkPassword password;
    password.text_ = text;
    return password;
}

Links::Links(LinkRules rules)
    : rules_(std::move(rules)),
      address_prefix_((rules_.public_url.text().ends_with('/')
                           ? rules_.public_url.text().substr(0, rules_.public_url.text().size() - 1)
                           : rules_.public_url.text()) +
                      std::string(links_path)) {}

std::string Links::short_url(std::string_view code) const {
    return address_prefix_ + std::string(code);
}

bool Links::may_lead_to(const programs::Program& program, const Url& url) const {
    return !same_place(url, rules_.public_url) && program.allows(url, rules_.development);
}

std::optional<std::string> Links::hashed(const std::optional<LinkPassword>& password) {
    if (!password) return std::nullopt;
    const auto pass = hashing_.enter();
    return crypto::hash_password(Secret(password->text()));
}

void Links::check_destinations(db::Transaction& tx, const LinkTerms& terms) const {
    const programs::Program program = programs::get(tx, terms.program_id);
    std::vector<FieldError> errors;
    const auto check_url = [&](const Url& url, const std::string& field) {
        if (same_place(url, rules_.public_url))
            errors.push_back({field, "must not lead back to this program"});
        else if (!program.allows(url, rules_.development))
            errors.push_back({field, "must be an https address on one of the program's hosts"});
    };
    check_url(terms.destination_url, "destination_url");
    if (terms.targets.size() > targets_max) errors.push_back({"targets", "must be at most 20"});
    for (std::size_t i = 0; i < terms.targets.size(); ++i) {
        const std::string path = "targets." + std::to_string(i);
        check_target(terms.targets[i], path, errors);
        check_url(terms.targets[i].destination_url, path + ".destination_url");
    }
    if (program.status == programs::ProgramStatus::closed)
        errors.push_back({"program_id", "is closed"});
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
}

Link Links::create(db::Transaction& tx, const http::Caller& caller, const NewLink& wanted,
                   Instant now) {
    LinkTerms terms{
        .user_id = user_for(tx, caller, wanted.user_id),
        .program_id = wanted.program_id ? *wanted.program_id : programs::default_program(tx).id,
        .destination_url = wanted.destination_url,
        .name = wanted.name,
        .starts_at = wanted.starts_at,
        .expires_at = wanted.expires_at,
        .visits_max = wanted.visits_max,
        .utm = wanted.utm == Utm{} ? std::nullopt : wanted.utm,
        .targets = wanted.targets.value_or(std::vector<Target>{}),
        .pass_params = wanted.pass_params.value_or(false)};
    check_dates(terms);
    check_destinations(tx, terms);
    terms.password_hash = hashed(wanted.password);
    const int attempts = wanted.code ? 1 : random_code_attempts_max;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const Code code = wanted.code ? *wanted.code : Code::random();
        const auto id = tx.maybe(
            sql::insert, terms.user_id, terms.program_id, code.text(), code_key(code.text()),
            terms.destination_url, terms.name, terms.starts_at, terms.expires_at, terms.visits_max,
            terms.password_hash, terms.utm, terms.targets, terms.pass_params, now);
        if (id) return get(tx, caller, *id, now);
    }
    throw conflict("code", "is already taken, or too like one that is");
}

Link Links::get(db::Transaction& tx, const http::Caller& caller, LinkId id, Instant now) const {
    if (auto link = tx.maybe(sql::shown, {id}, owner_of(caller), now, address_prefix_))
        return std::move(*link);
    throw not_found("link");
}

Link Links::lock(db::Transaction& tx, const http::Caller& caller, LinkId id, Instant now) const {
    if (!tx.maybe(sql::terms, id, owner_of(caller), now)) throw not_found("link");
    return get(tx, caller, id, now);
}

Link Links::change(db::Transaction& tx, const http::Caller& caller, LinkId id,
                   const LinkChange& wanted, Instant now) {
    std::optional<std::string> password_hash;
    if (wanted.password) password_hash = hashed(*wanted.password);
    const auto stored = tx.maybe(sql::terms, id, owner_of(caller), now);
    if (!stored) throw not_found("link");
    if (stored->status == Status::banned) throw conflict("status", "is banned");
    LinkTerms terms = *stored;
    apply(wanted, terms);
    if (wanted.user_id) terms.user_id = user_for(tx, caller, wanted.user_id);
    if (wanted.password) terms.password_hash = password_hash;
    check_dates(terms);
    // Not at every change: a program's hosts may have changed since, and a name can be put right.
    if (wanted.destination_url || wanted.targets || wanted.program_id)
        check_destinations(tx, terms);
    tx.run_for_effect(sql::change, id, owner_of(caller), terms.user_id, terms.program_id,
                      terms.destination_url, terms.name, terms.starts_at, terms.expires_at,
                      terms.visits_max, terms.password_hash, terms.utm, terms.targets,
                      terms.pass_params, now);
    return get(tx, caller, id, now);
}

Link Links::set_status(db::Transaction& tx, const http::Caller& caller, LinkId id, Status status,
                       Instant now) const {
    const auto stored = tx.maybe(sql::terms, id, owner_of(caller), now);
    if (!stored) throw not_found("link");
    if (!leads_to(stored->status, status))
        throw conflict("status", "is " + std::string(name_of(stored->status)) +
                                     " and cannot become " + std::string(name_of(status)));
    tx.run_for_effect(sql::set_status, id, owner_of(caller), status, now);
    return get(tx, caller, id, now);
}

void add_visits(db::Transaction& tx, const std::vector<std::pair<LinkId, std::int64_t>>& visits) {
    std::vector<LinkId> ids;
    std::vector<std::int64_t> counts;
    for (const auto& [id, count] : visits) {
        ids.push_back(id);
        counts.push_back(count);
    }
    if (!ids.empty()) tx.run_for_effect(sql::add_visits, ids, counts);
}

}  // namespace referral::links
