#include "clicks/user_agent_rules_search.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "base/check.hpp"

namespace referral::clicks {

namespace {

// Shorter words would be found in nearly every text and rule nothing out.
constexpr int word_bytes_min = 3;

// Of the automaton that RE2 builds for one pattern as texts come by. When it is full RE2 starts it
// anew or does without: the answer stays the same.
constexpr std::int64_t pattern_memory_bytes_max = 2048 * 1024;

std::string_view beginning(std::string_view text) { return text.substr(0, user_agent_bytes_max); }

}  // namespace

WordSearch::WordSearch(const std::vector<std::string>& words) {
    for (const std::string& word : words)
        for (const char c : word) {
            auto& byte_class = classes_[static_cast<std::uint8_t>(c)];
            if (byte_class == 0) byte_class = static_cast<std::uint8_t>(width_++);
        }
    for (char c = 'a'; c <= 'z'; ++c)
        classes_[static_cast<std::uint8_t>(c - 'a' + 'A')] = classes_[static_cast<std::uint8_t>(c)];
    next_.assign(width_, -1);
    words_at_.assign(1, -1);
    for (std::size_t i = 0; i < words.size(); ++i) add(words[i], static_cast<int>(i));
    connect();
}

void WordSearch::add(std::string_view word, int index) {
    CHECK(!word.empty());
    std::size_t state = 0;
    for (const char c : word) {
        const std::size_t edge = state * width_ + classes_[static_cast<std::uint8_t>(c)];
        if (next_[edge] < 0) {
            next_[edge] = static_cast<std::int32_t>(words_at_.size());
            next_.resize(next_.size() + width_, -1);
            words_at_.push_back(-1);
        }
        state = static_cast<std::size_t>(next_[edge]);
    }
    words_.push_back({.index = index, .next = words_at_[state]});
    words_at_[state] = static_cast<std::int32_t>(words_.size() - 1);
}

// Gives every state all its edges, nearest states first, and the words of the longest shorter
// state that its text also ends with.
void WordSearch::connect() {
    std::vector<std::int32_t> shorter(words_at_.size(), 0);
    std::vector<std::int32_t> order{0};
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto state = static_cast<std::size_t>(order[i]);
        for (std::size_t c = 0; c < width_; ++c) {
            std::int32_t& edge = next_[state * width_ + c];
            const std::int32_t fallback =
                state == 0 ? 0 : next_[static_cast<std::size_t>(shorter[state]) * width_ + c];
            if (edge < 0) {
                edge = fallback;
                continue;
            }
            const auto target = static_cast<std::size_t>(edge);
            shorter[target] = fallback;
            order.push_back(edge);
            std::int32_t* last = &words_at_[target];
            while (*last >= 0) last = &words_[static_cast<std::size_t>(*last)].next;
            *last = words_at_[static_cast<std::size_t>(fallback)];
        }
    }
}

std::vector<int> WordSearch::find(std::string_view text) const {
    std::vector<int> found;
    std::size_t state = 0;
    for (const char c : text) {
        const std::uint8_t byte_class = classes_[static_cast<std::uint8_t>(c)];
        state = static_cast<std::size_t>(next_[state * width_ + byte_class]);
        for (std::int32_t at = words_at_[state]; at >= 0;) {
            const Word& word = words_[static_cast<std::size_t>(at)];
            found.push_back(word.index);
            at = word.next;
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Patterns::Patterns(const std::vector<Pattern>& patterns, std::string_view source)
    : filter_(word_bytes_min) {
    if (patterns.empty()) throw std::runtime_error(fmt::format("{}: holds no pattern", source));
    for (const Pattern& pattern : patterns) {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_encoding(RE2::Options::EncodingLatin1);
        options.set_case_sensitive(!pattern.ignore_case);
        options.set_max_mem(pattern_memory_bytes_max);
        int position = 0;
        if (filter_.Add(pattern.regex, options, &position) == RE2::NoError) continue;
        const RE2 refused(pattern.regex, options);
        throw std::runtime_error(fmt::format("{}: the pattern \"{}\" cannot be applied: {}", source,
                                             pattern.regex, refused.error()));
    }
    std::vector<std::string> words;
    filter_.Compile(&words);
    required_ = std::make_unique<WordSearch>(words);
}

std::vector<int> Patterns::candidates(std::string_view text) const {
    std::vector<int> found;
    filter_.AllPotentials(required_->find(text), &found);
    return found;  // Ascending, which the tests hold RE2 to.
}

std::optional<FirstMatch> Patterns::first(std::string_view text) const {
    text = beginning(text);
    for (const int candidate : candidates(text)) {
        const RE2& pattern = filter_.GetRE2(candidate);
        FirstMatch match{.pattern = static_cast<std::size_t>(candidate), .groups = {}};
        std::array<re2::StringPiece, std::tuple_size_v<decltype(match.groups)>> groups;
        const int count = std::min<int>(pattern.NumberOfCapturingGroups() + 1, groups.size());
        if (!pattern.Match(text, 0, text.size(), RE2::UNANCHORED, groups.data(), count)) continue;
        for (int i = 0; i < count; ++i)
            match.groups[i] = std::string_view(groups[i].data(), groups[i].size());
        return match;
    }
    return std::nullopt;
}

bool Patterns::any(std::string_view text) const {
    text = beginning(text);
    return std::ranges::any_of(candidates(text), [&](int candidate) {
        const RE2& pattern = filter_.GetRE2(candidate);
        return pattern.Match(text, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
    });
}

}  // namespace referral::clicks
