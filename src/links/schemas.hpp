#pragma once

#include "links/links.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

template <>
struct Fields<links::Utm> {
    using U = links::Utm;
    static constexpr std::string_view name = "Utm";
    static constexpr auto list = FieldList{
        field("source", &U::source, "utm_source: who sends the visitors."),
        field("medium", &U::medium, "utm_medium: by which means."),
        field("campaign", &U::campaign, "utm_campaign: on which occasion."),
        field("term", &U::term, "utm_term: what was searched for."),
        field("content", &U::content, "utm_content: which of several links."),
    };
};

template <>
struct Fields<links::Target> {
    using T = links::Target;
    static constexpr std::string_view name = "Target";
    static constexpr auto list = FieldList{
        field("countries", &T::countries, "For visitors of these; absent: of all."),
        field("devices", &T::devices, "For visitors on these; absent: on all."),
        field("destination_url", &T::destination_url, "Where these visitors land."),
    };
};

template <>
struct Fields<links::NewLink> {
    using N = links::NewLink;
    static constexpr std::string_view name = "NewLink";
    static constexpr auto list = FieldList{
        field("destination_url", &N::destination_url, "Where visitors land."),
        field("code", &N::code, "Drawn at random when absent."),
        field("program_id", &N::program_id, "The default program when absent."),
        field("user_id", &N::user_id, "Whose link it is, for staff; the caller's when absent."),
        field("name", &N::name, "What people call it."),
        field("starts_at", &N::starts_at, "When it begins to redirect."),
        field("expires_at", &N::expires_at, "When it stops."),
        field("visits_max", &N::visits_max, "After how many unique clicks it stops."),
        field("password", &N::password, "What visitors must enter."),
        field("utm", &N::utm, "UTM parameters for the destination."),
        field("targets", &N::targets, "Other destinations by country or device; the first fits."),
        field("pass_params", &N::pass_params, "Whether visitors' query parameters pass through."),
    };
};

template <>
struct Fields<links::LinkChange> {
    using C = links::LinkChange;
    static constexpr std::string_view name = "LinkChange";
    static constexpr auto list = FieldList{
        field("destination_url", &C::destination_url, "Where visitors land."),
        field("program_id", &C::program_id, "The program it belongs to."),
        field("user_id", &C::user_id, "Whose link it is; for staff."),
        field("name", &C::name, "What people call it."),
        field("starts_at", &C::starts_at, "When it begins to redirect."),
        field("expires_at", &C::expires_at, "When it stops."),
        field("visits_max", &C::visits_max, "After how many unique clicks it stops."),
        field("password", &C::password, "What visitors must enter; null: nothing any more."),
        field("utm", &C::utm, "UTM parameters for the destination."),
        field("targets", &C::targets, "Other destinations by country or device; the first fits."),
        field("pass_params", &C::pass_params, "Whether visitors' query parameters pass through."),
    };
};

template <>
struct Fields<links::LinkTerms> {
    using T = links::LinkTerms;
    static constexpr std::string_view name = "LinkTerms";
    static constexpr auto list = FieldList{
        field("user_id", &T::user_id, ""),
        field("program_id", &T::program_id, ""),
        field("destination_url", &T::destination_url, ""),
        field("name", &T::name, ""),
        field("starts_at", &T::starts_at, ""),
        field("expires_at", &T::expires_at, ""),
        field("visits_max", &T::visits_max, ""),
        field("password_hash", &T::password_hash, ""),
        field("utm", &T::utm, ""),
        field("targets", &T::targets, ""),
        field("pass_params", &T::pass_params, ""),
        field("status", &T::status, ""),
    };
};

