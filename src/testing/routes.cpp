#include "platform/http/request.hpp"
#include "testing/routes_test.hpp"

namespace referral::testing {

std::string Answer::at(std::string_view name) const {
    const schema::json::value& value = body.at({name.data(), name.size()});
    return value.is_string() ? std::string(value.get_string()) : schema::json::serialize(value);
}

std::size_t Answer::rows() const { return body.at("data").as_array().size(); }

Answer ask(http::Dispatch& dispatch, const Asked& asked) {
    const auto request = http::RequestCopy::parse(
        asked.method + " /api/v1" + asked.path + " HTTP/1.1\r\n" + asked.headers +
        (asked.body.empty() ? "" : "Content-Type: " + asked.content_type + "\r\n") +
        "Content-Length: " + std::to_string(asked.body.size()) + "\r\n\r\n" + asked.body);
    const http::Response response = dispatch.serve(request->request());
    Answer answer{.status = response.status, .text = response.body};
    if (response.body.starts_with('{')) answer.body = schema::parse(response.body);
    return answer;
}

}  // namespace referral::testing
