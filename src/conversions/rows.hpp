#pragma once

/// Rows as they are stored, and what they are read into.

#include <optional>
#include <string>

#include "clicks/clicks.hpp"
#include "conversions/attribution.hpp"
#include "conversions/attribution_schemas.hpp"
#include "conversions/conversion.hpp"
#include "conversions/reports.hpp"
#include "platform/db/sql.hpp"

template <>
struct referral::db::Sql<referral::conversions::GivenMetadata> {
    static Text write(const conversions::GivenMetadata& value) { return schema::text_of(value); }
    static conversions::GivenMetadata read(View value) {
        return schema::read<conversions::GivenMetadata>(schema::parse(required(value)));
    }
};

namespace referral::conversions {

/// Why a decision was made.
enum class Cause {
    conversion,     ///< It came.
    click,          ///< The click that it was told with is stored now.
    override_,      ///< An administrator decided.
    recalculation,  ///< Something earlier came later, or somebody asked.
    undo            ///< Its import was taken back.
};

/// A conversion and what was said of how its customer came.
struct StoredConversion {
    ConversionId id;
    ProgramId program_id;
    EventKind kind = EventKind::delivered;
    std::string source, external_id, line;
    Instant occurred_at{}, received_at{};
    Currency currency;
    std::int64_t revenue = 0, cost = 0, quantity = 0;
    Unit unit = Unit::load;
    std::optional<Mode> mode{};
    std::string lane;
    CustomerId customer_id;
    std::string customer_country;
    GivenMetadata metadata{};
    bool is_reversed = false;
    std::int64_t adjustments = 0;
    bool program_is_given = false;
    std::optional<std::string> click_id{}, code{}, token{}, visitor{};
    bool awaits_click = false;
    std::optional<std::int64_t> import_id{};
    bool is_undone = false;
    bool is_organic = true;

    Conversion conversion() const;
};

struct AdjustmentRow {
    std::int64_t id = 0;
    AdjustmentKind kind = AdjustmentKind::correction;
    std::string external_id;
    std::int64_t revenue_change = 0, cost_change = 0, quantity_change = 0;
    Instant occurred_at{}, received_at{};
    std::optional<std::string> reason{};
};

/// A decision as it was made.
struct DecisionRow {
    Instant decided_at{};
    Cause cause = Cause::conversion;
    Source source = Source::organic;
    std::optional<Instant> locks_until{};
    Trace trace{};
    std::optional<UserId> decided_by{};
};

struct TraceRow {
    ConversionId conversion_id;
    std::optional<Instant> locks_until{};
    Trace trace{};
};

struct CreditRow {
    ConversionId conversion_id;
    UserId user_id;
    std::int64_t weight_ppm = 0;
    Source source = Source::clicks;
    std::optional<LinkId> link_id{};
};

struct TouchRow {
    ConversionId conversion_id;
    Source source = Source::click_id;
    ProgramId program_id;
    UserId user_id;
    std::optional<LinkId> link_id{};
    Instant made_at{};
    std::optional<std::string> click_id{};
    std::optional<std::int64_t> click_class{};
    std::string note;
};

}  // namespace referral::conversions

template <>
struct referral::Names<referral::conversions::Cause> {
    using Cause = conversions::Cause;
    static constexpr std::array<std::pair<Cause, std::string_view>, 5> list{
        {{Cause::conversion, "conversion"},
         {Cause::click, "click"},
         {Cause::override_, "override"},
         {Cause::recalculation, "recalculation"},
         {Cause::undo, "undo"}}};
};

namespace referral::schema {

template <>
struct Fields<conversions::StoredConversion> {
    using T = conversions::StoredConversion;
    static constexpr std::string_view name = "StoredConversion";
    static constexpr auto list = FieldList{field("id", &T::id, ""),
                                           field("program_id", &T::program_id, ""),
                                           field("kind", &T::kind, ""),
                                           field("source", &T::source, ""),
                                           field("external_id", &T::external_id, ""),
                                           field("line", &T::line, ""),
                                           field("occurred_at", &T::occurred_at, ""),
                                           field("received_at", &T::received_at, ""),
                                           field("currency", &T::currency, ""),
                                           field("revenue", &T::revenue, ""),
                                           field("cost", &T::cost, ""),
                                           field("quantity", &T::quantity, ""),
                                           field("unit", &T::unit, ""),
                                           field("mode", &T::mode, ""),
                                           field("lane", &T::lane, ""),
                                           field("customer_id", &T::customer_id, ""),
                                           field("customer_country", &T::customer_country, ""),
                                           field("metadata", &T::metadata, ""),
                                           field("is_reversed", &T::is_reversed, ""),
                                           field("adjustments", &T::adjustments, ""),
                                           field("program_is_given", &T::program_is_given, ""),
                                           field("click_id", &T::click_id, ""),
                                           field("code", &T::code, ""),
                                           field("token", &T::token, ""),
                                           field("visitor", &T::visitor, ""),
                                           field("awaits_click", &T::awaits_click, ""),
                                           field("import_id", &T::import_id, ""),
                                           field("is_undone", &T::is_undone, ""),
                                           field("is_organic", &T::is_organic, "")};
};

template <>
struct Fields<conversions::AdjustmentRow> {
    using T = conversions::AdjustmentRow;
    static constexpr std::string_view name = "AdjustmentRow";
    static constexpr auto list = FieldList{field("id", &T::id, ""),
                                           field("kind", &T::kind, ""),
                                           field("external_id", &T::external_id, ""),
                                           field("revenue_change", &T::revenue_change, ""),
                                           field("cost_change", &T::cost_change, ""),
                                           field("quantity_change", &T::quantity_change, ""),
                                           field("occurred_at", &T::occurred_at, ""),
                                           field("received_at", &T::received_at, ""),
                                           field("reason", &T::reason, "")};
};

template <>
struct Fields<conversions::DecisionRow> {
    using T = conversions::DecisionRow;
    static constexpr std::string_view name = "DecisionRow";
    static constexpr auto list = FieldList{
        field("decided_at", &T::decided_at, ""), field("cause", &T::cause, ""),
        field("source", &T::source, ""),         field("locks_until", &T::locks_until, ""),
        field("trace", &T::trace, ""),           field("decided_by", &T::decided_by, "")};
};

template <>
struct Fields<conversions::TraceRow> {
    using T = conversions::TraceRow;
    static constexpr std::string_view name = "TraceRow";
    static constexpr auto list =
        FieldList{field("conversion_id", &T::conversion_id, ""),
                  field("locks_until", &T::locks_until, ""), field("trace", &T::trace, "")};
};

template <>
struct Fields<conversions::CreditRow> {
    using T = conversions::CreditRow;
    static constexpr std::string_view name = "CreditRow";
    static constexpr auto list =
        FieldList{field("conversion_id", &T::conversion_id, ""), field("user_id", &T::user_id, ""),
                  field("weight_ppm", &T::weight_ppm, ""), field("source", &T::source, ""),
                  field("link_id", &T::link_id, "")};
};

template <>
struct Fields<conversions::TouchRow> {
    using T = conversions::TouchRow;
    static constexpr std::string_view name = "TouchRow";
    static constexpr auto list = FieldList{field("conversion_id", &T::conversion_id, ""),
                                           field("source", &T::source, ""),
                                           field("program_id", &T::program_id, ""),
                                           field("user_id", &T::user_id, ""),
                                           field("link_id", &T::link_id, ""),
                                           field("made_at", &T::made_at, ""),
                                           field("click_id", &T::click_id, ""),
                                           field("class", &T::click_class, ""),
                                           field("note", &T::note, "")};
};

}  // namespace referral::schema
