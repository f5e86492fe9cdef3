#include "platform/metrics/metrics.hpp"

#include <prometheus/check_names.h>
#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "base/check.hpp"

namespace referral::metrics {

void Counter::add(double amount) noexcept { counter_->Increment(amount); }
double Counter::value() const noexcept { return counter_->Value(); }

void Gauge::set(double value) noexcept { gauge_->Set(value); }
void Gauge::add(double amount) noexcept { gauge_->Increment(amount); }
double Gauge::value() const noexcept { return gauge_->Value(); }

void Histogram::observe(double value) { histogram_->Observe(value); }

namespace {

enum class Kind { counter, gauge, histogram, sampled_counter, sampled_gauge };

bool is_sampled(Kind kind) { return kind == Kind::sampled_counter || kind == Kind::sampled_gauge; }

prometheus::Labels as_map(const Labels& labels) { return {labels.begin(), labels.end()}; }

struct Sampled {
    prometheus::Labels labels;
    std::function<double()> sample;
};

struct Family {
    Kind kind;
    std::string help;
    std::vector<prometheus::Labels> series;
    std::vector<Sampled> sampled;
};

prometheus::ClientMetric read(const Sampled& sampled, Kind kind) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sampled.labels) metric.label.push_back({name, value});
    if (kind == Kind::sampled_counter)
        metric.counter.value = sampled.sample();
    else
        metric.gauge.value = sampled.sample();
    return metric;
}

}  // namespace

struct Registry::Parts {
    mutable std::mutex mutex;
    prometheus::Registry registry;
    std::map<std::string, Family, std::less<>> families;

    /// The family of `metric`, with room for the series `labels`.
    Family& admit(const Metric& metric, Kind kind, const prometheus::Labels& labels) {
        CHECK(prometheus::CheckMetricName(std::string(metric.name)));
        for (const auto& [name, value] : labels)
            CHECK(prometheus::CheckLabelName(name) && name != "le");
        const auto [found, fresh] = families.try_emplace(
            std::string(metric.name), Family{kind, std::string(metric.help), {}, {}});
        Family& family = found->second;
        CHECK(family.kind == kind);
        const bool known = std::ranges::find(family.series, labels) != family.series.end();
        if (!known) {
            CHECK(family.series.size() < series_max);
            family.series.push_back(labels);
        }
        CHECK(!known || !is_sampled(kind));
        return family;
    }

    void add_sampled(const Metric& metric, Kind kind, std::function<double()> sample,
                     const Labels& labels) {
        const std::scoped_lock lock(mutex);
        const auto named = as_map(labels);
        admit(metric, kind, named).sampled.push_back({named, std::move(sample)});
    }

    std::vector<prometheus::MetricFamily> collect() const {
        auto result = registry.Collect();
        const std::scoped_lock lock(mutex);
        for (const auto& [name, family] : families) {
            if (!is_sampled(family.kind)) continue;
            prometheus::MetricFamily collected;
            collected.name = name;
            collected.help = family.help;
            collected.type = family.kind == Kind::sampled_counter ? prometheus::MetricType::Counter
                                                                  : prometheus::MetricType::Gauge;
            for (const Sampled& sampled : family.sampled)
                collected.metric.push_back(read(sampled, family.kind));
            result.push_back(std::move(collected));
        }
        return result;
    }
};

Registry::Registry() : parts_(std::make_unique<Parts>()) {}
Registry::~Registry() = default;

Counter Registry::counter(const Metric& metric, const Labels& labels) {
    const std::scoped_lock lock(parts_->mutex);
    const auto named = as_map(labels);
    parts_->admit(metric, Kind::counter, named);
    return Counter(prometheus::BuildCounter()
                       .Name(std::string(metric.name))
                       .Help(std::string(metric.help))
                       .Register(parts_->registry)
                       .Add(named));
}

Gauge Registry::gauge(const Metric& metric, const Labels& labels) {
    const std::scoped_lock lock(parts_->mutex);
    const auto named = as_map(labels);
    parts_->admit(metric, Kind::gauge, named);
    return Gauge(prometheus::BuildGauge()
                     .Name(std::string(metric.name))
                     .Help(std::string(metric.help))
                     .Register(parts_->registry)
                     .Add(named));
}

Histogram Registry::histogram(const Metric& metric, const std::vector<double>& bounds,
                              const Labels& labels) {
    CHECK(std::ranges::is_sorted(bounds, std::ranges::less_equal{}));
    const std::scoped_lock lock(parts_->mutex);
    const auto named = as_map(labels);
    parts_->admit(metric, Kind::histogram, named);
    return Histogram(prometheus::BuildHistogram()
                         .Name(std::string(metric.name))
                         .Help(std::string(metric.help))
                         .Register(parts_->registry)
                         .Add(named, prometheus::Histogram::BucketBoundaries(bounds)));
}

void Registry::gauge_from(const Metric& metric, std::function<double()> sample,
                          const Labels& labels) {
    parts_->add_sampled(metric, Kind::sampled_gauge, std::move(sample), labels);
}

void Registry::counter_from(const Metric& metric, std::function<double()> sample,
                            const Labels& labels) {
    parts_->add_sampled(metric, Kind::sampled_counter, std::move(sample), labels);
}

std::string Registry::text() const {
    auto families = parts_->collect();
    std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace referral::metrics
