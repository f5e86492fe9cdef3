#include "partners/applications.hpp"

#include "audit/audit.hpp"
#include "base/problem.hpp"
#include "partners/mails.hpp"
#include "partners/queries.hpp"
#include "partners/terms.hpp"

namespace referral::partners {

namespace {

schema::json::value json_of(const Application& application) {
    return schema::Json<Application>::write(application);
}

void check(const NewApplication& wanted, const StoredTerms& terms) {
    std::vector<FieldError> errors;
    if (wanted.kind == Kind::company && !wanted.company)
        errors.push_back({"company", "is required of a company"});
    if (wanted.kind == Kind::person && wanted.company)
        errors.push_back({"company", "does not go with a person"});
    if (wanted.terms_version != terms.version)
        errors.push_back({"terms_version", "must be that of the terms of today"});
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
}

}  // namespace

void Applications::apply(http::Call& call, const NewApplication& wanted) const {
    db::Transaction& tx = call.transaction();
    if (!accounts::site_settings(tx).applications_open)
        throw Problem(Refusal::forbidden, "Applications are not taken at the moment.");
    check(wanted, tx.one(sql::current_terms));
    accounts_.password_rules.check(wanted.password,
                                   {.email = wanted.email.text(), .name = wanted.name.text()});
    const auto id = tx.one(sql::insert, wanted.email, wanted.name, wanted.kind, wanted.company,
                           wanted.country, wanted.website, wanted.audience, wanted.mc_number,
                           wanted.dot_number, wanted.terms_version, call.request().client(),
                           accounts_.passwords.hash(wanted.password), call.now());
    jobs::enqueue(tx, {.kind = "partners.answer-application", .payload = {{"id", id.value}}},
                  call.now());
    audit::note(tx, audit::actor_of(call),
                {.action = "applications.create",
                 .object_type = "application",
                 .object_id = id.text(),
                 .after = json_of(tx.one(sql::find, id))},
                call.now());
}

void Applications::send_again(http::Call& call, const Email& email) const {
    jobs::enqueue(
        call.transaction(),
        {.kind = "partners.send-again", .payload = {{"email", schema::json::string(email.text())}}},
        call.now());
}

void Applications::verify(http::Call& call, std::string_view token) const {
    db::Transaction& tx = call.transaction();
    const auto whose =
        accounts::take_token(tx, accounts::TokenPurpose::verify_email, token, call.now());
    const ApplicationId id{whose.subject};
    if (tx.run_for_effect(sql::verify, id, call.now()) == 0) return;
    const Application application = tx.one(sql::find, id);
    mail_received(tx, application, call.now());
    audit::note(
        tx, audit::actor_of(call),
        {.action = "applications.verify", .object_type = "application", .object_id = id.text()},
        call.now());
}

Application Applications::get(db::Transaction& tx, ApplicationId id) const {
    if (auto application = tx.maybe(sql::find, id)) return std::move(*application);
    throw not_found("application");
}

ApplicationPage Applications::list(db::Transaction& tx, const ApplicationFilter& filter) const {
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<Instant> at;
    std::optional<ApplicationId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = ApplicationId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of applications");
    }
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    ApplicationPage page{.applications = tx.all(sql::list, filter.status, q, at, last, limit + 1),
                         .next_cursor = {}};
    if (std::ssize(page.applications) <= limit) return page;
    page.applications.pop_back();
    const Application& end = page.applications.back();
    page.next_cursor = schema::Cursor({to_text(end.created_at), end.id.text()}).text();
    return page;
}

Application Applications::waiting(db::Transaction& tx, ApplicationId id) const {
    auto application = tx.maybe(sql::find_for_change, id);
    if (!application) throw not_found("application");
    if (application->status != ApplicationStatus::waiting)
        throw conflict("status", "is " + std::string(name_of(application->status)));
    return std::move(*application);
}

Application Applications::decided(http::Call& call, const Application& before,
                                  std::string_view action) const {
    Application after = get(call.transaction(), before.id);
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = action,
                 .object_type = "application",
                 .object_id = before.id.text(),
                 .before = json_of(before),
                 .after = json_of(after),
                 .reason = after.reason.value_or("")},
                call.now());
    return after;
}

Application Applications::approve(http::Call& call, ApplicationId id) const {
    db::Transaction& tx = call.transaction();
    const Application before = waiting(tx, id);
    const auto user = accounts::create(tx,
                                       {.email = before.email,
                                        .name = before.name,
                                        .role = accounts::Role::partner,
                                        .password_hash = tx.one(sql::password_hash, id)},
                                       call.now());
    tx.run_for_effect(sql::insert_partner, id, user.id, call.now());
    tx.run_for_effect(sql::insert_acceptance, id, user.id);
    join_default(tx, user.id, audit::actor_of(call), call.now());
    tx.run_for_effect(sql::decide, id, ApplicationStatus::approved, std::optional<std::string>(),
                      UserId{call.caller().user_id}, user.id, call.now());
    mail_approved(accounts_.mails, tx, before, call.now());
    return decided(call, before, "applications.approve");
}

Application Applications::reject(http::Call& call, ApplicationId id,
                                 const Line<500>& reason) const {
    db::Transaction& tx = call.transaction();
    const Application before = waiting(tx, id);
    tx.run_for_effect(sql::decide, id, ApplicationStatus::rejected, reason.text(),
                      UserId{call.caller().user_id}, std::optional<UserId>(), call.now());
    mail_rejected(tx, before, reason, call.now());
    return decided(call, before, "applications.reject");
}

void forget_unverified(db::Transaction& tx, Instant now) {
    constexpr std::chrono::days kept{7};
    tx.run_for_effect(sql::delete_unverified, now - kept);
}

}  // namespace referral::partners
