#include "conversions/postback.hpp"

#include "base/problem.hpp"
#include "conversions/postback_queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"
#include "platform/crypto/sealing.hpp"
#include "platform/http/route.hpp"

namespace referral::conversions {

namespace {

constexpr std::chrono::seconds tolerance{300};
constexpr std::string_view key_prefix = "pbk_", signature_name = "&signature=";
constexpr std::size_t key_length = 20, secret_bytes = 32;

Problem unknown() { return {Refusal::unauthenticated, "The key or its signature is not right."}; }

crypto::Key sealing_key(const crypto::Key& key) { return crypto::derived(key, "postback_secrets"); }

/// Whoever has a postback's address can send it again for five minutes, and then finds the same
/// conversion.
void check_time(const Postback& postback, bool required, Instant now) {
    if (!postback.timestamp) {
        if (required) throw invalid("timestamp", "is required");
        return;
    }
    const auto at = std::chrono::seconds(*postback.timestamp);
    const auto off = now.time_since_epoch() - at;
    const bool far = at.count() < 0 || at > std::chrono::hours(24) * 365 * 1'000;
    if (far || off > tolerance || off < -tolerance)
        throw Problem(Refusal::unauthenticated, "The timestamp is not within 300 s of now.");
}

/// The key that signed the query.
PostbackKey signer(const crypto::Key& installation, http::Call& call, const Postback& postback) {
    db::Transaction& tx = call.transaction();
    const auto key = tx.maybe(sql::postback_key, postback.key->text());
    const auto part = signed_part(call.request().query());
    if (!key || !part || !postback.signature) throw unknown();
    const auto sealed = crypto::from_hex(tx.one(sql::postback_secret, key->id));
    const auto secret = crypto::unseal(sealing_key(installation), "postback:" + key->key, *sealed);
    if (!secret) throw unknown();
    const std::string expected = crypto::to_hex(
        crypto::hmac_sha256(crypto::bytes_of(secret->reveal()), crypto::bytes_of(*part)));
    if (!crypto::equal(expected, lower(postback.signature->text()))) throw unknown();
    tx.run_for_effect(sql::use_postback_key, key->id, call.now());
    return *key;
}

/// What a signed postback must not exceed.
void check_limits(db::Transaction& tx, const PostbackKey& key, const NewConversion& report) {
    const programs::Program program = programs::get(tx, key.program_id);
    std::vector<FieldError> errors;
    if (report.currency && *report.currency != program.currency)
        errors.push_back({"currency", "must be " + program.currency.text()});
    if (key.revenue_max && report.revenue) {
        const auto revenue = report.revenue->in_minor(program.currency);
        if (revenue && *revenue > *key.revenue_max)
            errors.push_back({"revenue", "is more than the key may tell"});
    }
    if (!report.click_id && !report.code && !report.token)
        errors.push_back({"click_id", "or code or token must be given"});
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
}

NewConversion report_of(const Postback& postback) {
    if (!postback.external_id) throw invalid("external_id", "is required");
    NewConversion report{.kind = postback.kind.value_or(EventKind::delivered),
                         .source = postback.source.value_or(*Line<50>::parse("postback")),
                         .external_id = *postback.external_id,
                         .line = postback.line,
                         .occurred_at = postback.occurred_at,
                         .revenue = postback.revenue,
                         .cost = postback.cost,
                         .currency = postback.currency,
                         .quantity = postback.quantity,
                         .unit = postback.unit,
                         .mode = postback.mode,
                         .lane = postback.lane,
                         .click_id = postback.click_id,
                         .code = postback.code,
                         .token = postback.token};
    if (postback.customer_id || postback.email)
        report.customer = customers::Contact{.external_id = postback.customer_id,
                                             .email = postback.email,
                                             .name = postback.name,
                                             .company = postback.company,
                                             .country = postback.country};
    return report;
}

}  // namespace

std::optional<std::string_view> signed_part(std::string_view query) {
    const auto at = query.rfind(signature_name);
    if (at == query.npos || query.find('&', at + 1) != query.npos) return std::nullopt;
    return query.substr(0, at);
}

PostbackAnswer take_postback(const Conversions& conversions, const crypto::Key& key,
                             http::Call& call, const Postback& postback) {
    if (!postback.key) throw unknown();
    db::Transaction& tx = call.transaction();
    const bool is_signed = postback.key->text().starts_with(key_prefix);
    check_time(postback, is_signed, call.now());
    Arrival arrival{.actor = audit::actor_of(call)};
    std::optional<PostbackKey> by;
    if (is_signed) {
        by = signer(key, call, postback);
        arrival.program_id = by->program_id;
        arrival.actor.job = "postback " + by->key;
    } else {
        const auto caller = accounts::admit_key("Bearer " + postback.key->text(),
                                                call.request().client(), tx, call.now());
        if (!caller) throw unknown();
        if (!caller->may("conversions:write"))
            throw Problem(Refusal::forbidden, "The key's scopes do not include this.");
        arrival.actor.user_id = caller->user_id;
        arrival.actor.api_key_id = caller->api_key_id;
    }
    const NewConversion report = report_of(postback);
    if (by) check_limits(tx, *by, report);
    const Recorded recorded = conversions.record(tx, report, arrival, call.now());
    return {.id = recorded.id, .is_new = recorded.is_new};
}

namespace {

NewPostbackKeyView create_key(const crypto::Key& key, http::Call& call,
                              const NewPostbackKey& wanted) {
    db::Transaction& tx = call.transaction();
    const auto program = wanted.program_id ? programs::find(tx, *wanted.program_id)
                                           : std::optional(programs::default_program(tx));
    if (!program) throw invalid("program_id", "is not known");
    std::optional<std::int64_t> revenue_max;
    if (wanted.revenue_max) {
        revenue_max = wanted.revenue_max->in_minor(program->currency);
        if (!revenue_max || *revenue_max <= 0)
            throw invalid("revenue_max",
                          "must be a positive amount of " + program->currency.text());
    }
    const std::string name = std::string(key_prefix) + crypto::random_code(key_length);
    const std::string secret = crypto::random_token(secret_bytes);
    const auto sealed = crypto::seal(sealing_key(key), "postback:" + name, Secret(secret));
    NewPostbackKeyView view{.key = tx.one(sql::insert_postback_key, name, program->id,
                                          wanted.name.text(), crypto::to_hex(sealed), revenue_max,
                                          UserId{call.caller().user_id}, call.now()),
                            .secret = secret};
    audit::note(tx, audit::actor_of(call),
                {.action = "postback-keys.create",
                 .object_type = "postback_key",
                 .object_id = view.key.id.text(),
                 .after = schema::json::object{{"name", view.key.name}}},
                call.now());
    return view;
}

PostbackKey revoke_key(http::Call& call, PostbackKeyId id) {
    db::Transaction& tx = call.transaction();
    auto key = tx.maybe(sql::revoke_postback_key, id, call.now());
    if (!key) throw not_found("postback_key");
    audit::note(
        tx, audit::actor_of(call),
        {.action = "postback-keys.revoke", .object_type = "postback_key", .object_id = id.text()},
        call.now());
    return std::move(*key);
}

}  // namespace

http::RouteTable postback_routes(const RouteParts& parts) {
    using http::Body, http::Call, http::Created, http::Page, http::Params, http::Path;
    return {
        http::get("/postback",
                  [parts](Call& call, Params<Postback> postback) {
                      return take_postback(parts.conversions, parts.key, call, *postback);
                  },
                  {.name = "postback",
                   .summary = "Report a conversion by a single GET",
                   .refuses = {Refusal::unauthenticated, Refusal::forbidden, Refusal::invalid,
                               Refusal::conflict},
                   .limit_class = "public"}),
        http::post("/postback-keys",
                   [parts](Call& call, Body<NewPostbackKey> wanted) {
                       return Created<NewPostbackKeyView>{create_key(parts.key, call, *wanted)};
                   },
                   {.name = "createPostbackKey",
                    .summary = "Make a key that signs postbacks",
                    .permission = "postback-keys:write",
                    .refuses = {Refusal::invalid},
                    .shows_secret = true}),
        http::get("/postback-keys",
                  [](Call& call) {
                      return Page<PostbackKey>{call.transaction().all(sql::postback_keys), {}};
                  },
                  {.name = "listPostbackKeys",
                   .summary = "List the keys that sign postbacks",
                   .permission = "postback-keys:read"}),
        http::post("/postback-keys/{id}/revoke",
                   [](Call& call, Path<PostbackKeyId> id) { return revoke_key(call, *id); },
                   {.name = "revokePostbackKey",
                    .summary = "Have a key for postbacks work no more",
                    .permission = "postback-keys:write",
                    .refuses = {Refusal::not_found}}),
    };
}

}  // namespace referral::conversions
