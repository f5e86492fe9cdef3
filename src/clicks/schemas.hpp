#pragma once

/// Clicks as the API shows them.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "clicks/classify.hpp"
#include "clicks/click_id.hpp"
#include "links/links.hpp"
#include "platform/schema/json.hpp"

namespace referral::clicks {

/// The UTM parameters a click came with, or its link's.
struct ClickUtm {
    std::string source, medium, campaign, term, content;
};

/// One click.
struct Click {
    ClickId id;
    std::optional<links::LinkId> link_id;
    std::optional<std::string> code;
    std::optional<links::ProgramId> program_id;
    std::optional<links::UserId> user_id;
    Instant clicked_at;
    Class click_class = Class::orphan;
    std::optional<std::string> country, region, city;
    std::optional<std::string> device_type, browser, os;
    std::optional<std::string> referrer;
    std::optional<std::string> network;
    std::optional<ClickUtm> utm;
    std::string visitor;
    std::optional<std::string> visitor_ip;
};

/// `Click::visitor`: enough of the visitor's id to tell visitors apart on a screen, too little to
/// be somebody's cookie.
std::string visitor_text(const std::array<std::uint8_t, 16>& visitor);

/// What the live stream says of the day so far.
struct LiveCounters {
    std::int64_t clicks_today = 0;
    std::int64_t unique_clicks_today = 0;
    std::int64_t visitors_now = 0;
};

/// One class and how many clicks are of it.
struct ClassCounts {
    std::int64_t human = 0, duplicate = 0, suspect = 0, self = 0, blocked = 0, embedded = 0,
                 bot = 0, prefetch = 0, non_get = 0, orphan = 0;
};

/// One node's proof for one day.
struct NodeProof {
    std::string node;
    std::int64_t journalled = 0;
    std::int64_t stored = 0;
    ClassCounts by_class;
    std::string sha256;
    bool complete = false;
};

/// The proof of one day.
struct DayProof {
    Day day;
    std::vector<NodeProof> data;
};

}  // namespace referral::clicks

namespace referral::schema {

template <>
struct Fields<clicks::ClickUtm> {
    using T = clicks::ClickUtm;
    static constexpr std::string_view name = "ClickUtm";
    static constexpr auto list = FieldList{
        field("source", &T::source, "utm_source"), field("medium", &T::medium, "utm_medium"),
        field("campaign", &T::campaign, "utm_campaign"), field("term", &T::term, "utm_term"),
        field("content", &T::content, "utm_content")};
};

template <>
struct Fields<clicks::Click> {
    using T = clicks::Click;
    static constexpr std::string_view name = "Click";
    static constexpr auto list = FieldList{
        field("id", &T::id, "The click; the click_id of its redirect"),
        field("link_id", &T::link_id, "The link; null when there was no such code"),
        field("code", &T::code, "The link's code, or what was asked for"),
        field("program_id", &T::program_id, "The link's program"),
        field("user_id", &T::user_id, "Whose link it is"),
        field("clicked_at", &T::clicked_at, "When"),
        field("class", &T::click_class, "What it counts as; only human is a unique click"),
        field("country", &T::country, "ISO 3166-1 alpha-2"),
        field("region", &T::region, "Region, in English"),
        field("city", &T::city, "City, in English"),
        field("device_type", &T::device_type, "desktop, mobile, tablet, bot or other"),
        field("browser", &T::browser, "The browser's name"),
        field("os", &T::os, "The system's name"),
        field("referrer", &T::referrer, "Host and path of the page with the link"),
        field("network", &T::network, "Who runs the visitor's network"),
        field("utm", &T::utm, "UTM parameters of the request, or else of the link"),
        field("visitor", &T::visitor, "The same for clicks of the same visitor"),
        field("visitor_ip", &T::visitor_ip, "For staff only")};
};

template <>
struct Fields<clicks::LiveCounters> {
    using T = clicks::LiveCounters;
    static constexpr std::string_view name = "LiveCounters";
    static constexpr auto list =
        FieldList{field("clicks_today", &T::clicks_today, "People's clicks since midnight"),
                  field("unique_clicks_today", &T::unique_clicks_today, "Unique ones of them"),
                  field("visitors_now", &T::visitors_now, "Visitors of the last five minutes")};
};

template <>
struct Fields<clicks::ClassCounts> {
    using T = clicks::ClassCounts;
    static constexpr std::string_view name = "ClassCounts";
    static constexpr auto list =
        FieldList{field("human", &T::human, "Unique clicks"),
                  field("duplicate", &T::duplicate, "Repeated within the program's window"),
                  field("suspect", &T::suspect, "Risk score of 30 or more"),
                  field("self", &T::self, "By the partner"),
                  field("blocked", &T::blocked, "On the block list"),
                  field("embedded", &T::embedded, "Fetched as a part of a page"),
                  field("bot", &T::bot, "Declared crawlers"),
                  field("prefetch", &T::prefetch, "Fetched ahead"),
                  field("non_get", &T::non_get, "HEAD and other methods"),
                  field("orphan", &T::orphan, "Codes that lead nowhere")};
};

template <>
struct Fields<clicks::NodeProof> {
    using T = clicks::NodeProof;
    static constexpr std::string_view name = "NodeProof";
    static constexpr auto list = FieldList{
        field("node", &T::node, "The machine's journal"),
        field("journalled", &T::journalled, "Clicks read from the journal"),
        field("stored", &T::stored, "Rows in the database"),
        field("by_class", &T::by_class, "The rows by class"),
        field("sha256", &T::sha256, "Of lines \"epoch shard digest\", digests in hexadecimal"),
        field("complete", &T::complete, "Whether journalled = stored = the sum of the classes")};
};

template <>
struct Fields<clicks::DayProof> {
    using T = clicks::DayProof;
    static constexpr std::string_view name = "DayProof";
    static constexpr auto list = FieldList{field("day", &T::day, "The day, in UTC"),
                                           field("data", &T::data, "One entry a node")};
};

}  // namespace referral::schema