template <>
struct Fields<links::Link> {
    using L = links::Link;
    static constexpr std::string_view name = "Link";
    static constexpr auto list = FieldList{
        field("id", &L::id, "The link."),
        field("code", &L::code, "What its address ends in, and what people type."),
        field("short_url", &L::short_url, "The address to share."),
        field("destination_url", &L::destination_url, "Where visitors land."),
        field("status", &L::status, "What it does now."),
        field("program_id", &L::program_id, "The program it belongs to."),
        field("user_id", &L::user_id, "Whose link it is."),
        field("user_name", &L::user_name, "Their name."),
        field("name", &L::name, "What people call it."),
        field("starts_at", &L::starts_at, "When it begins to redirect."),
        field("expires_at", &L::expires_at, "When it stops."),
        field("visits_max", &L::visits_max, "After how many unique clicks it stops."),
        field("has_password", &L::has_password, "Whether visitors must enter a password."),
        field("utm", &L::utm, "UTM parameters for the destination."),
        field("targets", &L::targets, "Other destinations by country or device; the first fits."),
        field("pass_params", &L::pass_params, "Whether visitors' query parameters pass through."),
        field("created_at", &L::created_at, "When it was made."),
        field("updated_at", &L::updated_at, "When it was last changed."),
        field("clicks", &L::clicks, "Clicks by people, repeated ones too."),
        field("unique_clicks", &L::unique_clicks, "Clicks that count."),
        field("last_clicked_at", &L::last_clicked_at, "The newest click."),
    };
};

template <>
struct Fields<links::LinkFilter> {
    using F = links::LinkFilter;
    static constexpr std::string_view name = "LinkFilter";
    static constexpr auto list = FieldList{
        field("q", &F::q, "How the code begins, or a part of name or destination."),
        field("status", &F::status, "Links that do this now."),
        field("program_id", &F::program_id, "Links of this program."),
        field("user_id", &F::user_id, "This user's links."),
        field("sort", &F::sort, "In which order."),
        field("limit", &F::limit, "How many at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<links::QrWanted> {
    using Q = links::QrWanted;
    static constexpr std::string_view name = "QrWanted";
    static constexpr auto list = FieldList{
        field("format", &Q::format, "svg or png."),
        field("size", &Q::size, "Width and height in pixels."),
    };
};

template <>
struct Fields<links::TypedCode> {
    using T = links::TypedCode;
    static constexpr std::string_view name = "TypedCode";
    static constexpr auto list = FieldList{field("code", &T::code, "What somebody typed.")};
};

template <>
struct Fields<links::Suggestion> {
    using S = links::Suggestion;
    static constexpr std::string_view name = "Suggestion";
    static constexpr auto list = FieldList{
        field("code", &S::code, "A live code."),
        field("short_url", &S::short_url, "Its address."),
    };
};

template <>
struct Fields<links::Horizon> {
    using H = links::Horizon;
    static constexpr std::string_view name = "Horizon";
    static constexpr auto list = FieldList{
        field("database", &H::database, ""),
        field("xid", &H::xid, ""),
        field("next_xid", &H::next_xid, ""),
        field("at", &H::at, ""),
    };
};

template <>
struct Fields<links::Change> {
    using C = links::Change;
    static constexpr std::string_view name = "Change";
    static constexpr auto list = FieldList{
        field("id", &C::id, ""),
        field("xid", &C::xid, ""),
        field("link_id", &C::link_id, ""),
        field("program_id", &C::program_id, ""),
    };
};

template <>
struct Fields<links::StoredLink> {
    using S = links::StoredLink;
    static constexpr std::string_view name = "StoredLink";
    static constexpr auto list = FieldList{
        field("id", &S::id, ""),
        field("user_id", &S::user_id, ""),
        field("program_id", &S::program_id, ""),
        field("code", &S::code, ""),
        field("destination_url", &S::destination_url, ""),
        field("status", &S::status, ""),
        field("starts_at", &S::starts_at, ""),
        field("expires_at", &S::expires_at, ""),
        field("visits_max", &S::visits_max, ""),
        field("visits", &S::visits, ""),
        field("password_hash", &S::password_hash, ""),
        field("utm", &S::utm, ""),
        field("targets", &S::targets, ""),
        field("pass_params", &S::pass_params, ""),
    };
};

}  // namespace referral::schema
