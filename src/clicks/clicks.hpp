#pragma once

/// Clicks: recorded on the click path, stored from the journal, listed, proved and streamed. What
/// other folders use of this slice.

#include <optional>
#include <string>
#include <vector>

#include "clicks/capture.hpp"
#include "clicks/classify.hpp"
#include "clicks/crawlers.hpp"
#include "clicks/duplicates.hpp"
#include "clicks/ingest.hpp"
#include "clicks/live.hpp"
#include "clicks/networks.hpp"
#include "clicks/pages.hpp"
#include "clicks/places.hpp"
#include "clicks/schemas.hpp"
#include "clicks/unlock.hpp"
#include "clicks/upkeep.hpp"
#include "clicks/user_agent.hpp"
#include "clicks/user_agent_rules.hpp"
#include "clicks/visitor.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/schema/cursor.hpp"

namespace referral::clicks {

/// What a list of clicks is narrowed down to.
struct ClickFilter {
    std::optional<links::LinkId> link_id;
    std::optional<links::UserId> user_id;
    std::optional<links::ProgramId> program_id;
    std::optional<Class> click_class;
    std::optional<Instant> from;
    std::optional<Instant> to;  // Exclusive.
    std::optional<Country> country;
    std::optional<DeviceType> device_type;
    schema::Whole<1, 200> limit{50};
    std::optional<schema::Cursor> cursor;
};

/// One page of clicks, the newest first.
struct ClickPage {
    std::vector<Click> data;
    std::optional<schema::Cursor> next_cursor;
};

/// The clicks that fit; with `owner` only those of this user's links, and without addresses.
/// Refuses: invalid (cursor).
ClickPage list(db::Transaction& tx, std::optional<std::int64_t> owner, const ClickFilter& filter);

/// What attribution asks of a click.
struct StoredClick {
    ClickId id;
    std::optional<links::LinkId> link_id;        // Nothing: no such code.
    std::optional<links::UserId> user_id;        // Whose link it was.
    std::optional<links::ProgramId> program_id;  // … and of which program.
    Instant clicked_at;
    Class click_class = Class::orphan;
    Visitor visitor{};
};

/// The click with this id, if it is stored yet: its answer may have come before.
std::optional<StoredClick> find_click(db::Transaction& tx, const ClickId& id);

/// Clicks of these visitors on links of the program that count (class human), not later than
/// `until`: the newest 100 and the oldest one, the newest first.
std::vector<StoredClick> clicks_of(db::Transaction& tx, const std::vector<Visitor>& visitors,
                                   links::ProgramId program, Instant until);

/// A visitor as PostgreSQL's uuid has it, and back; nothing when `text` is none.
std::string visitor_uuid(const Visitor& visitor);
std::optional<Visitor> parse_visitor_uuid(std::string_view text);

/// What every node's journal held of `day` against what is stored. `sha256` is the hash of a line
/// "epoch shard digest" for each shard, ended by line feeds; the digest is chained as
/// clicks/batch.hpp says, so that whoever has the rows can compute it again.
DayProof prove(db::Transaction& tx, Day day);

/// What clicks need done now and then. `addresses_kept`: how long full addresses are.
jobs::JobTable tasks(std::function<std::chrono::days()> addresses_kept);
std::vector<jobs::Schedule> schedules();

/// Clicks, proof and live stream. `live` must outlive the table.
http::RouteTable routes(Live& live);

}  // namespace referral::clicks

namespace referral::schema {

template <>
struct Fields<clicks::ClickFilter> {
    using T = clicks::ClickFilter;
    static constexpr std::string_view name = "ClickFilter";
    static constexpr auto list =
        FieldList{field("link_id", &T::link_id, "Clicks of this link"),
                  field("user_id", &T::user_id, "Clicks of this partner's links"),
                  field("program_id", &T::program_id, "Clicks of this program's links"),
                  field("class", &T::click_class, "Clicks of this class"),
                  field("from", &T::from, "Clicks from then on"),
                  field("to", &T::to, "Clicks before then"),
                  field("country", &T::country, "Clicks from this country"),
                  field("device_type", &T::device_type, "Clicks from this kind of device"),
                  field("limit", &T::limit, "How many at most"),
                  field("cursor", &T::cursor, "next_cursor of the page before")};
};

}  // namespace referral::schema
