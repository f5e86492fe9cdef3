#pragma once

/// Partners in programs: who takes part, in which group, in which state, and since when.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "base/id.hpp"
#include "base/problem.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "partners/enrolment.hpp"
#include "partners/groups.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::partners {

using accounts::UserId;

struct EnrolmentTag {
    static constexpr std::string_view prefix = "enr";
};
using EnrolmentId = Id<EnrolmentTag>;

/// From when on a partner was in a group; nothing: in none any more.
struct GroupMove {
    Instant since{};
    std::optional<GroupId> group{};
};

/// A partner in a program, as attribution and rules want it: how it is, and how it was.
struct Membership {
    UserId partner{};
    EnrolmentId id{};
    ProgramId program{};
    std::optional<GroupId> group{};                      ///< As it is now.
    EnrolmentStatus status = EnrolmentStatus::approved;  ///< As it is now.
    /// One an instant, the oldest first. The first of a partner whom staff took in begins with the
    /// epoch: it counts for all that occurred before, too (decision 23).
    std::vector<StatusChange> changes{};
    std::vector<GroupMove> groups{};  ///< The same of groups; empty: never in one.

    /// The state at an instant; nothing before the first.
    std::optional<EnrolmentStatus> status_at(Instant at) const;
    /// The group at an instant.
    std::optional<GroupId> group_at(Instant at) const;
};

/// What is needed to enrol a partner.
struct NewMembership {
    UserId partner{};
    ProgramId program{};
    std::optional<GroupId> group{};
    EnrolmentStatus status = EnrolmentStatus::approved;
    std::optional<Instant> counts_from{};  ///< The epoch when absent; not later than now.
    std::optional<Line<500>> reason{};
};

/// Enrols a partner. `by`: nobody when the program does it by itself. Refuses: invalid (`user_id`
/// is no partner, `program_id` closed or unknown, `group_id` of another program, `counts_from`),
/// conflict (`user_id`: takes part already).
Membership enrol(db::Transaction& tx, const NewMembership& wanted, std::optional<UserId> by,
                 Instant now);

/// Enrols a partner in the default program, unless that is closed or the partner takes part.
/// Everybody who becomes a partner is.
void join_default(db::Transaction& tx, UserId user, const audit::Actor& actor, Instant now);

/// Adds what is wrong with the program, the group and the time of a new membership to `errors`, for
/// whoever tells of other fields, too.
void check_place(db::Transaction& tx, const NewMembership& wanted, Instant now,
                 std::vector<FieldError>& errors);

/// What is known of these partners in the program, by user; of who never took part, nothing. At
/// most 1,000 users.
std::vector<Membership> memberships(db::Transaction& tx, ProgramId program,
                                    const std::vector<UserId>& users);

/// One partner's.
std::optional<Membership> membership(db::Transaction& tx, ProgramId program, UserId user);

/// An enrolment as the API shows it.
struct Enrolment {
    EnrolmentId id;
    ProgramId program_id;
    std::string program_name;
    UserId user_id;
    std::string user_name;
    std::optional<GroupId> group_id;
    std::optional<std::string> group_name;
    EnrolmentStatus status = EnrolmentStatus::approved;
    Instant since;  ///< Of the status: when it was decided.
    std::optional<std::string> reason;
    Instant created_at;
    Instant updated_at;
};

/// How a state came to be.
struct EnrolmentChange {
    Instant since;
    Instant counts_from;  ///< From when on conversions see it: earlier only for the first.
    EnrolmentStatus status = EnrolmentStatus::approved;
    std::optional<std::string> reason;
    std::optional<UserId> by;
    std::optional<std::string> by_name;
};

/// An enrolment with its history, the oldest change first.
struct EnrolmentDetails : Enrolment {
    std::vector<EnrolmentChange> changes;
};

/// Which enrolments are listed, the newest first.
struct EnrolmentFilter {
    std::optional<ProgramId> program_id{};
    std::optional<UserId> user_id{};
    std::optional<GroupId> group_id{};
    std::optional<EnrolmentStatus> status{};
    std::optional<Line<100>> q{};                  ///< Part of a partner's name or address.
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct EnrolmentPage {
    std::vector<Enrolment> enrolments;
    std::optional<std::string> next_cursor;
};

/// What somebody fills in to enrol a partner, or a partner to take part. A partner says the program
/// and nothing else: it applies, or accepts an invitation.
struct NewEnrolment {
    std::optional<ProgramId> program_id{};  ///< The default program when absent.
    std::optional<UserId> user_id{};        ///< Whom; the caller, if a partner, when absent.
    std::optional<GroupId> group_id{};
    std::optional<EnrolmentStatus> status{};  ///< approved (when absent) or invited.
    std::optional<Instant> counts_from{};     ///< All conversions when absent.
    std::optional<Line<500>> reason{};
};

/// null: in no group.
struct EnrolmentEdit {
    std::optional<std::optional<GroupId>> group_id{};
};

/// Refuses: invalid (a cursor of another list).
EnrolmentPage list_enrolments(const http::Call& call, db::Transaction& tx,
                              const EnrolmentFilter& filter);

/// Refuses: not_found, also for another partner's.
EnrolmentDetails get_enrolment(http::Call& call, EnrolmentId id);

/// All of these users', at most 1,000 in all.
std::vector<Enrolment> enrolments_of(db::Transaction& tx, const std::vector<UserId>& users);

/// Enrols a partner, who is told by mail, or has the caller take part. Refuses: invalid, conflict.
EnrolmentDetails create_enrolment(http::Call& call, const NewEnrolment& wanted);

/// Takes the step, and tells the partner by mail when it was the staff's. Refuses: not_found,
/// invalid (reason), conflict when the state does not lead there.
EnrolmentDetails take_step(http::Call& call, EnrolmentId id, EnrolmentStep step,
                           const std::optional<Line<500>>& reason);

/// The same for whoever does it by themselves: of all partners, with the time it is, and without a
/// mail.
void take_step(db::Transaction& tx, const audit::Actor& actor, EnrolmentId id, EnrolmentStep step,
               const std::optional<Line<500>>& reason, Instant now);

/// Moves the partner to another group, from now on. Refuses: not_found, invalid (group_id).
EnrolmentDetails change_enrolment(http::Call& call, EnrolmentId id, const EnrolmentEdit& wanted);

}  // namespace referral::partners
