/// Whatever comes in on a connection: the parser says the same of it in one piece and in many, its
/// views stay inside the bytes, and a body has the same content however it was cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "platform/http/parser.hpp"
#include "platform/http/parser_body.hpp"
#include "platform/http/response.hpp"

namespace {

using referral::http::BodyDecoder, referral::http::Head, referral::http::HeaderView,
    referral::http::HeadParser, referral::http::HeadState, referral::http::Limits,
    referral::http::Request, referral::http::Response;

constexpr std::uint64_t body_bytes_max = 4096;

void views_stay_inside(const Request& request, std::string_view head) {
    const auto inside = [&](std::string_view part) {
        return part.data() >= head.data() && part.data() + part.size() <= head.data() + head.size();
    };
    CHECK(inside(request.method_text()) && inside(request.target()) && inside(request.path()));
    CHECK(inside(request.query()) && (request.host().empty() || inside(request.host())));
    for (std::size_t i = 0; i < request.header_count(); ++i) {
        const HeaderView line = request.header_at(i);
        CHECK(inside(line.name) && inside(line.value) && !line.name.empty());
        CHECK(request.header(line.name).has_value());
        CHECK(line.value.find_first_of(std::string_view("\r\n\0", 3)) == line.value.npos);
    }
    CHECK(request.version_minor() == 0 || !request.host().empty());
    const std::size_t query = request.query().empty() ? 0 : request.query().size() + 1;
    CHECK(request.target().size() - request.path().size() - query <= 1);
}

std::size_t body_in_steps(const Request& request, std::string_view bytes, std::size_t step,
                          const Limits& limits, std::string& content, int& refused) {
    BodyDecoder decoder(request.framing(), request.content_length(), body_bytes_max, limits);
    std::size_t used = 0;
    while (used < bytes.size() && !decoder.whole() && decoder.refused() == 0)
        used += decoder.take(bytes.substr(used, step), &content);
    refused = decoder.refused();
    CHECK(content.size() == decoder.taken() && content.size() <= body_bytes_max);
    return used;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Limits limits;
    static Request request;
    const HeadParser parser(limits);
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    while (!bytes.empty()) {
        const Head head = parser.parse(bytes, request);
        // What a beginning is refused for, the rest does not mend.
        for (std::size_t part = 1; part < std::min<std::size_t>(bytes.size(), 64); part += 7) {
            const Head begun = parser.parse(bytes.substr(0, part), request);
            CHECK(begun.state != HeadState::refused || head.state == HeadState::refused);
        }
        if (head.state != HeadState::whole) return 0;
        parser.parse(bytes, request);
        views_stay_inside(request, bytes.substr(0, head.bytes));
        std::string out;
        append(out, Response::with(200, "text/plain", "x"), request);
        bytes.remove_prefix(head.bytes);
        std::string content, same_content;
        int refused = 0, same_refused = 0;
        const std::size_t used = body_in_steps(request, bytes, size, limits, content, refused);
        CHECK(used == body_in_steps(request, bytes, 1, limits, same_content, same_refused));
        CHECK(content == same_content && refused == same_refused);
        if (refused != 0) return 0;
        bytes.remove_prefix(used);
    }
    return 0;
}
