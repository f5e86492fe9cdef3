#include "app/meters.hpp"

namespace referral::app {

namespace {

/// A number that only grows or goes up and down, out of a struct of numbers.
template <class Stats, class Number = std::uint64_t>
struct Meter {
    const char* name;
    const char* help;
    Number Stats::*member;
    bool grows = true;
};

using http::ServerStats;

constexpr Meter<ServerStats> server_meters[] = {
    {"referral_http_connections_accepted_total", "Connections accepted.", &ServerStats::accepted},
    {"referral_http_connections_open", "Connections now.", &ServerStats::open, false},
    {"referral_http_clicks_total", "Requests for links answered by click loops.",
     &ServerStats::clicks},
    {"referral_http_requests_instant_total", "Requests answered without a thread of the pool.",
     &ServerStats::instant},
    {"referral_http_requests_pooled_total", "Requests given to the pool.", &ServerStats::pooled},
    {"referral_http_handed_over_total", "Connections moved to a click loop.",
     &ServerStats::handed_over},
    {"referral_http_handed_back_total", "Connections moved back to a front loop.",
     &ServerStats::handed_back},
    {"referral_http_streams", "Event streams open now.", &ServerStats::streams, false},
    {"referral_http_streams_overrun_total", "Streams ended because their client read too slowly.",
     &ServerStats::streams_overrun},
    {"referral_http_pool_queue", "Requests waiting for a thread.", &ServerStats::pool_queue, false},
    {"referral_http_pool_busy", "Threads at work.", &ServerStats::pool_busy, false},
    {"referral_http_refused_malformed_total", "Requests that were no HTTP.",
     &ServerStats::refused_malformed},
    {"referral_http_refused_head_size_total", "Requests with too long a head.",
     &ServerStats::refused_head_size},
    {"referral_http_refused_body_size_total", "Requests with too large a body.",
     &ServerStats::refused_body_size},
    {"referral_http_refused_pool_full_total", "Requests refused because the pool was full.",
     &ServerStats::refused_pool_full},
    {"referral_http_refused_connections_total", "Connections over CONNECTIONS_MAX.",
     &ServerStats::refused_connections},
    {"referral_http_refused_client_total", "Connections over CONNECTIONS_PER_ADDRESS_MAX.",
     &ServerStats::refused_client},
    {"referral_http_timeouts_head_total", "Requests whose head did not come in time.",
     &ServerStats::timeouts_head},
    {"referral_http_timeouts_body_total", "Requests whose body did not come in time.",
     &ServerStats::timeouts_body},
    {"referral_http_timeouts_send_total", "Clients dropped for not reading their answer.",
     &ServerStats::timeouts_send},
    {"referral_tls_handshakes_failed_total", "TLS handshakes that failed.",
     &ServerStats::tls_failed},
    {"referral_click_commits_total", "Commits of click loops.", &ServerStats::commits},
    {"referral_click_commits_failed_total", "Commits that did not get to the disk.",
     &ServerStats::commits_failed},
    {"referral_click_loops_stuck", "Click loops waiting for the disk for over a second.",
     &ServerStats::click_loops_stuck, false},
};

using JournalStats = journal::Stats;

constexpr Meter<JournalStats> journal_meters[] = {
    {"referral_journal_bytes", "Disk space of the journal.", &JournalStats::bytes_used, false},
    {"referral_journal_bytes_max", "JOURNAL_BYTES_MAX.", &JournalStats::bytes_max, false},
    {"referral_journal_segments", "Segments with records.", &JournalStats::segments, false},
    {"referral_journal_segments_unloaded", "Of these, not loaded yet.",
     &JournalStats::segments_unloaded, false},
    {"referral_journal_quarantined_records_total", "Records lost to damage.",
     &JournalStats::quarantined_records},
    {"referral_journal_tails_cut_total", "Torn ends found at the start.", &JournalStats::tails_cut},
    {"referral_journal_preparer_failures_total", "Times no spare segment could be made.",
     &JournalStats::preparer_failures},
};

using clicks::IngestStats;

constexpr Meter<IngestStats> ingest_meters[] = {
    {"referral_ingest_clicks_total", "Clicks stored in PostgreSQL.", &IngestStats::loaded},
    {"referral_ingest_batches_total", "Transactions that stored them.", &IngestStats::batches},
    {"referral_ingest_failures_total", "Batches that failed and were tried again.",
     &IngestStats::failures},
    {"referral_ingest_quarantined_total", "Records that are no clicks.", &IngestStats::quarantined},
    {"referral_ingest_reloaded_segments_total", "Segments that a restored database lacked.",
     &IngestStats::reloaded_segments},
};

template <class Stats, std::size_t Count, class Read>
void add(metrics::Registry& registry, const Meter<Stats> (&meters)[Count], Read read) {
    for (const Meter<Stats>& each : meters) {
        const auto sample = [read, member = each.member] {
            return static_cast<double>(read().*member);
        };
        if (each.grows)
            registry.counter_from({each.name, each.help}, sample);
        else
            registry.gauge_from({each.name, each.help}, sample);
    }
}

void meter_clicks(metrics::Registry& registry, const MeterSources& sources) {
    const auto& captures = *sources.captures;
    for (const auto& [value, name] : Names<clicks::Class>::list) {
        const auto number = static_cast<std::size_t>(value);
        registry.counter_from({"referral_clicks_total", "Requests for links recorded, by class."},
                              [&captures, number] {
                                  double sum = 0;
                                  for (const auto& capture : captures)
                                      sum += static_cast<double>(capture->stats().by_class[number]);
                                  return sum;
                              },
                              {{"class", std::string(name)}});
    }
    registry.counter_from({"referral_clicks_unrecorded_total",
                           "Redirects answered without a record, because the disk failed."},
                          [&captures, &unrecorded = *sources.unrecorded] {
                              double sum = 0;
                              for (const auto& capture : captures)
                                  sum += static_cast<double>(capture->stats().unrecorded);
                              for (const auto& capture : unrecorded)
                                  sum += static_cast<double>(capture->unrecorded());
                              return sum;
                          });
}

void meter_memory(metrics::Registry& registry, const MeterSources& sources) {
    registry.gauge_from({"referral_links", "Links in memory."},
                        [d = sources.directory] { return static_cast<double>(d->stats().links); });
    registry.gauge_from({"referral_links_bytes", "Memory of the links."},
                        [d = sources.directory] { return static_cast<double>(d->stats().bytes); });
    registry.counter_from(
        {"referral_duplicates_forgotten_total",
         "Visitors forgotten within the window because DUPLICATE_SLOTS are used up."},
        [d = sources.duplicates] { return static_cast<double>(d->stats().forgotten); });
    registry.counter_from(
        {"referral_duplicates_untracked_total", "Unique clicks that found no slot."},
        [d = sources.duplicates] { return static_cast<double>(d->stats().untracked); });
    registry.gauge_from({"referral_live_subscribers", "Open live streams."},
                        [l = sources.live] { return static_cast<double>(l->subscribers()); });
    registry.gauge_from(
        {"referral_database_connections_busy", "Pooled connections at work."},
        [p = sources.pool] { return static_cast<double>(p->connections_in_use()); });
}

void meter_limits(metrics::Registry& registry, const MeterSources& sources) {
    for (std::size_t i = 0; i < http::RateLimits::classes.size(); ++i)
        registry.counter_from(
            {"referral_requests_limited_total", "Requests refused as too many, by class."},
            [l = sources.limits, i] { return static_cast<double>(l->refused(i)); },
            {{"class", std::string(http::RateLimits::classes[i])}});
    const cache::Limiter* limiter = sources.limiter;
    if (!limiter->stats().shared) return;
    registry.gauge_from({"referral_redis_reached", "1: limits are shared through Redis."},
                        [limiter] { return limiter->stats().redis.reached ? 1.0 : 0.0; });
    registry.gauge_from(
        {"referral_redis_processes", "Processes that share their limits, as last heard."},
        [limiter] { return static_cast<double>(limiter->stats().processes); });
    registry.counter_from(
        {"referral_redis_answers_total", "Limits that Redis decided."},
        [limiter] { return static_cast<double>(limiter->stats().redis.answers); });
    registry.counter_from(
        {"referral_redis_failures_total", "Calls of Redis without a good answer in time."},
        [limiter] { return static_cast<double>(limiter->stats().redis.failures); });
    registry.counter_from(
        {"referral_limits_alone_total", "Limits decided by this process, Redis being away."},
        [limiter] { return static_cast<double>(limiter->stats().alone); });
}

}  // namespace

void meter(metrics::Registry& registry, const MeterSources& sources) {
    add(registry, server_meters, [s = sources.server] { return s->stats(); });
    add(registry, journal_meters, [j = sources.journal] { return j->stats(); });
    registry.gauge_from(
        {"referral_journal_alarm",
         "0: clicks are kept. 1: JOURNAL_BYTES_MAX is reached. 2: the disk is full. 3: it fails."},
        [j = sources.journal] { return static_cast<double>(j->stats().alarm); });
    meter_clicks(registry, sources);
    meter_memory(registry, sources);
    meter_limits(registry, sources);
    if (sources.cluster)
        registry.counter_from(
            {"referral_postgres_restarts_total", "Times the private PostgreSQL was started again."},
            [c = sources.cluster] { return static_cast<double>(c->restarts()); });
}

void meter(metrics::Registry& registry, const clicks::Ingest& ingest, Clock clock) {
    add(registry, ingest_meters, [&ingest] { return ingest.stats(); });
    registry.gauge_from({"referral_ingest_fenced", "1: another process loads this node's clicks."},
                        [&ingest] { return ingest.stats().fenced ? 1.0 : 0.0; });
    registry.gauge_from({"referral_ingest_connected", "1: PostgreSQL takes clicks."},
                        [&ingest] { return ingest.stats().connected ? 1.0 : 0.0; });
    registry.gauge_from({"referral_ingest_lag_seconds", "Since all clicks were loaded last."},
                        [&ingest, clock] {
                            const auto lag = clock() - ingest.stats().caught_up_at;
                            return std::chrono::duration<double>(lag).count();
                        });
}

void meter(metrics::Registry& registry, const jobs::Runner& runner, Clock clock) {
    using jobs::Outcome, jobs::Queue;
    static constexpr std::pair<Outcome, const char*> outcomes[] = {{Outcome::done, "done"},
                                                                   {Outcome::failed, "failed"},
                                                                   {Outcome::dead, "dead"},
                                                                   {Outcome::lost, "lost"}};
    static constexpr Meter<Queue, std::int64_t> queue_meters[] = {
        {"referral_jobs_waiting", "Jobs to be done; 100000: or more.", &Queue::waiting, false},
        {"referral_jobs_running", "Jobs at work anywhere.", &Queue::running, false},
        {"referral_jobs_dead", "Jobs that were given up.", &Queue::dead, false}};
    for (const jobs::JobKind& kind : runner.kinds()) {
        const metrics::Labels labels{{"kind", kind.name}};
        for (const auto& [outcome, word] : outcomes)
            registry.counter_from(
                {"referral_jobs_total", "Attempts at jobs by this process, by how they ended."},
                [&runner, &kind, outcome = outcome] {
                    return static_cast<double>(runner.tally().count(kind.name, outcome));
                },
                {{"kind", kind.name}, {"outcome", word}});
        for (const auto& each : queue_meters)
            registry.gauge_from(
                {each.name, each.help},
                [&runner, &kind, member = each.member] {
                    return static_cast<double>(runner.queue(kind.name).value_or(Queue{}).*member);
                },
                labels);
        registry.gauge_from(
            {"referral_jobs_oldest_seconds", "How long the first of the jobs due has been."},
            [&runner, &kind, clock] {
                const auto queue = runner.queue(kind.name);
                if (!queue || !queue->oldest_at) return 0.0;
                return std::chrono::duration<double>(clock() - *queue->oldest_at).count();
            },
            labels);
    }
}

}  // namespace referral::app
