#pragma once

#include <string.h>

#include <string>
#include <string_view>
#include <utility>

namespace referral {

/// A text that must not leak: a password, a key, an address with a password in it. It is never
/// printed (formatting or streaming one does not compile) and its memory is wiped at its end.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : text_(text) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    Secret& operator=(const Secret& other) {
        if (this != &other) *this = Secret(other);
        return *this;
    }
    Secret& operator=(Secret&& other) noexcept {
        std::swap(text_, other.text_);
        return *this;
    }
    ~Secret() { wipe(); }

    /// The text itself; whoever asks must not keep a copy longer than the use.
    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    void wipe() noexcept {
        explicit_bzero(text_.data(), text_.capacity());
        text_.clear();
    }

    std::string text_;
};

}  // namespace referral
