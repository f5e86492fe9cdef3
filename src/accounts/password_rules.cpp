#include "accounts/password_rules.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <stdexcept>
#include <vector>

#include "base/problem.hpp"
#include "base/text.hpp"
#include "platform/schema/json.hpp"

namespace referral::accounts {

namespace {

/// Words that stand on every page of this system.
constexpr std::array<std::string_view, 8> product_words{"logisticsone", "logistics", "onesource",
                                                        "referrals",    "referral",  "freight",
                                                        "partner",      "source"};

constexpr std::array<std::string_view, 5> rows{"abcdefghijklmnopqrstuvwxyz", "01234567890",
                                               "qwertyuiop", "asdfghjkl", "zxcvbnm"};

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) > 0x7f;
}

/// The pieces of a name or an address that are long enough to mean something.
std::vector<std::string> pieces(std::string_view text) {
    constexpr std::size_t length_min = 3;
    std::vector<std::string> found;
    std::string piece;
    const std::string all = lower(text);
    for (std::size_t i = 0; i <= all.size(); ++i) {
        if (i < all.size() && is_letter_or_digit(all[i])) {
            piece += all[i];
        } else {
            if (piece.size() >= length_min) found.push_back(piece);
            piece.clear();
        }
    }
    return found;
}

/// What is left of `text` when the words are cut out, longest first.
std::string without(std::string text, std::vector<std::string> words) {
    std::ranges::sort(words, std::ranges::greater{}, &std::string::size);
    for (const std::string& word : words)
        for (auto at = text.find(word); at != text.npos; at = text.find(word))
            text.replace(at, word.size(), " ");
    std::erase_if(text, [](char c) { return !is_letter_or_digit(c); });
    return text;
}

/// The shortest beginning that the whole text is a repetition of, perhaps cut off at its end.
std::string_view unit_of(std::string_view text) {
    for (std::size_t length = 1; 2 * length <= text.size(); ++length) {
        std::size_t i = length;
        while (i < text.size() && text[i] == text[i - length]) ++i;
        if (i == text.size()) return text.substr(0, length);
    }
    return text;
}

/// Whether `b` only follows `a`, on the keyboard or in the alphabet, in either direction.
bool follows(char a, char b) {
    return a == b || std::ranges::any_of(rows, [&](std::string_view row) {
               const std::array<char, 2> forwards{a, b}, backwards{b, a};
               return row.find(std::string_view(forwards.data(), 2)) != row.npos ||
                      row.find(std::string_view(backwards.data(), 2)) != row.npos;
           });
}

bool is_pattern(std::string_view text) {
    constexpr std::size_t unit_max = 4, different_min = 5;
    if (unit_of(text).size() <= unit_max) return true;
    if (std::set<char>(text.begin(), text.end()).size() < different_min) return true;
    std::size_t expected = 0;
    for (std::size_t i = 1; i < text.size(); ++i) expected += follows(text[i - 1], text[i]);
    return 4 * expected >= 3 * (text.size() - 1);
}

}  // namespace

PasswordRules::PasswordRules(const std::filesystem::path& common) {
    if (common.empty()) return;
    constexpr std::uintmax_t bytes_max = 8 << 20;
    constexpr std::size_t word_length_min = 4;
    std::error_code error;
    const auto size = std::filesystem::file_size(common, error);
    std::ifstream file(common, std::ios::binary);
    if (error || !file) throw std::runtime_error(common.string() + " cannot be read");
    if (size > bytes_max) throw std::runtime_error(common.string() + " is larger than 8 MiB");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    try {
        const schema::json::value parsed = schema::parse(text);
        for (const schema::json::value& entry : parsed.as_array()) {
            const auto& word = entry.as_string();
            if (word.size() >= word_length_min) common_.insert(lower({word.data(), word.size()}));
        }
    } catch (const std::exception&) {
        throw std::runtime_error(common.string() + " is no JSON list of texts");
    }
}

bool PasswordRules::is_common(std::string_view lower_case) const {
    const auto known = [&](std::string_view text) { return common_.contains(std::string(text)); };
    if (known(lower_case) || known(unit_of(lower_case))) return true;
    // "Sunshine2024" is "sunshine" to whoever guesses.
    constexpr std::size_t around_max = 4;
    std::string_view core = lower_case;
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    while (!core.empty() && !is_letter(core.front())) core.remove_prefix(1);
    while (!core.empty() && !is_letter(core.back())) core.remove_suffix(1);
    return core.size() + around_max >= lower_case.size() && known(core);
}

std::optional<std::string> PasswordRules::objection(const Password& password,
                                                    const PasswordOwner& owner) const {
    const std::string& text = password.text();
    const std::size_t least = owner.has_second_factor ? length_min_with_second_factor : length_min;
    if (code_points(text) < least)
        return "must have at least " + std::to_string(least) + " characters";
    const std::string plain = lower(text);
    if (is_common(plain)) return "is among the most common passwords";
    if (is_pattern(plain)) return "must be more than a repetition or a row of keys";
    std::vector<std::string> words = pieces(owner.email);
    for (std::string& piece : pieces(owner.name)) words.push_back(std::move(piece));
    words.insert(words.end(), product_words.begin(), product_words.end());
    // Five characters are what is left of "logistics-maria-2026" and its like.
    constexpr std::size_t left_min = 6;
    const std::string left = without(plain, std::move(words));
    if (left.size() < plain.size() && code_points(left) < left_min && left.size() < left_min)
        return "must not be made of your name, your address or the name of this system";
    return std::nullopt;
}

void PasswordRules::check(const Password& password, const PasswordOwner& owner,
                          std::string_view field) const {
    if (auto why = objection(password, owner)) throw invalid(std::string(field), std::move(*why));
}

}  // namespace referral::accounts
