#include "audit/anchors.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/problem.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/db/child_process.hpp"
#include "platform/log/log.hpp"
#include "platform/schema/json.hpp"

namespace referral::audit {

namespace {

namespace json = schema::json;

constexpr std::string_view event = "audit_anchor";
constexpr std::size_t line_bytes_max = 4'096;

[[noreturn]] void fail(const std::filesystem::path& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

std::string signed_text(const Anchor& anchor) {
    return "referral audit anchor\n" + std::to_string(anchor.head.sequence) + '\n' +
           crypto::to_hex(anchor.head.hash) + '\n' + to_text(anchor.at);
}

/// The bytes of a member, when they are as many as `Array` takes.
template <class Array>
std::optional<Array> array_of(const std::optional<std::vector<std::uint8_t>>& bytes) {
    Array array;
    if (!bytes || bytes->size() != array.size()) return std::nullopt;
    std::ranges::copy(*bytes, array.begin());
    return array;
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains({name.data(), name.size()});
    if (!member || !member->is_string()) return "";
    return {member->get_string().data(), member->get_string().size()};
}

/// Takes away a line that a machine that died left half-written.
void end_at_a_line(int file, const std::filesystem::path& name) {
    struct stat status;
    if (fstat(file, &status) != 0) fail(name);
    const std::int64_t from =
        std::max<std::int64_t>(0, status.st_size - static_cast<std::int64_t>(line_bytes_max));
    std::string tail(static_cast<std::size_t>(status.st_size - from), '\0');
    if (pread(file, tail.data(), tail.size(), from) != static_cast<ssize_t>(tail.size()))
        fail(name);
    const auto last = tail.rfind('\n');
    const std::int64_t end = last == tail.npos ? from : from + static_cast<std::int64_t>(last) + 1;
    if (end != status.st_size && ftruncate(file, end) != 0) fail(name);
}

}  // namespace

Anchors::Anchors(std::filesystem::path file, const crypto::Key& secret)
    : file_(std::move(file)), key_(crypto::derived(secret, "audit anchors")) {}

std::string Anchors::line_of(const Anchor& anchor) const {
    return json::serialize(json::object{
        {"event", json::string(event.data(), event.size())},
        {"sequence", anchor.head.sequence},
        {"hash", crypto::to_hex(anchor.head.hash)},
        {"at", to_text(anchor.at)},
        {"key", crypto::to_base64url(key_.public_key())},
        {"signature", crypto::to_base64url(key_.sign(crypto::bytes_of(signed_text(anchor))))}});
}

void Anchors::write(const Anchor& anchor) {
    if (anchor.head.sequence == last_written_) return;
    const std::string line = line_of(anchor) + '\n';
    const bool is_new = !std::filesystem::exists(file_);
    const db::Descriptor file(open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file.is_open()) fail(file_);
    end_at_a_line(file.number(), file_);
    if (::write(file.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
        fsync(file.number()) != 0)
        fail(file_);
    if (is_new) {
        const db::Descriptor folder(
            open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder.is_open() || fsync(folder.number()) != 0) fail(file_);
    }
    log::info(
        event, "the audit chain's end",
        {{"sequence", anchor.head.sequence},
         {"hash", crypto::to_hex(anchor.head.hash)},
         {"at", to_text(anchor.at)},
         {"key", crypto::to_base64url(key_.public_key())},
         {"signature", crypto::to_base64url(key_.sign(crypto::bytes_of(signed_text(anchor))))}});
    last_written_ = anchor.head.sequence;
}

std::optional<Anchor> Anchors::anchor_of(const std::string& line) const {
    try {
        const json::value parsed = schema::parse(line);
        const json::object* object = parsed.if_object();
        if (!object) return std::nullopt;
        const json::value* sequence = object->if_contains("sequence");
        const auto hash = array_of<crypto::Digest>(crypto::from_hex(text_of(*object, "hash")));
        const auto at = parse_instant(text_of(*object, "at"));
        const auto signature =
            array_of<crypto::Signature>(crypto::from_base64url(text_of(*object, "signature")));
        if (!sequence || !sequence->is_int64() || !hash || !at || !signature) return std::nullopt;
        const Anchor anchor{.head = {.sequence = sequence->get_int64(), .hash = *hash}, .at = *at};
        if (!crypto::is_signed_by(key_.public_key(), crypto::bytes_of(signed_text(anchor)),
                                  *signature))
            return std::nullopt;
        return anchor;
    } catch (const Problem&) {
        return std::nullopt;
    }
}

AnchorList Anchors::read(const std::filesystem::path& file, bool among_others) const {
    AnchorList list;
    std::ifstream stream(file);
    std::string line;
    while (std::getline(stream, line)) {
        if (stream.eof()) break;
        if (among_others && line.find(event) == line.npos) continue;
        if (const auto anchor = anchor_of(line))
            list.anchors.push_back(*anchor);
        else
            ++list.unreadable;
    }
    std::ranges::stable_sort(list.anchors, {}, [](const Anchor& a) { return a.head.sequence; });
    return list;
}

void anchor(db::Pool& pool, Anchors& anchors, Instant now) {
    db::Transaction tx(pool);
    const Head end = head(tx);
    tx.commit();
    if (end.sequence > 0) anchors.write({.head = end, .at = now});
}

}  // namespace referral::audit
