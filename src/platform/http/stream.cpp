#include "platform/http/stream.hpp"

namespace referral::http {

Stream::~Stream() { close(); }

bool Stream::send(std::string_view bytes) {
    std::unique_lock lock(mutex_);
    if (closed_) return false;
    if (unsent_.size() + bytes.size() > unsent_bytes_max_) {
        close(std::move(lock), true);
        return false;
    }
    // Whoever takes is told once for all that is queued.
    const bool wakes = unsent_.empty() && wake_ != nullptr;
    unsent_.append(bytes);
    if (wakes) wake_();
    return true;
}

void Stream::close() { close(std::unique_lock(mutex_), false); }

void Stream::close(std::unique_lock<std::mutex> lock, bool overrun) {
    if (closed_) return;
    closed_ = true;
    overrun_ = overrun;
    if (overrun) unsent_.clear();
    if (wake_ != nullptr) wake_();
    const std::function<void()> told = std::move(told_);
    told_ = nullptr;
    lock.unlock();
    if (told != nullptr) told();
}

bool Stream::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

void Stream::on_close(std::function<void()> told) {
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) {
            told_ = std::move(told);
            return;
        }
    }
    told();
}

void Stream::attach(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
    if (wake_ != nullptr && (closed_ || !unsent_.empty())) wake_();
}

void Stream::detach() {
    std::unique_lock lock(mutex_);
    wake_ = nullptr;
    unsent_.clear();
    close(std::move(lock), false);
}

bool Stream::take(std::string& into) {
    const std::lock_guard lock(mutex_);
    into.append(unsent_);
    unsent_.clear();
    return !closed_;
}

bool Stream::overrun() const {
    const std::lock_guard lock(mutex_);
    return overrun_;
}

}  // namespace referral::http
