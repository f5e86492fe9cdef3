#pragma once

#include "partners/partners.hpp"
#include "platform/schema/json.hpp"

namespace referral::partners {

/// Terms as they are stored.
struct StoredTerms {
    std::int64_t version = 0;
    std::string text;
    Instant published_at;
};

/// Body of a partner's acceptance.
struct TermsAccepted {
    std::int64_t version = 0;
};

/// Body of a rejection.
struct Rejection {
    Line<500> reason;
};

}  // namespace referral::partners

namespace referral::schema {

template <>
struct Fields<partners::StoredTerms> {
    using T = partners::StoredTerms;
    static constexpr std::string_view name = "StoredTerms";
    static constexpr auto list = FieldList{
        field("version", &T::version, ""),
        field("text", &T::text, ""),
        field("published_at", &T::published_at, ""),
    };
};

template <>
struct Fields<partners::Terms> {
    using T = partners::Terms;
    static constexpr std::string_view name = "Terms";
    static constexpr auto list = FieldList{
        field("version", &T::version, "To be sent with an application."),
        field("text", &T::text, "Paragraphs with empty lines between."),
        field("published_at", &T::published_at, "Since when they hold."),
        field("applications_open", &T::applications_open, "Whether applications are taken."),
    };
};

template <>
struct Fields<partners::OwnTerms> {
    using T = partners::OwnTerms;
    static constexpr std::string_view name = "OwnTerms";
    static constexpr auto list = FieldList{
        field("version", &T::version, "To be sent when they are accepted."),
        field("text", &T::text, "Paragraphs with empty lines between."),
        field("published_at", &T::published_at, "Since when they hold."),
        field("accepted_at", &T::accepted_at, "When you accepted this version."),
    };
};

template <>
struct Fields<partners::NewTerms> {
    using N = partners::NewTerms;
    static constexpr std::string_view name = "NewTerms";
    static constexpr auto list = FieldList{
        field("version", &N::version, "The one after the newest."),
        field("text", &N::text, "Paragraphs with empty lines between."),
    };
};

template <>
struct Fields<partners::TermsAccepted> {
    using A = partners::TermsAccepted;
    static constexpr std::string_view name = "TermsAccepted";
    static constexpr auto list = FieldList{
        field("version", &A::version, "The terms that were read: the newest."),
    };
};

template <>
struct Fields<partners::Applicant> {
    using A = partners::Applicant;
    static constexpr std::string_view name = "Applicant";
    static constexpr auto list = FieldList{
        field("email", &A::email, "Where they are reached, and what they sign in with."),
        field("name", &A::name, "Who they are."),
        field("kind", &A::kind, "Whether a person or a company refers."),
        field("company", &A::company, "The company's name."),
        field("country", &A::country, "Where they are at home."),
        field("website", &A::website, "Their page."),
        field("audience", &A::audience, "Whom they reach."),
        field("mc_number", &A::mc_number, "MC number, digits only."),
        field("dot_number", &A::dot_number, "USDOT number, digits only."),
        field("terms_version", &A::terms_version, "The terms they accept."),
    };
};

template <>
struct Fields<partners::NewApplication> {
    using N = partners::NewApplication;
    static constexpr std::string_view name = "NewApplication";
    static constexpr auto list =
        joined(Fields<partners::Applicant>::list,
               FieldList{field("password", &N::password,
                               "What they will sign in with: at least 15 characters.")});
};

template <>
struct Fields<partners::Application> {
    using A = partners::Application;
    static constexpr std::string_view name = "Application";
    static constexpr auto list = joined(
        FieldList{field("id", &A::id, "The application.")}, Fields<partners::Applicant>::list,
        FieldList{
            field("ip", &A::ip, "From where it was sent."),
            field("status", &A::status, "unverified until its mailed link is opened."),
            field("reason", &A::reason, "Why it was rejected."),
            field("decided_by", &A::decided_by, "Who decided."),
            field("decided_at", &A::decided_at, "When."),
            field("user_id", &A::user_id, "The partner that came of it."),
            field("created_at", &A::created_at, "When it was sent."),
            field("verified_at", &A::verified_at, "When its mailed link was opened."),
        });
};

template <>
struct Fields<partners::ApplicationFilter> {
    using F = partners::ApplicationFilter;
    static constexpr std::string_view name = "ApplicationFilter";
    static constexpr auto list = FieldList{
        field("status", &F::status, "Of this status; all but unverified when absent."),
        field("q", &F::q, "Part of a name, company or address."),
        field("limit", &F::limit, "At most so many; 50 when absent."),
        field("cursor", &F::cursor, "next_cursor of the page before."),
    };
};

template <>
struct Fields<partners::Rejection> {
    using R = partners::Rejection;
    static constexpr std::string_view name = "Rejection";
    static constexpr auto list = FieldList{
        field("reason", &R::reason, "Why, in words the applicant reads."),
    };
};

}  // namespace referral::schema
