#include "clicks/enrichment.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "clicks/queries.hpp"

namespace referral::clicks {

namespace {

constexpr std::size_t referrer_part_bytes_max = 255;
constexpr std::size_t utm_bytes_max = 100;
constexpr std::size_t links_max = 100'000;
constexpr std::chrono::seconds links_stay_fresh{60};
constexpr char separator = '\1';  // As in the index of utms.

constexpr std::string_view utm_names[] = {"utm_source", "utm_medium", "utm_campaign", "utm_term",
                                          "utm_content"};

/// Made fit for a text column and cut.
std::string column(std::string_view text, std::size_t bytes_max) {
    return std::string(cut(cleaned(text), bytes_max));
}

std::string joined(const DimensionRow& row) {
    std::string key;
    for (const std::string& text : row) key.append(text).push_back(separator);
    return key;
}

/// What `ids` know of `key`; for a new one, notes the row that `make` gives.
template <class Ids, class Key, class Make>
std::optional<std::int32_t> id_of(Ids& ids, const Key& key, const Make& make) {
    if (const auto* known = ids.find(key)) return *known;
    ids.want(typename Ids::Key(key), make());
    return std::nullopt;
}

/// One column of all rows.
std::vector<std::string> column_of(const std::vector<DimensionRow>& rows, std::size_t column) {
    std::vector<std::string> values;
    values.reserve(rows.size());
    for (const DimensionRow& row : rows) values.push_back(row[column]);
    return values;
}

std::optional<DimensionRow> row_of(const Place& place) {
    if (place == Place{}) return std::nullopt;
    return DimensionRow{place.country, place.region, place.city};
}

std::optional<std::string> if_any(std::string text) {
    if (text.empty()) return std::nullopt;
    return text;
}

}  // namespace

std::optional<DimensionRow> referrer_of(std::string_view header) {
    const std::size_t scheme = header.find("://");
    if (scheme == header.npos || scheme == 0) return std::nullopt;
    std::string_view rest = header.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("?#"));
    std::string_view host = rest.substr(0, rest.find('/'));
    const std::string_view path = rest.substr(host.size());
    if (const std::size_t user = host.rfind('@'); user != host.npos) host.remove_prefix(user + 1);
    if (!host.starts_with('[')) host = host.substr(0, host.find(':'));
    if (host.empty()) return std::nullopt;
    return DimensionRow{column(lower(host), referrer_part_bytes_max),
                        column(path.empty() ? "/" : path, referrer_part_bytes_max)};
}

std::optional<DimensionRow> utm_of_query(std::string_view query) {
    if (query.find("utm_") == query.npos) return std::nullopt;
    DimensionRow row(std::size(utm_names));
    bool any = false;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::string_view name = pair.substr(0, pair.find('='));
        const auto known = std::ranges::find(utm_names, name);
        if (known == std::end(utm_names) || name.size() == pair.size()) continue;
        std::string& to = row[static_cast<std::size_t>(known - utm_names)];
        if (!to.empty()) continue;
        to = column(form_decoded(pair.substr(name.size() + 1)), utm_bytes_max);
        any = any || !to.empty();
    }
    if (!any) return std::nullopt;
    return row;
}

Enrichment::Enrichment(const EnrichmentSources& sources) : sources_(sources) {
    if (sources_.user_agents) agents_.emplace(*sources_.user_agents);
}

void Enrichment::forget() {
    for (TextIds* ids : {&agent_ids_, &referrer_ids_, &utm_ids_}) ids->clear();
    place_ids_.clear();
    networks_.clear();
    networks_new_.clear();
    links_.clear();
}

const std::vector<Dimensions>& Enrichment::dimensions(const std::vector<ClickRecord>& clicks,
                                                      db::Pool& pool, Instant now) {
    make_room(now);
    label_links(clicks, pool);
    const auto look_all_up = [&] {
        dimensions_.clear();
        for (const ClickRecord& click : clicks) dimensions_.push_back(look_up(click));
    };
    look_all_up();
    if (settle_all(pool, now)) look_all_up();
    return dimensions_;
}

void Enrichment::make_room(Instant now) {
    for (TextIds* ids : {&agent_ids_, &referrer_ids_, &utm_ids_})
        if (ids->full()) ids->clear();
    if (place_ids_.full()) place_ids_.clear();
    if (links_.size() > links_max || now - links_read_at_ > links_stay_fresh) {
        links_.clear();
        links_read_at_ = now;
    }
}

