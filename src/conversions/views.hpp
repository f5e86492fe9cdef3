#pragma once

/// Conversions and decisions as the API shows them.

#include <optional>
#include <string>
#include <vector>

#include "conversions/attribution_schemas.hpp"
#include "conversions/conversions.hpp"
#include "conversions/rows.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/cursor.hpp"

namespace referral::conversions {

/// Whether somebody is credited, and whether anything is left. Undone: its import was taken back.
enum class Status { attributed, organic, reversed, undone };

/// A partner's share, with the partner's name.
struct CreditView {
    UserId user_id;
    std::string user_name;
    std::int64_t weight_ppm = 0;
    Source source = Source::clicks;
    std::optional<LinkId> link_id{};
};

struct EarnedView {
    std::string id;
    UserId user_id;
    std::int64_t level = 1;
    std::string amount;
    Currency currency;
    std::string status;
};

struct AdjustmentView {
    AdjustmentKind kind = AdjustmentKind::correction;
    std::string external_id;
    std::string revenue_change;
    std::optional<std::string> cost_change{};
    std::string quantity_change;
    Instant occurred_at{}, received_at{};
    std::optional<std::string> reason{};
};

/// A row of the list. Partners see their own share of it, and neither costs nor metadata.
struct ConversionRow {
    ConversionId id;
    Status status = Status::organic;
    ProgramId program_id;
    EventKind kind = EventKind::delivered;
    std::string source, external_id;
    std::optional<std::string> line{};
    Instant occurred_at{}, received_at{};
    Currency currency;
    std::string revenue;
    std::optional<std::string> cost{};
    std::string quantity;
    Unit unit = Unit::load;
    std::optional<Mode> mode{};
    std::optional<std::string> lane{};
    CustomerId customer_id;
    std::optional<std::string> customer_name{};
    std::optional<std::string> customer_country{};
    std::optional<ClickId> click_id{};
    bool awaits_click = false;
    std::optional<std::string> code{};
    std::optional<std::string> import_id{};
    std::vector<CreditView> attributions{};
};

/// One conversion with everything of it.
struct ConversionView : ConversionRow {
    Metadata metadata{};
    std::vector<AdjustmentView> adjustments{};
    std::vector<EarnedView> commissions{};
};

/// Which conversions are listed, the newest first.
struct ConversionFilter {
    std::optional<ProgramId> program_id{};
    std::optional<UserId> user_id{};
    std::optional<CustomerId> customer_id{};
    std::optional<EventKind> kind{};
    std::optional<Line<50>> source{};
    std::optional<Line<200>> external_id{};
    std::optional<Status> status{};
    std::optional<Line<40>> import_id{};
    std::optional<Instant> from{}, to{};
    std::optional<schema::Whole<1, 200>> limit{};
    std::optional<schema::Cursor> cursor{};
};

struct ConversionPage {
    std::vector<ConversionRow> conversions;
    std::optional<std::string> next_cursor;
};

/// An earlier decision.
struct DecisionView {
    Instant decided_at{};
    Cause cause = Cause::conversion;
    Source source = Source::organic;
    std::optional<UserId> decided_by{};
};

/// How it was decided whose a conversion is.
struct JourneyView {
    ConversionId conversion_id;
    Instant decided_at{};
    Cause cause = Cause::conversion;
    std::vector<CreditView> credits{};
    std::optional<Instant> locks_until{};
    Trace trace{};
    std::vector<std::string> sentences{};
    bool awaits_click = false;
    std::vector<DecisionView> history{};
};

/// What somebody asks "why not me?" about.
struct ExplainParams {
    std::optional<ClickId> click_id{};
    std::optional<Line<64>> code{};
    std::optional<Line<200>> external_id{};
    std::optional<UserId> user_id{};  ///< For staff: whom it is asked for.
};

/// The answer for one conversion.
struct Explanation {
    std::optional<ConversionId> conversion_id{};
    std::optional<std::string> external_id{};
    std::optional<EventKind> kind{};
    std::optional<Instant> occurred_at{};
    UserId user_id;
    std::int64_t weight_ppm = 0;
    std::optional<Step> nearest{};
    std::optional<std::int64_t> policy_version{};
    std::string sentence;
};

/// Refuses: not_found, also for what is no part of the owner's.
ConversionView shown(db::Transaction& tx, std::optional<std::int64_t> owner, ConversionId id,
                     const std::vector<Earned>& earned);

/// Refuses: invalid (cursor; filters that are for staff).
ConversionPage list(db::Transaction& tx, std::optional<std::int64_t> owner,
                    const ConversionFilter& filter);

/// Refuses: not_found.
JourneyView journey(db::Transaction& tx, std::optional<std::int64_t> owner, ConversionId id);

/// Refuses: not_found, invalid (not exactly one of code, click_id and external_id; nobody asked
/// for).
std::vector<Explanation> explain(db::Transaction& tx, std::optional<std::int64_t> owner,
                                 const ExplainParams& params);

}  // namespace referral::conversions

