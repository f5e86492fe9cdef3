#include "platform/db/copy.hpp"

#include <endian.h>

namespace referral::db {

namespace {

constexpr char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";  // Signature, flags, no extension.
constexpr std::size_t header_length = 19;

/// PostgreSQL counts microseconds from 2000-01-01.
constexpr Instant postgres_epoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);

// inet.h of the server: PGSQL_AF_INET is AF_INET, PGSQL_AF_INET6 the next number.
constexpr char family_v4 = 2, family_v6 = 3;

}  // namespace

void CopyRows::clear() { buffer_.assign(header, header_length); }

void CopyRows::begin_row(std::int16_t columns) { put16(columns); }

void CopyRows::int16(std::int16_t value) {
    put32(2);
    put16(value);
}

void CopyRows::int32(std::int32_t value) {
    put32(4);
    put32(value);
}

void CopyRows::int64(std::int64_t value) {
    put32(8);
    put64(value);
}

void CopyRows::text(std::string_view value) {
    put32(static_cast<std::int32_t>(value.size()));
    buffer_ += value;
}

void CopyRows::uuid(const std::array<std::uint8_t, 16>& bytes) {
    put32(16);
    buffer_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void CopyRows::timestamp(Instant value) { int64((value - postgres_epoch).count()); }

void CopyRows::inet(const IpAddress& address) {
    const bool v4 = address.is_v4();
    const std::size_t length = v4 ? 4 : 16;
    put32(static_cast<std::int32_t>(4 + length));
    buffer_ += v4 ? family_v4 : family_v6;
    buffer_ += static_cast<char>(8 * length);  // The whole address, no network.
    buffer_ += '\0';                           // Not a cidr.
    buffer_ += static_cast<char>(length);
    buffer_.append(reinterpret_cast<const char*>(address.bytes().data()) + 16 - length, length);
}

std::string_view CopyRows::finish() {
    put16(-1);
    return buffer_;
}

void CopyRows::put16(std::int16_t value) {
    const std::uint16_t big = htobe16(static_cast<std::uint16_t>(value));
    buffer_.append(reinterpret_cast<const char*>(&big), sizeof big);
}

void CopyRows::put32(std::int32_t value) {
    const std::uint32_t big = htobe32(static_cast<std::uint32_t>(value));
    buffer_.append(reinterpret_cast<const char*>(&big), sizeof big);
}

void CopyRows::put64(std::int64_t value) {
    const std::uint64_t big = htobe64(static_cast<std::uint64_t>(value));
    buffer_.append(reinterpret_cast<const char*>(&big), sizeof big);
}

}  // namespace referral::db