void Enrichment::label_links(const std::vector<ClickRecord>& clicks, db::Pool& pool) {
    sql::Numbers wanted;
    for (const ClickRecord& click : clicks)
        if (click.link_id != 0 && links_.try_emplace(click.link_id).second)
            wanted.push_back(click.link_id);
    if (wanted.empty()) return;
    std::ranges::sort(wanted);
    db::Transaction tx(pool);
    for (auto& [id, code, source, medium, campaign, term, content] : tx.all(sql::links, wanted)) {
        LinkLabel& label = links_[id];
        label.code = std::move(code);
        DimensionRow utm{source.value_or(""), medium.value_or(""), campaign.value_or(""),
                         term.value_or(""), content.value_or("")};
        if (std::ranges::all_of(utm, &std::string::empty)) continue;
        label.utm_key = joined(utm);
        label.utm = std::move(utm);
    }
    tx.commit();
}

Dimensions Enrichment::look_up(const ClickRecord& click) {
    Dimensions found;
    found.user_agent_id = user_agent_id(click.user_agent);
    if (sources_.places) {
        const Places::Key place = sources_.places->key(click.ip);
        found.place_id =
            id_of(place_ids_, place, [&] { return row_of(sources_.places->find(click.ip)); });
    }
    if (!click.referrer.empty())
        found.referrer_id =
            id_of(referrer_ids_, click.referrer, [&] { return referrer_of(click.referrer); });
    found.utm_id = utm_id(click);
    found.asn = asn(click.ip);
    return found;
}

std::optional<std::int32_t> Enrichment::user_agent_id(std::string_view agent) {
    return id_of(agent_ids_, agent, [&]() -> std::optional<DimensionRow> {
        if (trimmed(agent).empty()) return std::nullopt;
        DimensionRow row{cleaned(agent), std::string(name_of(DeviceType::other)), "", ""};
        if (!agents_) return row;
        const UserAgent& found = agents_->find(agent);
        return DimensionRow{row.front(), std::string(name_of(found.device_type)), found.browser,
                            found.os};
    });
}

std::optional<std::int32_t> Enrichment::utm_id(const ClickRecord& click) {
    if (auto row = utm_of_query(click.query))
        return id_of(utm_ids_, joined(*row), [&] { return std::move(row); });
    const auto label = links_.find(click.link_id);
    if (label == links_.end() || !label->second.utm) return std::nullopt;
    return id_of(utm_ids_, label->second.utm_key, [&] { return label->second.utm; });
}

std::optional<std::int64_t> Enrichment::asn(const IpAddress& ip) {
    if (!sources_.networks) return std::nullopt;
    const auto network = sources_.networks->find(ip);
    if (!network) return std::nullopt;
    if (!networks_.contains(network->number))
        networks_new_.emplace(network->number, cleaned(network->organisation));
    return network->number;
}

std::optional<DimensionRow> Enrichment::utm_of(const ClickRecord& click) const {
    if (auto utm = utm_of_query(click.query)) return utm;
    const auto label = links_.find(click.link_id);
    return label == links_.end() ? std::nullopt : label->second.utm;
}

/// Finds or makes the rows of what is new; false when nothing was.
bool Enrichment::settle_all(db::Pool& pool, Instant now) {
    const bool new_ids = agent_ids_.has_wanted() || place_ids_.has_wanted() ||
                         referrer_ids_.has_wanted() || utm_ids_.has_wanted();
    if (!new_ids && networks_new_.empty()) return false;
    db::Transaction tx(pool);
    settle(user_agents, agent_ids_, tx, now);
    settle(places, place_ids_, tx, now);
    settle(referrers, referrer_ids_, tx, now);
    settle(utms, utm_ids_, tx, now);
    if (!networks_new_.empty()) add_networks(tx);
    tx.commit();
    return new_ids;
}

