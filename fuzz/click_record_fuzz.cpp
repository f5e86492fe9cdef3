#include <cstdint>
#include <cstring>
#include <vector>

#include "base/check.hpp"
#include "clicks/record.hpp"

/// What decodes must encode to the very bytes it came from, and nothing may be read out of bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using referral::clicks::decode, referral::clicks::encode,
        referral::clicks::click_record_bytes_max;
    // A copy of its own, so that the sanitizer sees the first byte too far.
    const std::vector<std::uint8_t> copy(data, data + size);
    const auto record = decode(std::as_bytes(std::span(copy)));
    if (!record) return 0;
    std::array<std::byte, click_record_bytes_max> out;
    const std::size_t written = encode(*record, out);
    CHECK(written == size);
    CHECK(std::memcmp(out.data(), copy.data(), size) == 0);
    return 0;
}
