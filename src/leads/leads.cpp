#include "leads/leads.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "leads/matching.hpp"
#include "leads/queries.hpp"
#include "platform/mail/mail.hpp"

namespace referral::leads {

namespace {

constexpr std::int64_t waiting_max = 200;
constexpr std::int64_t matching_max = 200;
constexpr std::size_t rivals_max = 20;

/// A lead as audit logs keep it.
schema::json::value decided(const Lead& lead) {
    schema::json::value value = schema::Json<Lead>::write(lead);
    for (const char* name : {"user_name", "updated_at"}) value.as_object().erase(name);
    return value;
}

void note(db::Transaction& tx, const audit::Actor& actor, std::string_view action,
          const Lead* before, const Lead& after, Instant now) {
    audit::note(tx, actor,
                {.action = action,
                 .object_type = "lead",
                 .object_id = after.id.text(),
                 .before = before ? std::optional(decided(*before)) : std::nullopt,
                 .after = decided(after),
                 .reason = after.reason.value_or("")},
                now);
}

/// Whoever decides; there is somebody.
UserId by(const audit::Actor& actor) { return {actor.user_id.value()}; }

Lead find(db::Transaction& tx, LeadId id) { return tx.one(sql::find, id, sql::Owner()); }

bool is_live(const Lead& lead, Instant now) {
    return lead.status == LeadStatus::waiting ||
           (lead.protected_until && *lead.protected_until > now);
}

/// The lead as the caller sees it.
LeadDetails details(http::Call& call, const Lead& lead) {
    LeadDetails shown{lead, {}, {}};
    if (!call.caller().sees_all) {
        shown.decided_by = {}, shown.account_id = {};
        return shown;
    }
    db::Transaction& tx = call.transaction();
    const Marks marks = marks_of(tx, lead);
    for (const Lead& other : matching(tx, lead.program_id, marks, matching_max))
        if (other.id != lead.id && shown.rivals.size() < rivals_max)
            shown.rivals.push_back({other.id, other.user_id, other.user_name, other.status,
                                    other.registered_at, other.protected_until});
    if (marks.account) {
        const Instant known = customers::get(tx, *marks.account).first_known_at;
        if (known < lead.registered_at) shown.known_since = known;
    }
    return shown;
}

/// What is wrong with who registers it for whom.
void check_place(http::Call& call, const NewLead& wanted, UserId user,
                 const std::optional<programs::Program>& program, std::vector<FieldError>& errors) {
    if (!call.caller().sees_all) {
        if (user.value != call.caller().user_id) errors.push_back({"user_id", "must be your own"});
        if (wanted.registered_at) errors.push_back({"registered_at", "is for staff to say"});
    } else if (!wanted.user_id) {
        errors.push_back({"user_id", "is required"});
    }
    if (wanted.registered_at && *wanted.registered_at > call.now())
        errors.push_back({"registered_at", "must not be in the future"});
    if (!program) {
        errors.push_back({"program_id", "is not known"});
    } else if (program->status == programs::ProgramStatus::closed) {
        errors.push_back({"program_id", "is closed"});
    } else if (errors.empty()) {
        const auto membership = partners::membership(call.transaction(), program->id, user);
        if (!membership || membership->status != partners::EnrolmentStatus::approved)
            errors.push_back({"program_id", "the partner does not take part in it"});
    }
}

/// The prospect with its domain, where the address says it.
Prospect completed(const Prospect& wanted, std::vector<FieldError>& errors) {
    Prospect prospect = wanted;
    if (prospect.domain && customers::is_free_mail(prospect.domain->text()))
        errors.push_back({"domain", "is one where everybody can have an address"});
    if (!prospect.domain && prospect.email) prospect.domain = business_domain(*prospect.email);
    if (!prospect.email && !prospect.domain && !prospect.mc_number && !prospect.dot_number)
        errors.push_back({"email",
                          "or domain, mc_number or dot_number is needed, to recognise the "
                          "company by"});
    return prospect;
}

/// Nobody brings their own company.
void check_not_own(db::Transaction& tx, const Prospect& prospect, UserId user,
                   std::vector<FieldError>& errors) {
    const auto own = partners::contact(tx, user);
    if (!own) return;
    if (prospect.email &&
        customers::mailbox_of(*prospect.email) == customers::mailbox_of(own->email))
        errors.push_back({"email", "is the partner's own"});
    if (prospect.mc_number && prospect.mc_number == own->mc_number)
        errors.push_back({"mc_number", "is the partner's own"});
    if (prospect.dot_number && prospect.dot_number == own->dot_number)
        errors.push_back({"dot_number", "is the partner's own"});
}

void check_not_twice(db::Transaction& tx, const NewLead& wanted, Instant now) {
    const UserId user = *wanted.user_id;
    if (tx.one(sql::count_waiting, user) >= waiting_max)
        throw conflict("user_id", "has 200 leads that wait, which is the most");
    const Lead asked{wanted};
    for (const Lead& other : matching(tx, *wanted.program_id, marks_of(tx, asked), matching_max))
        if (other.user_id == user && is_live(other, now))
            throw conflict("company", "was registered by the partner already");
}

/// The lead, locked, when it is in one of two states.
Lead lock(db::Transaction& tx, LeadId id, LeadStatus one, LeadStatus other) {
    auto lead = tx.maybe(sql::find_for_change, id);
    if (!lead) throw not_found("lead");
    if (lead->status != one && lead->status != other)
        throw conflict("status", "is " + std::string(name_of(lead->status)));
    return std::move(*lead);
}

void check_not_protected_for_another(db::Transaction& tx, const Lead& lead, const Marks& marks,
                                     Instant now) {
    for (const Lead& other : matching(tx, lead.program_id, marks, matching_max))
        if (other.user_id != lead.user_id && other.protected_until && *other.protected_until > now)
            throw conflict("status", "cannot be accepted: the company is another partner's until " +
                                         to_text(*other.protected_until));
}

/// Tells the partner by mail what became of a lead.
void mail_partner(db::Transaction& tx, const Lead& lead, std::string_view template_name,
                  Instant now) {
    schema::json::object values{{"prospect", lead.company.text()}, {"link", "/referrals/leads"}};
    if (lead.protected_until) values["until"] = mail::moment(*lead.protected_until);
    if (lead.reason) values["reason"] = *lead.reason;
    accounts::mail_user(tx, accounts::find(tx, lead.user_id).value(), template_name,
                        std::move(values), now);
}

}  // namespace

LeadDetails create(http::Call& call, const NewLead& wanted) {
    db::Transaction& tx = call.transaction();
    std::vector<FieldError> errors;
    const UserId user = wanted.user_id.value_or(UserId{call.caller().user_id});
    const auto program =
        wanted.program_id ? programs::find(tx, *wanted.program_id) : programs::find_default(tx);
    check_place(call, wanted, user, program, errors);
    NewLead complete{completed(wanted, errors)};
    check_not_own(tx, complete, user, errors);
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    complete.program_id = program->id;
    complete.user_id = user;
    complete.registered_at = wanted.registered_at;
    return details(call, add(tx, audit::actor_of(call), complete, call.now()));
}

Lead add(db::Transaction& tx, const audit::Actor& actor, const NewLead& wanted, Instant now) {
    check_not_twice(tx, wanted, now);
    const auto mailbox =
        wanted.email ? std::optional(customers::mailbox_of(*wanted.email)) : std::nullopt;
    const LeadId id = tx.one(sql::insert, *wanted.program_id, *wanted.user_id, wanted.company,
                             wanted.name, wanted.email, mailbox, wanted.phone, wanted.domain,
                             wanted.mc_number, wanted.dot_number, wanted.country, wanted.note,
                             wanted.registered_at.value_or(now), by(actor), now);
    Lead made = find(tx, id);
    note(tx, actor, "leads.create", nullptr, made, now);
    return made;
}

LeadDetails get(http::Call& call, LeadId id) {
    const auto lead = call.transaction().maybe(sql::find, id, call.owner());
    if (!lead) throw not_found("lead");
    return details(call, *lead);
}

LeadPage list(http::Call& call, const LeadFilter& filter) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<Instant> at;
    std::optional<LeadId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = LeadId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of leads");
    }
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    // Which account a lead has is nothing that a partner is told, so nothing to ask by either.
    const auto account = call.caller().sees_all ? filter.account_id : std::nullopt;
    LeadPage page{
        .leads = call.transaction().all(sql::list, call.owner(), filter.status, filter.program_id,
                                        filter.user_id, account, q, at, last, limit + 1),
        .next_cursor = {}};
    if (std::ssize(page.leads) > limit) {
        page.leads.pop_back();
        const Lead& end = page.leads.back();
        page.next_cursor = schema::Cursor({to_text(end.created_at), end.id.text()}).text();
    }
    if (!call.caller().sees_all)
        for (Lead& lead : page.leads) lead.decided_by = {}, lead.account_id = {};
    return page;
}

