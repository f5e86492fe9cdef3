#include "clicks/record.hpp"

#include <bit>
#include <cstring>

namespace referral::clicks {

namespace {

constexpr std::uint8_t version = 1;

static_assert(std::endian::native == std::endian::little, "the record is written as memory has it");

class Output {
public:
    explicit Output(std::byte* out) : at_(out) {}

    void put(const auto& value) {
        std::memcpy(at_, &value, sizeof value);
        at_ += sizeof value;
    }
    void put(std::string_view text) {
        text.copy(reinterpret_cast<char*>(at_), text.size());
        at_ += text.size();
    }
    std::byte* at() const { return at_; }

private:
    std::byte* at_;
};

class Input {
public:
    explicit Input(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <class T>
    T take() {
        T value;
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_ = bytes_.subspan(sizeof value);
        return value;
    }
    std::string_view text(std::size_t length) {
        const std::string_view taken(reinterpret_cast<const char*>(bytes_.data()), length);
        bytes_ = bytes_.subspan(length);
        return taken;
    }
    std::size_t left() const { return bytes_.size(); }

private:
    std::span<const std::byte> bytes_;
};

std::string_view within(std::string_view text, std::size_t bytes_max) {
    return text.substr(0, bytes_max);
}

struct Lengths {
    std::uint16_t referrer, query;
    std::uint8_t user_agent, code, language;

    std::size_t sum() const { return std::size_t{referrer} + query + user_agent + code + language; }
    bool fit() const {
        return referrer <= ClickRecord::referrer_bytes_max &&
               query <= ClickRecord::query_bytes_max && code <= ClickRecord::code_bytes_max &&
               language <= ClickRecord::language_bytes_max;
    }
};

bool is_sound(const ClickRecord& record) {
    return record.clicked_at >= ClickRecord::time_min &&
           record.clicked_at < ClickRecord::time_max && record.link_id >= 0 &&
           record.user_id >= 0 && record.program_id >= 0 && (record.flags & ~ClickFlags::all) == 0;
}

}  // namespace

std::size_t encode(const ClickRecord& record,
                   std::span<std::byte, click_record_bytes_max> out) noexcept {
    const std::string_view user_agent =
        within(record.user_agent, ClickRecord::user_agent_bytes_max);
    const std::string_view referrer = within(record.referrer, ClickRecord::referrer_bytes_max);
    const std::string_view query = within(record.query, ClickRecord::query_bytes_max);
    const std::string_view code = within(record.code, ClickRecord::code_bytes_max);
    const std::string_view language = within(record.language, ClickRecord::language_bytes_max);

    Output to(out.data());
    to.put(version);
    to.put(static_cast<std::uint8_t>(record.click_class));
    to.put(record.flags);
    to.put(record.id.bytes);
    to.put(static_cast<std::int64_t>(record.clicked_at.time_since_epoch().count()));
    to.put(record.link_id);
    to.put(record.user_id);
    to.put(record.program_id);
    to.put(record.visitor);
    to.put(record.fingerprint);
    to.put(record.ip.bytes());
    to.put(static_cast<std::uint16_t>(referrer.size()));
    to.put(static_cast<std::uint16_t>(query.size()));
    to.put(static_cast<std::uint8_t>(user_agent.size()));
    to.put(static_cast<std::uint8_t>(code.size()));
    to.put(static_cast<std::uint8_t>(language.size()));
    for (const std::string_view text : {user_agent, referrer, query, code, language}) to.put(text);
    return static_cast<std::size_t>(to.at() - out.data());
}

std::optional<ClickRecord> decode(std::span<const std::byte> bytes) noexcept {
    if (bytes.size() < click_record_fixed_bytes) return std::nullopt;
    Input from(bytes);
    if (from.take<std::uint8_t>() != version) return std::nullopt;
    const auto click_class = class_of(from.take<std::uint8_t>());
    if (!click_class) return std::nullopt;

    ClickRecord record;
    record.click_class = *click_class;
    record.flags = from.take<std::uint16_t>();
    record.id.bytes = from.take<std::array<std::uint8_t, 16>>();
    record.clicked_at = Instant(std::chrono::microseconds(from.take<std::int64_t>()));
    record.link_id = from.take<std::int64_t>();
    record.user_id = from.take<std::int64_t>();
    record.program_id = from.take<std::int64_t>();
    record.visitor = from.take<Visitor>();
    record.fingerprint = from.take<Visitor>();
    record.ip = IpAddress::from_bytes(from.take<std::array<std::uint8_t, 16>>());
    Lengths lengths{};
    lengths.referrer = from.take<std::uint16_t>();
    lengths.query = from.take<std::uint16_t>();
    lengths.user_agent = from.take<std::uint8_t>();
    lengths.code = from.take<std::uint8_t>();
    lengths.language = from.take<std::uint8_t>();
    if (!lengths.fit() || lengths.sum() != from.left() || !is_sound(record)) return std::nullopt;

    record.user_agent = from.text(lengths.user_agent);
    record.referrer = from.text(lengths.referrer);
    record.query = from.text(lengths.query);
    record.code = from.text(lengths.code);
    record.language = from.text(lengths.language);
    return record;
}

}  // namespace referral::clicks
