#include "accounts/api_keys.hpp"

#include <algorithm>

#include "accounts/permissions.hpp"
#include "accounts/queries.hpp"
#include "accounts/session_queries.hpp"

namespace referral::accounts {

namespace {

void check_scopes(const http::Caller& caller, const std::vector<std::string>& scopes) {
    if (scopes.empty()) throw invalid("scopes", "must name at least one permission");
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        const std::string field = "scopes." + std::to_string(i);
        const auto known = std::ranges::find(all_permissions(), scopes[i], &Permission::name);
        if (known == all_permissions().end() || !known->of_keys || !caller.may(scopes[i]))
            throw invalid(field, "must be a permission of yours that keys can have");
        if (std::count(scopes.begin(), scopes.begin() + static_cast<std::ptrdiff_t>(i), scopes[i]))
            throw invalid(field, "stands twice");
    }
}

void check_addresses(const std::vector<Addresses>& addresses) {
    constexpr std::size_t addresses_max = 50;
    if (addresses.size() > addresses_max) throw invalid("allowed_addresses", "must be at most 50");
}

void check_expiry(const std::optional<Instant>& expires_at, Instant now) {
    if (expires_at && *expires_at <= now) throw invalid("expires_at", "must be in the future");
}

UserId owner(const http::Call& call) { return UserId{call.caller().user_id}; }

ApiKey known(http::Call& call, ApiKeyId id) {
    if (auto key = call.transaction().maybe(sql::find_key, owner(call), id)) return std::move(*key);
    throw not_found("api_key");
}

ApiKey usable(http::Call& call, ApiKeyId id) {
    ApiKey key = known(call, id);
    if (key.revoked_at) throw conflict("revoked_at", "is set: the key is revoked for good");
    return key;
}

void note(http::Call& call, std::string_view action, ApiKeyId id,
          std::optional<schema::json::value> before, std::optional<schema::json::value> after) {
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = action,
                 .object_type = "api_key",
                 .object_id = id.text(),
                 .before = std::move(before),
                 .after = std::move(after)},
                call.now());
}

schema::json::value json_of(const ApiKey& key) { return schema::Json<ApiKey>::write(key); }

}  // namespace

std::optional<Addresses> Addresses::parse(std::string_view text) {
    const auto block = IpBlock::parse(trimmed(text));
    if (!block) return std::nullopt;
    Addresses addresses;
    addresses.text_ = block->text();
    return addresses;
}

bool Addresses::contains(const IpAddress& address) const {
    const auto block = IpBlock::parse(text_);
    return block && block->contains(address);
}

NewApiKeyView ApiKeys::create(http::Call& call, const NewApiKey& wanted) const {
    const auto addresses = wanted.allowed_addresses.value_or(std::vector<Addresses>{});
    check_scopes(call.caller(), wanted.scopes);
    check_addresses(addresses);
    check_expiry(wanted.expires_at, call.now());
    db::Transaction& tx = call.transaction();
    const ApiKeyText text = ApiKeyText::draw();
    const auto id =
        tx.maybe(sql::insert_key, owner(call), wanted.name, text.key_id(), text.secret_hash(),
                 wanted.scopes, addresses, call.now(), wanted.expires_at);
    if (!id) throw conflict("name", "would be the 51st key; revoke one first");
    ApiKey key = known(call, *id);
    note(call, "api-keys.create", *id, {}, json_of(key));
    mails_.api_key_created(call, tx.one(sql::find, owner(call)), key);
    return {std::move(key), text.text().reveal()};
}

std::vector<ApiKey> ApiKeys::list(http::Call& call) const {
    return call.transaction().all(sql::list_keys, owner(call));
}

ApiKey ApiKeys::change(http::Call& call, ApiKeyId id, const ApiKeyChange& wanted) const {
    const ApiKey before = usable(call, id);
    if (wanted.scopes) check_scopes(call.caller(), *wanted.scopes);
    if (wanted.allowed_addresses) check_addresses(*wanted.allowed_addresses);
    if (wanted.expires_at) check_expiry(*wanted.expires_at, call.now());
    call.transaction().run_for_effect(sql::change_key, id, wanted.name.value_or(before.name),
                                      wanted.scopes.value_or(before.scopes),
                                      wanted.allowed_addresses.value_or(before.allowed_addresses),
                                      wanted.expires_at.value_or(before.expires_at));
    ApiKey after = known(call, id);
    note(call, "api-keys.change", id, json_of(before), json_of(after));
    return after;
}

NewApiKeyView ApiKeys::rotate(http::Call& call, ApiKeyId id) const {
    const ApiKey before = usable(call, id);
    const ApiKeyText text =
        ApiKeyText::draw(std::string_view(before.key_id).substr(ApiKeyText::prefix.size()));
    call.transaction().run_for_effect(sql::rotate_key, id, text.secret_hash(),
                                      call.now() + overlap);
    ApiKey after = known(call, id);
    note(call, "api-keys.rotate", id, json_of(before), json_of(after));
    return {std::move(after), text.text().reveal()};
}

void ApiKeys::revoke(http::Call& call, ApiKeyId id) const {
    known(call, id);
    call.transaction().run_for_effect(sql::revoke_key, owner(call), id, call.now());
    note(call, "api-keys.revoke", id, {}, {});
}

std::optional<http::Caller> admit_key(std::string_view authorization, const IpAddress& client,
                                      db::Transaction& tx, Instant now) {
    constexpr std::string_view scheme = "bearer ";
    if (lower(authorization.substr(0, scheme.size())) != scheme) return std::nullopt;
    const auto text = ApiKeyText::parse(trimmed(authorization.substr(scheme.size())));
    if (!text) return std::nullopt;
    const auto key = tx.maybe(sql::live_key, text->key_id(), now);
    if (!key) return std::nullopt;
    const std::string hash = text->secret_hash();
    const bool current = crypto::equal(hash, key->secret_hash);
    const bool previous = crypto::equal(hash, key->previous_secret_hash.value_or(""));
    const auto& blocks = key->allowed_addresses;
    const bool allowed = blocks.empty() || std::ranges::any_of(blocks, [&](const Addresses& each) {
                             return each.contains(client);
                         });
    if (!(current || previous) || !allowed) return std::nullopt;
    constexpr std::chrono::minutes seen_step{1};
    if (!key->last_used_at || now - *key->last_used_at >= seen_step)
        tx.run_for_effect(sql::see_key, key->id, now);
    http::Caller caller{.user_id = key->user_id.value, .api_key_id = key->id.value};
    if (!key->must_set_up_totp) caller.permissions = permissions_of_key(key->role, key->scopes);
    caller.sees_all = sees_all(key->role);
    return caller;
}

}  // namespace referral::accounts
