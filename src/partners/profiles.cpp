#include "audit/audit.hpp"
#include "base/problem.hpp"
#include "partners/profile.hpp"
#include "partners/profile_queries.hpp"

namespace referral::partners {

namespace {

/// A partner as audit logs keep it.
schema::json::value decided(const StoredPartner& partner) {
    schema::json::value value = schema::Json<StoredPartner>::write(partner);
    for (const char* name : {"status", "referred_by_name", "updated_at"})
        value.as_object().erase(name);
    return value;
}

Kind kind_of(const NewPartner& wanted) {
    return wanted.kind.value_or(wanted.company ? Kind::company : Kind::person);
}

void check_company(Kind kind, const std::optional<Line<100>>& company,
                   std::vector<FieldError>& errors) {
    if (kind == Kind::company && !company)
        errors.push_back({"company", "is required of a company"});
    if (kind == Kind::person && company) errors.push_back({"company", "does not go with a person"});
}

bool is_partner(db::Transaction& tx, UserId id) {
    const auto user = accounts::find(tx, id);
    return user && user->role == accounts::Role::partner;
}

/// What is wrong with who is to have referred a partner.
void check_referrer(db::Transaction& tx, UserId partner, UserId referrer,
                    std::vector<FieldError>& errors) {
    if (!is_partner(tx, referrer))
        errors.push_back({"referred_by", "must be a partner"});
    else if (referrer == partner)
        errors.push_back({"referred_by", "must not be the partner itself"});
    else if (tx.one(sql::is_below, partner, referrer))
        errors.push_back({"referred_by", "was referred by this partner"});
}

void refuse(std::vector<FieldError> errors) {
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
}

/// Where a program's first link leads: its fallback, or its first host that is one host.
std::optional<Url> first_destination(const links::Links& links, const programs::Program& program) {
    if (program.fallback_url && links.may_lead_to(program, *program.fallback_url))
        return program.fallback_url;
    for (const HostPattern& host : program.allowed_hosts) {
        if (host.text().starts_with('*')) continue;
        const auto url = Url::parse("https://" + host.text() + "/");
        if (url && links.may_lead_to(program, *url)) return url;
    }
    return std::nullopt;
}

}  // namespace

std::optional<CarrierNumber> CarrierNumber::parse(std::string_view text) {
    constexpr std::size_t length_max = 8;
    text = trimmed(text);
    if (text.empty() || text.size() > length_max) return std::nullopt;
    if (text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    CarrierNumber number;
    number.text_ = text;
    return number;
}

std::optional<Contact> contact(db::Transaction& tx, UserId user) {
    return tx.maybe(sql::contact, user);
}

std::vector<UserId> upline(db::Transaction& tx, UserId user, int levels) {
    return tx.all(sql::upline, user, levels);
}

std::vector<UserId> upline(db::Transaction& tx, UserId user, int levels, Instant at) {
    return tx.all(sql::upline_at, user, levels, at);
}

Partner Partners::shown(StoredPartner stored, std::vector<Enrolment> enrolments) const {
    Partner partner{std::move(stored), {}, std::move(enrolments)};
    if (partner.code) partner.short_url = links_.short_url(*partner.code);
    return partner;
}

Partner Partners::get(http::Call& call, UserId id) const {
    db::Transaction& tx = call.transaction();
    if (auto stored = tx.maybe(sql::find_partner, id, call.owner()))
        return shown(std::move(*stored), enrolments_of(tx, {id}));
    throw not_found("partner");
}

PartnerPage Partners::list(http::Call& call, const PartnerFilter& filter) const {
    db::Transaction& tx = call.transaction();
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<Instant> at;
    std::optional<UserId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = UserId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of partners");
    }
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    auto rows = tx.all(sql::list_partners, call.owner(), q, filter.program_id, filter.group_id,
                       filter.status, filter.referred_by, at, last, limit + 1);
    PartnerPage page;
    if (std::ssize(rows) > limit) {
        rows.pop_back();
        page.next_cursor =
            schema::Cursor({to_text(rows.back().created_at), rows.back().id.text()}).text();
    }
    std::vector<UserId> users;
    for (const StoredPartner& row : rows) users.push_back(row.id);
    const auto enrolments = enrolments_of(tx, users);
    for (StoredPartner& row : rows) {
        std::vector<Enrolment> own;
        for (const Enrolment& enrolment : enrolments)
            if (enrolment.user_id == row.id) own.push_back(enrolment);
        page.partners.push_back(shown(std::move(row), std::move(own)));
    }
    return page;
}

void Partners::make_link(http::Call& call, UserId user, const programs::Program& program,
                         const std::optional<links::Code>& code) const {
    const auto destination = first_destination(links_, program);
    if (!destination) return;
    // As the partner would: a link belongs to whoever makes it.
    const links::Link link = links_.create(
        call.transaction(), http::Caller{.user_id = user.value},
        {.destination_url = *destination, .code = code, .program_id = program.id}, call.now());
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "links.create",
                 .object_type = "link",
                 .object_id = link.id.text(),
                 .after = schema::json::object{{"code", link.code},
                                               {"user_id", user.text()},
                                               {"program_id", program.id.text()},
                                               {"destination_url", link.destination_url.text()}}},
                call.now());
}

