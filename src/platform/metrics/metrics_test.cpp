#include "platform/metrics/metrics.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace referral::metrics {

namespace {

using ::testing::HasSubstr;

constexpr Metric redirects{"referral_redirects_total", "Redirects answered."};
constexpr Metric lag{"referral_ingest_lag_bytes", "Journal not yet loaded."};
constexpr Metric took{"referral_request_seconds", "Time to answer."};

}  // namespace

TEST(Metrics, ShowCountersByLabel) {
    Registry registry;

    registry.counter(redirects, {{"class", "human"}}).add(3);
    registry.counter(redirects, {{"class", "bot"}}).add();

    const auto text = registry.text();
    EXPECT_THAT(text, HasSubstr("# HELP referral_redirects_total Redirects answered.\n"
                                "# TYPE referral_redirects_total counter\n"));
    EXPECT_THAT(text, HasSubstr("referral_redirects_total{class=\"human\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("referral_redirects_total{class=\"bot\"} 1\n"));
}

TEST(Metrics, GiveTheSameSeriesForTheSameNameAndLabels) {
    Registry registry;
    registry.gauge(lag, {{"node", "1"}}).set(5);

    registry.gauge(lag, {{"node", "1"}}).add(-2);

    EXPECT_EQ(registry.gauge(lag, {{"node", "1"}}).value(), 3);
}

TEST(Metrics, CountIntoBuckets) {
    Registry registry;
    auto histogram = registry.histogram(took, {0.1, 1});

    histogram.observe(0.05);
    histogram.observe(0.5);
    histogram.observe(5);

    const auto text = registry.text();
    EXPECT_THAT(text, HasSubstr("referral_request_seconds_bucket{le=\"0.1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("referral_request_seconds_bucket{le=\"1\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("referral_request_seconds_bucket{le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("referral_request_seconds_count 3\n"));
}

TEST(Metrics, SampleNumbersThatLiveElsewhereAtEachScrape) {
    Registry registry;
    std::atomic<int> elsewhere{7};
    registry.gauge_from(lag, [&] { return elsewhere.load(); }, {{"node", "1"}});
    registry.counter_from(redirects, [&] { return elsewhere.load() * 2; });
    const auto before = registry.text();

    elsewhere = 8;

    EXPECT_THAT(before, HasSubstr("referral_ingest_lag_bytes{node=\"1\"} 7\n"));
    EXPECT_THAT(registry.text(), HasSubstr("referral_ingest_lag_bytes{node=\"1\"} 8\n"));
    EXPECT_THAT(registry.text(), HasSubstr("# TYPE referral_redirects_total counter\n"
                                           "referral_redirects_total 16\n"));
}

TEST(Metrics, EscapeWhatLabelsHold) {
    Registry registry;

    registry.gauge(lag, {{"disk", "a\"b\nc\\"}}).set(1);

    EXPECT_THAT(registry.text(), HasSubstr(R"({disk="a\"b\nc\\"} 1)"));
}

TEST(Metrics, CountFromManyThreads) {
    Registry registry;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            auto counter = registry.counter(redirects);
            for (int k = 0; k < 10'000; ++k) counter.add();
        });
    for (auto& thread : threads) thread.join();

    EXPECT_EQ(registry.counter(redirects).value(), 40'000);
}

TEST(MetricsDeathTest, EndTheProgramOnItsOwnMistakes) {
    Registry registry;
    registry.counter(redirects);

    EXPECT_DEATH(registry.gauge(redirects), "must hold");
    EXPECT_DEATH(registry.counter({"not a name", ""}), "must hold");
    EXPECT_DEATH(registry.counter(redirects, {{"not-a-label", "x"}}), "must hold");
    EXPECT_DEATH(
        {
            for (std::size_t i = 0; i <= Registry::series_max; ++i)
                registry.gauge(lag, {{"made_up", std::to_string(i)}});
        },
        "must hold");
}

}  // namespace referral::metrics
