/// Lists of links: filters, orders and pages.

#include <map>

#include "base/problem.hpp"
#include "links/links.hpp"
#include "links/queries.hpp"

namespace referral::links {

namespace {

/// Shorter pieces of text have no trigram to be found by; then codes alone are searched.
constexpr std::size_t text_length_min = 3;

/// What is searched for, as patterns for LIKE; nothing: such a link cannot be.
struct Search {
    std::optional<std::string> key;   // Of codes that begin so.
    std::optional<std::string> text;  // Of names and destinations that contain it.
};

std::string escaped_for_like(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '%' || c == '_') out += '\\';
        out += c;
    }
    return out;
}

/// `prefix`: what stands before the code when somebody searches for a whole address.
Search search_for(std::string_view q, std::string_view prefix) {
    if (q.starts_with(prefix)) q.remove_prefix(prefix.size());
    Search search;
    if (const auto key = code_key_prefix(q)) search.key = escaped_for_like(*key) + '%';
    if (code_points(q) >= text_length_min) search.text = '%' + escaped_for_like(q) + '%';
    return search;
}

std::optional<Instant> read_key(const std::string& text, Instant*) { return parse_instant(text); }
std::optional<std::int64_t> read_key(const std::string& text, std::int64_t*) {
    return parse_int(text);
}
std::optional<std::string> read_key(const std::string& text, std::string*) { return text; }

std::string key_text(Instant key) { return to_text(key); }
std::string key_text(std::int64_t key) { return std::to_string(key); }
std::string key_text(const std::string& key) { return key; }

/// One page of ids, and where the next one begins.
struct Ids {
    std::vector<LinkId> ids;
    std::optional<std::string> next_cursor;
};

/// What one list asks for.
struct Asked {
    db::Transaction& tx;
    sql::Owner owner;
    const LinkFilter& filter;
    Search search;
    Sort sort;
    std::int64_t limit;
    Instant now;
};

template <class Key>
Ids ids_of(const Asked& asked, const sql::Ids<Key>& query) {
    const std::string order(name_of(asked.sort));
    std::optional<Key> key;
    std::optional<LinkId> last;
    if (asked.filter.cursor) {
        const auto& parts = asked.filter.cursor->parts();
        if (parts.size() == 3 && parts[0] == order) {
            key = read_key(parts[1], static_cast<Key*>(nullptr));
            last = LinkId::parse(parts[2]);
        }
        if (!key || !last) throw invalid("cursor", "must be of a list in the same order");
    }
    const LinkFilter& filter = asked.filter;
    const auto rows =
        asked.tx.all(query, asked.owner, filter.status, filter.program_id, filter.user_id,
                     asked.now, asked.search.key, asked.search.text, key, last, asked.limit + 1);
    Ids page;
    for (const auto& [id, unused] : rows) page.ids.push_back(id);
    if (std::ssize(rows) <= asked.limit) return page;
    page.ids.pop_back();
    const auto& [id, its_key] = rows[static_cast<std::size_t>(asked.limit) - 1];
    page.next_cursor = schema::Cursor({order, key_text(its_key), id.text()}).text();
    return page;
}

Ids ids_of(const Asked& asked) {
    switch (asked.sort) {
        case Sort::newest_first:
            return ids_of(asked, sql::newest_first);
        case Sort::oldest_first:
            return ids_of(asked, sql::oldest_first);
        case Sort::by_clicks:
            return ids_of(asked, sql::by_clicks);
        case Sort::by_unique_clicks:
            return ids_of(asked, sql::by_unique_clicks);
        case Sort::by_code:
            return ids_of(asked, sql::by_code);
        case Sort::by_name:
            return ids_of(asked, sql::by_name);
    }
    return {};
}

}  // namespace

LinkPage Links::list(db::Transaction& tx, const http::Caller& caller, const LinkFilter& filter,
                     Instant now) const {
    Asked asked{.tx = tx,
                .owner = {},
                .filter = filter,
                .search = {},
                .sort = filter.sort.value_or(Sort::newest_first),
                .limit = schema::rows_of(filter.limit),
                .now = now};
    if (!caller.sees_all) asked.owner = caller.user_id;
    if (filter.q) {
        asked.search = search_for(filter.q->text(), address_prefix_);
        if (!asked.search.key && !asked.search.text) return {};
    }
    Ids page = ids_of(asked);
    std::map<LinkId, Link> shown;
    for (Link& link : tx.all(sql::shown, page.ids, asked.owner, now, address_prefix_))
        shown.emplace(link.id, std::move(link));
    LinkPage answer{.links = {}, .next_cursor = std::move(page.next_cursor)};
    for (const LinkId id : page.ids)
        if (auto link = shown.extract(id)) answer.links.push_back(std::move(link.mapped()));
    return answer;
}

}  // namespace referral::links
