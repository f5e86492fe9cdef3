#pragma once

#include "partners/enrolments.hpp"
#include "platform/schema/json.hpp"

namespace referral::partners {

/// Body of what is done to an enrolment.
struct StepReason {
    std::optional<Line<500>> reason{};
};

}  // namespace referral::partners

namespace referral::schema {

template <>
struct Fields<partners::Group> {
    using G = partners::Group;
    static constexpr std::string_view name = "Group";
    static constexpr auto list = FieldList{
        field("id", &G::id, "The group."),
        field("program_id", &G::program_id, "Whose partners it has."),
        field("name", &G::name, "Its name, which no other group of the program has."),
        field("description", &G::description, "What it is for."),
        field("partners", &G::partners, "How many enrolments are in it, of all states."),
        field("created_at", &G::created_at, "When it was made."),
        field("updated_at", &G::updated_at, "When it was last changed."),
    };
};

template <>
struct Fields<partners::NewGroup> {
    using N = partners::NewGroup;
    static constexpr std::string_view name = "NewGroup";
    static constexpr auto list = FieldList{
        field("program_id", &N::program_id, "Whose partners it has; the default program's."),
        field("name", &N::name, "Its name, which no other group of the program has."),
        field("description", &N::description, "What it is for."),
    };
};

template <>
struct Fields<partners::GroupChange> {
    using C = partners::GroupChange;
    static constexpr std::string_view name = "GroupChange";
    static constexpr auto list = FieldList{
        field("name", &C::name, "Its name, which no other group of the program has."),
        field("description", &C::description, "What it is for; null: nothing is said."),
    };
};

template <>
struct Fields<partners::GroupFilter> {
    using F = partners::GroupFilter;
    static constexpr std::string_view name = "GroupFilter";
    static constexpr auto list = FieldList{
        field("program_id", &F::program_id, "Of this program."),
        field("limit", &F::limit, "At most so many; 50 when absent."),
        field("cursor", &F::cursor, "next_cursor of the page before."),
    };
};

template <>
struct Fields<partners::Enrolment> {
    using E = partners::Enrolment;
    static constexpr std::string_view name = "Enrolment";
    static constexpr auto list = FieldList{
        field("id", &E::id, "The enrolment."),
        field("program_id", &E::program_id, "The program."),
        field("program_name", &E::program_name, "Its name."),
        field("user_id", &E::user_id, "The partner."),
        field("user_name", &E::user_name, "Their name."),
        field("group_id", &E::group_id, "The group they are in."),
        field("group_name", &E::group_name, "Its name."),
        field("status", &E::status, "Only approved earns."),
        field("since", &E::since, "When it came to be so."),
        field("reason", &E::reason, "Why, in words the partner reads."),
        field("created_at", &E::created_at, "When it was made."),
        field("updated_at", &E::updated_at, "When it was last changed."),
    };
};

template <>
struct Fields<partners::EnrolmentChange> {
    using C = partners::EnrolmentChange;
    static constexpr std::string_view name = "EnrolmentChange";
    static constexpr auto list = FieldList{
        field("since", &C::since, "When it was decided."),
        field("counts_from", &C::counts_from,
              "For conversions that occur from then on; only the first is ever earlier than since: "
              "1970 stands for all there were."),
        field("status", &C::status, "What it has been since."),
        field("reason", &C::reason, "Why, in words the partner reads."),
        field("by", &C::by, "Who decided; null: the program itself, or one of the staff."),
        field("by_name", &C::by_name, "Their name."),
    };
};

template <>
struct Fields<partners::EnrolmentDetails> {
    using D = partners::EnrolmentDetails;
    static constexpr std::string_view name = "EnrolmentDetails";
    static constexpr auto list =
        joined(Fields<partners::Enrolment>::list,
               FieldList{field("changes", &D::changes, "Its history, the oldest first.")});
};

template <>
struct Fields<partners::NewEnrolment> {
    using N = partners::NewEnrolment;
    static constexpr std::string_view name = "NewEnrolment";
    static constexpr auto list = FieldList{
        field("program_id", &N::program_id, "In which program; the default one when absent."),
        field("user_id", &N::user_id, "Whom; a partner: oneself."),
        field("group_id", &N::group_id, "For staff: in which group."),
        field("status", &N::status, "For staff: approved, when absent, or invited."),
        field("counts_from", &N::counts_from,
              "For staff: from when on conversions count; all of them when absent."),
        field("reason", &N::reason, "For staff: why."),
    };
};

template <>
struct Fields<partners::EnrolmentEdit> {
    using E = partners::EnrolmentEdit;
    static constexpr std::string_view name = "EnrolmentEdit";
    static constexpr auto list = FieldList{
        field("group_id", &E::group_id, "The group from now on; null: none."),
    };
};

template <>
struct Fields<partners::EnrolmentFilter> {
    using F = partners::EnrolmentFilter;
    static constexpr std::string_view name = "EnrolmentFilter";
    static constexpr auto list = FieldList{
        field("program_id", &F::program_id, "Of this program."),
        field("user_id", &F::user_id, "Of this partner."),
        field("group_id", &F::group_id, "In this group."),
        field("status", &F::status, "Of this status."),
        field("q", &F::q, "Part of a partner's name or address."),
        field("limit", &F::limit, "At most so many; 50 when absent."),
        field("cursor", &F::cursor, "next_cursor of the page before."),
    };
};

template <>
struct Fields<partners::StepReason> {
    using R = partners::StepReason;
    static constexpr std::string_view name = "StepReason";
    static constexpr auto list = FieldList{
        field("reason", &R::reason, "Why, in words the partner reads."),
    };
};

}  // namespace referral::schema
