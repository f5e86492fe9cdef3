#pragma once

/// Audit rows and proofs as the API shows them.

#include "audit/audit.hpp"

namespace referral::audit {

/// What one place of the chain says in answers.
struct AnchorView {
    std::int64_t sequence = 0;
    std::string hash;
    Instant at;
};

/// The answer of GET /audit-logs/proof.
struct ProofView {
    std::int64_t sequence = 0;
    std::string hash;
    std::int64_t verified_up_to = 0;
    bool intact = false;
    std::optional<Broken> broken;
    std::int64_t expired = 0;
    std::int64_t waiting = 0;
    std::int64_t anchors = 0;
    std::int64_t anchors_unreadable = 0;
    std::optional<AnchorView> last_anchor;
};

/// Which part of the chain is followed.
struct ProofParams {
    std::optional<schema::Whole<0, INT64_MAX>> after;
};

}  // namespace referral::audit

namespace referral::schema {

template <>
struct Fields<audit::AuditLog> {
    using T = audit::AuditLog;
    static constexpr std::string_view name = "AuditLog";
    static constexpr auto list = FieldList{
        field("id", &T::id, "The row."),
        field("created_at", &T::created_at, "When it was done."),
        field("user_id", &T::user_id, "Who did it; null: nobody signed in, or a job."),
        field("user_name", &T::user_name, "Their name today."),
        field("acting_as", &T::acting_as, "Whose eyes an administrator looked with."),
        field("api_key_id", &T::api_key_id, "By which API key, when not by a session."),
        field("job", &T::job, "The job that did it."),
        field("action", &T::action, "What was done, noun.verb."),
        field("object_type", &T::object_type, "The kind of thing it was done to."),
        field("object_id", &T::object_id, "Which one."),
        field("before", &T::before, "What was different before; never secrets."),
        field("after", &T::after, "What was different after; never secrets."),
        field("reason", &T::reason, "Why, in somebody's own words."),
        field("ip", &T::ip, "Where the request came from."),
        field("request_id", &T::request_id, "The request."),
        field("sequence", &T::sequence, "Its place in the chain; null for a second or so."),
    };
};

template <>
struct Fields<audit::AuditFilter> {
    using T = audit::AuditFilter;
    static constexpr std::string_view name = "AuditFilter";
    static constexpr auto list = FieldList{
        field("user_id", &T::user_id, "Only what this user did."),
        field("action", &T::action, "Only actions that begin so: \"links\", \"links.change\"."),
        field("object_type", &T::object_type, "Only what was done to things of this kind."),
        field("object_id", &T::object_id, "Only what was done to this one."),
        field("from", &T::from, "Only rows of this time or later."),
        field("to", &T::to, "Only rows before this time."),
        field("request_id", &T::request_id, "Only rows of this request."),
        field("limit", &T::limit, "How many, 50 when not said."),
        field("cursor", &T::cursor, "next_cursor of the page before."),
    };
};

template <>
struct Fields<audit::Broken> {
    using T = audit::Broken;
    static constexpr std::string_view name = "AuditBroken";
    static constexpr auto list = FieldList{
        field("sequence", &T::sequence, "The first place that is not as it was."),
        field("what", &T::what, "What is wrong with it."),
    };
};

template <>
struct Fields<audit::AnchorView> {
    using T = audit::AnchorView;
    static constexpr std::string_view name = "AuditAnchor";
    static constexpr auto list = FieldList{
        field("sequence", &T::sequence, "Where the chain ended."),
        field("hash", &T::hash, "Its hash there."),
        field("at", &T::at, "When."),
    };
};

template <>
struct Fields<audit::ProofView> {
    using T = audit::ProofView;
    static constexpr std::string_view name = "AuditProof";
    static constexpr auto list = FieldList{
        field("sequence", &T::sequence, "Where the chain ends."),
        field("hash", &T::hash, "Its hash there, SHA-256 in hexadecimal."),
        field("verified_up_to", &T::verified_up_to,
              "Up to here all is as it was. Less than sequence with nothing broken: ask again with "
              "`after` set to it."),
        field("intact", &T::intact, "Whether nothing wrong was found."),
        field("broken", &T::broken, "The first thing that is wrong."),
        field("expired", &T::expired, "Places whose rows are no longer kept."),
        field("waiting", &T::waiting, "Rows that are not in the chain yet."),
        field("anchors", &T::anchors, "Signed anchors that the chain was compared with."),
        field("anchors_unreadable", &T::anchors_unreadable, "Lines that are no signed anchors."),
        field("last_anchor", &T::last_anchor, "The last of them."),
    };
};

template <>
struct Fields<audit::ProofParams> {
    using T = audit::ProofParams;
    static constexpr std::string_view name = "AuditProofParams";
    static constexpr auto list =
        FieldList{field("after", &T::after, "Begin behind this sequence number; 0 when not said.")};
};

}  // namespace referral::schema
