#pragma once

/// What is known of a partner beside the user that they sign in as.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "base/country.hpp"
#include "base/url.hpp"
#include "links/links.hpp"
#include "partners/enrolments.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::partners {

using accounts::Email;

enum class Kind { person, company };

/// A number of the FMCSA, 1 to 8 digits: MC (for-hire carriers and brokers) or USDOT.
class CarrierNumber {
public:
    static constexpr std::string_view rule = "1 to 8 digits";
    static std::optional<CarrierNumber> parse(std::string_view text);
    const std::string& text() const { return text_; }

    CarrierNumber() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const CarrierNumber&, const CarrierNumber&) = default;

private:
    std::string text_;
};

/// A partner as it is stored: the user, and its profile if there is one.
struct StoredPartner {
    UserId id;  ///< The same as user_id.
    UserId user_id;
    Email email;
    Line<100> name;
    accounts::UserStatus status = accounts::UserStatus::active;  ///< Of the user.
    Kind kind = Kind::person;
    std::optional<Line<100>> company;
    std::optional<Country> country;
    std::optional<Url> website;
    std::optional<Prose<1'000>> audience;
    std::optional<CarrierNumber> mc_number;
    std::optional<CarrierNumber> dot_number;
    std::optional<UserId> referred_by;  ///< Who referred this partner.
    std::optional<std::string> referred_by_name;
    std::optional<std::string> code;  ///< Of the first link.
    Instant created_at;
    Instant updated_at;
};

/// A partner as the API shows it.
struct Partner : StoredPartner {
    std::optional<std::string> short_url;  ///< Of `code`.
    std::vector<Enrolment> enrolments;
};

/// What somebody fills in to make a partner.
struct NewPartner {
    Email email;
    Line<100> name;
    std::optional<Kind> kind{};  ///< A company when `company` is given.
    std::optional<Line<100>> company{};
    std::optional<Country> country{};
    std::optional<Url> website{};
    std::optional<Prose<1'000>> audience{};
    std::optional<CarrierNumber> mc_number{};
    std::optional<CarrierNumber> dot_number{};
    std::optional<ProgramId> program_id{};  ///< The default program when absent.
    std::optional<GroupId> group_id{};
    std::optional<UserId> referred_by{};
    std::optional<links::Code> code{};     ///< Of the first link; drawn at random when absent.
    std::optional<Instant> counts_from{};  ///< All conversions when absent.
};

/// What may be changed of a profile; absent stays as it is, null removes.
struct PartnerChange {
    std::optional<Kind> kind{};
    std::optional<std::optional<Line<100>>> company{};
    std::optional<std::optional<Country>> country{};
    std::optional<std::optional<Url>> website{};
    std::optional<std::optional<Prose<1'000>>> audience{};
    std::optional<std::optional<CarrierNumber>> mc_number{};
    std::optional<std::optional<CarrierNumber>> dot_number{};
    std::optional<std::optional<UserId>> referred_by{};
};

/// Which partners are listed, the newest first.
struct PartnerFilter {
    std::optional<Line<100>>
        q{};  ///< Part of a name, company, address, or a whole MC or DOT number.
    std::optional<ProgramId> program_id{};    ///< Who takes part in it.
    std::optional<GroupId> group_id{};        ///< Who is in it.
    std::optional<EnrolmentStatus> status{};  ///< Whose enrolment is so, in that program or any.
    std::optional<UserId> referred_by{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct PartnerPage {
    std::vector<Partner> partners;
    std::optional<std::string> next_cursor;
};

/// By what a partner would be known as a customer.
struct Contact {
    Email email;
    std::optional<Line<100>> company;
    std::optional<Url> website;
    std::optional<CarrierNumber> mc_number;
    std::optional<CarrierNumber> dot_number;
};

/// Of a user with that role, or nothing.
std::optional<Contact> contact(db::Transaction& tx, UserId user);

/// Who referred the partner, who referred that one, and so on: at most `levels`, the nearest first.
std::vector<UserId> upline(db::Transaction& tx, UserId user, int levels);

/// As it was at an instant.
std::vector<UserId> upline(db::Transaction& tx, UserId user, int levels, Instant at);

/// Partners: making, changing and listing them.
class Partners {
public:
    /// Both must outlive it.
    Partners(accounts::Accounts& accounts, links::Links& links)
        : accounts_(accounts), links_(links) {}

    /// A partner sees itself only.
    /// Refuses: not_found.
    Partner get(http::Call& call, UserId id) const;

    /// Refuses: invalid (a cursor of another list).
    PartnerPage list(http::Call& call, const PartnerFilter& filter) const;

    /// Invites a user with the role partner, enrols them, and makes their first link, which leads
    /// to the program's fallback or else its first host; no link when it has neither. Refuses:
    /// invalid, conflict (email; code).
    Partner create(http::Call& call, const NewPartner& wanted) const;

    /// Refuses: not_found, invalid (company; referred_by: no partner, or below this one).
    Partner change(http::Call& call, UserId id, const PartnerChange& wanted) const;

private:
    Partner shown(StoredPartner stored, std::vector<Enrolment> enrolments) const;
    void make_link(http::Call& call, UserId user, const programs::Program& program,
                   const std::optional<links::Code>& code) const;

    accounts::Accounts& accounts_;
    links::Links& links_;
};

/// Writes the profile of a new partner. `by`: who says so.
void add_profile(db::Transaction& tx, UserId user, const NewPartner& wanted, UserId by,
                 Instant now);

/// Gives users with the role partner who came by another way (an invitation to users, another role)
/// their profile, and enrols them in the default program. How many.
std::int64_t take_in_newcomers(db::Transaction& tx, Instant now);

}  // namespace referral::partners

template <>
struct referral::Names<referral::partners::Kind> {
    using Kind = partners::Kind;
    static constexpr std::array<std::pair<Kind, std::string_view>, 2> list{
        {{Kind::person, "person"}, {Kind::company, "company"}}};
};
