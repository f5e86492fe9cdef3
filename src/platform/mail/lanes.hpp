#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace referral::mail {

/// How many workers may be with the mail server at once. A server that hangs would otherwise take
/// one worker after the other, until none is left for other jobs.
class Lanes {
public:
    struct Patience {
        std::chrono::milliseconds room{500};    ///< Waits so long for a lane while all is well.
        std::chrono::milliseconds slow{2'000};  ///< A server that takes longer is not well.
    };

    Lanes(std::size_t count, Patience patience) : count_(count), patience_(patience) {}

    /// A lane, while it lives. None is had when all are taken and none becomes free soon.
    class Lease {
    public:
        explicit Lease(Lanes& lanes) : lanes_(lanes), number_(lanes.enter()) {}
        ~Lease() {
            if (had()) lanes_.leave(number_);
        }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;

        bool had() const { return number_ != 0; }

    private:
        Lanes& lanes_;
        const std::size_t number_;
    };

    /// What the last one found: while the server is not well, nobody waits for a lane.
    void note(bool well);

private:
    using Steady = std::chrono::steady_clock;
    struct Taken {
        std::size_t number;
        Steady::time_point since;
    };

    std::size_t enter();
    void leave(std::size_t number);
    bool is_slow(Steady::time_point now) const;

    const std::size_t count_;
    const Patience patience_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::vector<Taken> taken_;
    std::size_t last_number_ = 0;
    bool well_ = true;
};

}  // namespace referral::mail
