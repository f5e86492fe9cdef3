#pragma once

#include "accounts/api_keys.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

template <>
struct Fields<accounts::ApiKey> {
    using K = accounts::ApiKey;
    static constexpr std::string_view name = "ApiKey";
    static constexpr auto list = FieldList{
        field("id", &K::id, "The key."),
        field("name", &K::name, "What it is for."),
        field("key_id", &K::key_id, "How it begins."),
        field("scopes", &K::scopes, "What it may do, as far as its owner may."),
        field("allowed_addresses", &K::allowed_addresses, "From where; empty: from everywhere."),
        field("created_at", &K::created_at, "When it was made."),
        field("expires_at", &K::expires_at, "When it ends by itself."),
        field("last_used_at", &K::last_used_at, "When it was last used, to the minute."),
        field("previous_secret_until", &K::previous_secret_until,
              "How long the secret before the rotation works."),
        field("revoked_at", &K::revoked_at, "When it was revoked."),
    };
};

template <>
struct Fields<accounts::NewApiKey> {
    using N = accounts::NewApiKey;
    static constexpr std::string_view name = "NewApiKey";
    static constexpr auto list = FieldList{
        field("name", &N::name, "What it is for."),
        field("scopes", &N::scopes, "What it may do: permissions of yours."),
        field("allowed_addresses", &N::allowed_addresses,
              "Addresses or blocks it may be used from; absent: from everywhere."),
        field("expires_at", &N::expires_at, "When it ends by itself; absent: never."),
    };
};

template <>
struct Fields<accounts::ApiKeyChange> {
    using C = accounts::ApiKeyChange;
    static constexpr std::string_view name = "ApiKeyChange";
    static constexpr auto list = FieldList{
        field("name", &C::name, "What it is for."),
        field("scopes", &C::scopes, "What it may do: permissions of yours."),
        field("allowed_addresses", &C::allowed_addresses,
              "Addresses or blocks it may be used from; all of them."),
        field("expires_at", &C::expires_at, "When it ends by itself; null: never."),
    };
};

/// As an ApiKey, with the key itself.
template <>
struct Json<accounts::NewApiKeyView> {
    static json::value write(const accounts::NewApiKeyView& view) {
        json::value object = Json<accounts::ApiKey>::write(view.key);
        object.as_object()["key"] = json::string(view.text);
        return object;
    }
    static json::object describe(Components& components) {
        Json<accounts::ApiKey>::describe(components);
        json::object shape = components["ApiKey"].as_object();
        shape["properties"].as_object()["key"] =
            json::object{{"type", "string"}, {"description", "The whole key. Shown only now."}};
        shape["required"].as_array().emplace_back("key");
        components["ShownApiKey"] = std::move(shape);
        return {{"$ref", "#/components/schemas/ShownApiKey"}};
    }
};

}  // namespace referral::schema
