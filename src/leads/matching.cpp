#include "leads/matching.hpp"

#include "leads/queries.hpp"

namespace referral::leads {

namespace {

customers::Contact contact_of(const Prospect& prospect) {
    return {.email = prospect.email,
            .name = prospect.name,
            .phone = prospect.phone,
            .company = prospect.company,
            .domain = prospect.domain,
            .mc_number = prospect.mc_number,
            .dot_number = prospect.dot_number,
            .country = prospect.country};
}

/// Adds what is known of the account.
void add(Marks& marks, const customers::Account& account) {
    marks.account = account.id;
    marks.domains.insert(marks.domains.end(), account.domains.begin(), account.domains.end());
    if (!marks.mc_number) marks.mc_number = account.mc_number;
    if (!marks.dot_number) marks.dot_number = account.dot_number;
}

Marks own_marks(const Lead& lead) {
    Marks marks{.customer = lead.customer_id};
    if (lead.email) marks.mailbox = customers::mailbox_of(*lead.email);
    if (lead.domain) marks.domains.push_back(lead.domain->text());
    if (lead.mc_number) marks.mc_number = lead.mc_number->text();
    if (lead.dot_number) marks.dot_number = lead.dot_number->text();
    return marks;
}

}  // namespace

std::optional<Domain> business_domain(const Email& email) {
    auto domain = Domain::parse(email.text().substr(email.text().find('@') + 1));
    if (!domain || customers::is_free_mail(domain->text())) return std::nullopt;
    return domain;
}

Marks marks_of(db::Transaction& tx, const Lead& lead) {
    Marks marks = own_marks(lead);
    const auto account =
        lead.account_id ? lead.account_id : customers::find_account(tx, contact_of(lead));
    if (account) add(marks, customers::get(tx, *account));
    return marks;
}

Marks marks_of(db::Transaction& tx, CustomerId id) {
    const customers::Customer customer = customers::get(tx, id);
    Marks marks{.customer = id};
    if (const auto email = Email::parse(customer.email.value_or(""))) {
        marks.mailbox = customers::mailbox_of(*email);
        if (const auto domain = business_domain(*email)) marks.domains.push_back(domain->text());
    }
    if (customer.account_id) add(marks, customers::get(tx, *customer.account_id));
    return marks;
}

Marks identified(db::Transaction& tx, const Lead& lead, Instant now) {
    if (!lead.email) return marks_of(tx, lead);
    const auto found = customers::identify(tx, contact_of(lead), lead.registered_at, now);
    Marks marks = own_marks(lead);
    marks.customer = found.customer.id;
    if (found.account) add(marks, *found.account);
    return marks;
}

std::vector<Lead> matching(db::Transaction& tx, ProgramId program, const Marks& marks,
                           std::int64_t limit) {
    return tx.all(sql::matching, program, marks.customer, marks.account, marks.mailbox,
                  marks.domains, marks.mc_number, marks.dot_number, limit);
}

}  // namespace referral::leads
