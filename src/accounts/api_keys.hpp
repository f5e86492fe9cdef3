#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/api_key.hpp"
#include "accounts/mails.hpp"
#include "accounts/user.hpp"
#include "audit/audit.hpp"
#include "base/ip_address.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"

namespace referral::accounts {

struct ApiKeyTag {
    static constexpr std::string_view prefix = "key";
};
using ApiKeyId = Id<ApiKeyTag>;

/// An address, or a block of addresses, that a key may be used from.
class Addresses {
public:
    static constexpr std::string_view rule = "an address or a block such as 10.0.0.0/8";
    static std::optional<Addresses> parse(std::string_view text);
    const std::string& text() const { return text_; }
    bool contains(const IpAddress& address) const;

    Addresses() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Addresses&, const Addresses&) = default;

private:
    std::string text_;
};

/// A key as its owner sees it: never the secret.
struct ApiKey {
    ApiKeyId id;
    Line<100> name;
    std::string key_id;  ///< How it begins.
    std::vector<std::string> scopes;
    std::vector<Addresses> allowed_addresses;  ///< Empty: from everywhere.
    Instant created_at;
    std::optional<Instant> expires_at;
    std::optional<Instant> last_used_at;
    std::optional<Instant> previous_secret_until;  ///< After a rotation.
    std::optional<Instant> revoked_at;
};

/// A key just made or rotated, with what is shown only now.
struct NewApiKeyView {
    ApiKey key;
    std::string text;
};

struct NewApiKey {
    Line<100> name;
    std::vector<std::string> scopes;
    std::optional<std::vector<Addresses>> allowed_addresses{};
    std::optional<Instant> expires_at{};  ///< Never when absent.
};

/// Absent stays as it is; null removes.
struct ApiKeyChange {
    std::optional<Line<100>> name{};
    std::optional<std::vector<std::string>> scopes{};
    std::optional<std::vector<Addresses>> allowed_addresses{};
    std::optional<std::optional<Instant>> expires_at{};
};

/// Keys of the caller; another's is not found. At most 50 that are not revoked.
class ApiKeys {
public:
    /// How long the secret before a rotation goes on working.
    static constexpr std::chrono::hours overlap{24};

    explicit ApiKeys(const Mails& mails) : mails_(mails) {}

    /// Refuses: invalid (a scope that the caller lacks or that keys cannot have, an expiry in the
    /// past), conflict when there are 50.
    NewApiKeyView create(http::Call& call, const NewApiKey& wanted) const;

    std::vector<ApiKey> list(http::Call& call) const;

    /// Refuses: not_found, invalid as `create`, conflict when it is revoked.
    ApiKey change(http::Call& call, ApiKeyId id, const ApiKeyChange& wanted) const;

    /// Refuses: not_found, conflict when it is revoked.
    NewApiKeyView rotate(http::Call& call, ApiKeyId id) const;

    /// Refuses: not_found.
    void revoke(http::Call& call, ApiKeyId id) const;

private:
    const Mails& mails_;
};

/// Who comes with "Bearer rk_live_…": their role's permissions as far as the key's scopes reach; or
/// nothing, when the key is unknown, revoked, expired, or not to be used from `client`.
std::optional<http::Caller> admit_key(std::string_view authorization, const IpAddress& client,
                                      db::Transaction& tx, Instant now);

}  // namespace referral::accounts
