#pragma once

#include "leads/leads.hpp"
#include "platform/schema/json.hpp"

namespace referral::leads {

/// Body of a rejection.
struct Rejection {
    Line<500> reason;
};

}  // namespace referral::leads

namespace referral::schema {

template <>
struct Fields<leads::Prospect> {
    using P = leads::Prospect;
    static constexpr std::string_view name = "Prospect";
    static constexpr auto list = FieldList{
        field("company", &P::company, "The company's name."),
        field("name", &P::name, "Whom to speak to there."),
        field("email", &P::email, "Their address."),
        field("phone", &P::phone, "Their telephone."),
        field("domain", &P::domain, "The company's domain; that of the address when absent."),
        field("mc_number", &P::mc_number, "MC number, digits only."),
        field("dot_number", &P::dot_number, "USDOT number, digits only."),
        field("country", &P::country, "Where the company is at home."),
        field("note", &P::note, "For whoever decides."),
    };
};

template <>
struct Fields<leads::Lead> {
    using L = leads::Lead;
    static constexpr std::string_view name = "Lead";
    static constexpr auto list = joined(
        FieldList{field("id", &L::id, "The lead."),
                  field("program_id", &L::program_id, "In which program."),
                  field("user_id", &L::user_id, "Whose it is."),
                  field("user_name", &L::user_name, "Their name.")},
        Fields<leads::Prospect>::list,
        FieldList{
            field("status", &L::status, "What became of it."),
            field("reason", &L::reason, "Why, in words the partner reads."),
            field("registered_at", &L::registered_at, "When it was registered."),
            field("protected_until", &L::protected_until,
                  "Until when, exclusive, sales to the company are the partner's; null: not "
                  "accepted."),
            field("customer_id", &L::customer_id, "The contact, once it is accepted."),
            field("account_id", &L::account_id, "The company, once it is accepted."),
            field("decided_by", &L::decided_by, "Who decided."),
            field("decided_at", &L::decided_at, "When."),
            field("converted_at", &L::converted_at, "When the first sale that counts occurred."),
            field("created_at", &L::created_at, "When it was made."),
            field("updated_at", &L::updated_at, "When it was last changed."),
        });
};

template <>
struct Fields<leads::Rival> {
    using R = leads::Rival;
    static constexpr std::string_view name = "RivalLead";
    static constexpr auto list = FieldList{
        field("id", &R::id, "The other lead."),
        field("user_id", &R::user_id, "Whose it is."),
        field("user_name", &R::user_name, "Their name."),
        field("status", &R::status, "What became of it."),
        field("registered_at", &R::registered_at, "When it was registered."),
        field("protected_until", &R::protected_until, "Until when it is protected."),
    };
};

template <>
struct Fields<leads::LeadDetails> {
    using D = leads::LeadDetails;
    static constexpr std::string_view name = "LeadDetails";
    static constexpr auto list =
        joined(Fields<leads::Lead>::list,
               FieldList{
                   field("rivals", &D::rivals, "Leads of the same company; for staff."),
                   field("known_since", &D::known_since,
                         "Since when the company is known anyway; for staff."),
               });
};

template <>
struct Fields<leads::NewLead> {
    using N = leads::NewLead;
    static constexpr std::string_view name = "NewLead";
    static constexpr auto list = joined(
        Fields<leads::Prospect>::list,
        FieldList{
            field("program_id", &N::program_id, "In which program; the default one when absent."),
            field("user_id", &N::user_id, "For staff: whose it is."),
            field("registered_at", &N::registered_at, "For staff: when it was; now when absent."),
        });
};

template <>
struct Fields<leads::Acceptance> {
    using A = leads::Acceptance;
    static constexpr std::string_view name = "LeadAcceptance";
    static constexpr auto list = FieldList{
        field("reason", &A::reason, "Why, in words the partner reads."),
        field("protected_until", &A::protected_until,
              "Until when it is protected; as the program says when absent."),
    };
};

template <>
struct Fields<leads::Rejection> {
    using R = leads::Rejection;
    static constexpr std::string_view name = "LeadRejection";
    static constexpr auto list = FieldList{
        field("reason", &R::reason, "Why, in words the partner reads."),
    };
};

template <>
struct Fields<leads::LeadFilter> {
    using F = leads::LeadFilter;
    static constexpr std::string_view name = "LeadFilter";
    static constexpr auto list = FieldList{
        field("status", &F::status, "Of this status."),
        field("program_id", &F::program_id, "In this program."),
        field("user_id", &F::user_id, "Of this partner."),
        field("account_id", &F::account_id, "Of this company."),
        field("q", &F::q, "Part of the company, contact, address or domain."),
        field("limit", &F::limit, "At most so many; 50 when absent."),
        field("cursor", &F::cursor, "next_cursor of the page before."),
    };
};

}  // namespace referral::schema
