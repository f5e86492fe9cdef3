#pragma once

/// Rows for PostgreSQL's binary COPY
/// (https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"

namespace referral::db {

/// A buffer that rows are written to, column by column, in the order of the copy statement. Reused
/// between batches, so that it stops allocating.
class CopyRows {
public:
    CopyRows() { clear(); }

    void clear();
    void begin_row(std::int16_t columns);

    void null() { put32(-1); }
    void int16(std::int16_t value);
    void int32(std::int32_t value);
    void int64(std::int64_t value);
    /// text, varchar, char and json; must be UTF-8 without NUL.
    void text(std::string_view value);
    void uuid(const std::array<std::uint8_t, 16>& bytes);
    void bytes(std::string_view value) { text(value); }
    void timestamp(Instant value);
    void inet(const IpAddress& address);

    /// The whole stream with its trailer; no rows may be added until clear().
    std::string_view finish();
    std::size_t size() const { return buffer_.size(); }

private:
    void put16(std::int16_t value);
    void put32(std::int32_t value);
    void put64(std::int64_t value);

    std::string buffer_;
};

}  // namespace referral::db
