#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace referral::schema {

/// Where a page of a list ended: the sort keys of its last row. Opaque to clients, but no secret
/// and not signed: whoever reads one treats its parts as a stranger's.
class Cursor {
public:
    static constexpr std::string_view rule = "a next_cursor of an earlier answer";
    static constexpr std::size_t length_max = 2'048;

    explicit Cursor(std::vector<std::string> parts) : parts_(std::move(parts)) {}
    static std::optional<Cursor> parse(std::string_view text);

    std::string text() const;
    const std::vector<std::string>& parts() const { return parts_; }

    Cursor() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Cursor&, const Cursor&) = default;

private:
    std::vector<std::string> parts_;
};

}  // namespace referral::schema
