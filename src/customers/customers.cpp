#include "customers/customers.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "customers/queries.hpp"

namespace referral::customers {

namespace {

template <class T>
sql::MaybeText text_of(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return std::string(value->text());
}

sql::MaybeText mailbox(const Contact& contact) {
    if (!contact.email) return std::nullopt;
    return mailbox_of(*contact.email);
}

/// The domain that tells the company.
sql::MaybeText company_domain(const Contact& contact) {
    if (contact.domain)
        return is_free_mail(contact.domain->text()) ? std::nullopt : text_of(contact.domain);
    if (!contact.email) return std::nullopt;
    const std::string& email = contact.email->text();
    const auto domain = Domain::parse(email.substr(email.find('@') + 1));
    if (!domain || is_free_mail(domain->text())) return std::nullopt;
    return domain->text();
}

/// What the customer's account is recognised by, as texts of which no two kinds are the same.
sql::Texts account_keys(const Contact& contact) {
    sql::Texts keys;
    if (contact.tms_id) keys.push_back("tms " + contact.tms_id->text());
    if (contact.mc_number) keys.push_back("mc " + contact.mc_number->text());
    if (contact.dot_number) keys.push_back("dot " + contact.dot_number->text());
    if (const auto domain = company_domain(contact)) keys.push_back("domain " + *domain);
    return keys;
}

/// Two of one customer at once wait here, before either looks.
void lock_customer_keys(db::Transaction& tx, const Contact& contact) {
    sql::Texts keys;
    if (contact.external_id) keys.push_back("id " + contact.external_id->text());
    if (contact.email) keys.push_back("mailbox " + mailbox_of(*contact.email));
    tx.all(sql::lock_keys, "customers", keys);
}

std::optional<Customer> find_locked(db::Transaction& tx, const Contact& contact) {
    if (contact.external_id) {
        if (auto found = tx.maybe(sql::by_external_id, contact.external_id->text())) return found;
        // Known by the mailbox alone until now, as from a form: it gets its number here.
        if (const auto box = mailbox(contact)) return tx.maybe(sql::by_mailbox_alone, *box);
        return std::nullopt;
    }
    return tx.maybe(sql::by_mailbox, *mailbox(contact));
}

/// Whether the contact says something of the customer that is not stored.
bool tells_more(const Customer& customer, const Contact& contact) {
    return (!customer.external_id && contact.external_id) || (!customer.email && contact.email) ||
           (!customer.name && contact.name) || (!customer.phone && contact.phone) ||
           (!customer.country && contact.country);
}

bool tells_more(const Account& account, const Contact& contact) {
    const auto domain = company_domain(contact);
    return (!account.mc_number && contact.mc_number) ||
           (!account.dot_number && contact.dot_number) || (!account.tms_id && contact.tms_id) ||
           (!account.country && contact.country) ||
           (domain && std::ranges::find(account.domains, *domain) == account.domains.end());
}

std::string account_name(const Contact& contact) {
    if (contact.company) return contact.company->text();
    if (const auto domain = company_domain(contact)) return *domain;
    if (contact.mc_number) return "MC " + contact.mc_number->text();
    if (contact.dot_number) return "DOT " + contact.dot_number->text();
    return contact.tms_id->text();
}

/// The company of a customer who has none yet, made when it is new; nothing when the contact says
/// nothing of a company.
std::optional<AccountId> account_for(db::Transaction& tx, const Contact& contact, Instant known_at,
                                     Instant now) {
    if (const auto keys = account_keys(contact); !keys.empty()) {
        tx.all(sql::lock_keys, "accounts", keys);
        if (const auto found = find_account(tx, contact)) return found;
    } else if (!contact.company) {
        return std::nullopt;
    }
    const AccountId id = tx.one(sql::insert_account, account_name(contact),
                                text_of(contact.mc_number), text_of(contact.dot_number),
                                text_of(contact.tms_id), text_of(contact.country), known_at, now);
    if (const auto domain = company_domain(contact))
        tx.run_for_effect(sql::add_domain, *domain, id, now);
    return id;
}

/// The account with what the contact adds to it; whether it was known earlier than thought.
Account learn_account(db::Transaction& tx, AccountId id, const Contact& contact, Instant known_at,
                      Instant now, bool& known_earlier) {
    Account account = tx.one(sql::account, id);
    known_earlier = known_at < account.first_known_at;
    const bool more = tells_more(account, contact);
    if (!known_earlier && !more) return account;
    if (more) tx.all(sql::lock_keys, "accounts", account_keys(contact));
    tx.one(sql::lock_account, id);
    if (const auto domain = company_domain(contact))
        tx.run_for_effect(sql::add_domain, *domain, id, now);
    tx.run_for_effect(sql::learn_account, id, text_of(contact.mc_number),
                      text_of(contact.dot_number), text_of(contact.tms_id),
                      text_of(contact.country), known_at, now);
    return tx.one(sql::account, id);
}

}  // namespace

Identified identify(db::Transaction& tx, const Contact& contact, Instant seen_at, Instant now) {
    if (contact.is_empty())
        throw invalid("customer", "must have an external_id or an e-mail address");
    if (contact.known_since) seen_at = std::min(seen_at, *contact.known_since);
    lock_customer_keys(tx, contact);
    Identified answer;
    if (auto found = find_locked(tx, contact)) {
        answer.customer = std::move(*found);
        answer.known_earlier = seen_at < answer.customer.first_seen_at;
    } else {
        answer.is_new = true;
        answer.customer = tx.one(sql::insert, text_of(contact.external_id), text_of(contact.email),
                                 mailbox(contact), text_of(contact.name), text_of(contact.phone),
                                 text_of(contact.country), seen_at, now);
    }
    std::optional<AccountId> account = answer.customer.account_id;
    if (!account) account = account_for(tx, contact, seen_at, now);
    const bool is_first_account = account && !answer.customer.account_id;
    if (is_first_account || answer.known_earlier || tells_more(answer.customer, contact))
        answer.customer =
            tx.one(sql::learn, answer.customer.id, account, text_of(contact.external_id),
                   text_of(contact.email), mailbox(contact), text_of(contact.name),
                   text_of(contact.phone), text_of(contact.country), seen_at, now);
    if (account) {
        bool account_known_earlier = false;
        answer.account = learn_account(tx, *account, contact, answer.customer.first_seen_at, now,
                                       account_known_earlier);
        answer.known_earlier = answer.known_earlier || account_known_earlier;
    }
    return answer;
}

std::optional<AccountId> find_account(db::Transaction& tx, const Contact& contact) {
    return tx.maybe(sql::find_account, text_of(contact.tms_id), text_of(contact.mc_number),
                    text_of(contact.dot_number), company_domain(contact));
}

Identified lock(db::Transaction& tx, CustomerId id) {
    auto customer = tx.maybe(sql::lock, id);
    if (!customer) throw not_found("customer");
    Identified answer{.customer = std::move(*customer)};
    if (answer.customer.account_id) answer.account = get(tx, *answer.customer.account_id);
    return answer;
}

Customer get(db::Transaction& tx, CustomerId id) {
    if (auto customer = tx.maybe(sql::find, id)) return std::move(*customer);
    throw not_found("customer");
}

Account get(db::Transaction& tx, AccountId id) {
    if (auto account = tx.maybe(sql::account, id)) return std::move(*account);
    throw not_found("account");
}

std::vector<CustomerId> customers_of(db::Transaction& tx, AccountId id, std::int64_t limit) {
    return tx.all(sql::customers_of, id, limit);
}

}  // namespace referral::customers
