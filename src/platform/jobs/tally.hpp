#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/jobs.hpp"

namespace referral::jobs {

/// What an attempt came to.
enum class Outcome { done, failed, dead, lost };

/// Counts of outcomes by kind since the start of the process: for metrics as they are, for the page
/// of jobs by what came in since the last `flush`. Any thread; one at a time flushes.
class Tally {
public:
    explicit Tally(const JobTable& kinds);

    void add(std::string_view kind, Outcome outcome, std::uint64_t count = 1) noexcept;
    std::uint64_t count(std::string_view kind, Outcome outcome) const noexcept;

    /// Adds to the table of counts what is not there yet; a failure leaves it for the next time.
    void flush(db::Pool& pool, Instant now);

private:
    static constexpr std::size_t outcomes = 4;
    struct Counts {
        std::string kind;
        std::array<std::atomic<std::uint64_t>, outcomes> seen{};
        std::array<std::uint64_t, outcomes> flushed{};
    };

    const Counts* find(std::string_view kind) const noexcept;

    std::vector<std::unique_ptr<Counts>> kinds_;
};

}  // namespace referral::jobs
