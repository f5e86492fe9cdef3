#include "platform/http/parser_body.hpp"

#include <algorithm>

namespace referral::http {

namespace {

constexpr int size_digits_max = 12;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char letter = static_cast<char>(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// Text of a line that is no end of line: no control character but the tab.
bool is_text(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

BodyDecoder::BodyDecoder(Framing framing, std::uint64_t length, std::uint64_t bytes_max,
                         const Limits& limits)
    : limits_(limits), state_(State::whole), bytes_max_(bytes_max) {
    if (framing == Framing::chunked) {
        state_ = State::size_first;
    } else if (framing == Framing::length && length > 0) {
        state_ = State::counted;
        left_ = length;
        if (length > bytes_max) refuse(413);
    }
}

void BodyDecoder::refuse(int status) { refused_ = status; }

std::size_t BodyDecoder::take(std::string_view bytes, std::string* into) {
    const std::size_t given = bytes.size();
    while (!bytes.empty() && state_ != State::whole && refused_ == 0) {
        if (state_ == State::counted || state_ == State::chunk) {
            take_content(bytes, into);
        } else {
            if (!take_framing(bytes.front()) && refused_ == 0) refuse(400);
            bytes.remove_prefix(1);
        }
    }
    return given - bytes.size();
}

void BodyDecoder::take_content(std::string_view& bytes, std::string* into) {
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    if (into != nullptr) into->append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    left_ -= count;
    taken_ += count;
    if (left_ == 0) state_ = state_ == State::counted ? State::whole : State::chunk_return;
}

bool BodyDecoder::take_framing(char c) {
    switch (state_) {
        case State::size_first:
            left_ = 0;
            size_digits_ = 0;
            line_bytes_ = 0;
            state_ = State::size_digits;
            return hex_value(c) >= 0 && take_size(c);
        case State::size_digits:
            return take_size(c);
        case State::extension:
            if (++line_bytes_ > limits_.chunk_line_bytes_max) return false;
            if (c == '\r') state_ = State::size_end;
            return c == '\r' || is_text(c);
        case State::size_end:
            return c == '\n' && end_of_size();
        case State::chunk_return:
            state_ = State::chunk_end;
            return c == '\r';
        case State::chunk_end:
            state_ = State::size_first;
            return c == '\n';
        case State::trailer_start:
            if (c == '\r') {
                state_ = State::last_end;
                return true;
            }
            state_ = State::trailer;
            // A blank would fold the line to the one before, a colon leaves no name.
            return ++trailer_bytes_ <= limits_.trailer_bytes_max && c != ' ' && c != '\t' &&
                   c != ':' && is_text(c);
        case State::trailer:
            if (++trailer_bytes_ > limits_.trailer_bytes_max) return false;
            if (c == '\r') state_ = State::trailer_end;
            return c == '\r' || is_text(c);
        case State::trailer_end:
            state_ = State::trailer_start;
            return c == '\n';
        case State::last_end:
            state_ = State::whole;
            return c == '\n';
        case State::counted:
        case State::chunk:
        case State::whole:
            break;
    }
    return false;
}

bool BodyDecoder::take_size(char c) {
    if (const int value = hex_value(c); value >= 0) {
        left_ = left_ * 16 + static_cast<std::uint64_t>(value);
        return ++size_digits_ <= size_digits_max;
    }
    if (c == '\r') {
        state_ = State::size_end;
        return true;
    }
    // Blanks may stand before the ';' of an extension (RFC 9112 errata 4667), and nowhere else.
    state_ = State::extension;
    return c == ';' || c == ' ' || c == '\t';
}

bool BodyDecoder::end_of_size() {
    if (left_ == 0) {
        state_ = State::trailer_start;
        return true;
    }
    if (left_ > bytes_max_ - taken_) {
        refuse(413);
        return false;
    }
    state_ = State::chunk;
    return true;
}

}  // namespace referral::http