Partner Partners::create(http::Call& call, const NewPartner& wanted) const {
    db::Transaction& tx = call.transaction();
    std::vector<FieldError> errors;
    const auto program =
        wanted.program_id ? programs::find(tx, *wanted.program_id) : programs::find_default(tx);
    NewMembership place{.program = program ? program->id : ProgramId(),
                        .group = wanted.group_id,
                        .counts_from = wanted.counts_from};
    check_company(kind_of(wanted), wanted.company, errors);
    check_place(tx, place, call.now(), errors);
    if (wanted.referred_by && !is_partner(tx, *wanted.referred_by))
        errors.push_back({"referred_by", "must be a partner"});
    if (wanted.code && program && !first_destination(links_, *program))
        errors.push_back({"code", "needs a program with an address that links can lead to"});
    refuse(std::move(errors));
    const auto user = accounts_.users.invite(
        tx, audit::actor_of(call),
        {.email = wanted.email, .name = wanted.name, .role = accounts::Role::partner}, call.now());
    const UserId by{call.caller().user_id};
    add_profile(tx, user.id, wanted, by, call.now());
    place.partner = user.id;
    enrol(tx, place, by, call.now());
    make_link(call, user.id, *program, wanted.code);
    Partner made = get(call, user.id);
    audit::note(tx, audit::actor_of(call),
                {.action = "partners.create",
                 .object_type = "partner",
                 .object_id = user.id.text(),
                 .after = decided(made)},
                call.now());
    return made;
}

Partner Partners::change(http::Call& call, UserId id, const PartnerChange& wanted) const {
    db::Transaction& tx = call.transaction();
    if (wanted.referred_by) tx.one(sql::lock_referrers);
    get(call, id);  // Who is no partner is not found.
    tx.run_for_effect(sql::insert_profile, id, Kind::person, call.now());
    tx.one(sql::lock_profile, id);
    const Partner before = get(call, id);
    const Kind kind = wanted.kind.value_or(before.kind);
    const auto company = wanted.company.value_or(before.company);
    const auto referrer = wanted.referred_by.value_or(before.referred_by);
    std::vector<FieldError> errors;
    check_company(kind, company, errors);
    if (referrer && referrer != before.referred_by) check_referrer(tx, id, *referrer, errors);
    refuse(std::move(errors));
    tx.run_for_effect(
        sql::change_profile, id, kind, company, wanted.country.value_or(before.country),
        wanted.website.value_or(before.website), wanted.audience.value_or(before.audience),
        wanted.mc_number.value_or(before.mc_number), wanted.dot_number.value_or(before.dot_number),
        referrer, call.now());
    if (referrer != before.referred_by)
        tx.run_for_effect(sql::add_referrer, id, referrer, call.now(),
                          UserId{call.caller().user_id});
    Partner after = get(call, id);
    audit::note(tx, audit::actor_of(call),
                {.action = "partners.change",
                 .object_type = "partner",
                 .object_id = id.text(),
                 .before = decided(before),
                 .after = decided(after)},
                call.now());
    return after;
}

void add_profile(db::Transaction& tx, UserId user, const NewPartner& wanted, UserId by,
                 Instant now) {
    tx.run_for_effect(sql::insert_profile, user, kind_of(wanted), now);
    tx.run_for_effect(sql::change_profile, user, kind_of(wanted), wanted.company, wanted.country,
                      wanted.website, wanted.audience, wanted.mc_number, wanted.dot_number,
                      wanted.referred_by, now);
    if (wanted.referred_by)
        tx.run_for_effect(sql::add_referrer, user, wanted.referred_by, Instant(), by);
}

std::int64_t take_in_newcomers(db::Transaction& tx, Instant now) {
    std::int64_t taken = 0;
    for (const UserId user : tx.all(sql::newcomers)) {
        // Whoever else has just done it was first.
        if (tx.run_for_effect(sql::insert_profile, user, Kind::person, now) == 0) continue;
        join_default(tx, user, {.job = "partners.take-in"}, now);
        ++taken;
    }
    return taken;
}

}  // namespace referral::partners
