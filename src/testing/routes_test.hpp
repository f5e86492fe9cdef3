#pragma once

/// What tests of routes share: a gate that lets one caller in, and answers.

#include <string>
#include <string_view>

#include "platform/http/dispatch.hpp"
#include "platform/http/route.hpp"
#include "platform/schema/json.hpp"

namespace referral::testing {

/// Lets one caller in, who may do what the test says.
class OpenGate : public http::Gate {
public:
    explicit OpenGate(http::Caller who = {}) : caller(std::move(who)) {}
    std::optional<http::Caller> admit(const http::Request&, db::Transaction&, Instant) override {
        return caller;
    }
    http::Caller caller;
};

struct Answer {
    int status = 0;
    std::string text;
    schema::json::value body = nullptr;  ///< Of an answer that is an object.

    /// A member as text: of a string itself, of all else its JSON.
    std::string at(std::string_view name) const;
    /// How many things a list has.
    std::size_t rows() const;
};

/// A request as a browser would send it.
struct Asked {
    std::string method, path;  ///< Below /api/v1, with its query.
    std::string body{};
    std::string headers = "Host: go.example.com\r\n";  ///< Beside those of the body.
    std::string content_type = "application/json";     ///< Of a body.
};

Answer ask(http::Dispatch& dispatch, const Asked& asked);

}  // namespace referral::testing
