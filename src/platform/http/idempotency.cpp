#include "platform/http/idempotency.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/text.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/sealing.hpp"
#include "platform/http/queries.hpp"
#include "platform/http/route.hpp"

namespace referral::http {

namespace {

constexpr const char* header_name = "Idempotency-Key";
constexpr std::chrono::days kept{30};
/// Of answers with secrets: as long as a client may reasonably take to repeat.
constexpr std::chrono::days secrets_kept{1};

Problem bad_header(const char* why) { return invalid(header_name, why); }

std::optional<std::string_view> key_of(const Request& request) {
    std::optional<std::string_view> key;
    for (std::size_t i = 0; i < request.header_count(); ++i) {
        const HeaderView line = request.header_at(i);
        if (!same_but_for_case(line.name, header_name)) continue;
        if (key) throw bad_header("must be there once");
        key = line.value;
    }
    if (!key) return std::nullopt;
    const auto printable = [](char c) { return c >= 0x20 && c < 0x7f; };
    if (key->empty() || key->size() > RepeatableWrite::key_length_max ||
        !std::ranges::all_of(*key, printable))
        throw bad_header("must be 1 to 255 printable characters");
    return key;
}

/// Hexadecimal, of parts that cannot run into each other.
std::string hash_of(std::initializer_list<std::string_view> parts) {
    crypto::Sha256 hash;
    for (const std::string_view part : parts) {
        hash.add(std::to_string(part.size()) + ':');
        hash.add(part);
    }
    return crypto::to_hex(hash.digest());
}

std::int64_t lock_of(std::string_view user, std::string_view key_hash) {
    const std::string text = "idempotency " + std::string(user) + ' ' + std::string(key_hash);
    const crypto::Digest digest = crypto::sha256(text);
    std::int64_t number = 0;
    std::memcpy(&number, digest.data(), sizeof number);
    return number;
}

void append_piece(std::string& out, std::string_view piece) {
    out += std::to_string(piece.size());
    out += ':';
    out += piece;
}

std::string take_piece(std::string_view& from) {
    const auto colon = from.find(':');
    const auto size = parse_int(from.substr(0, colon));
    if (colon == from.npos || !size || *size < 0 ||
        static_cast<std::size_t>(*size) > from.size() - colon - 1)
        throw std::logic_error("a stored answer is not what was stored");
    std::string piece(from.substr(colon + 1, static_cast<std::size_t>(*size)));
    from.remove_prefix(colon + 1 + piece.size());
    return piece;
}

/// Body first, then the header lines, names and values in turn.
std::string packed(const Response& response, const std::vector<Header>& more) {
    std::string text;
    append_piece(text, response.shared_body ? *response.shared_body : response.body);
    for (const auto* list : {&response.headers, &more}) {
        for (const Header& header : *list) {
            append_piece(text, header.name);
            append_piece(text, header.value);
        }
    }
    return text;
}

Response unpacked(int status, std::string_view text) {
    Response response{.status = status};
    response.body = take_piece(text);
    while (!text.empty()) {
        std::string name = take_piece(text);
        response.headers.push_back({std::move(name), take_piece(text)});
    }
    return response;
}

}  // namespace

std::optional<RepeatableWrite> RepeatableWrite::begin(Call& call, const Route& route,
                                                      const crypto::Key& key) {
    const Request& request = call.request();
    const auto sent = key_of(request);
    if (!sent) return std::nullopt;
    const std::string user = std::to_string(call.caller().user_id);
    RepeatableWrite write;
    write.key_hash_ = hash_of({*sent});
    write.request_hash_ = hash_of({request.method_text(), request.target(), request.body()});
    // Opens to nobody who has but the database and this installation's secret.
    write.sealing_key_ =
        crypto::blake2b(crypto::derived(key, "idempotency"), crypto::bytes_of(*sent));
    write.context_ = "answer:" + user + ':' + write.request_hash_;
    write.short_lived_ = route.about.shows_secret;
    // Waiting for the other one would let repeats take all connections to the database.
    if (!call.transaction().one(sql::lock_write, lock_of(user, write.key_hash_))) {
        call.note_retry_after(std::chrono::seconds(1));
        throw conflict(header_name, "is of a request that is still in progress");
    }
    return write;
}

std::optional<Response> RepeatableWrite::earlier_answer(Call& call) const {
    const auto found =
        call.transaction().maybe(sql::find_write, call.caller().user_id, key_hash_, call.now());
    if (!found) return std::nullopt;
    const auto& [request_hash, status, sealed] = *found;
    if (request_hash != request_hash_) throw bad_header("was used for another request");
    const auto bytes = crypto::from_hex(sealed);
    const auto opened =
        bytes ? crypto::unseal(sealing_key_, context_, *bytes) : std::optional<Secret>();
    if (!opened)
        throw conflict(header_name,
                       "is of a write that was done; its answer can no longer be read");
    Response response = unpacked(status, opened->reveal());
    response.headers.push_back({"Idempotency-Replayed", "true"});
    return response;
}

void RepeatableWrite::keep(Call& call, const Response& response) const {
    constexpr int refusals_from = 400;
    if (response.status >= refusals_from) return;
    const Secret text(packed(response, call.headers()));
    if (response.stream || text.reveal().size() > answer_bytes_max)
        throw std::logic_error("an answer that cannot be stored, of a route that is idempotent");
    const auto sealed = crypto::seal(sealing_key_, context_, text);
    call.transaction().run_for_effect(
        sql::keep_write, call.caller().user_id, key_hash_, request_hash_, response.status,
        crypto::to_hex(sealed), call.now(), call.now() + (short_lived_ ? secrets_kept : kept));
}

}  // namespace referral::http
