#include "audit/audit.hpp"
#include "base/problem.hpp"
#include "customers/queries.hpp"
#include "platform/http/route.hpp"

namespace referral::customers {

namespace {

using http::Body, http::Call, http::Page, http::Params, http::Path;

constexpr std::size_t domains_max = 100;

/// What a cursor says of the last row: its time and id.
template <class RowId>
std::pair<std::optional<Instant>, std::optional<RowId>> last_of(
    const std::optional<schema::Cursor>& cursor) {
    if (!cursor) return {};
    std::pair<std::optional<Instant>, std::optional<RowId>> last;
    if (const auto& parts = cursor->parts(); parts.size() == 2)
        last = {parse_instant(parts[0]), RowId::parse(parts[1])};
    if (!last.first || !last.second) throw invalid("cursor", "must be of a list of these");
    return last;
}

template <class Row>
Page<Row> page_of(std::vector<Row> rows, std::int64_t limit) {
    Page<Row> page{.data = std::move(rows), .next_cursor = {}};
    if (std::ssize(page.data) <= limit) return page;
    page.data.pop_back();
    const Row& last = page.data.back();
    page.next_cursor = schema::Cursor({to_text(last.created_at), last.id.text()}).text();
    return page;
}

CustomerRow for_partner(CustomerRow row) {
    const auto mask = [](std::optional<std::string>& text) {
        if (text) text = masked(*text);
    };
    mask(row.company);
    mask(row.email);
    mask(row.name);
    row.account_id.reset();
    row.external_id.reset();
    row.phone.reset();
    return row;
}

Page<CustomerRow> list_customers(Call& call, const CustomerFilter& filter) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    const auto [at, id] = last_of<CustomerId>(filter.cursor);
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    // What is masked is not searched: answers would tell it letter by letter.
    if (call.owner() && (q || filter.account_id))
        throw Problem(Refusal::invalid, {{"q", "is for staff"}});
    auto rows =
        call.transaction().all(sql::list, call.owner(), filter.account_id, q, at, id, limit + 1);
    if (call.owner())
        for (CustomerRow& row : rows) row = for_partner(std::move(row));
    return page_of(std::move(rows), limit);
}

CustomerRow get_customer(Call& call, Path<CustomerId> id) {
    auto row = call.transaction().maybe(sql::shown, *id, call.owner());
    if (!row) throw not_found("customer");
    return call.owner() ? for_partner(std::move(*row)) : std::move(*row);
}

Page<Account> list_accounts(Call& call, const AccountFilter& filter) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    const auto [at, id] = last_of<AccountId>(filter.cursor);
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    return page_of(call.transaction().all(sql::list_accounts, q, at, id, limit + 1), limit);
}

/// Refuses: conflict, when something is another account's.
void check_keys(db::Transaction& tx, AccountId id, const AccountChange& wanted) {
    const auto check = [&](const char* field, const sql::MaybeText& tms, const sql::MaybeText& mc,
                           const sql::MaybeText& dot, const sql::MaybeText& domain) {
        const auto found = tx.maybe(sql::find_account, tms, mc, dot, domain);
        if (found && *found != id) throw conflict(field, "is another account's");
    };
    const auto text = [](const auto& value) {
        return value && *value ? sql::MaybeText((*value)->text()) : std::nullopt;
    };
    check("tms_id", text(wanted.tms_id), {}, {}, {});
    check("mc_number", {}, text(wanted.mc_number), {}, {});
    check("dot_number", {}, {}, text(wanted.dot_number), {});
    if (wanted.domains)
        for (const Domain& domain : *wanted.domains) check("domains", {}, {}, {}, domain.text());
}

/// Numbers and domains that are to be its own, for nobody else to take meanwhile.
void lock_keys(db::Transaction& tx, const AccountChange& wanted) {
    sql::Texts keys;
    const auto add = [&](const char* kind, const auto& value) {
        if (value && *value) keys.push_back(std::string(kind) + ' ' + (*value)->text());
    };
    add("tms", wanted.tms_id);
    add("mc", wanted.mc_number);
    add("dot", wanted.dot_number);
    if (wanted.domains)
        for (const Domain& domain : *wanted.domains) keys.push_back("domain " + domain.text());
    tx.all(sql::lock_keys, "accounts", keys);
}

