#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "accounts/password.hpp"

namespace referral::accounts {

/// Whose password it will be, as far as guessing goes.
struct PasswordOwner {
    std::string_view email;
    std::string_view name;
    bool has_second_factor = false;
};

/// Which passwords are too easy to guess (NIST SP 800-63B-4, section 3.1.1.2): too short, common,
/// made of what everybody knows of their owner or of this system, or of a pattern. No rules of
/// composition and no expiry: they make passwords worse.
class PasswordRules {
public:
    static constexpr std::size_t length_min = 15, length_min_with_second_factor = 8;

    /// `common`: a JSON list of common passwords, at most 8 MiB; empty: only the patterns are
    /// known. Throws std::runtime_error naming the file that is missing or broken.
    explicit PasswordRules(const std::filesystem::path& common = {});

    /// Why the password is refused, to read on from its field's name; nothing when it is good.
    std::optional<std::string> objection(const Password& password,
                                         const PasswordOwner& owner) const;

    /// Refuses: invalid, about `field`.
    void check(const Password& password, const PasswordOwner& owner,
               std::string_view field = "password") const;

    std::size_t common_known() const { return common_.size(); }

private:
    bool is_common(std::string_view lower_case) const;

    std::unordered_set<std::string> common_;  ///< In lower case.
};

}  // namespace referral::accounts
