#pragma once

#include <condition_variable>
#include <mutex>

namespace referral::accounts {

/// Lets few do something costly at once. Checking a password takes 19 MiB and 50 ms of a core: a
/// flood of sign-ins must leave the threads that serve requests to everybody else.
class Turnstile {
public:
    Turnstile(int inside_max, int waiting_max)
        : inside_max_(inside_max), waiting_max_(waiting_max) {}

    /// Inside until it is destroyed.
    class Pass {
    public:
        explicit Pass(Turnstile& turnstile) : turnstile_(turnstile) {}
        ~Pass();
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;

    private:
        Turnstile& turnstile_;
    };

    /// Waits for a place. Refuses: unavailable, when too many wait already.
    Pass enter();

private:
    const int inside_max_, waiting_max_;
    std::mutex mutex_;
    std::condition_variable left_;
    int inside_ = 0, waiting_ = 0;
};

}  // namespace referral::accounts
