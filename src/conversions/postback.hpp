#pragma once

/// Conversions told by a single GET, as other systems' postbacks do it: with an API key, or signed
/// by a secret that never travels.

#include <optional>
#include <string>
#include <vector>

#include "conversions/conversions.hpp"
#include "platform/http/call.hpp"

namespace referral::conversions {

struct PostbackKeyTag {
    static constexpr std::string_view prefix = "pbk";
};
using PostbackKeyId = Id<PostbackKeyTag>;

/// A key as it is shown: never the secret.
struct PostbackKey {
    PostbackKeyId id;
    std::string key;  ///< What `key=` says.
    ProgramId program_id;
    std::string name;
    std::optional<std::int64_t> revenue_max{};  ///< Minor units of the program's currency.
    Instant created_at{};
    std::optional<Instant> last_used_at{};
    std::optional<Instant> revoked_at{};
};

struct NewPostbackKey {
    Line<100> name;
    std::optional<ProgramId> program_id{};
    std::optional<Decimal> revenue_max{};  ///< More revenue than that is refused.
};

/// A key just made, with the secret that is shown only now.
struct NewPostbackKeyView {
    PostbackKey key;
    std::string secret;
};

/// What a postback says. `signature` stands last: the hexadecimal HMAC-SHA-256 of everything in the
/// query before "&signature=".
struct Postback {
    std::optional<Line<100>> key{};
    std::optional<std::int64_t> timestamp{};  ///< Seconds since 1970; within 300 s of now.
    std::optional<Line<64>> signature{};
    std::optional<EventKind> kind{};   ///< delivered when absent
    std::optional<Line<50>> source{};  ///< postback when absent
    std::optional<Line<200>> external_id{};
    std::optional<DocumentLine> line{};
    std::optional<Instant> occurred_at{};
    std::optional<Decimal> revenue{}, cost{};
    std::optional<Currency> currency{};
    std::optional<Decimal> quantity{};
    std::optional<Unit> unit{};
    std::optional<Mode> mode{};
    std::optional<Line<200>> lane{};
    std::optional<Line<200>> customer_id{};
    std::optional<customers::Email> email{};
    std::optional<Line<100>> name{};
    std::optional<Line<200>> company{};
    std::optional<Country> country{};
    std::optional<ClickId> click_id{};
    std::optional<Line<64>> code{};
    std::optional<Line<2'000>> token{};
};

/// What a postback is answered with.
struct PostbackAnswer {
    ConversionId id;
    bool is_new = false;
};

/// Refuses: unauthenticated (key, signature, an old timestamp), forbidden (the key's scopes),
/// invalid, conflict.
PostbackAnswer take_postback(const Conversions& conversions, const crypto::Key& key,
                             http::Call& call, const Postback& postback);

/// What HMAC is over: the query before its last parameter, the signature. Nothing when that is not
/// the last one.
std::optional<std::string_view> signed_part(std::string_view query);

http::RouteTable postback_routes(const RouteParts& parts);

}  // namespace referral::conversions

namespace referral::schema {

template <>
struct Fields<conversions::PostbackKey> {
    using T = conversions::PostbackKey;
    static constexpr std::string_view name = "PostbackKey";
    static constexpr auto list =
        FieldList{field("id", &T::id, "The key."),
                  field("key", &T::key, "What a postback's key= says."),
                  field("program_id", &T::program_id, "The program of all its conversions."),
                  field("name", &T::name, "What people call it."),
                  field("revenue_max", &T::revenue_max, "The most revenue of one, in minor units."),
                  field("created_at", &T::created_at, "When it was made."),
                  field("last_used_at", &T::last_used_at, "When it was last used."),
                  field("revoked_at", &T::revoked_at, "Since when it does not work.")};
};

template <>
struct Fields<conversions::NewPostbackKey> {
    using T = conversions::NewPostbackKey;
    static constexpr std::string_view name = "NewPostbackKey";
    static constexpr auto list =
        FieldList{field("name", &T::name, "What people call it."),
                  field("program_id", &T::program_id, "The program; the default one when absent."),
                  field("revenue_max", &T::revenue_max, "More revenue than that is refused.")};
};

template <>
struct Fields<conversions::NewPostbackKeyView> {
    using T = conversions::NewPostbackKeyView;
    static constexpr std::string_view name = "NewPostbackKeyView";
    static constexpr auto list =
        FieldList{field("key", &T::key, "The key."),
                  field("secret", &T::secret, "The secret that signs; shown only now.")};
};

template <>
struct Fields<conversions::Postback> {
    using T = conversions::Postback;
    static constexpr std::string_view name = "Postback";
    static constexpr auto list =
        FieldList{field("key", &T::key, "An API key, or a key for postbacks."),
                  field("timestamp", &T::timestamp, "Seconds since 1970, within 300 of now."),
                  field("signature", &T::signature, "Last: HMAC-SHA-256 of the query before it."),
                  field("kind", &T::kind, "What happened; delivered when absent."),
                  field("source", &T::source, "The system that says so; postback when absent."),
                  field("external_id", &T::external_id, "The document's number in it."),
                  field("line", &T::line, "The document's line."),
                  field("occurred_at", &T::occurred_at, "When; now when absent."),
                  field("revenue", &T::revenue, "What the customer pays."),
                  field("cost", &T::cost, "What it costs."),
                  field("currency", &T::currency, "Of both."),
                  field("quantity", &T::quantity, "How much."),
                  field("unit", &T::unit, "Of what."),
                  field("mode", &T::mode, "How the goods travel."),
                  field("lane", &T::lane, "From where to where."),
                  field("customer_id", &T::customer_id, "The customer's number in your systems."),
                  field("email", &T::email, "The customer's address."),
                  field("name", &T::name, "The customer's name."),
                  field("company", &T::company, "The customer's company."),
                  field("country", &T::country, "The customer's country."),
                  field("click_id", &T::click_id, "The click that the customer came by."),
                  field("code", &T::code, "The code that the customer named."),
                  field("token", &T::token, "A signed token that came with the customer.")};
};

template <>
struct Fields<conversions::PostbackAnswer> {
    using T = conversions::PostbackAnswer;
    static constexpr std::string_view name = "PostbackAnswer";
    static constexpr auto list =
        FieldList{field("id", &T::id, "The conversion."),
                  field("is_new", &T::is_new, "Whether it was not known before.")};
};

}  // namespace referral::schema