template <>
struct referral::Names<referral::conversions::Status> {
    using Status = conversions::Status;
    static constexpr std::array<std::pair<Status, std::string_view>, 4> list{
        {{Status::attributed, "attributed"},
         {Status::organic, "organic"},
         {Status::reversed, "reversed"},
         {Status::undone, "undone"}}};
};

namespace referral::schema {

template <>
struct Fields<conversions::CreditView> {
    using T = conversions::CreditView;
    static constexpr std::string_view name = "ConversionCredit";
    static constexpr auto list =
        FieldList{field("user_id", &T::user_id, "The partner."),
                  field("user_name", &T::user_name, "Its name."),
                  field("weight_ppm", &T::weight_ppm, "The share in millionths."),
                  field("source", &T::source, "What it rests on."),
                  field("link_id", &T::link_id, "The link it rests on.")};
};

template <>
struct Fields<conversions::EarnedView> {
    using T = conversions::EarnedView;
    static constexpr std::string_view name = "ConversionCommission";
    static constexpr auto list =
        FieldList{field("id", &T::id, "The commission."),
                  field("user_id", &T::user_id, "Whose it is."),
                  field("level", &T::level, "1: who is credited; above: who referred that one."),
                  field("amount", &T::amount, "What is earned."),
                  field("currency", &T::currency, "ISO 4217."),
                  field("status", &T::status, "What became of it.")};
};

template <>
struct Fields<conversions::AdjustmentView> {
    using T = conversions::AdjustmentView;
    static constexpr std::string_view name = "Adjustment";
    static constexpr auto list =
        FieldList{field("kind", &T::kind, "What became different."),
                  field("external_id", &T::external_id, "The change's number."),
                  field("revenue_change", &T::revenue_change, "Added to the revenue."),
                  field("cost_change", &T::cost_change, "Added to the cost; not for partners."),
                  field("quantity_change", &T::quantity_change, "Added to the quantity."),
                  field("occurred_at", &T::occurred_at, "When it happened."),
                  field("received_at", &T::received_at, "When we were told."),
                  field("reason", &T::reason, "Why.")};
};

template <>
struct Fields<conversions::ConversionRow> {
    using T = conversions::ConversionRow;
    static constexpr std::string_view name = "ConversionRow";
    static constexpr auto list = FieldList{
        field("id", &T::id, "The conversion."),
        field("status", &T::status, "Whether somebody is credited, and whether anything is left."),
        field("program_id", &T::program_id, "The program."),
        field("kind", &T::kind, "What happened."),
        field("source", &T::source, "The system that says so."),
        field("external_id", &T::external_id, "The document's number in it."),
        field("line", &T::line, "The document's line."),
        field("occurred_at", &T::occurred_at, "When it happened."),
        field("received_at", &T::received_at, "When we were told."),
        field("currency", &T::currency, "ISO 4217."),
        field("revenue", &T::revenue, "As it stands, with all adjustments."),
        field("cost", &T::cost, "As it stands; not for partners."),
        field("quantity", &T::quantity, "As it stands."),
        field("unit", &T::unit, "Of what."),
        field("mode", &T::mode, "How the goods travel."),
        field("lane", &T::lane, "From where to where."),
        field("customer_id", &T::customer_id, "Whose business it is."),
        field("customer_name", &T::customer_name, "Its name; masked for partners."),
        field("customer_country", &T::customer_country, "ISO 3166-1 alpha-2."),
        field("click_id", &T::click_id, "The click it was told with."),
        field("awaits_click", &T::awaits_click,
              "That click is not stored yet; once it is, the conversion is decided again."),
        field("code", &T::code, "The code it was told with."),
        field("import_id", &T::import_id, "The file it came by."),
        field("attributions", &T::attributions, "Whose it is, the earliest touch first.")};
};

template <>
struct Fields<conversions::ConversionView> {
    using T = conversions::ConversionView;
    static constexpr std::string_view name = "Conversion";
    static constexpr auto list =
        joined(Fields<conversions::ConversionRow>::list,
               FieldList{field("metadata", &T::metadata, "Your own words; not for partners."),
                         field("adjustments", &T::adjustments, "What became different, in order."),
                         field("commissions", &T::commissions, "What is earned by it.")});
};

template <>
struct Fields<conversions::ConversionFilter> {
    using T = conversions::ConversionFilter;
    static constexpr std::string_view name = "ConversionFilter";
    static constexpr auto list =
        FieldList{field("program_id", &T::program_id, "Of this program."),
                  field("user_id", &T::user_id, "This partner is credited."),
                  field("customer_id", &T::customer_id, "Of this customer."),
                  field("kind", &T::kind, "Of this kind."),
                  field("source", &T::source, "Told by this system."),
                  field("external_id", &T::external_id, "Of this document."),
                  field("status", &T::status, "In this state."),
                  field("import_id", &T::import_id, "Come by this file."),
                  field("from", &T::from, "Occurred then or later."),
                  field("to", &T::to, "Occurred before then."),
                  field("limit", &T::limit, "How many at most."),
                  field("cursor", &T::cursor, "The next_cursor of the page before.")};
};

template <>
struct Fields<conversions::DecisionView> {
    using T = conversions::DecisionView;
    static constexpr std::string_view name = "AttributionDecision";
    static constexpr auto list =
        FieldList{field("decided_at", &T::decided_at, "When it was decided."),
                  field("cause", &T::cause, "Why it was decided then."),
                  field("source", &T::source, "What decided."),
                  field("decided_by", &T::decided_by, "Who reported or decided.")};
};

template <>
struct Fields<conversions::JourneyView> {
    using T = conversions::JourneyView;
    static constexpr std::string_view name = "AttributionJourney";
    static constexpr auto list = FieldList{
        field("conversion_id", &T::conversion_id, "The conversion."),
        field("decided_at", &T::decided_at, "When it was decided."),
        field("cause", &T::cause, "Why it was decided then."),
        field("credits", &T::credits, "Whose it is."),
        field("locks_until", &T::locks_until, "Until when the customer is theirs from now on."),
        field("trace", &T::trace, "How it was decided."),
        field("sentences", &T::sentences, "The same, in English."),
        field("awaits_click", &T::awaits_click, "Its click is not stored yet."),
        field("history", &T::history, "All decisions, the newest first.")};
};

template <>
struct Fields<conversions::ExplainParams> {
    using T = conversions::ExplainParams;
    static constexpr std::string_view name = "ExplainParams";
    static constexpr auto list = FieldList{
        field("click_id", &T::click_id, "A click."), field("code", &T::code, "A link's code."),
        field("external_id", &T::external_id, "A document's number."),
        field("user_id", &T::user_id, "For staff: the partner it is asked for.")};
};

template <>
struct Fields<conversions::Explanation> {
    using T = conversions::Explanation;
    static constexpr std::string_view name = "Explanation";
    static constexpr auto list = FieldList{
        field("conversion_id", &T::conversion_id, "The conversion; null: there is none."),
        field("external_id", &T::external_id, "Its document's number."),
        field("kind", &T::kind, "What happened."),
        field("occurred_at", &T::occurred_at, "When."),
        field("user_id", &T::user_id, "The partner."),
        field("weight_ppm", &T::weight_ppm, "The partner's share in millionths."),
        field("nearest", &T::nearest, "The partner's claim that came nearest."),
        field("policy_version", &T::policy_version, "The program's version that was applied."),
        field("sentence", &T::sentence, "The answer in English.")};
};

}  // namespace referral::schema
