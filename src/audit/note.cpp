/// Adding rows: what is kept of an object, and what never is.

#include <algorithm>
#include <array>

#include "audit/audit.hpp"
#include "audit/queries.hpp"
#include "base/text.hpp"
#include "platform/http/call.hpp"
#include "platform/http/dispatch.hpp"

namespace referral::audit {

namespace {

namespace json = schema::json;

/// What is kept of one object at most; API bodies are smaller.
constexpr std::size_t object_bytes_max = 256 * 1'024;
constexpr std::size_t reason_bytes_max = 1'000;

/// Names that are secrets wherever they stand.
constexpr std::array<std::string_view, 9> secret_names{
    "key", "totp", "pin", "uri", "qr_svg", "cookie", "authorization", "signature", "code_hash"};
/// … and what a name has in it that is one, whatever stands around it.
constexpr std::array<std::string_view, 12> secret_parts{
    "password",    "passphrase", "secret",         "token",          "_hash",  "recovery_code",
    "private_key", "iban",       "account_number", "routing_number", "tax_id", "card_number"};

/// jsonb has no place for NUL.
json::string storable(const json::string& text) {
    if (text.find('\0') == json::string::npos) return text;
    return json::string(cleaned({text.data(), text.size()}));
}

json::value without_secrets(const json::value& value) {
    if (const auto* text = value.if_string()) return storable(*text);
    if (const auto* list = value.if_array()) {
        json::array copy;
        for (const json::value& element : *list) copy.push_back(without_secrets(element));
        return copy;
    }
    const auto* object = value.if_object();
    if (!object) return value;
    json::object copy;
    for (const auto& [key, member] : *object) {
        // Whether there is a password is no secret.
        const bool tells = !member.is_bool() && !member.is_null();
        copy[storable(json::string(key))] =
            tells && names_a_secret({key.data(), key.size()})
                ? json::value(json::string(kept_secret.data(), kept_secret.size()))
                : without_secrets(member);
    }
    return copy;
}

/// Takes away the members that are the same in both.
void keep_differences(json::object& before, json::object& after) {
    for (auto member = before.begin(); member != before.end();) {
        const json::value* other = after.if_contains(member->key());
        if (!other || *other != member->value()) {
            ++member;
            continue;
        }
        after.erase(member->key());
        member = before.erase(member);
    }
}

std::optional<json::value> bounded(std::optional<json::value> value) {
    if (!value) return value;
    const std::size_t bytes = json::serialize(*value).size();
    if (bytes <= object_bytes_max) return value;
    return json::object{{"too_large_bytes", bytes}};
}

std::optional<std::string> text_or_nothing(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return cleaned(text);
}

}  // namespace

bool names_a_secret(std::string_view name) {
    const std::string small = lower(name);
    return std::ranges::find(secret_names, small) != secret_names.end() ||
           std::ranges::any_of(secret_parts, [&](std::string_view part) {
               return small.find(part) != std::string::npos;
           });
}

void note(db::Transaction& tx, const Actor& actor, const Entry& entry, Instant now) {
    auto before = entry.before, after = entry.after;
    // Before secrets are taken out: that a secret changed is worth telling, and seen only here.
    if (before && after && before->is_object() && after->is_object())
        keep_differences(before->as_object(), after->as_object());
    if (before) before = without_secrets(*before);
    if (after) after = without_secrets(*after);
    const std::string reason = cleaned(entry.reason);
    tx.run_for_effect(sql::insert, now, actor.user_id, actor.acting_as, actor.api_key_id,
                      text_or_nothing(actor.job), std::string(entry.action), entry.object_type,
                      cleaned(entry.object_id), bounded(std::move(before)),
                      bounded(std::move(after)), text_or_nothing(cut(reason, reason_bytes_max)),
                      actor.ip, text_or_nothing(actor.request_id));
}

void note_apart(db::Pool& pool, const Actor& actor, const Entry& entry, Instant now) {
    db::Transaction tx(pool);
    note(tx, actor, entry, now);
    tx.commit();
}

Actor actor_of(const http::Call& call) {
    Actor actor{.ip = call.request().client(), .request_id = http::request_id(call.request())};
    if (!call.has_caller()) return actor;
    const http::Caller& caller = call.caller();
    actor.api_key_id = caller.api_key_id;
    actor.user_id = caller.user_id;
    if (caller.acting_for) {
        actor.user_id = caller.acting_for;
        actor.acting_as = caller.user_id;
    }
    return actor;
}

}  // namespace referral::audit
