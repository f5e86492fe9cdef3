#include "base/problem.hpp"
#include "conversions/browser.hpp"
#include "conversions/imports.hpp"
#include "conversions/postback.hpp"
#include "conversions/queries.hpp"
#include "conversions/views.hpp"
#include "platform/crypto/random.hpp"
#include "platform/http/route.hpp"

namespace referral::conversions {

/// Whose a conversion is to be; null: nobody's.
struct NewOverride {
    std::optional<UserId> user_id{};
    std::optional<Line<500>> reason{};
};

/// What a token is to be for.
struct NewToken {
    std::optional<LinkId> link_id{};
    std::optional<Line<64>> code{};
    std::optional<schema::Whole<1, 365>> days{};
};

/// A token just signed.
struct Token {
    std::string token;
    Instant issued_at{}, expires_at{};
};

}  // namespace referral::conversions

namespace referral::schema {

template <>
struct Fields<conversions::NewOverride> {
    using T = conversions::NewOverride;
    static constexpr std::string_view name = "NewAttributionOverride";
    static constexpr auto list =
        FieldList{field("user_id", &T::user_id, "The partner; null: nobody's."),
                  field("reason", &T::reason, "Why; required.")};
};

template <>
struct Fields<conversions::NewToken> {
    using T = conversions::NewToken;
    static constexpr std::string_view name = "NewAttributionToken";
    static constexpr auto list =
        FieldList{field("link_id", &T::link_id, "The link it stands for."),
                  field("code", &T::code, "Its code, instead."),
                  field("days", &T::days, "How long it can be used; 30 when absent.")};
};

template <>
struct Fields<conversions::Token> {
    using T = conversions::Token;
    static constexpr std::string_view name = "AttributionToken";
    static constexpr auto list =
        FieldList{field("token", &T::token, "The token, a JSON Web Token signed with Ed25519."),
                  field("issued_at", &T::issued_at, "When it was signed: the touch."),
                  field("expires_at", &T::expires_at, "When it can be used no more.")};
};

}  // namespace referral::schema

