#pragma once

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clicks/user_agent_cache.hpp"

namespace referral::clicks {

/// Finds which words of a fixed list a text contains, in one pass over the text however many words
/// there are (Aho and Corasick, Communications of the ACM 18(6), 1975). Immutable.
class WordSearch {
public:
    /// `words` are not empty and hold no capital A to Z.
    explicit WordSearch(const std::vector<std::string>& words);

    /// The positions in the list of the words that `text` contains, ascending, each once; A to Z of
    /// the text count as a to z.
    std::vector<int> find(std::string_view text) const;

private:
    struct Word {
        int index;
        std::int32_t next;  // Another word that ends where this one ends, or -1.
    };

    void add(std::string_view word, int index);
    void connect();

    std::array<std::uint8_t, 256> classes_{};  // Of every byte; 0: in no word.
    std::size_t width_ = 1;                    // How many classes there are.
    std::vector<std::int32_t> next_;           // The state after state × width_ + class.
    std::vector<std::int32_t> words_at_;       // By state: the first word that ends there, or -1.
    std::vector<Word> words_;
};

/// One rule of an ordered list: a regular expression that may match anywhere in a text.
struct Pattern {
    std::string regex;
    bool ignore_case = false;
};

/// What the first pattern that matches says. The views are into the text.
struct FirstMatch {
    std::size_t pattern = 0;
    std::array<std::string_view, 10>
        groups;  // [0] is the whole match; a group without part is empty.
};

/// A long ordered list of patterns, of which the first that matches decides. The answer is exactly
/// that of trying one after the other, but only those are tried whose required words the text
/// holds. Time is linear in the text (RE2), and patterns and texts are bytes, not characters, so
/// that a broken text matches like any other. Immutable: any thread may search.
class Patterns {
public:
    /// Throws std::runtime_error, naming `source` and the pattern, when RE2 cannot take one: none
    /// is left out in silence.
    Patterns(const std::vector<Pattern>& patterns, std::string_view source);

    /// The first pattern that matches `text`, or nothing.
    std::optional<FirstMatch> first(std::string_view text) const;

    /// Whether any pattern matches `text`; the same as `first(text).has_value()`, but quicker.
    bool any(std::string_view text) const;

    std::size_t size() const { return static_cast<std::size_t>(filter_.NumRegexps()); }

private:
    std::vector<int> candidates(std::string_view text) const;

    re2::FilteredRE2 filter_;
    std::unique_ptr<WordSearch> required_;
};

}  // namespace referral::clicks
