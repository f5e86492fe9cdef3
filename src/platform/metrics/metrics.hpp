#pragma once

/// Numbers about the running program, as Prometheus' text exposition. Metrics are data: a slice
/// keeps its `Metric` constants and asks the registry that app/ built for the counters once, at its
/// start.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace referral::metrics {

/// A metric's name ("referral_redirects_total": unit and `_total` as Prometheus recommends) and
/// help.
struct Metric {
    std::string_view name;
    std::string_view help;
};

/// Name and value of labels. Values come from a closed set, never from a request.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// Only ever grows. Copies are the same counter; safe in every thread; lives as long as the
/// registry.
class Counter {
public:
    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
    void add(double amount = 1) noexcept;
    double value() const noexcept;

private:
    prometheus::Counter* counter_;
};

/// Goes up and down. Otherwise as Counter.
class Gauge {
public:
    explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
    void set(double value) noexcept;
    void add(double amount) noexcept;
    double value() const noexcept;

private:
    prometheus::Gauge* gauge_;
};

/// A distribution over fixed buckets; takes a mutex, so not for every click. Otherwise as Counter.
class Histogram {
public:
    explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
    void observe(double value);

private:
    prometheus::Histogram* histogram_;
};

/// Upper bounds in seconds for how long requests and jobs take: 1 ms to 10 s.
inline const std::vector<double> duration_seconds{.001, .0025, .005, .01, .025, .05, .1,
                                                  .25,  .5,    1,    2.5, 5,    10};

/// All metrics of the program. Safe in every thread. Series with the same name and labels are one.
/// A name that is no Prometheus name, one name used for two kinds, or more than `series_max` series
/// of one name is a bug in the program (CHECK).
class Registry {
public:
    static constexpr std::size_t series_max = 1'000;

    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    Counter counter(const Metric& metric, const Labels& labels = {});
    Gauge gauge(const Metric& metric, const Labels& labels = {});

    /// `bounds` are the buckets' upper ends, rising; the same for every series of the name.
    Histogram histogram(const Metric& metric, const std::vector<double>& bounds = duration_seconds,
                        const Labels& labels = {});

    /// A gauge whose value `sample` gives at each scrape, for numbers that live elsewhere as plain
    /// atomics. What it reads must outlive the registry's last `text()`. It must not block or
    /// throw.
    void gauge_from(const Metric& metric, std::function<double()> sample,
                    const Labels& labels = {});

    /// As `gauge_from`, for a number that only grows.
    void counter_from(const Metric& metric, std::function<double()> sample,
                      const Labels& labels = {});

    /// All series now, as text exposition format 0.0.4, sorted by name.
    std::string text() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The Content-Type of `Registry::text`.
inline constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace referral::metrics
