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

void Call::finish(Response& response) {
    if (transaction_) {
        committing_ = true;
        transaction_->commit();
    }
    for (const auto& action : actions_) action();
    for (Header& header : headers_) response.headers.push_back(std::move(header));
}

}  // namespace referral::http
