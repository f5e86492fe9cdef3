#pragma once

/// Where a redirect leads: the Location of a link's answer.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/url.hpp"

namespace referral::links {

/// An address that was checked when it was stored, taken apart; views of the stored text.
struct Destination {
    std::string_view base;      ///< Scheme, host and path: "https://quote.example.com/start".
    std::string_view query;     ///< Without '?'; may be empty.
    std::string_view fragment;  ///< Without '#'; may be empty.

    static Destination of(std::string_view url) noexcept;
};

/// What a redirect adds to its destination. All but `request_query` are trusted.
struct Additions {
    std::string_view utm;            ///< The link's own, encoded: "utm_source=x&utm_medium=y".
    std::string_view request_query;  ///< The visitor's, as it came; empty: nothing passes through.
    std::string_view code;
    std::string_view click_id;  ///< Empty: the redirect names no click.
};

/// Where a click id stands in a text, with the '&' before it: cut out, what is left is the same
/// redirect without it. Size 0: nowhere.
struct ClickIdPlace {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
};

/// At most this much of a visitor's query passes through, whole parameters only.
inline constexpr std::size_t passed_bytes_max = 2'048;

/// Appends the Location to `out`: the destination with its own query and fragment, what passes
/// through of the request (all but ref, click_id, to, and UTM parameters known already), the UTM
/// parameters that the destination lacks, `ref` and `click_id`. Whatever the visitor sent, scheme
/// and host are the destination's, and no byte outside of RFC 3986's characters is written. The
/// place is counted from the start of `out`. Allocates only when `out` lacks capacity.
ClickIdPlace append_location(std::string& out, const Destination& destination,
                             const Additions& additions) noexcept;

/// The address asked for by `?to=` in a request's query, when it is https and on one of `hosts`;
/// else nothing. Allocates when there is a `to`.
std::optional<std::string> deep_link(std::string_view request_query,
                                     std::span<const HostPattern> hosts);

}  // namespace referral::links
