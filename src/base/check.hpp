#pragma once

/// CHECK: the program's own bugs end the program, in every build; a supervisor starts it again.

namespace referral::detail {

/// Prints `condition` with its place to stderr and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace referral::detail

/// Ends the program unless `condition` holds. For what only a bug can break, never for input.
#define CHECK(condition) \
    ((condition) ? void() : ::referral::detail::check_failed(#condition, __FILE__, __LINE__))
