#include "clicks/clicks.hpp"

#include "clicks/queries.hpp"
#include "clicks/visitor_queries.hpp"
#include "platform/crypto/encoding.hpp"

namespace referral::clicks {

namespace {

/// The time and id of the last click of the page before.
struct After {
    std::optional<Instant> clicked_at;
    std::optional<std::string> id;
};

After after(const std::optional<schema::Cursor>& cursor) {
    if (!cursor) return {};
    const auto& parts = cursor->parts();
    const auto clicked_at = parts.size() == 2 ? parse_instant(parts[0]) : std::nullopt;
    const auto id = parts.size() == 2 ? ClickId::parse(parts[1]) : std::nullopt;
    if (!clicked_at || !id) throw invalid("cursor", "must be " + std::string(schema::Cursor::rule));
    return {clicked_at, id->uuid()};
}

template <class IdType>
std::optional<IdType> id_of(std::int64_t number) {
    if (number == 0) return std::nullopt;
    return IdType{number};
}

template <class T>
std::optional<std::int64_t> number_of(const std::optional<T>& id) {
    if (!id) return std::nullopt;
    return id->value;
}

Click shown(sql::ClickRow row, bool with_address) {
    Click click;
    click.id = ClickId::parse_uuid(row.id).value();
    click.link_id = id_of<links::LinkId>(row.link_id);
    click.code = std::move(row.code);
    click.program_id = id_of<links::ProgramId>(row.program_id);
    click.user_id = id_of<links::UserId>(row.user_id);
    click.clicked_at = row.clicked_at;
    click.click_class = class_of(row.click_class).value();
    click.country = std::move(row.country);
    click.region = std::move(row.region);
    click.city = std::move(row.city);
    click.device_type = std::move(row.device_type);
    click.browser = std::move(row.browser);
    click.os = std::move(row.os);
    click.referrer = std::move(row.referrer);
    click.network = std::move(row.network);
    if (row.source)
        click.utm = ClickUtm{*row.source, *row.medium, *row.campaign, *row.term, *row.content};
    click.visitor = visitor_text(ClickId::parse_uuid(row.visitor).value().bytes);
    if (with_address) click.visitor_ip = std::move(row.visitor_ip);
    return click;
}

std::int64_t& count_of(ClassCounts& counts, Class value) {
    switch (value) {
        case Class::human:
            return counts.human;
        case Class::duplicate:
            return counts.duplicate;
        case Class::suspect:
            return counts.suspect;
        case Class::self:
            return counts.self;
        case Class::blocked:
            return counts.blocked;
        case Class::embedded:
            return counts.embedded;
        case Class::bot:
            return counts.bot;
        case Class::prefetch:
            return counts.prefetch;
        case Class::non_get:
            return counts.non_get;
        case Class::orphan:
            break;
    }
    return counts.orphan;
}

StoredClick stored(const sql::StoredClickRow& row) {
    const auto& [id, link, user, program, clicked_at, number, visitor] = row;
    StoredClick click{.id = ClickId::parse_uuid(id).value(),
                      .link_id = {},
                      .user_id = {},
                      .program_id = {},
                      .clicked_at = clicked_at,
                      .click_class = class_of(number).value_or(Class::orphan),
                      .visitor = ClickId::parse_uuid(visitor).value().bytes};
    if (link != 0) click.link_id = links::LinkId{link};
    if (user != 0) click.user_id = links::UserId{user};
    if (program != 0) click.program_id = links::ProgramId{program};
    return click;
}

std::string node_text(std::int64_t node) {
    std::array<std::uint8_t, 8> bytes;
    auto value = static_cast<std::uint64_t>(node);
    for (std::size_t i = bytes.size(); i > 0; --i, value >>= 8)
        bytes[i - 1] = static_cast<std::uint8_t>(value);
    return crypto::to_hex(bytes);
}

}  // namespace

ClickPage list(db::Transaction& tx, std::optional<std::int64_t> owner, const ClickFilter& filter) {
    const After last = after(filter.cursor);
    const auto number = [](Class value) { return static_cast<std::int64_t>(value); };
    const auto text = [](const auto& value) { return std::string(value.text()); };
    auto rows = tx.all(
        sql::list, owner, number_of(filter.link_id), number_of(filter.user_id),
        number_of(filter.program_id),
        filter.click_class ? std::optional(number(*filter.click_class)) : std::nullopt, filter.from,
        filter.to, filter.country ? std::optional(text(*filter.country)) : std::nullopt,
        filter.device_type ? std::optional(std::string(name_of(*filter.device_type)))
                           : std::nullopt,
        last.clicked_at, last.id, filter.limit.value + 1);

    ClickPage page;
    const bool more = rows.size() > static_cast<std::size_t>(filter.limit.value);
    if (more) rows.pop_back();
    for (sql::ClickRow& row : rows) page.data.push_back(shown(std::move(row), !owner));
    if (more)
        page.next_cursor =
            schema::Cursor({to_text(page.data.back().clicked_at), page.data.back().id.text()});
    return page;
}

std::optional<StoredClick> find_click(db::Transaction& tx, const ClickId& id) {
    const Instant at{std::chrono::milliseconds(id.milliseconds())};
    if (at < ClickRecord::time_min || at >= ClickRecord::time_max) return std::nullopt;
    // An id's time is its click's, but where the clock went back or a millisecond was full.
    constexpr std::chrono::seconds off_max{10};
    auto row = tx.maybe(sql::find, id.uuid(), at, at + std::chrono::milliseconds(1));
    if (!row) row = tx.maybe(sql::find, id.uuid(), at - off_max, at + std::chrono::seconds(1));
    if (!row) return std::nullopt;
    return stored(*row);
}

std::vector<StoredClick> clicks_of(db::Transaction& tx, const std::vector<Visitor>& visitors,
                                   links::ProgramId program, Instant until) {
    if (visitors.empty()) return {};
    sql::Texts uuids;
    for (const Visitor& visitor : visitors) uuids.push_back(visitor_uuid(visitor));
    std::vector<StoredClick> clicks;
    for (const auto& row : tx.all(sql::of_visitors, uuids, program.value, until))
        clicks.push_back(stored(row));
    return clicks;
}

std::string visitor_uuid(const Visitor& visitor) { return ClickId{.bytes = visitor}.uuid(); }

std::optional<Visitor> parse_visitor_uuid(std::string_view text) {
    const auto id = ClickId::parse_uuid(text);
    if (!id) return std::nullopt;
    return id->bytes;
}

DayProof prove(db::Transaction& tx, Day day) {
    std::map<std::int64_t, NodeProof> nodes;
    std::map<std::int64_t, crypto::Sha256> manifests;
    for (const auto& [id, node, epoch, shard, journalled, digest] : tx.all(sql::proof_days, day)) {
        NodeProof& proof = nodes[id];
        proof.node = node_text(node);
        proof.journalled += journalled;
        manifests[id].add(std::to_string(epoch) + ' ' + std::to_string(shard) + ' ' + digest +
                          '\n');
    }
    const Instant begins = day;
    for (const auto& [id, number, rows] :
         tx.all(sql::proof_rows, begins, begins + std::chrono::days(1))) {
        NodeProof& proof = nodes[id];
        proof.stored += rows;
        if (const auto known = class_of(number)) count_of(proof.by_class, *known) += rows;
    }
    DayProof proof{.day = day, .data = {}};
    for (auto& [id, node] : nodes) {
        std::int64_t classes = 0;
        for (const auto& [value, name] : Names<Class>::list)
            classes += count_of(node.by_class, value);
        node.sha256 = crypto::to_hex(manifests[id].digest());
        node.complete = node.journalled == node.stored && node.stored == classes;
        proof.data.push_back(std::move(node));
    }
    return proof;
}

}  // namespace referral::clicks
