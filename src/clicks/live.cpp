#include "clicks/live.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/problem.hpp"
#include "clicks/queries.hpp"
#include "platform/db/transaction.hpp"

namespace referral::clicks {

namespace {

std::string event(std::string_view name, const std::string& data) {
    return "event: " + std::string(name) + "\ndata: " + data + "\n\n";
}

/// The click with and without what only staff may see.
struct Texts {
    std::string for_staff;
    std::string for_owner;
};

Texts texts_of(Click click) {
    Texts texts;
    texts.for_staff = event("click", schema::text_of(click));
    click.visitor_ip.reset();
    texts.for_owner = event("click", schema::text_of(click));
    return texts;
}

}  // namespace

std::size_t Live::VisitorHash::operator()(
    const std::pair<Visitor, std::int64_t>& key) const noexcept {
    // A visitor's id is random or a keyed hash: any part of it is spread evenly.
    std::size_t hash;
    std::memcpy(&hash, key.first.data(), sizeof hash);
    return hash ^ static_cast<std::size_t>(key.second) * 0x9e37'79b9'7f4a'7c15;
}

std::shared_ptr<http::Stream> Live::subscribe(LiveFilter filter) {
    const std::lock_guard lock(mutex_);
    drop_closed();
    if (subscribers_.size() >= subscribers_max)
        throw Problem(Refusal::too_many, "Too many follow the live stream already.");
    Subscriber& subscriber = subscribers_.emplace_back();
    subscriber.filter = std::move(filter);
    subscriber.stream = std::make_shared<http::Stream>();
    subscribed_ = subscribers_.size();
    return subscriber.stream;
}

void Live::drop_closed() {
    std::erase_if(subscribers_, [](const Subscriber& one) { return one.stream->closed(); });
    subscribed_ = subscribers_.size();
}

void Live::publish(const std::vector<Click>& clicks) {
    const std::lock_guard lock(mutex_);
    for (const Click& click : clicks) {
        std::optional<Texts> texts;
        for (Subscriber& subscriber : subscribers_) {
            const auto& owner = subscriber.filter.owner;
            if (owner && (!click.user_id || click.user_id->value != *owner)) continue;
            subscriber.stale = true;
            if (++subscriber.clicks_this_second > clicks_per_second_max) continue;
            if (!texts) texts = texts_of(click);
            subscriber.stream->send(owner ? texts->for_owner : texts->for_staff);
        }
    }
}

void Live::see(const std::vector<SeenVisitor>& visitors) {
    const std::lock_guard lock(mutex_);
    for (const SeenVisitor& seen : visitors) {
        see_one(seen.visitor, 0, seen.at);
        if (seen.owner != 0) see_one(seen.visitor, seen.owner, seen.at);
    }
}

void Live::see_one(const Visitor& visitor, std::int64_t owner, Instant at) {
    const VisitorKey key{visitor, owner};
    const auto [known, is_new] = visitors_.try_emplace(key, at);
    if (is_new) {
        ++visitors_of_[owner];
    } else {
        if (at <= known->second) return;
        known->second = at;
    }
    visits_.emplace_back(at, key);
    while (visits_.size() > visitors_max) forget_visitors(visits_.front().first + visitor_stays);
}

void Live::forget_visitors(Instant now) {
    while (!visits_.empty() && visits_.front().first + visitor_stays <= now) {
        const auto [at, key] = visits_.front();
        visits_.pop_front();
        const auto known = visitors_.find(key);
        if (known == visitors_.end() || known->second != at) continue;
        visitors_.erase(known);
        if (--visitors_of_[key.second] == 0) visitors_of_.erase(key.second);
    }
}

std::int64_t Live::visitors_now(const LiveFilter& filter) const {
    const auto known = visitors_of_.find(filter.owner.value_or(0));
    return known == visitors_of_.end() ? 0 : known->second;
}

void Live::tick(db::Pool& pool, Instant now) {
    std::set<LiveFilter> stale;
    {
        const std::lock_guard lock(mutex_);
        drop_closed();
        forget_visitors(now);
        for (Subscriber& subscriber : subscribers_) {
            subscriber.clicks_this_second = 0;
            if (subscriber.spoken_at + keep_alive_every <= now) {
                subscriber.stream->send(": keep-alive\n\n");
                subscriber.spoken_at = now;
            }
            // Midnight and leaving visitors change the counters too, without any click.
            const bool due = subscriber.counted_at + counters_every_max <= now;
            if (subscriber.stale || due) stale.insert(subscriber.filter);
        }
    }
    std::map<LiveFilter, LiveCounters> counted;
    if (!stale.empty()) {
        db::Transaction tx(pool);
        for (const LiveFilter& filter : stale) {
            const auto [clicks, unique_clicks] =
                filter.owner ? tx.one(sql::today_of_owner, now, filter.timezone, *filter.owner)
                             : tx.one(sql::today, now, filter.timezone);
            counted[filter] = {.clicks_today = clicks, .unique_clicks_today = unique_clicks};
        }
        tx.commit();
    }
    const std::lock_guard lock(mutex_);
    for (Subscriber& subscriber : subscribers_) {
        const auto found = counted.find(subscriber.filter);
        if (found == counted.end()) continue;
        LiveCounters counters = found->second;
        counters.visitors_now = visitors_now(subscriber.filter);
        subscriber.stale = false;
        subscriber.counted_at = now;
        subscriber.spoken_at = now;
        subscriber.stream->send(event("counters", schema::text_of(counters)));
    }
}

}  // namespace referral::clicks
