#include "clicks/capture.hpp"

#include <cstring>
#include <utility>

#include "platform/crypto/random.hpp"

namespace referral::clicks {

namespace {

std::uint32_t random_bits() {
    const auto bytes = crypto::random_bytes<4>();
    std::uint32_t bits;
    std::memcpy(&bits, bytes.data(), sizeof bits);
    return bits;
}

std::string_view header(const http::Request& request, std::string_view name) {
    return request.header(name).value_or(std::string_view());
}

bool is_click_method(http::Method method) {
    return method == http::Method::get || method == http::Method::head;
}

/// The class of all but people's clicks.
std::optional<Class> classify(const http::Request& request, bool leads_somewhere,
                              Answers& answers) {
    Facts facts{.leads_somewhere = leads_somewhere,
                .is_get = request.method() == http::Method::get};
    if (facts.leads_somewhere && facts.is_get) {
        facts.sec_purpose = header(request, "Sec-Purpose");
        facts.purpose = header(request, "Purpose");
        facts.moz = header(request, "X-Moz");
        facts.declared_crawler = answers.is_declared_crawler(header(request, "User-Agent"));
        facts.sec_fetch_dest = header(request, "Sec-Fetch-Dest");
    }
    return clicks::classify(facts);
}

}  // namespace

Capture::Capture(const CaptureParts& parts, Duplicates& duplicates, Salts& salts,
                 journal::Journal& journal, std::uint32_t shard)
    : answers_(parts),
      duplicates_(duplicates),
      duplicates_reader_(duplicates),
      all_salts_(salts),
      writer_(journal.writer(shard)),
      steady_clock_(parts.steady_clock),
      ids_(journal.node(), journal.epoch(), shard, random_bits()) {
    claimed_.reserve(claimed_max);
}

http::ClickAnswer Capture::answer(const http::Request& request, std::string& out) noexcept {
    if (claimed_.size() + claims_per_click_max > claimed_max) stored_all_ &= store(0);
    claimed_before_ = claimed_.size();
    const Instant now = request.received_at();
    const std::string_view code = Answers::code_of(request.path());
    const links::Entry* link = answers_.find(code);
    const bool active = link && link->state(now) == links::State::active;
    if (active && answers_.is_locked(request, *link)) {
        if (is_click_method(request.method()))
            answers_.password_form(request, *link, out);
        else
            Answers::method_not_allowed(request, out);
        return {};
    }

    ClickRecord record;
    record.id = ids_.next(now);
    record.clicked_at = now;
    record.ip = request.client();
    record.user_agent = header(request, "User-Agent");
    record.referrer = header(request, "Referer");
    record.query = request.query();
    record.language = header(request, "Accept-Language");
    record.flags = static_cast<std::uint16_t>((request.secure() ? ClickFlags::secure : 0) |
                                              (record.language.empty() ? 0 : ClickFlags::language));
    if (link) {
        record.link_id = link->link_id().value;
        record.user_id = link->user_id().value;
        record.program_id = link->program_id().value;
    }
    if (const auto known = classify(request, active, answers_))
        record.click_class = *known;
    else
        judge(request, *link, record);
    const bool dead = record.click_class == Class::orphan;
    if (dead) record.code = code;

    if (!append(record)) {
        // Neither the batch nor the next one takes it: the visitor goes on all the same.
        undo_claims(claimed_before_, claimed_.size());
        unrecorded_.add(1);
        if (dead)
            answers_.dead_end(request, link, out);
        else if (!is_click_method(request.method()))
            Answers::method_not_allowed(request, out);
        else
            answers_.redirect(request, *link, {}, nullptr, out);
        return {};
    }
    http::ClickAnswer answer{.wait_for_commit = true, .click_id = {}};
    if (!is_click_method(request.method())) {
        Answers::method_not_allowed(request, out);
    } else if (dead) {
        answers_.dead_end(request, link, out);
    } else {
        char id[click_id_text_bytes];
        write_text(record.id, id);
        const bool new_cookie = record.flags & ClickFlags::new_cookie;
        const links::ClickIdPlace place = answers_.redirect(
            request, *link, {id, sizeof id}, new_cookie ? &record.visitor : nullptr, out);
        answer.click_id[0] = {place.at, place.size};
    }
    return answer;
}

void Capture::judge(const http::Request& request, const links::Entry& link,
                    ClickRecord& record) noexcept {
    const auto cookie = request.cookie(visitor_cookie_name);
    const auto known = cookie ? visitor_of_cookie(*cookie) : std::nullopt;
    if (known) {
        record.visitor = *known;
        record.flags |= ClickFlags::known_cookie;
    } else {
        record.fingerprint =
            fingerprint(salts_at(record.clicked_at).today, record.ip, record.user_agent);
        record.visitor = record.fingerprint;
    }
    const bool first = is_first(link, record);
    record.click_class = classify_people(!first, false);
    if (!first) {
        undo_claims(claimed_before_, claimed_.size());
        return;
    }
    if (!link.count_visit()) {
        // Others took the last visit between the look at the link's state and now.
        undo_claims(claimed_before_, claimed_.size());
        record.click_class = Class::orphan;
        return;
    }
    if (link.has_visits_max()) {
        record.flags |= ClickFlags::counted_visit;
        claimed_.push_back({.key = {}, .at = record.clicked_at, .visits = link.visits()});
    }
    if (known) return;
    record.visitor = new_visitor();
    record.flags |= ClickFlags::new_cookie;
    claim(record.visitor, record, link.program().duplicate_window);
}

bool Capture::is_first(const links::Entry& link, ClickRecord& record) noexcept {
    const std::chrono::seconds window = link.program().duplicate_window;
    if (!(record.flags & ClickFlags::known_cookie)) {
        // A visitor who came before midnight is known by yesterday's hash. While that can matter
        // both are claimed, always in this order: of two clicks on both sides of midnight, or of
        // the moment at which only today's counts, one loses.
        const Instant midnight = std::chrono::floor<std::chrono::days>(record.clicked_at);
        if (record.clicked_at - midnight < window) {
            const Visitor before = fingerprint(salts_.yesterday, record.ip, record.user_agent);
            if (!claim(before, record, window)) return false;
        }
    }
    return claim(record.visitor, record, window);
}

bool Capture::claim(const Visitor& visitor, const ClickRecord& record,
                    std::chrono::seconds window) noexcept {
    const DuplicateKey key = duplicates_.key_of(visitor, record.link_id);
    if (!duplicates_reader_.claim(key, record.clicked_at, window)) return false;
    claimed_.push_back({.key = key, .at = record.clicked_at});
    return true;
}

void Capture::undo_claims(std::size_t from, std::size_t to) noexcept {
    for (std::size_t i = from; i < to; ++i) {
        if (claimed_[i].visits)
            claimed_[i].visits->used.fetch_sub(1, std::memory_order_relaxed);
        else
            duplicates_reader_.take_back(claimed_[i].key, claimed_[i].at);
    }
    claimed_.erase(claimed_.begin() + static_cast<std::ptrdiff_t>(from),
                   claimed_.begin() + static_cast<std::ptrdiff_t>(to));
}

Visitor Capture::new_visitor() noexcept {
    Visitor visitor;
    if (random_used_ == random_.size()) {
        crypto::fill_random(random_);
        random_used_ = 0;
    }
    std::memcpy(visitor.data(), random_.data() + random_used_, visitor.size());
    random_used_ += visitor.size();
    return visitor;
}

const DaySalts& Capture::salts_at(Instant now) noexcept {
    if (salts_.day != std::chrono::floor<std::chrono::days>(now)) salts_ = all_salts_.at(now);
    return salts_;
}

bool Capture::append(const ClickRecord& record) noexcept {
    std::array<std::byte, click_record_bytes_max> bytes;
    const std::size_t size = encode(record, bytes);
    if (!writer_.append({bytes.data(), size})) {
        // The batch is full: it is stored now, but for the claims of this click.
        stored_all_ &= store(claimed_.size() - claimed_before_);
        claimed_before_ = 0;
        if (!writer_.append({bytes.data(), size})) return false;
    }
    ++batch_by_class_[static_cast<std::size_t>(record.click_class)];
    return true;
}

bool Capture::store(std::size_t claims_kept) noexcept {
    const bool stored = writer_.commit();
    const std::size_t claims = claimed_.size() - claims_kept;
    if (stored)
        claimed_.erase(claimed_.begin(), claimed_.begin() + static_cast<std::ptrdiff_t>(claims));
    else
        undo_claims(0, claims);
    for (std::size_t i = 0; i < batch_by_class_.size(); ++i) {
        (stored ? by_class_[i] : unrecorded_).add(batch_by_class_[i]);
        batch_by_class_[i] = 0;
    }
    return stored;
}

bool Capture::commit() noexcept {
    answers_.rest();
    const bool stored = store(0);
    return std::exchange(stored_all_, true) && stored;
}

void Capture::uncommitted(std::size_t) noexcept {
    // Counted in store(), which also knows of answers that carried no click id.
}

void Capture::sync_if_due() noexcept { writer_.sync_if_due(steady_clock_()); }

CaptureStats Capture::stats() const noexcept {
    CaptureStats stats;
    for (std::size_t i = 0; i < by_class_.size(); ++i) stats.by_class[i] = by_class_[i].get();
    stats.unrecorded = unrecorded_.get();
    return stats;
}

http::ClickAnswer UnrecordedCapture::answer(const http::Request& request,
                                            std::string& out) noexcept {
    const links::Entry* link = answers_.find(Answers::code_of(request.path()));
    const bool active = link && link->state(request.received_at()) == links::State::active;
    const bool locked = active && answers_.is_locked(request, *link);
    if (!locked) unrecorded_.add(1);
    if (!is_click_method(request.method()))
        Answers::method_not_allowed(request, out);
    else if (locked)
        answers_.password_form(request, *link, out);
    else if (active)
        answers_.redirect(request, *link, {}, nullptr, out);
    else
        answers_.dead_end(request, link, out);
    answers_.rest();
    return {};
}

}  // namespace referral::clicks
