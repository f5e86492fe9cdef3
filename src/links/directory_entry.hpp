#pragma once

/// One link as the directory of codes keeps it: packed, and never changed once readers see it.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "links/destination.hpp"
#include "links/link.hpp"

namespace referral::links {

/// What the click path must know of a link's program.
struct ProgramView {
    ProgramId id;
    std::string fallback_url;  ///< For links that are not active. Empty: a page of our own.
    std::chrono::seconds duplicate_window{3'600};
    std::vector<HostPattern> allowed_hosts;  ///< Where `?to=` may lead.
    bool closed = false;                     ///< Its links behave as disabled.

    friend bool operator==(const ProgramView&, const ProgramView&) = default;
};

/// A program's place in the directory, for as long as the directory lives.
struct ProgramPlace {
    ProgramId id;
    std::atomic<const ProgramView*> view;
};

/// How often a link with `visits_max` was used, shared by all versions of its entry.
struct VisitCount {
    std::atomic<std::int64_t> used = 0;
};

/// What a link does now.
enum class State : std::uint8_t { active, not_started, paused, expired, disabled, banned };

/// A link's columns as the directory takes them.
struct LinkRow {
    LinkId id;
    UserId user_id;
    ProgramId program_id;
    std::string code;
    std::string destination_url;
    Status status = Status::active;
    std::optional<Instant> starts_at;
    std::optional<Instant> expires_at;
    std::optional<std::int64_t> visits_max;
    std::int64_t visits = 0;
    std::optional<std::string> password_hash;
    std::optional<Utm> utm;
    std::vector<Target> targets;
    bool pass_params = false;
};

/// A link as bytes, free of pointers: what the snapshot on disk holds.
struct PackedLink {
    std::int64_t link_id = 0;
    std::int64_t user_id = 0;
    std::int64_t program_id = 0;
    std::int64_t visits = 0;
    Status status = Status::active;
    std::uint8_t flags = 0;
    std::uint8_t code_size = 0;
    std::uint16_t destination_size = 0;
    std::string bytes;  ///< Code, destination, and what only some links have.

    static PackedLink of(const LinkRow& row);

    /// Whether `bytes` is as long and as well formed as the rest says: for what was read from disk.
    bool is_sound() const;

    std::string_view code() const { return std::string_view(bytes).substr(0, code_size); }
    bool has_visits_max() const;
};

/// One link. Its functions take about as long as the cache miss that finds it, and none allocates.
/// Valid until the reader it was found by passes or rests.
class Entry {
public:
    LinkId link_id() const noexcept { return {link_id_}; }
    UserId user_id() const noexcept { return {user_id_}; }
    ProgramId program_id() const noexcept { return program_->id; }
    /// The program as it is now. Valid as long as the entry.
    const ProgramView& program() const noexcept {
        return *program_->view.load(std::memory_order_acquire);
    }

    /// The code as it was made, in lower case.
    std::string_view code() const noexcept { return {bytes(), code_size_}; }

    /// What the link does at `now`, all limits considered.
    State state(Instant now) const noexcept;

    /// Takes one of the `visits_max` visits; false when none is left, or somebody else was quicker.
    /// Always true without a limit. Exact over all threads of the process.
    bool count_visit() const noexcept;
    bool has_visits_max() const noexcept;

    /// The Argon2id hash that a visitor's password must match, or empty.
    std::string_view password_hash() const noexcept;
    bool has_password() const noexcept;

    /// Whether some target asks for a country, or a device: else spare the looking up.
    bool asks_country() const noexcept;
    bool asks_device() const noexcept;

    /// Where a visitor from `country` (two capitals, or empty when unknown) on `device` is sent.
    Destination destination(std::string_view country, Device device) const noexcept;
    /// Where everybody is sent whom no target fits.
    Destination destination() const noexcept;

    /// The UTM parameters as query text, "utm_source=x&utm_medium=y", or empty.
    std::string_view utm() const noexcept;
    /// Whether a visitor's query parameters pass through to the destination.
    bool passes_params() const noexcept;

    /// `append_location` with all that this link adds to `where` for a request with this query.
    ClickIdPlace append_location(std::string& out, const Destination& where,
                                 std::string_view request_query,
                                 std::string_view click_id) const noexcept;

    struct Free {
        void operator()(Entry* entry) const noexcept { std::free(entry); }
    };
    using Owned = std::unique_ptr<Entry, Free>;

    /// Makes an entry; `visits` only for a link with visits_max.
    static Owned make(const PackedLink& link, const ProgramPlace& program, VisitCount* visits);

    /// The reverse, with the visits as counted now.
    PackedLink packed() const;

    /// Whether both would do the same; visits aside.
    bool same_as(const Entry& other) const noexcept;

    VisitCount* visits() const noexcept;
    /// The entry's memory in bytes.
    std::size_t size() const noexcept;

private:
    Entry() = default;

    const char* bytes() const noexcept;
    std::string_view options() const noexcept;

    std::int64_t link_id_;
    std::int64_t user_id_;
    const ProgramPlace* program_;
    std::uint16_t destination_size_;
    std::uint16_t options_size_;
    Status status_;
    std::uint8_t flags_;
    std::uint8_t code_size_;
    // Behind it: the visit count's pointer when there is a limit, code, destination, options.
};

}  // namespace referral::links
