#pragma once

/// Becoming a partner: applications, from the form to the decision.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/country.hpp"
#include "base/url.hpp"
#include "partners/profile.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::partners {

struct ApplicationTag {
    static constexpr std::string_view prefix = "app";
};
using ApplicationId = Id<ApplicationTag>;

/// Unverified: nobody has shown that the mailbox is theirs, and nobody sees it.
enum class ApplicationStatus { unverified, waiting, approved, rejected };

/// What somebody says of themselves to become a partner.
struct Applicant {
    Email email;
    Line<100> name;
    Kind kind = Kind::person;
    std::optional<Line<100>> company{};  ///< Of a company: its name.
    Country country;
    std::optional<Url> website{};
    std::optional<Prose<1'000>> audience{};  ///< Whom they reach.
    std::optional<CarrierNumber> mc_number{};
    std::optional<CarrierNumber> dot_number{};
    std::int64_t terms_version = 0;
};

/// What somebody fills in to become a partner.
struct NewApplication : Applicant {
    accounts::Password password;
};

/// An application as whoever decides on it sees it.
struct Application : Applicant {
    ApplicationId id;
    std::string ip;
    ApplicationStatus status = ApplicationStatus::unverified;
    std::optional<std::string> reason;
    std::optional<UserId> decided_by;
    std::optional<Instant> decided_at;
    std::optional<UserId> user_id;
    Instant created_at;
    std::optional<Instant> verified_at;
};

/// Which applications are listed, newest first; unverified ones only when asked for.
struct ApplicationFilter {
    std::optional<ApplicationStatus> status{};
    std::optional<Line<100>> q{};  ///< Part of a name, company or address.
    std::optional<schema::Whole<1, 200>> limit{};
    std::optional<schema::Cursor> cursor{};
};

struct ApplicationPage {
    std::vector<Application> applications;
    std::optional<std::string> next_cursor;
};

/// Applications, from the form to the decision. Everything an answer to a stranger could tell is
/// found out by a job afterwards: it is the same whether or not somebody has the address.
class Applications {
public:
    /// `accounts` must outlive it.
    explicit Applications(accounts::Accounts& accounts) : accounts_(accounts) {}

    /// Refuses: forbidden when none are taken, invalid (fields, password, old terms), unavailable.
    void apply(http::Call& call, const NewApplication& wanted) const;

    /// Has the link of an unverified application mailed again.
    void send_again(http::Call& call, const Email& email) const;

    /// The mailbox is theirs: whoever decides sees the application. Refuses: invalid (token).
    void verify(http::Call& call, std::string_view token) const;

    /// Refuses: not_found.
    Application get(db::Transaction& tx, ApplicationId id) const;

    /// Refuses: invalid (a cursor of another list).
    ApplicationPage list(db::Transaction& tx, const ApplicationFilter& filter) const;

    /// Makes the partner: a user who signs in with the password of the application, a profile, and
    /// the acceptance of the terms. Refuses: not_found, conflict when it does not wait or the
    /// address was taken meanwhile.
    Application approve(http::Call& call, ApplicationId id) const;

    /// Refuses: not_found, conflict when it does not wait.
    Application reject(http::Call& call, ApplicationId id, const Line<500>& reason) const;

private:
    Application waiting(db::Transaction& tx, ApplicationId id) const;
    Application decided(http::Call& call, const Application& before, std::string_view action) const;

    accounts::Accounts& accounts_;
};

/// Deletes applications that nobody verified for a week.
void forget_unverified(db::Transaction& tx, Instant now);

}  // namespace referral::partners

template <>
struct referral::Names<referral::partners::ApplicationStatus> {
    using Status = partners::ApplicationStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 4> list{
        {{Status::unverified, "unverified"},
         {Status::waiting, "waiting"},
         {Status::approved, "approved"},
         {Status::rejected, "rejected"}}};
};
