#include "accounts/turnstile.hpp"

#include "base/problem.hpp"

namespace referral::accounts {

Turnstile::Pass Turnstile::enter() {
    std::unique_lock lock(mutex_);
    if (waiting_ >= waiting_max_)
        throw Problem(Refusal::unavailable, "Too many sign-ins at the moment.");
    ++waiting_;
    left_.wait(lock, [this] { return inside_ < inside_max_; });
    --waiting_;
    ++inside_;
    return Pass(*this);
}

Turnstile::Pass::~Pass() {
    {
        const std::lock_guard lock(turnstile_.mutex_);
        --turnstile_.inside_;
    }
    turnstile_.left_.notify_one();
}

}  // namespace referral::accounts
