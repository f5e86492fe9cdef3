/// "Did you mean …?" for codes that are not there.

#include <algorithm>

#include "base/text.hpp"
#include "links/links.hpp"

namespace referral::links {

namespace {

constexpr std::size_t suggestions_max = 5;
/// Stands for a character that no code has: only an edit that takes it away leads to a code.
constexpr char foreign = '?';

/// Looks up what edits of a key lead to.
class Search {
public:
    Search(Directory::Reader& reader, Instant now) : reader_(reader), now_(now) {}

    /// False once there are enough.
    bool try_key(const std::string& key) {
        const Entry* entry = reader_.find(key);
        if (!entry || entry->state(now_) != State::active) return true;
        std::string code(entry->code());
        if (std::ranges::find(found_, code) == found_.end()) found_.push_back(std::move(code));
        return found_.size() < suggestions_max;
    }

    std::vector<std::string> take() { return std::move(found_); }

private:
    Directory::Reader& reader_;
    const Instant now_;
    std::vector<std::string> found_;
};

bool try_swaps(Search& search, const std::string& typed) {
    for (std::size_t i = 0; i + 1 < typed.size(); ++i) {
        if (typed[i] == typed[i + 1]) continue;
        std::string key = typed;
        std::swap(key[i], key[i + 1]);
        if (!search.try_key(key)) return false;
    }
    return true;
}

bool try_changes(Search& search, const std::string& typed) {
    for (std::size_t i = 0; i < typed.size(); ++i) {
        std::string key = typed;
        for (const char c : key_alphabet) {
            key[i] = c;
            if (c != typed[i] && !search.try_key(key)) return false;
        }
    }
    return true;
}

bool try_deletions(Search& search, const std::string& typed) {
    for (std::size_t i = 0; i < typed.size(); ++i) {
        std::string key = typed;
        key.erase(i, 1);
        if (!search.try_key(key)) return false;
    }
    return true;
}

bool try_insertions(Search& search, const std::string& typed) {
    for (std::size_t i = 0; i <= typed.size(); ++i) {
        std::string key = typed;
        key.insert(i, 1, foreign);
        for (const char c : key_alphabet) {
            key[i] = c;
            if (!search.try_key(key)) return false;
        }
    }
    return true;
}

}  // namespace

std::vector<std::string> suggestions(Directory::Reader& reader, std::string_view typed,
                                     Instant now) {
    typed = trimmed(typed);
    if (typed.size() > Code::length_max + 1) return {};
    std::string key(typed);
    for (char& c : key) {
        const auto known = code_key_prefix({&c, 1});
        c = known ? known->front() : foreign;
    }
    Search search(reader, now);
    // From the likeliest slip to the least likely.
    [[maybe_unused]] const bool all_tried = try_swaps(search, key) && try_changes(search, key) &&
                                            try_deletions(search, key) &&
                                            try_insertions(search, key);
    return search.take();
}

}  // namespace referral::links