LeadDetails accept(http::Call& call, LeadId id, const Acceptance& how) {
    accept(call.transaction(), audit::actor_of(call), id, how, call.now());
    LeadDetails lead = get(call, id);
    mail_partner(call.transaction(), lead, "lead-accepted", call.now());
    return lead;
}

void accept(db::Transaction& tx, const audit::Actor& actor, LeadId id, const Acceptance& how,
            Instant now) {
    const auto found = tx.maybe(sql::find, id, sql::Owner());
    if (!found) throw not_found("lead");
    tx.one(sql::lock_accepting, found->program_id);
    // Known as of when it was registered: so the lead itself is no reason to say that the company
    // was known before. The customer is locked before the lead, as whoever converts leads does.
    const Marks marks = identified(tx, *found, now);
    const Lead before = lock(tx, id, LeadStatus::waiting, LeadStatus::waiting);
    const auto days = programs::get(tx, before.program_id).protection_days;
    const Instant until = how.protected_until.value_or(now + std::chrono::days(days));
    if (until <= before.registered_at)
        throw invalid("protected_until", "must be after registered_at");
    check_not_protected_for_another(tx, before, marks, now);
    const auto reason = how.reason ? std::optional(how.reason->text()) : std::nullopt;
    tx.run_for_effect(sql::accept, id, reason, until, marks.customer, marks.account, by(actor),
                      now);
    note(tx, actor, "leads.accept", &before, find(tx, id), now);
}