namespace referral::conversions {

namespace {

using http::Body, http::Call, http::Created, http::File, http::Page, http::Params, http::Path;

ConversionView view_of(Call& call, const Recorded& recorded) {
    return shown(call.transaction(), call.owner(), recorded.id, recorded.earned);
}

ConversionView override_attribution(const RouteParts& parts, Call& call, ConversionId id,
                                    const NewOverride& wanted) {
    if (!wanted.reason) throw invalid("reason", "is required");
    return view_of(call, parts.conversions.override_attribution(call.transaction(), id,
                                                                wanted.user_id, *wanted.reason,
                                                                audit::actor_of(call), call.now()));
}

ConversionView get_conversion(const RouteParts& parts, Call& call, ConversionId id) {
    db::Transaction& tx = call.transaction();
    return shown(tx, call.owner(), id, parts.conversions.earned_by(tx, id));
}

Token sign_token(const RouteParts& parts, Call& call, const NewToken& wanted) {
    constexpr std::int64_t days_default = 30;
    if (wanted.link_id.has_value() == wanted.code.has_value())
        throw invalid("link_id", "or code must be given, not both");
    db::Transaction& tx = call.transaction();
    const auto link = wanted.link_id ? tx.maybe(sql::link_by_id, *wanted.link_id, call.owner())
                                     : tx.maybe(sql::own_link_by_code,
                                                links::code_key(wanted.code->text()), call.owner());
    if (!link) throw not_found(wanted.link_id ? "link" : "code");
    const auto& [id, user, program, code] = *link;
    const Instant now = std::chrono::floor<std::chrono::seconds>(call.now());
    const TokenClaims claims{
        .link_id = id,
        .user_id = user,
        .program_id = program,
        .code = code,
        .issued_at = now,
        .expires_at = now + std::chrono::days(wanted.days ? wanted.days->value : days_default),
        .number = crypto::random_token()};
    return {.token = parts.tokens.sign(claims),
            .issued_at = claims.issued_at,
            .expires_at = claims.expires_at};
}

http::RouteTable reporting(const RouteParts& parts) {
    return {
        http::post("/conversions",
                   [parts](Call& call, Body<NewConversion> wanted) {
                       return Created<ConversionView>{view_of(
                           call,
                           parts.conversions.record(call.transaction(), *wanted,
                                                    {.actor = audit::actor_of(call)}, call.now()))};
                   },
                   {.name = "createConversion",
                    .summary = "Report a conversion; told again it gives the same answer",
                    .permission = "conversions:write",
                    .refuses = {Refusal::invalid, Refusal::conflict},
                    .limit_class = "report"}),
        http::post("/conversions/{id}/adjustments",
                   [parts](Call& call, Path<ConversionId> id, Body<NewAdjustment> wanted) {
                       return Created<ConversionView>{view_of(
                           call, parts.conversions.adjust(call.transaction(), *id, *wanted,
                                                          audit::actor_of(call), call.now()))};
                   },
                   {.name = "adjustConversion",
                    .summary = "Report a later change of a conversion",
                    .permission = "conversions:write",
                    .refuses = {Refusal::not_found, Refusal::invalid, Refusal::conflict},
                    .limit_class = "report"}),
        http::post("/conversions/{id}/attribute",
                   [parts](Call& call, Path<ConversionId> id, Body<NewOverride> wanted) {
                       return override_attribution(parts, call, *id, *wanted);
                   },
                   {.name = "overrideAttribution",
                    .summary = "Decide whose a conversion is",
                    .permission = "conversions:write",
                    .refuses = {Refusal::not_found, Refusal::invalid, Refusal::conflict}}),
        http::post("/conversions/{id}/reattribute",
                   [parts](Call& call, Path<ConversionId> id) {
                       return view_of(
                           call, parts.conversions.reattribute(call.transaction(), *id,
                                                               audit::actor_of(call), call.now()));
                   },
                   {.name = "reattributeConversion",
                    .summary = "Decide again by what is known now",
                    .permission = "conversions:write",
                    .refuses = {Refusal::not_found}}),
    };
}

http::RouteTable looking(const RouteParts& parts) {
    return {
        http::get("/conversions",
                  [](Call& call, Params<ConversionFilter> filter) {
                      auto page = list(call.transaction(), call.owner(), *filter);
                      return Page<ConversionRow>{std::move(page.conversions),
                                                 std::move(page.next_cursor)};
                  },
                  {.name = "listConversions",
                   .summary = "List conversions, the latest first",
                   .permission = "conversions:read",
                   .refuses = {Refusal::invalid}}),
        http::get(
            "/conversions/{id}",
            [parts](Call& call, Path<ConversionId> id) { return get_conversion(parts, call, *id); },
            {.name = "getConversion",
             .summary = "Look up a conversion",
             .permission = "conversions:read"}),
        http::get("/conversions/{id}/attribution",
                  [](Call& call, Path<ConversionId> id) {
                      return journey(call.transaction(), call.owner(), *id);
                  },
                  {.name = "getAttribution",
                   .summary = "Show how it was decided whose a conversion is",
                   .permission = "conversions:read"}),
        http::get(
            "/explain",
            [](Call& call, Params<ExplainParams> params) {
                return Page<Explanation>{explain(call.transaction(), call.owner(), *params), {}};
            },
            {.name = "explain",
             .summary = "Answer why a partner is credited for something, or is not",
             .permission = "conversions:read",
             .refuses = {Refusal::invalid, Refusal::not_found}}),
    };
}

http::RouteTable signing(const RouteParts& parts) {
    return {
        http::post("/tokens",
                   [parts](Call& call, Body<NewToken> wanted) {
                       return Created<Token>{sign_token(parts, call, *wanted)};
                   },
                   {.name = "createToken",
                    .summary = "Sign a token that says whose a customer is",
                    .permission = "tokens:write",
                    .refuses = {Refusal::invalid, Refusal::not_found}}),
        http::get("/tokens/keys",
                  [parts](Call&) {
                      return File{
                          http::Response::with(200, "application/jwk-set+json",
                                               schema::json::serialize(parts.tokens.key_set()))};
                  },
                  {.name = "getTokenKeys",
                   .summary = "Get the public key that tokens are checked with",
                   .media_types = {"application/jwk-set+json"}}),
    };
}

}  // namespace

http::RouteTable routes(const RouteParts& parts) {
    http::RouteTable all = reporting(parts);
    for (const auto& table : {looking(parts), signing(parts), import_routes(),
                              postback_routes(parts), browser_routes(parts)})
        all.insert(all.end(), table.begin(), table.end());
    return all;
}

}  // namespace referral::conversions
