#pragma once

/// What is reported: conversions and their later changes, as whoever tells them fills them in.

#include <optional>
#include <string>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "base/trade.hpp"
#include "clicks/clicks.hpp"
#include "conversions/amounts.hpp"
#include "conversions/attribution.hpp"
#include "conversions/conversion.hpp"
#include "customers/customers.hpp"

namespace referral::conversions {

/// A line of a document: a text or a whole number, at most 50 characters.
class DocumentLine {
public:
    static constexpr std::string_view rule = "a text of at most 50 characters, or a whole number";
    static std::optional<DocumentLine> parse(std::string_view text);
    const std::string& text() const { return text_; }

    DocumentLine() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const DocumentLine&, const DocumentLine&) = default;

private:
    std::string text_;
};

/// A visitor's cookie, as a server on the links' own host reads it.
class VisitorCookie {
public:
    static constexpr std::string_view rule = "the value of the visitor's cookie";
    static std::optional<VisitorCookie> parse(std::string_view text);
    std::string text() const;
    const clicks::Visitor& visitor() const { return visitor_; }

    VisitorCookie() = default;
    friend bool operator==(const VisitorCookie&, const VisitorCookie&) = default;

private:
    clicks::Visitor visitor_{};
};

/// The business's own words: an object of texts, numbers, true or false; at most 50 keys of at most
/// 50 characters, texts of at most 500.
struct GivenMetadata {
    Metadata values;
};

/// A conversion as it is reported.
struct NewConversion {
    std::optional<ProgramId>
        program_id{};  ///< Else that of code, token or click; else the default.
    EventKind kind = EventKind::delivered;
    Line<50> source;
    Line<200> external_id;
    std::optional<DocumentLine> line{};
    std::optional<Instant> occurred_at{};  ///< Now when absent.
    std::optional<Decimal> revenue{}, cost{};
    std::optional<Currency> currency{};  ///< The program's when absent.
    std::optional<Decimal> quantity{};   ///< 1 when absent.
    std::optional<Unit> unit{};          ///< Loads when absent.
    std::optional<Mode> mode{};
    std::optional<Line<200>> lane{};
    /// Absent: known by the document (source and external_id) alone.
    std::optional<customers::Contact> customer{};
    std::optional<GivenMetadata> metadata{};
    std::optional<ClickId> click_id{};
    std::optional<Line<64>> code{};
    std::optional<Line<2'000>> token{};
    std::optional<VisitorCookie> visitor{};
};

/// What becomes different later.
enum class AdjustmentKind { refund, short_pay, cost_change, cancel, claim, write_off, correction };

/// A later change as it is reported.
struct NewAdjustment {
    AdjustmentKind kind = AdjustmentKind::correction;
    Line<200> external_id;
    std::optional<Decimal> revenue_change{}, cost_change{}, quantity_change{};
    std::optional<Instant> occurred_at{};  ///< Now when absent.
    std::optional<Line<500>> reason{};
};

}  // namespace referral::conversions

template <>
struct referral::Names<referral::conversions::AdjustmentKind> {
    using Kind = conversions::AdjustmentKind;
    static constexpr std::array<std::pair<Kind, std::string_view>, 7> list{
        {{Kind::refund, "refund"},
         {Kind::short_pay, "short_pay"},
         {Kind::cost_change, "cost_change"},
         {Kind::cancel, "cancel"},
         {Kind::claim, "claim"},
         {Kind::write_off, "write_off"},
         {Kind::correction, "correction"}}};
};

namespace referral::schema {

template <>
struct Json<conversions::DocumentLine> {
    static bool read(const json::value& from, conversions::DocumentLine& to, Reading& reading);
    static json::value write(const conversions::DocumentLine& value) {
        return json::string(value.text());
    }
    static json::object describe(Components&) {
        return {{"type", {"string", "integer"}},
                {"x-rule", std::string(conversions::DocumentLine::rule)}};
    }
};

template <>
struct Json<conversions::GivenMetadata> {
    static bool read(const json::value& from, conversions::GivenMetadata& to, Reading& reading);
    static json::value write(const conversions::GivenMetadata& value) {
        return Json<conversions::Metadata>::write(value.values);
    }
    static json::object describe(Components&) { return {{"type", "object"}}; }
};

template <>
struct Fields<conversions::NewConversion> {
    using T = conversions::NewConversion;
    static constexpr std::string_view name = "NewConversion";
    static constexpr auto list = FieldList{
        field("program_id", &T::program_id,
              "The program; else that of code, token or click, else the default one."),
        field("kind", &T::kind, "What happened."),
        field("source", &T::source, "The system that says so."),
        field("external_id", &T::external_id, "The document's number in that system."),
        field("line", &T::line, "The document's line, when there are several."),
        field("occurred_at", &T::occurred_at, "When it happened; now when absent."),
        field("revenue", &T::revenue, "What the customer pays."),
        field("cost", &T::cost, "What it costs."),
        field("currency", &T::currency, "Of both, ISO 4217; the program's when absent."),
        field("quantity", &T::quantity, "How much; 1 when absent."),
        field("unit", &T::unit, "Of what; loads when absent."),
        field("mode", &T::mode, "How the goods travel."),
        field("lane", &T::lane, "From where to where."),
        field("customer", &T::customer, "Whose business it is."),
        field("metadata", &T::metadata, "Your own words, for conditions of rules."),
        field("click_id", &T::click_id, "The click that the customer came by."),
        field("code", &T::code, "The code or coupon that the customer named."),
        field("token", &T::token, "A signed token that came with the customer."),
        field("visitor", &T::visitor, "The visitor's cookie."),
    };
};

template <>
struct Fields<conversions::NewAdjustment> {
    using T = conversions::NewAdjustment;
    static constexpr std::string_view name = "NewAdjustment";
    static constexpr auto list = FieldList{
        field("kind", &T::kind, "What became different."),
        field("external_id", &T::external_id, "The change's number in your system."),
        field("revenue_change", &T::revenue_change, "Added to the revenue; negative: given back."),
        field("cost_change", &T::cost_change, "Added to the cost."),
        field("quantity_change", &T::quantity_change, "Added to the quantity."),
        field("occurred_at", &T::occurred_at, "When; now when absent."),
        field("reason", &T::reason, "Why, in your own words."),
    };
};

}  // namespace referral::schema
