#pragma once

#include "customers/customers.hpp"
#include "platform/schema/json.hpp"

namespace referral::customers {

/// A customer as the API shows it. Partners see whose business they brought, not how to reach it.
struct CustomerRow : Customer {
    std::optional<std::string> company{};
};

/// Which customers are listed, the newest first.
struct CustomerFilter {
    std::optional<AccountId> account_id{};
    std::optional<Line<200>> q{};
    std::optional<schema::Whole<1, 200>> limit{};
    std::optional<schema::Cursor> cursor{};
};

struct AccountFilter {
    std::optional<Line<200>> q{};
    std::optional<schema::Whole<1, 200>> limit{};
    std::optional<schema::Cursor> cursor{};
};

/// What may be changed of an account; null removes.
struct AccountChange {
    std::optional<Line<200>> name{};
    std::optional<std::vector<Domain>> domains{};
    std::optional<std::optional<CarrierNumber>> mc_number{}, dot_number{};
    std::optional<std::optional<Line<100>>> tms_id{};
    std::optional<std::optional<Country>> country{};
    std::optional<Instant> first_known_at{};
};

}  // namespace referral::customers

namespace referral::schema {

template <>
struct Fields<customers::Customer> {
    using T = customers::Customer;
    static constexpr std::string_view name = "StoredCustomer";
    static constexpr auto list = FieldList{
        field("id", &T::id, ""),
        field("account_id", &T::account_id, ""),
        field("external_id", &T::external_id, ""),
        field("email", &T::email, ""),
        field("name", &T::name, ""),
        field("phone", &T::phone, ""),
        field("country", &T::country, ""),
        field("first_seen_at", &T::first_seen_at, ""),
        field("created_at", &T::created_at, ""),
        field("updated_at", &T::updated_at, ""),
    };
};

template <>
struct Fields<customers::CustomerRow> {
    using T = customers::CustomerRow;
    static constexpr std::string_view name = "Customer";
    static constexpr auto list = FieldList{
        field("id", &T::id, "The customer."),
        field("account_id", &T::account_id, "The company behind it; not for partners."),
        field("company", &T::company, "The company's name; masked for partners."),
        field("external_id", &T::external_id, "Its number in your systems; not for partners."),
        field("email", &T::email, "Its address; masked for partners."),
        field("name", &T::name, "Its name; masked for partners."),
        field("phone", &T::phone, "Its telephone; not for partners."),
        field("country", &T::country, "ISO 3166-1 alpha-2."),
        field("first_seen_at", &T::first_seen_at, "The earliest that is known of it."),
        field("created_at", &T::created_at, "When it was stored."),
        field("updated_at", &T::updated_at, "When it was last changed."),
    };
};

template <>
struct Fields<customers::Account> {
    using T = customers::Account;
    static constexpr std::string_view name = "Account";
    static constexpr auto list = FieldList{
        field("id", &T::id, "The company."),
        field("name", &T::name, "Its name."),
        field("domains", &T::domains, "Its domains, without those of free mail."),
        field("mc_number", &T::mc_number, "Its MC number."),
        field("dot_number", &T::dot_number, "Its USDOT number."),
        field("tms_id", &T::tms_id, "Its number in the TMS."),
        field("country", &T::country, "ISO 3166-1 alpha-2."),
        field("first_known_at", &T::first_known_at, "Since when it is known to us."),
        field("created_at", &T::created_at, "When it was stored."),
        field("updated_at", &T::updated_at, "When it was last changed."),
    };
};

template <>
struct Fields<customers::CustomerFilter> {
    using T = customers::CustomerFilter;
    static constexpr std::string_view name = "CustomerFilter";
    static constexpr auto list = FieldList{
        field("account_id", &T::account_id, "Customers of this company."),
        field("q", &T::q, "An external_id, an e-mail address, or part of a name."),
        field("limit", &T::limit, "How many at most."),
        field("cursor", &T::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<customers::AccountFilter> {
    using T = customers::AccountFilter;
    static constexpr std::string_view name = "AccountFilter";
    static constexpr auto list = FieldList{
        field("q", &T::q, "Part of a name, a domain, or one of its numbers."),
        field("limit", &T::limit, "How many at most."),
        field("cursor", &T::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<customers::AccountChange> {
    using T = customers::AccountChange;
    static constexpr std::string_view name = "AccountChange";
    static constexpr auto list = FieldList{
        field("name", &T::name, "Its name."),
        field("domains", &T::domains, "Its domains; all of them."),
        field("mc_number", &T::mc_number, "Its MC number; null: none."),
        field("dot_number", &T::dot_number, "Its USDOT number; null: none."),
        field("tms_id", &T::tms_id, "Its number in the TMS; null: none."),
        field("country", &T::country, "ISO 3166-1 alpha-2; null: not known."),
        field("first_known_at", &T::first_known_at, "Since when it is known to us."),
    };
};

}  // namespace referral::schema
