#pragma once

/// The last part of a referral link's address: drawn at random, or chosen by whom it belongs to.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace referral::links {

/// A code that a new link may take.
class Code {
public:
    static constexpr std::string_view rule = "3 to 64 of a-z, 0-9, - and _, and no reserved word";
    static constexpr std::size_t length_min = 3;
    static constexpr std::size_t length_max = 64;
    static constexpr std::size_t random_length = 10;

    /// A chosen code, or nothing when it breaks the rule.
    static std::optional<Code> parse(std::string_view text);

    /// Nine characters from the kernel's random numbers (45 bits) and a check character, in
    /// Crockford's base 32.
    static Code random();

    const std::string& text() const { return text_; }

    Code() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Code&, const Code&) = default;

private:
    explicit Code(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// What a code is looked up by: lower case, with o as 0 and i and l as 1. Two codes that look alike
/// have one key, so only one of them can exist. Empty when `text` can be no code at all (other
/// characters, too short or too long). Holds its text itself: the click path does not allocate.
class CodeKey {
public:
    explicit CodeKey(std::string_view text) noexcept;

    std::string_view text() const noexcept { return {text_.data(), size_}; }
    bool empty() const noexcept { return size_ == 0; }

private:
    std::array<char, Code::length_max> text_;
    std::uint8_t size_ = 0;
};

/// The same as text, for columns.
std::string code_key(std::string_view code);

/// The beginning of a key, from that of a code: of any length up to a code's. Nothing when no code
/// begins so.
std::optional<std::string> code_key_prefix(std::string_view text);

/// The characters that keys are made of.
inline constexpr std::string_view key_alphabet = "0123456789abcdefghjkmnpqrstuvwxyz-_";

/// Whether `text` is as Code::random draws them: ten characters of which the last one fits the nine
/// before. One wrong character, or two neighbours swapped, never fit. A chosen code may fit too.
bool check_character_fits(std::string_view text) noexcept;

}  // namespace referral::links