LeadDetails reject(http::Call& call, LeadId id, const Line<500>& reason) {
    reject(call.transaction(), audit::actor_of(call), id, reason, call.now());
    LeadDetails lead = get(call, id);
    mail_partner(call.transaction(), lead, "lead-rejected", call.now());
    return lead;
}

void reject(db::Transaction& tx, const audit::Actor& actor, LeadId id, const Line<500>& reason,
            Instant now) {
    const Lead before = lock(tx, id, LeadStatus::waiting, LeadStatus::accepted);
    tx.run_for_effect(sql::reject, id, reason.text(), by(actor), now);
    note(tx, actor, "leads.reject", &before, find(tx, id), now);
}

std::vector<Lead> leads_of(db::Transaction& tx, ProgramId program, CustomerId customer) {
    return matching(tx, program, marks_of(tx, customer), matching_max);
}

void convert(db::Transaction& tx, LeadId id, Instant occurred_at, Instant now) {
    tx.run_for_effect(sql::convert, id, occurred_at, now);
}

std::int64_t expire(db::Transaction& tx, Instant now) {
    const auto ended = tx.all(sql::expire, now);
    for (const LeadId id : ended)
        audit::note(tx, {.job = "leads.expire"},
                    {.action = "leads.expire", .object_type = "lead", .object_id = id.text()}, now);
    return std::ssize(ended);
}

}  // namespace referral::leads
