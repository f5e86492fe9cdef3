#pragma once

/// Deals that partners register before there is a sale, and their protection. Start with README.md.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "base/country.hpp"
#include "base/id.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "customers/customers.hpp"
#include "partners/partners.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::leads {

using accounts::Email, accounts::UserId;
using customers::AccountId, customers::CustomerId, customers::Domain;
using partners::CarrierNumber;
using programs::ProgramId;

struct LeadTag {
    static constexpr std::string_view prefix = "led";
};
using LeadId = Id<LeadTag>;

/// `waiting -> accepted | rejected`, `accepted -> converted | expired | rejected` (accepted by
/// mistake), `expired -> converted` (what occurred before its end is received later).
enum class LeadStatus { waiting, accepted, rejected, converted, expired };

/// What a partner says of a company that it brings. One of the address, the domain and the numbers
/// must be there: by them the company is recognised.
struct Prospect {
    Line<200> company;
    std::optional<Line<100>> name{};  ///< Of the contact.
    std::optional<Email> email{};
    std::optional<Line<40>> phone{};
    std::optional<Domain> domain{};  ///< That of the address, unless everybody can have one there.
    std::optional<CarrierNumber> mc_number{};
    std::optional<CarrierNumber> dot_number{};
    std::optional<Country> country{};
    std::optional<Prose<1'000>> note{};  ///< For whoever decides.
};

/// A lead.
struct Lead : Prospect {
    LeadId id;
    ProgramId program_id;
    UserId user_id;  ///< Whose it is.
    std::string user_name;
    LeadStatus status = LeadStatus::waiting;
    std::optional<std::string> reason;
    Instant registered_at;
    std::optional<Instant> protected_until;  ///< Exclusive. Of one that was accepted.
    std::optional<CustomerId> customer_id;   ///< Once it is accepted, if it has an address.
    std::optional<AccountId> account_id;     ///< Once it is accepted, if there is one.
    std::optional<UserId> decided_by;
    std::optional<Instant> decided_at;
    std::optional<Instant> converted_at;  ///< When the first sale that counts occurred.
    Instant created_at;
    Instant updated_at;

    /// Whether it claims what occurs from registered_at until protected_until.
    bool is_accepted() const { return protected_until.has_value(); }
};

/// Another lead of the same company.
struct Rival {
    LeadId id;
    UserId user_id;
    std::string user_name;
    LeadStatus status = LeadStatus::waiting;
    Instant registered_at;
    std::optional<Instant> protected_until;
};

/// A lead as whoever decides on it sees it.
struct LeadDetails : Lead {
    std::vector<Rival> rivals;             ///< At most 20, the oldest first; none for partners.
    std::optional<Instant> known_since{};  ///< Since when the company is known to us anyway.
};

/// What somebody fills in to register a deal.
struct NewLead : Prospect {
    std::optional<ProgramId> program_id{};   ///< The default program when absent.
    std::optional<UserId> user_id{};         ///< For staff: whose it is.
    std::optional<Instant> registered_at{};  ///< For staff: not later than now, which it is else.
};

/// How a lead is accepted.
struct Acceptance {
    std::optional<Line<500>> reason{};
    /// As many days from now as the program says when absent.
    std::optional<Instant> protected_until{};
};

/// Which leads are listed, the newest first.
struct LeadFilter {
    std::optional<LeadStatus> status{};
    std::optional<ProgramId> program_id{};
    std::optional<UserId> user_id{};
    std::optional<AccountId> account_id{};
    std::optional<Line<100>> q{};  ///< Part of the company, contact, address or domain.
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct LeadPage {
    std::vector<Lead> leads;
    std::optional<std::string> next_cursor;
};

/// Registers a deal; it waits for a decision. Refuses: invalid (nothing to recognise the company
/// by; the partner's own; a partner that does not take part), conflict (the partner has registered
/// the company already; 200 of its leads wait).
LeadDetails create(http::Call& call, const NewLead& wanted);

/// Refuses: not_found, also for another partner's.
LeadDetails get(http::Call& call, LeadId id);

/// Refuses: invalid (a cursor of another list).
LeadPage list(http::Call& call, const LeadFilter& filter);

/// Protects the lead, tells the partner by mail, and makes its company and contact known, as of
/// when it was registered. Refuses: not_found, invalid (protected_until), conflict when it does not
/// wait, or another partner's lead of the company is protected meanwhile.
LeadDetails accept(http::Call& call, LeadId id, const Acceptance& how);

/// Turns a lead down that waits, or takes back what was accepted by mistake, and tells the partner
/// by mail: conversions credited meanwhile stay so until somebody has them credited anew. Refuses:
/// not_found, conflict.
LeadDetails reject(http::Call& call, LeadId id, const Line<500>& reason);

// The same for whoever does it by themselves: without looking who asks, and without a mail.

/// Refuses: conflict as `create`; `wanted` says whose it is, and is complete.
Lead add(db::Transaction& tx, const audit::Actor& actor, const NewLead& wanted, Instant now);
void accept(db::Transaction& tx, const audit::Actor& actor, LeadId id, const Acceptance& how,
            Instant now);
void reject(db::Transaction& tx, const audit::Actor& actor, LeadId id, const Line<500>& reason,
            Instant now);

/// All leads of a customer and its account in the program, of all states, the oldest first, at most
/// 200: for claims. A lead claims when it `is_accepted`.
std::vector<Lead> leads_of(db::Transaction& tx, ProgramId program, CustomerId customer);

/// A sale that counts was credited by the lead. The earliest is kept; changes nothing of a lead
/// that is not accepted.
void convert(db::Transaction& tx, LeadId id, Instant occurred_at, Instant now);

/// Ends protections that are over; at most 1,000 a call. How many.
std::int64_t expire(db::Transaction& tx, Instant now);

/// Leads.
http::RouteTable routes();

/// Ending protections.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

}  // namespace referral::leads

template <>
struct referral::Names<referral::leads::LeadStatus> {
    using Status = leads::LeadStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 5> list{
        {{Status::waiting, "waiting"},
         {Status::accepted, "accepted"},
         {Status::rejected, "rejected"},
         {Status::converted, "converted"},
         {Status::expired, "expired"}}};
};
