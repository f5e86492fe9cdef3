#pragma once

/// Which class a request for a link belongs to. Pure: facts in, class out.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/names.hpp"

namespace referral::clicks {

/// What a click is counted as. The numbers stand in the journal and in `link_clicks.class`, and
/// never change.
enum class Class : std::uint8_t {
    human = 1,      // The only unique one, and the only one that earns attribution.
    duplicate = 2,  // The same visitor and link within the program's window.
    suspect = 3,    // A risk score of 30 or more.
    self = 4,       // The partner's own session or device.
    blocked = 5,    // On the block list.
    embedded = 6,   // Fetched as an image, frame or script: cookie stuffing.
    bot = 7,        // A declared crawler.
    prefetch = 8,   // Fetched ahead, perhaps never seen.
    non_get = 9,    // HEAD and every other method.
    orphan = 10     // No such code, or the link is dead.
};

/// The highest of the numbers above.
constexpr std::uint8_t class_number_max = 10;

/// The class with this number, or nothing.
constexpr std::optional<Class> class_of(std::int64_t number) {
    if (number < 1 || number > class_number_max) return std::nullopt;
    return static_cast<Class>(number);
}

/// Whether people made it, so that it counts as a click on screens.
constexpr bool is_by_people(Class value) {
    return value == Class::human || value == Class::duplicate || value == Class::suspect ||
           value == Class::self;
}

/// What is known of a request before its visitor is looked up.
struct Facts {
    bool leads_somewhere = false;  // The code's link is active.
    bool is_get = false;
    std::string_view sec_purpose;     // `Sec-Purpose`, empty when absent; so the others.
    std::string_view purpose;         // `Purpose`
    std::string_view moz;             // `X-Moz`
    bool declared_crawler = false;    // By its user agent.
    std::string_view sec_fetch_dest;  // `Sec-Fetch-Dest`
    bool blocked = false;
    bool self = false;
};

/// The class of everything but people's clicks, the first that fits: orphan, non_get, prefetch,
/// bot, embedded, blocked, self. Nothing: duplicate, suspect or human, which only the visitor's
/// earlier clicks can tell.
std::optional<Class> classify(const Facts& facts) noexcept;

/// The class of what `classify` leaves open.
constexpr Class classify_people(bool is_duplicate, bool is_suspect) {
    return is_duplicate ? Class::duplicate : is_suspect ? Class::suspect : Class::human;
}

}  // namespace referral::clicks

template <>
struct referral::Names<referral::clicks::Class> {
    using Class = clicks::Class;
    static constexpr std::array list{
        std::pair{Class::human, "human"},     std::pair{Class::duplicate, "duplicate"},
        std::pair{Class::suspect, "suspect"}, std::pair{Class::self, "self"},
        std::pair{Class::blocked, "blocked"}, std::pair{Class::embedded, "embedded"},
        std::pair{Class::bot, "bot"},         std::pair{Class::prefetch, "prefetch"},
        std::pair{Class::non_get, "non_get"}, std::pair{Class::orphan, "orphan"}};
};
