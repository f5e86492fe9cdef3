#include "platform/http/call.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace referral::http {

bool Caller::may(std::string_view permission) const {
    return std::ranges::find(permissions, permission) != permissions.end();
}

db::Transaction& Call::transaction() {
    if (!transaction_) transaction_.emplace(pool_);
    return *transaction_;
}

const Caller& Call::caller() const {
    CHECK(caller_.has_value());
    return *caller_;
}

std::optional<std::int64_t> Call::owner() const {
    if (caller().sees_all) return std::nullopt;
    return caller().user_id;
}

void Call::add_header(std::string name, std::string value) {
    headers_.push_back({std::move(name), std::move(value)});
}

void Call::after_commit(std::function<void()> action) { actions_.push_back(std::move(action)); }

void Call::note_limit(std::string_view policy, std::string_view state) {
    if (!limit_policies_.empty()) {
        limit_policies_ += ", ";
        limit_states_ += ", ";
    }
    limit_policies_ += policy;
    limit_states_ += state;
}

void Call::note_retry_after(std::chrono::seconds wait) {
    retry_after_ = std::max(retry_after_, wait);
}

void Call::add_limit_headers(Response& response) const {
    if (!limit_policies_.empty()) {
        response.headers.push_back({"RateLimit-Policy", limit_policies_});
        response.headers.push_back({"RateLimit", limit_states_});
    }
    if (retry_after_.count() > 0)
        response.headers.push_back({"Retry-After", std::to_string(retry_after_.count())});
}

void Call::finish(Response& response) {
    if (transaction_) {
        committing_ = true;
        transaction_->commit();
    }
    for (const auto& action : actions_) action();
    for (Header& header : headers_) response.headers.push_back(std::move(header));
}

}  // namespace referral::http
