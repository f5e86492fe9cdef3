#pragma once

/// Who was referred: customers, people or orders' addresses of the company's own systems, and the
/// accounts (companies) behind them.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/country.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "partners/partners.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/http/fwd.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::customers {

using accounts::Email, accounts::UserId;
using partners::CarrierNumber;

struct CustomerTag {
    static constexpr std::string_view prefix = "cus";
};
using CustomerId = Id<CustomerTag>;

struct AccountTag {
    static constexpr std::string_view prefix = "acc";
};
using AccountId = Id<AccountTag>;

/// A host name in lower case with a dot in it: "acme.example". What "https://www.acme.example/x"
/// or "@acme.example" mean is read as it.
class Domain {
public:
    static constexpr std::string_view rule = "a domain such as acme.com";
    static std::optional<Domain> parse(std::string_view text);
    const std::string& text() const { return text_; }

    Domain() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Domain&, const Domain&) = default;

private:
    std::string text_;
};

/// Whether everybody can have an address there, so that it says nothing of a company.
bool is_free_mail(std::string_view domain);

/// The mailbox behind an address, as far as it can be told: lower case; of Gmail without dots and
/// "+tag", under one name.
std::string mailbox_of(const Email& email);

/// What somebody knows of a customer. All may be missing; then there is nothing to identify.
struct Contact {
    std::optional<Line<200>> external_id{};  ///< In the company's own systems; kept as it is.
    std::optional<Email> email{};
    std::optional<Line<100>> name{};
    std::optional<Line<40>> phone{};
    std::optional<Line<200>> company{};
    std::optional<Domain> domain{};  ///< Of the company; else that of the e-mail address.
    std::optional<CarrierNumber> mc_number{};
    std::optional<CarrierNumber> dot_number{};
    std::optional<Line<100>> tms_id{};  ///< The company's number in the TMS.
    std::optional<Country> country{};
    /// Since when the company is known to us, where it is older than what we were told of it.
    std::optional<Instant> known_since{};

    bool is_empty() const;
};

/// A customer as it is stored.
struct Customer {
    CustomerId id;
    std::optional<AccountId> account_id{};
    std::optional<std::string> external_id{};
    std::optional<std::string> email{};
    std::optional<std::string> name{};
    std::optional<std::string> phone{};
    std::optional<std::string> country{};
    Instant first_seen_at{};
    Instant created_at{};
    Instant updated_at{};
};

/// The company behind customers.
struct Account {
    AccountId id;
    std::string name;
    std::vector<std::string> domains{};
    std::optional<std::string> mc_number{};
    std::optional<std::string> dot_number{};
    std::optional<std::string> tms_id{};
    std::optional<std::string> country{};
    Instant first_known_at{};
    Instant created_at{};
    Instant updated_at{};
};

/// A customer that was found or made, locked until the transaction ends, so that what is decided
/// about it is decided one after the other.
struct Identified {
    Customer customer;
    std::optional<Account> account{};
    bool is_new = false;
    /// It, or its account, was known later until now: decisions about new customers may change.
    bool known_earlier = false;

    /// Since when the account is known or, where there is none, the customer.
    Instant known_at() const { return account ? account->first_known_at : customer.first_seen_at; }
};

/// The customer with this external_id or, without one, this mailbox; made when there is none, and
/// its account by TMS id, MC or DOT number or domain (never one of free mail), or made when the
/// contact names a company. What is not known yet is added; what is known stays.
/// Refuses: invalid (a contact that identifies nobody: neither external_id nor e-mail).
Identified identify(db::Transaction& tx, const Contact& contact, Instant seen_at, Instant now);

/// The account that a contact's TMS id, MC or DOT number or domain belongs to, in this order.
std::optional<AccountId> find_account(db::Transaction& tx, const Contact& contact);

/// A customer that is there, locked as `identify` does. Refuses: not_found.
Identified lock(db::Transaction& tx, CustomerId id);

/// Refuses: not_found. For code that does not ask on behalf of a caller.
Customer get(db::Transaction& tx, CustomerId id);
Account get(db::Transaction& tx, AccountId id);

/// At most `limit` customers of the account, the oldest first.
std::vector<CustomerId> customers_of(db::Transaction& tx, AccountId id, std::int64_t limit);

/// "Jane Doe" as "J… D…", "jane@acme.com" as "j…@a…": enough to recognise, too little to reach.
std::string masked(std::string_view text);

/// Customers and accounts.
http::RouteTable routes();

}  // namespace referral::customers

namespace referral::schema {

template <>
struct Fields<customers::Contact> {
    using T = customers::Contact;
    static constexpr std::string_view name = "CustomerContact";
    static constexpr auto list = FieldList{
        field("external_id", &T::external_id, "Its number in your own systems."),
        field("email", &T::email, "Its e-mail address."),
        field("name", &T::name, "The person's name."),
        field("phone", &T::phone, "Its telephone."),
        field("company", &T::company, "The company's name."),
        field("domain", &T::domain, "The company's domain; else that of the e-mail address."),
        field("mc_number", &T::mc_number, "The company's MC number."),
        field("dot_number", &T::dot_number, "The company's USDOT number."),
        field("tms_id", &T::tms_id, "The company's number in the TMS."),
        field("country", &T::country, "ISO 3166-1 alpha-2."),
        field("known_since", &T::known_since, "Since when you know the company, if longer."),
    };
};

}  // namespace referral::schema
