#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/http/limits.hpp"
#include "platform/http/request.hpp"

namespace referral::http {

/// Takes the framing off one body, as its bytes come.
class BodyDecoder {
public:
    /// For a body of `length` bytes, or of chunks, that may have at most `bytes_max`. `limits` must
    /// outlive the decoder.
    BodyDecoder(Framing framing, std::uint64_t length, std::uint64_t bytes_max,
                const Limits& limits);

    /// Uses up what belongs to the body from the start of `bytes` and appends the content to
    /// `into`, unless that is null. Returns how many bytes it used; uses none once whole or
    /// refused.
    std::size_t take(std::string_view bytes, std::string* into);

    bool whole() const { return state_ == State::whole; }
    /// 0, or the status to answer before closing: 400 or 413.
    int refused() const { return refused_; }
    /// The bytes of content so far.
    std::uint64_t taken() const { return taken_; }

private:
    enum class State {
        counted,       // `left_` bytes of content, then whole.
        size_first,    // A chunk's size: its first digit …
        size_digits,   // … and the others.
        extension,     // Up to the end of the line.
        size_end,      // The line feed.
        chunk,         // `left_` bytes of content.
        chunk_return,  // The end of line after them.
        chunk_end,
        trailer_start,  // A trailer, or the empty line.
        trailer,
        trailer_end,
        last_end,
        whole,
    };

    void take_content(std::string_view& bytes, std::string* into);
    /// One character of the framing; false when it cannot stand there.
    bool take_framing(char c);
    bool take_size(char c);
    bool end_of_size();
    void refuse(int status);

    const Limits& limits_;
    State state_;
    std::uint64_t left_ = 0;
    std::uint64_t taken_ = 0;
    const std::uint64_t bytes_max_;
    std::size_t line_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    int size_digits_ = 0;
    int refused_ = 0;
};

}  // namespace referral::http