template <class Ids>
void Enrichment::settle(Kind kind, Ids& ids, db::Transaction& tx, Instant now) {
    if (!ids.has_wanted()) return;
    if (now - hour_ >= std::chrono::hours(1)) {
        hour_ = now;
        std::ranges::fill(added_, 0);
    }
    const std::vector<DimensionRow> wanted = ids.wanted();
    auto found = find(kind, tx, wanted);
    std::vector<DimensionRow> missing;
    for (const DimensionRow& row : wanted)
        if (!found.contains(row)) missing.push_back(row);
    const auto room =
        static_cast<std::size_t>(std::max<std::int64_t>(0, rows_per_hour_max - added_[kind]));
    if (missing.size() > room) {
        refused_ += missing.size() - room;
        missing.resize(room);
    }
    if (!missing.empty()) {
        add(kind, tx, missing);
        added_[kind] += static_cast<std::int64_t>(missing.size());
        found.merge(find(kind, tx, missing));
    }
    ids.settle(found);
}

std::map<DimensionRow, std::int32_t> Enrichment::find(Kind kind, db::Transaction& tx,
                                                      const std::vector<DimensionRow>& rows) const {
    const auto column = [&](std::size_t i) { return column_of(rows, i); };
    const auto found = [&] {
        switch (kind) {
            case user_agents:
                return tx.all(sql::find_user_agents, column(0));
            case places:
                return tx.all(sql::find_places, column(0), column(1), column(2));
            case referrers:
                return tx.all(sql::find_referrers, column(0), column(1));
            case utms:
            case kinds:
                break;
        }
        return tx.all(sql::find_utms, column(0), column(1), column(2), column(3), column(4));
    }();
    std::map<DimensionRow, std::int32_t> ids;
    for (const auto& [place, id] : found)
        ids.emplace(rows[static_cast<std::size_t>(place - 1)], static_cast<std::int32_t>(id));
    return ids;
}

void Enrichment::add(Kind kind, db::Transaction& tx, const std::vector<DimensionRow>& rows) const {
    const auto column = [&](std::size_t i) { return column_of(rows, i); };
    switch (kind) {
        case user_agents:
            tx.run_for_effect(sql::add_user_agents, column(0), column(1), column(2), column(3));
            return;
        case places:
            tx.run_for_effect(sql::add_places, column(0), column(1), column(2));
            return;
        case referrers:
            tx.run_for_effect(sql::add_referrers, column(0), column(1));
            return;
        case utms:
            tx.run_for_effect(sql::add_utms, column(0), column(1), column(2), column(3), column(4));
            return;
        case kinds:
            return;
    }
}

void Enrichment::add_networks(db::Transaction& tx) {
    sql::Numbers numbers;
    std::vector<std::string> names;
    for (const auto& [number, name] : networks_new_) {
        numbers.push_back(number);
        names.push_back(name);
    }
    tx.run_for_effect(sql::add_networks, numbers, names);
    networks_.merge(networks_new_);
    networks_new_.clear();
}

Click Enrichment::describe(const ClickRecord& click) {
    Click shown;
    shown.id = click.id;
    shown.clicked_at = click.clicked_at;
    shown.click_class = click.click_class;
    if (click.link_id != 0) shown.link_id = links::LinkId{click.link_id};
    if (click.user_id != 0) shown.user_id = links::UserId{click.user_id};
    if (click.program_id != 0) shown.program_id = links::ProgramId{click.program_id};
    const auto label = links_.find(click.link_id);
    shown.code = if_any(label != links_.end() ? label->second.code : cleaned(click.code));
    if (sources_.places) {
        const Place place = sources_.places->find(click.ip);
        shown.country = if_any(place.country);
        shown.region = if_any(place.region);
        shown.city = if_any(place.city);
    }
    if (agents_ && !click.user_agent.empty()) {
        const UserAgent& agent = agents_->find(click.user_agent);
        shown.device_type = std::string(name_of(agent.device_type));
        shown.browser = if_any(agent.browser);
        shown.os = if_any(agent.os);
    }
    if (const auto referrer = referrer_of(click.referrer))
        shown.referrer = referrer->at(0) + referrer->at(1);
    if (sources_.networks)
        if (const auto network = sources_.networks->find(click.ip))
            shown.network = cleaned(network->organisation);
    if (const auto utm = utm_of(click))
        shown.utm = ClickUtm{utm->at(0), utm->at(1), utm->at(2), utm->at(3), utm->at(4)};
    shown.visitor = visitor_text(click.visitor);
    shown.visitor_ip = click.ip.text();
    return shown;
}

}  // namespace referral::clicks
