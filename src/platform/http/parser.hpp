#pragma once

#include <cstddef>
#include <string_view>

#include "platform/http/limits.hpp"
#include "platform/http/request.hpp"

namespace referral::http {

enum class HeadState { incomplete, whole, refused };

/// What a look at the bytes of a connection said.
struct Head {
    HeadState state = HeadState::incomplete;
    std::size_t bytes = 0;  // Of the head with its blank line, when whole.
    int status = 0;         // What to answer before closing, when refused.
};

/// Reads request heads, strictly by RFC 9112 where it lets a server choose. Keeps nothing between
/// two looks: an incomplete head is read again from its start, which the header limit bounds.
class HeadParser {
public:
    /// `limits` must outlive the parser.
    explicit HeadParser(const Limits& limits) : limits_(limits) {}

    /// Reads the head at the start of `bytes`, after at most one empty line, into `request`, whose
    /// views then name pieces of `bytes`. Says as early as it can that a head is no good.
    Head parse(std::string_view bytes, Request& request) const;

private:
    class Reader;

    const Limits& limits_;
};

}  // namespace referral::http
