#pragma once

/// Leads told by pages of the business: the script that pages include, and where it reports to.

#include <optional>
#include <string>

#include "conversions/conversions.hpp"
#include "platform/http/call.hpp"

namespace referral::conversions {

/// What the script says of a form that was sent.
struct BrowserLead {
    std::optional<Line<200>> external_id{};  ///< Told apart by address and click when absent.
    std::optional<ClickId> click_id{};
    std::optional<Line<64>> code{};
    customers::Email email;
    std::optional<Line<100>> name{};
    std::optional<Line<200>> company{};
    std::optional<Line<40>> phone{};
    std::optional<Country> country{};
};

/// Stores a lead, never anything with a value. Refuses: forbidden (a page that is on no host of the
/// program), invalid (neither click nor code), malformed.
void take_lead(const Conversions& conversions, http::Call& call);

http::RouteTable browser_routes(const RouteParts& parts);

}  // namespace referral::conversions

namespace referral::schema {

template <>
struct Fields<conversions::BrowserLead> {
    using T = conversions::BrowserLead;
    static constexpr std::string_view name = "BrowserLead";
    static constexpr auto list =
        FieldList{field("external_id", &T::external_id, "The form's number, if it has one."),
                  field("click_id", &T::click_id, "The click that the visitor came by."),
                  field("code", &T::code, "The code that the visitor came by or typed."),
                  field("email", &T::email, "The visitor's address."),
                  field("name", &T::name, "The visitor's name."),
                  field("company", &T::company, "The visitor's company."),
                  field("phone", &T::phone, "The visitor's telephone."),
                  field("country", &T::country, "ISO 3166-1 alpha-2.")};
};

}  // namespace referral::schema
