#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace referral::http {

/// The bytes of a connection that have come and are not used up. Small while a connection is idle
/// or sends small requests, which most do for all their life.
class InputBuffer {
public:
    static constexpr std::size_t bytes_first = 4 * 1024;

    std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }

    /// Room to read into, at least one byte; the buffer grows up to `bytes_max` and never holds
    /// more. Moves what is unread, so that views of it end. The caller has seen to it that less
    /// than `bytes_max` is unread.
    std::span<char> space(std::size_t bytes_max);
    /// `count` bytes came into that room.
    void received(std::size_t count) { end_ += count; }
    /// The first `count` unread bytes are used up; views of them stay good until `space`.
    void consume(std::size_t count);
    void clear() { begin_ = end_ = 0; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace referral::http
