#include "platform/http/connection_input.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace referral::http {

std::span<char> InputBuffer::space(std::size_t bytes_max) {
    const std::size_t size = end_ - begin_;
    CHECK(size < bytes_max);
    if (size == capacity_) {
        const std::size_t grown = std::min(std::max(bytes_first, 2 * capacity_), bytes_max);
        auto bytes = std::make_unique_for_overwrite<char[]>(grown);
        if (size != 0) std::memcpy(bytes.get(), bytes_.get() + begin_, size);
        bytes_ = std::move(bytes);
        capacity_ = grown;
    } else if (begin_ != 0 && size != 0) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, size);
    }
    begin_ = 0;
    end_ = size;
    return {bytes_.get() + end_, capacity_ - end_};
}

void InputBuffer::consume(std::size_t count) {
    CHECK(count <= end_ - begin_);
    begin_ += count;
}

}  // namespace referral::http
