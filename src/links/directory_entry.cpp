#include "links/directory_entry.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "base/check.hpp"
#include "base/text.hpp"
#include "links/code.hpp"

namespace referral::links {

namespace {

/// What only some links have, in the order in which it stands behind the destination.
enum Flag : std::uint8_t {
    has_start = 1,
    has_end = 2,
    has_visit_limit = 4,
    has_password_hash = 8,
    has_utm = 16,
    has_targets = 32,
    passes_query = 64,
};

/// First byte of the targets: what any of them asks for.
enum Asks : std::uint8_t { asks_for_country = 1, asks_for_device = 2 };

constexpr std::size_t country_length = 2;

template <class T>
void append_number(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_text(std::string& out, std::string_view text) {
    CHECK(text.size() <= std::numeric_limits<std::uint16_t>::max());
    append_number(out, static_cast<std::uint16_t>(text.size()));
    out += text;
}

/// Reads what the two above wrote. At the end of the bytes it gives zeros and is not sound.
class Taking {
public:
    explicit Taking(std::string_view bytes) noexcept : rest_(bytes) {}

    template <class T>
    T number() noexcept {
        T value{};
        const std::string_view taken = bytes(sizeof value);
        if (sound_) std::memcpy(&value, taken.data(), sizeof value);
        return value;
    }
    std::string_view bytes(std::size_t size) noexcept {
        sound_ = sound_ && size <= rest_.size();
        if (!sound_) return {};
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::string_view text() noexcept { return bytes(number<std::uint16_t>()); }

    bool sound() const noexcept { return sound_; }
    bool at_end() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
    bool sound_ = true;
};

struct TargetView {
    std::uint8_t devices = 0;    // A bit for each Device; none: all.
    std::string_view countries;  // Two letters each; none: all.
    std::string_view destination;

    bool fits(std::string_view country, Device device) const noexcept {
        if (devices && !(devices >> static_cast<unsigned>(device) & 1)) return false;
        if (countries.empty()) return true;
        if (country.size() != country_length) return false;
        for (std::size_t i = 0; i < countries.size(); i += country_length)
            if (countries.substr(i, country_length) == country) return true;
        return false;
    }
};

TargetView take_target(Taking& from) noexcept {
    TargetView target;
    target.devices = from.number<std::uint8_t>();
    target.countries = from.bytes(country_length * from.number<std::uint8_t>());
    target.destination = from.text();
    return target;
}

struct Options {
    std::int64_t starts_at = std::numeric_limits<std::int64_t>::min();
    std::int64_t expires_at = std::numeric_limits<std::int64_t>::max();
    std::int64_t visits_max = std::numeric_limits<std::int64_t>::max();
    std::string_view password_hash;
    std::string_view utm;
    std::uint8_t asks = 0;
    std::uint8_t targets = 0;
    Taking rest;  // At the first target.
};

Options take_options(std::uint8_t flags, std::string_view bytes) noexcept {
    Options options{.rest = Taking(bytes)};
    Taking& from = options.rest;
    if (flags & has_start) options.starts_at = from.number<std::int64_t>();
    if (flags & has_end) options.expires_at = from.number<std::int64_t>();
    if (flags & has_visit_limit) options.visits_max = from.number<std::int64_t>();
    if (flags & has_password_hash) options.password_hash = from.text();
    if (flags & has_utm) options.utm = from.text();
    if (flags & has_targets) {
        options.asks = from.number<std::uint8_t>();
        options.targets = from.number<std::uint8_t>();
    }
    return options;
}

void append_utm(std::string& out, std::string_view name, const std::optional<Utm::Value>& value) {
    if (!value) return;
    if (!out.empty()) out += '&';
    (out += name) += '=';
    append_percent_encoded(out, value->text());
}

std::string utm_text(const Utm& utm) {
    std::string text;
    append_utm(text, "utm_source", utm.source);
    append_utm(text, "utm_medium", utm.medium);
    append_utm(text, "utm_campaign", utm.campaign);
    append_utm(text, "utm_term", utm.term);
    append_utm(text, "utm_content", utm.content);
    return text;
}

std::uint8_t device_bits(const Target& target) {
    unsigned bits = 0;
    for (const Device device : target.devices.value_or(std::vector<Device>{}))
        bits |= 1u << static_cast<unsigned>(device);
    return static_cast<std::uint8_t>(bits);
}

void append_targets(std::string& out, const std::vector<Target>& targets) {
    CHECK(targets.size() <= targets_max);
    std::uint8_t asks = 0;
    for (const Target& target : targets) {
        if (target.countries && !target.countries->empty()) asks |= asks_for_country;
        if (device_bits(target)) asks |= asks_for_device;
    }
    append_number(out, asks);
    append_number(out, static_cast<std::uint8_t>(targets.size()));
    for (const Target& target : targets) {
        const auto countries = target.countries.value_or(std::vector<Country>{});
        CHECK(countries.size() <= target_countries_max);
        append_number(out, device_bits(target));
        append_number(out, static_cast<std::uint8_t>(countries.size()));
        for (const Country& country : countries) out += country.text();
        append_text(out, target.destination_url.text());
    }
}

}  // namespace

PackedLink PackedLink::of(const LinkRow& row) {
    PackedLink link{.link_id = row.id.value,
                    .user_id = row.user_id.value,
                    .program_id = row.program_id.value,
                    .visits = row.visits,
                    .status = row.status,
                    .code_size = static_cast<std::uint8_t>(row.code.size()),
                    .destination_size = static_cast<std::uint16_t>(row.destination_url.size()),
                    .bytes = row.code + row.destination_url};
    const auto add = [&](Flag flag, const auto& append) {
        link.flags |= flag;
        append();
    };
    std::string& out = link.bytes;
    const auto micros = [](Instant at) { return std::int64_t{at.time_since_epoch().count()}; };
    if (row.starts_at) add(has_start, [&] { append_number(out, micros(*row.starts_at)); });
    if (row.expires_at) add(has_end, [&] { append_number(out, micros(*row.expires_at)); });
    if (row.visits_max) add(has_visit_limit, [&] { append_number(out, *row.visits_max); });
    if (row.password_hash) add(has_password_hash, [&] { append_text(out, *row.password_hash); });
    if (row.utm && *row.utm != Utm{}) add(has_utm, [&] { append_text(out, utm_text(*row.utm)); });
    if (!row.targets.empty()) add(has_targets, [&] { append_targets(out, row.targets); });
    if (row.pass_params) add(passes_query, [] {});
    return link;
}

bool PackedLink::is_sound() const {
    const std::size_t head = std::size_t{code_size} + destination_size;
    if (status > Status::banned || head > bytes.size() || CodeKey(code()).empty()) return false;
    if (bytes.size() - head > std::numeric_limits<std::uint16_t>::max()) return false;
    if (!std::string_view(bytes).substr(code_size).starts_with("http")) return false;
    Options options = take_options(flags, std::string_view(bytes).substr(head));
    for (unsigned i = 0; i < options.targets; ++i) take_target(options.rest);
    return options.rest.sound() && options.rest.at_end();
}

bool PackedLink::has_visits_max() const { return flags & has_visit_limit; }

Entry::Owned Entry::make(const PackedLink& link, const ProgramPlace& program, VisitCount* visits) {
    CHECK(link.has_visits_max() == (visits != nullptr));
    const std::size_t options = link.bytes.size() - link.code_size - link.destination_size;
    CHECK(options <= std::numeric_limits<std::uint16_t>::max());
    const std::size_t counter = visits ? sizeof visits : 0;
    void* memory = std::malloc(sizeof(Entry) + counter + link.bytes.size());
    if (!memory) throw std::bad_alloc();
    Owned entry(::new (memory) Entry);
    entry->link_id_ = link.link_id;
    entry->user_id_ = link.user_id;
    entry->program_ = &program;
    entry->destination_size_ = link.destination_size;
    entry->options_size_ = static_cast<std::uint16_t>(options);
    entry->status_ = link.status;
    entry->flags_ = link.flags;
    entry->code_size_ = link.code_size;
    char* behind = reinterpret_cast<char*>(entry.get() + 1);
    if (visits) std::memcpy(behind, &visits, sizeof visits);
    std::memcpy(behind + counter, link.bytes.data(), link.bytes.size());
    return entry;
}

PackedLink Entry::packed() const {
    const VisitCount* count = visits();
    return {
        .link_id = link_id_,
        .user_id = user_id_,
        .program_id = program_->id.value,
        .visits = count ? count->used.load(std::memory_order_relaxed) : 0,
        .status = status_,
        .flags = flags_,
        .code_size = code_size_,
        .destination_size = destination_size_,
        .bytes = std::string(bytes(), std::size_t{code_size_} + destination_size_ + options_size_)};
}

bool Entry::same_as(const Entry& other) const noexcept {
    return size() == other.size() && link_id_ == other.link_id_ && user_id_ == other.user_id_ &&
           program_ == other.program_ && destination_size_ == other.destination_size_ &&
           status_ == other.status_ && flags_ == other.flags_ && code_size_ == other.code_size_ &&
           std::memcmp(this + 1, &other + 1, size() - sizeof(Entry)) == 0;
}

std::size_t Entry::size() const noexcept {
    return sizeof(Entry) + (has_visits_max() ? sizeof(VisitCount*) : 0) + code_size_ +
           destination_size_ + options_size_;
}

VisitCount* Entry::visits() const noexcept {
    if (!has_visits_max()) return nullptr;
    VisitCount* count = nullptr;
    std::memcpy(&count, this + 1, sizeof count);
    return count;
}

const char* Entry::bytes() const noexcept {
    return reinterpret_cast<const char*>(this + 1) + (has_visits_max() ? sizeof(VisitCount*) : 0);
}

std::string_view Entry::options() const noexcept {
    return {bytes() + code_size_ + destination_size_, options_size_};
}

bool Entry::has_visits_max() const noexcept { return flags_ & has_visit_limit; }
bool Entry::has_password() const noexcept { return flags_ & has_password_hash; }
bool Entry::passes_params() const noexcept { return flags_ & passes_query; }
std::string_view Entry::utm() const noexcept { return take_options(flags_, options()).utm; }
std::string_view Entry::password_hash() const noexcept {
    return take_options(flags_, options()).password_hash;
}
bool Entry::asks_country() const noexcept {
    return take_options(flags_, options()).asks & asks_for_country;
}
bool Entry::asks_device() const noexcept {
    return take_options(flags_, options()).asks & asks_for_device;
}

State Entry::state(Instant now) const noexcept {
    if (status_ == Status::banned) return State::banned;
    if (status_ == Status::disabled || program().closed) return State::disabled;
    if (status_ == Status::expired) return State::expired;
    const Options options = take_options(flags_, this->options());
    const std::int64_t at = now.time_since_epoch().count();
    if (at >= options.expires_at) return State::expired;
    if (const VisitCount* count = visits();
        count && count->used.load(std::memory_order_relaxed) >= options.visits_max)
        return State::expired;
    if (status_ == Status::paused) return State::paused;
    return at < options.starts_at ? State::not_started : State::active;
}

bool Entry::count_visit() const noexcept {
    VisitCount* count = visits();
    if (!count) return true;
    const std::int64_t visits_max = take_options(flags_, options()).visits_max;
    std::int64_t used = count->used.load(std::memory_order_relaxed);
    while (used < visits_max)
        if (count->used.compare_exchange_weak(used, used + 1, std::memory_order_relaxed))
            return true;
    return false;
}

Destination Entry::destination(std::string_view country, Device device) const noexcept {
    if (!(flags_ & has_targets)) return destination();
    Options options = take_options(flags_, this->options());
    for (unsigned i = 0; i < options.targets; ++i) {
        const TargetView target = take_target(options.rest);
        if (target.fits(country, device)) return Destination::of(target.destination);
    }
    return destination();
}

Destination Entry::destination() const noexcept {
    return Destination::of({bytes() + code_size_, destination_size_});
}

ClickIdPlace Entry::append_location(std::string& out, const Destination& where,
                                    std::string_view request_query,
                                    std::string_view click_id) const noexcept {
    return links::append_location(
        out, where,
        {.utm = flags_ & has_utm ? utm() : std::string_view(),
         .request_query = passes_params() ? request_query : std::string_view(),
         .code = code(),
         .click_id = click_id});
}

}  // namespace referral::links
