#pragma once

#include "partners/enrolment_schemas.hpp"
#include "partners/profile.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

template <>
struct Fields<partners::StoredPartner> {
    using P = partners::StoredPartner;
    static constexpr std::string_view name = "StoredPartner";
    static constexpr auto list = FieldList{
        field("id", &P::id, "The partner: the same as user_id."),
        field("user_id", &P::user_id, "The user they sign in as."),
        field("email", &P::email, "Where they are reached, and what they sign in with."),
        field("name", &P::name, "Who they are."),
        field("status", &P::status, "Of the user: whether they can sign in."),
        field("kind", &P::kind, "Whether a person or a company refers."),
        field("company", &P::company, "The company's name."),
        field("country", &P::country, "Where they are at home."),
        field("website", &P::website, "Their page."),
        field("audience", &P::audience, "Whom they reach."),
        field("mc_number", &P::mc_number, "MC number, digits only."),
        field("dot_number", &P::dot_number, "USDOT number, digits only."),
        field("referred_by", &P::referred_by, "Who referred this partner."),
        field("referred_by_name", &P::referred_by_name, "Their name."),
        field("code", &P::code, "Of their first link; null: they have none."),
        field("created_at", &P::created_at, "When the user was made."),
        field("updated_at", &P::updated_at, "When the profile was last changed."),
    };
};

template <>
struct Fields<partners::Partner> {
    using P = partners::Partner;
    static constexpr std::string_view name = "Partner";
    static constexpr auto list =
        joined(Fields<partners::StoredPartner>::list,
               FieldList{field("short_url", &P::short_url, "The address of their first link."),
                         field("enrolments", &P::enrolments, "The programs they take part in.")});
};

template <>
struct Fields<partners::NewPartner> {
    using N = partners::NewPartner;
    static constexpr std::string_view name = "NewPartner";
    static constexpr auto list = FieldList{
        field("email", &N::email, "Where they are reached, and what they sign in with."),
        field("name", &N::name, "Who they are."),
        field("kind", &N::kind, "Whether a person or a company; a company when it is named."),
        field("company", &N::company, "The company's name."),
        field("country", &N::country, "Where they are at home."),
        field("website", &N::website, "Their page."),
        field("audience", &N::audience, "Whom they reach."),
        field("mc_number", &N::mc_number, "MC number, digits only."),
        field("dot_number", &N::dot_number, "USDOT number, digits only."),
        field("program_id", &N::program_id, "What they take part in; the default program."),
        field("group_id", &N::group_id, "In which group of it."),
        field("referred_by", &N::referred_by, "Who referred this partner."),
        field("code", &N::code, "Of their first link; drawn at random when absent."),
        field("counts_from", &N::counts_from,
              "From when on conversions count; all of them when absent."),
    };
};

template <>
struct Fields<partners::PartnerChange> {
    using C = partners::PartnerChange;
    static constexpr std::string_view name = "PartnerChange";
    static constexpr auto list = FieldList{
        field("kind", &C::kind, "Whether a person or a company refers."),
        field("company", &C::company, "The company's name."),
        field("country", &C::country, "Where they are at home."),
        field("website", &C::website, "Their page."),
        field("audience", &C::audience, "Whom they reach."),
        field("mc_number", &C::mc_number, "MC number, digits only."),
        field("dot_number", &C::dot_number, "USDOT number, digits only."),
        field("referred_by", &C::referred_by,
              "Who referred this partner, for what occurs from now."),
    };
};

template <>
struct Fields<partners::PartnerFilter> {
    using F = partners::PartnerFilter;
    static constexpr std::string_view name = "PartnerFilter";
    static constexpr auto list = FieldList{
        field("q", &F::q, "Part of a name, company or address, or a whole MC or DOT number."),
        field("program_id", &F::program_id, "Who takes part in it."),
        field("group_id", &F::group_id, "Who is in it."),
        field("status", &F::status, "Whose enrolment is so, in that program or in any."),
        field("referred_by", &F::referred_by, "Whom this partner referred."),
        field("limit", &F::limit, "At most so many; 50 when absent."),
        field("cursor", &F::cursor, "next_cursor of the page before."),
    };
};

template <>
struct Fields<partners::Contact> {
    using C = partners::Contact;
    static constexpr std::string_view name = "PartnerContact";
    static constexpr auto list = FieldList{
        field("email", &C::email, ""),           field("company", &C::company, ""),
        field("website", &C::website, ""),       field("mc_number", &C::mc_number, ""),
        field("dot_number", &C::dot_number, ""),
    };
};

}  // namespace referral::schema