std::vector<FieldError> errors_of(const AccountChange& wanted, Instant now) {
    std::vector<FieldError> errors;
    if (wanted.domains) {
        if (wanted.domains->size() > domains_max)
            errors.push_back({"domains", "must be at most 100"});
        for (const Domain& domain : *wanted.domains)
            if (is_free_mail(domain.text()))
                errors.push_back({"domains", "must not have one of free mail: " + domain.text()});
    }
    if (wanted.first_known_at && *wanted.first_known_at > now)
        errors.push_back({"first_known_at", "must not be in the future"});
    return errors;
}

Account change_account(Call& call, AccountId id, const AccountChange& wanted) {
    db::Transaction& tx = call.transaction();
    if (auto errors = errors_of(wanted, call.now()); !errors.empty())
        throw Problem(Refusal::invalid, std::move(errors));
    lock_keys(tx, wanted);
    if (!tx.maybe(sql::lock_account, id)) throw not_found("account");
    const Account before = get(tx, id);
    check_keys(tx, id, wanted);
    const auto text = [](const auto& change, const sql::MaybeText& old) {
        if (!change) return old;
        return *change ? sql::MaybeText(std::string((*change)->text())) : std::nullopt;
    };
    tx.run_for_effect(sql::change_account, id, wanted.name ? wanted.name->text() : before.name,
                      text(wanted.mc_number, before.mc_number),
                      text(wanted.dot_number, before.dot_number),
                      text(wanted.tms_id, before.tms_id), text(wanted.country, before.country),
                      wanted.first_known_at.value_or(before.first_known_at), call.now());
    if (wanted.domains) {
        tx.run_for_effect(sql::delete_domains, id);
        for (const Domain& domain : *wanted.domains)
            tx.run_for_effect(sql::add_domain, domain.text(), id, call.now());
    }
    Account after = get(tx, id);
    audit::note(tx, audit::actor_of(call),
                {.action = "accounts.change",
                 .object_type = "account",
                 .object_id = id.text(),
                 .before = schema::Json<Account>::write(before),
                 .after = schema::Json<Account>::write(after)},
                call.now());
    return after;
}

}  // namespace

std::string masked(std::string_view text) {
    std::string out;
    bool begins = true, hidden = false;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        std::size_t next = i + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80)
            ++next;
        const std::string_view character = text.substr(i, next - i);
        i = next;
        if (c == ' ' || c == '@') {
            out += c;
            begins = true;
            hidden = false;
        } else if (begins) {
            out += character;
            begins = false;
        } else if (!hidden) {
            out += "…";
            hidden = true;
        }
    }
    return out;
}

http::RouteTable routes() {
    return {
        http::get(
            "/customers",
            [](Call& call, Params<CustomerFilter> filter) { return list_customers(call, *filter); },
            {.name = "listCustomers",
             .summary = "List customers, the newest first",
             .permission = "customers:read",
             .refuses = {Refusal::invalid}}),
        http::get("/customers/{id}", get_customer,
                  {.name = "getCustomer",
                   .summary = "Look up a customer",
                   .permission = "customers:read"}),
        http::get(
            "/accounts",
            [](Call& call, Params<AccountFilter> filter) { return list_accounts(call, *filter); },
            {.name = "listAccounts",
             .summary = "List the companies behind customers, the newest first",
             .permission = "accounts:read",
             .refuses = {Refusal::invalid}}),
        http::get(
            "/accounts/{id}",
            [](Call& call, Path<AccountId> id) { return get(call.transaction(), *id); },
            {.name = "getAccount", .summary = "Look up a company", .permission = "accounts:read"}),
        http::patch("/accounts/{id}",
                    [](Call& call, Path<AccountId> id, Body<AccountChange> wanted) {
                        return change_account(call, *id, *wanted);
                    },
                    {.name = "changeAccount",
                     .summary = "Change what is known of a company",
                     .permission = "accounts:write",
                     .refuses = {Refusal::not_found, Refusal::invalid, Refusal::conflict}}),
    };
}

}  // namespace referral::customers
