#pragma once

/// Fresh clicks and counters as server-sent events. Fed by the loaders of this process; with
/// several processes on one database, each would also follow the others' clicks: by Redis streams
/// where REDIS_URL is set, or by reading link_clicks rows with other nodes' ids from its own `id`
/// on.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "clicks/record.hpp"
#include "clicks/schemas.hpp"
#include "platform/db/pool.hpp"
#include "platform/http/stream.hpp"

namespace referral::clicks {

/// Who is told what.
struct LiveFilter {
    std::optional<std::int64_t> owner;  // Only this user's links; nothing: all, with addresses.
    std::string timezone = "UTC";       // Whose midnight begins the day.

    friend auto operator<=>(const LiveFilter&, const LiveFilter&) = default;
};

/// A click just stored, as far as it counts for `visitors_now`.
struct SeenVisitor {
    Visitor visitor{};
    std::int64_t owner = 0;
    Instant at{};
};

/// The subscribers of the live stream. Any thread may call anything. A subscriber that reads too
/// slowly is dropped by its stream; more than `subscribers_max` are refused.
class Live {
public:
    static constexpr std::size_t subscribers_max = 1'000;
    static constexpr std::size_t visitors_max = 1'000'000;
    static constexpr std::chrono::minutes visitor_stays{5};
    static constexpr std::chrono::seconds keep_alive_every{15};
    /// Counters are sent at least this often: visitors leave without a click.
    static constexpr std::chrono::seconds counters_every_max{5};
    /// No more clicks than this are sent to one subscriber in one second; the counters go on.
    static constexpr int clicks_per_second_max = 50;

    /// A new stream for who may see `filter`. The first counters come with the next `tick`.
    /// Refuses: too_many.
    std::shared_ptr<http::Stream> subscribe(LiveFilter filter);

    /// Whether anybody would see a click: else spare the making.
    bool has_subscribers() const { return subscribed_.load(std::memory_order_relaxed) > 0; }

    /// Tells of clicks just stored.
    void publish(const std::vector<Click>& clicks);

    /// Counts the visitors of clicks just stored.
    void see(const std::vector<SeenVisitor>& visitors);

    /// Sends counters where they have changed, and keep-alives; to be called once a second. Reads
    /// the day's numbers from `pool`, once for each different filter. Throws db::Error.
    void tick(db::Pool& pool, Instant now);

    std::size_t subscribers() const { return subscribed_.load(std::memory_order_relaxed); }

private:
    struct Subscriber {
        LiveFilter filter;
        std::shared_ptr<http::Stream> stream;
        bool stale = true;  // Its counters may have changed.
        Instant spoken_at{};
        Instant counted_at{};
        int clicks_this_second = 0;
    };
    struct VisitorHash {
        std::size_t operator()(const std::pair<Visitor, std::int64_t>& key) const noexcept;
    };

    std::int64_t visitors_now(const LiveFilter& filter) const;
    void see_one(const Visitor& visitor, std::int64_t owner, Instant at);
    void forget_visitors(Instant now);
    void drop_closed();

    mutable std::mutex mutex_;
    std::vector<Subscriber> subscribers_;
    std::atomic<std::size_t> subscribed_{0};

    // Owner 0 stands for all.
    using VisitorKey = std::pair<Visitor, std::int64_t>;
    std::unordered_map<VisitorKey, Instant, VisitorHash> visitors_;
    std::deque<std::pair<Instant, VisitorKey>> visits_;  // In order of coming.
    std::unordered_map<std::int64_t, std::int64_t> visitors_of_;
};

}  // namespace referral::clicks
