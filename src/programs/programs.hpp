#pragma once

/// Offers that partners enrol in: where their links may lead, by which rules clicks count and whose
/// a conversion is, what is held and paid.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/timezone.hpp"
#include "base/trade.hpp"
#include "base/url.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/schema/json.hpp"

namespace referral::programs {

struct ProgramTag {
    static constexpr std::string_view prefix = "prg";
};
using ProgramId = Id<ProgramTag>;

enum class Kind { shipper, carrier, driver, agent, generic };

/// Which of a visitor's clicks a conversion is credited to.
enum class AttributionModel { last, first, linear, position, decay };

enum class ProgramStatus { active, closed };

/// An offer that partners enrol in. Amounts are minor units of its currency.
struct Program {
    ProgramId id;
    Line<100> name;
    Kind kind = Kind::generic;
    Currency currency;
    Timezone timezone;
    AttributionModel attribution_model = AttributionModel::last;
    std::int64_t click_window_days = 90;            ///< How long a click earns.
    std::int64_t duplicate_window_seconds = 3'600;  ///< How long a visitor counts once; <= 86,400.
    std::int64_t half_life_days = 7;                ///< Of the model `decay`.
    bool acquisition = false;                       ///< Only customers not known before earn.
    std::optional<std::int64_t> lock_days;     ///< For how long a customer becomes its partner's.
    std::int64_t protection_days = 90;         ///< For how long an accepted lead is protected.
    EventKind trigger = EventKind::delivered;  ///< Locks the customer, makes a commission due.
    std::int64_t hold_days = 30;
    std::int64_t minimum_payout = 0;
    std::optional<std::int64_t> budget;           ///< All that it may ever pay.
    std::optional<std::int64_t> four_eyes_above;  ///< Approving more takes a second person.
    std::vector<HostPattern> allowed_hosts;
    std::optional<Url> fallback_url;  ///< Where visitors of dead links go.
    ProgramStatus status = ProgramStatus::active;
    std::int64_t version = 1;     ///< Counts the changes of its attribution policy.
    bool currency_fixed = false;  ///< Something was counted in it.
    Instant created_at;
    Instant updated_at;

    /// Whether links may lead to `url`. Plain http only to this machine, for development.
    bool allows(const Url& url, bool development) const;
};

/// What may be changed; absent stays as it is, null removes.
struct ProgramChange {
    std::optional<Line<100>> name{};
    std::optional<Timezone> timezone{};
    std::optional<std::vector<HostPattern>> allowed_hosts{};
    std::optional<std::optional<Url>> fallback_url{};
    std::optional<schema::Whole<1, 3'650>> click_window_days{};
    std::optional<schema::Whole<0, 86'400>> duplicate_window_seconds{};
    std::optional<Kind> kind{};
    std::optional<Currency> currency{};
    std::optional<AttributionModel> attribution_model{};
    std::optional<schema::Whole<1, 3'650>> half_life_days{};
    std::optional<bool> acquisition{};
    std::optional<std::optional<schema::Whole<1, 36'500>>> lock_days{};
    std::optional<schema::Whole<1, 3'650>> protection_days{};
    std::optional<EventKind> trigger{};
    std::optional<schema::Whole<0, 3'650>> hold_days{};
    std::optional<Decimal> minimum_payout{};
    std::optional<std::optional<Decimal>> budget{};
    std::optional<std::optional<Decimal>> four_eyes_above{};
    std::optional<ProgramStatus> status{};
};

/// What somebody fills in to make a program: what is absent is as in a program just installed, but
/// without a minimum payout.
struct NewProgram {
    Line<100> name;
    std::optional<Kind> kind{};
    std::optional<Currency> currency{};
    std::optional<Timezone> timezone{};
    std::optional<AttributionModel> attribution_model{};
    std::optional<schema::Whole<1, 3'650>> click_window_days{};
    std::optional<schema::Whole<0, 86'400>> duplicate_window_seconds{};
    std::optional<schema::Whole<1, 3'650>> half_life_days{};
    std::optional<bool> acquisition{};
    std::optional<schema::Whole<1, 36'500>> lock_days{};
    std::optional<schema::Whole<1, 3'650>> protection_days{};
    std::optional<EventKind> trigger{};
    std::optional<schema::Whole<0, 3'650>> hold_days{};
    std::optional<Decimal> minimum_payout{};
    std::optional<Decimal> budget{};
    std::optional<Decimal> four_eyes_above{};
    std::optional<std::vector<HostPattern>> allowed_hosts{};
    std::optional<Url> fallback_url{};
};

/// What a program says about attribution, in one version.
struct AttributionPolicy {
    std::int64_t version = 1;
    AttributionModel model = AttributionModel::last;
    std::int64_t click_window_days = 90;
    std::int64_t half_life_days = 7;
    bool acquisition = false;
    std::optional<std::int64_t> lock_days{};
    Instant effective_from{};
};

/// The version in force at an instant; before the first, the first. Refuses: not_found.
AttributionPolicy policy_at(db::Transaction& tx, ProgramId id, Instant at);

/// All versions, the newest first, at most 1,000. Refuses: not_found.
std::vector<AttributionPolicy> policies(db::Transaction& tx, ProgramId id);

/// Makes a program. Refuses: invalid, conflict (name).
Program create(db::Transaction& tx, const NewProgram& wanted, bool development, Instant now);

/// Changes a program. A change of what policies say makes a new version, in force from `now` on.
/// Refuses: not_found, invalid, conflict (name; currency, when it is fixed).
Program change(db::Transaction& tx, ProgramId id, const ProgramChange& wanted, bool development,
               Instant now);

/// From now on the program's currency stays as it is: for whoever stores the first amount that
/// belongs to the program. Before the program is read: who changes the currency meanwhile is waited
/// for. Changes nothing after the first time.
void fix_currency(db::Transaction& tx, ProgramId id);

/// The program that new links go to when nothing else is said: the first one made.
Program default_program(db::Transaction& tx);

/// As `default_program`, or nothing while there is none.
std::optional<Program> find_default(db::Transaction& tx);

/// Creates the program "default" when there is none at all.
void ensure_default(db::Transaction& tx, Instant now);

/// The program. Refuses: not_found.
Program get(db::Transaction& tx, ProgramId id);

/// The program, or nothing.
std::optional<Program> find(db::Transaction& tx, ProgramId id);

/// As `get`, and nobody else changes the program before the transaction ends.
Program lock(db::Transaction& tx, ProgramId id);

/// All programs, at most 1,000.
std::vector<Program> list(db::Transaction& tx);

/// `changed` is called after the commit of every change.
http::RouteTable routes(bool development, std::function<void()> changed);

}  // namespace referral::programs

template <>
struct referral::Names<referral::programs::Kind> {
    using Kind = programs::Kind;
    static constexpr std::array<std::pair<Kind, std::string_view>, 5> list{
        {{Kind::shipper, "shipper"},
         {Kind::carrier, "carrier"},
         {Kind::driver, "driver"},
         {Kind::agent, "agent"},
         {Kind::generic, "generic"}}};
};

template <>
struct referral::Names<referral::programs::AttributionModel> {
    using Model = programs::AttributionModel;
    static constexpr std::array<std::pair<Model, std::string_view>, 5> list{
        {{Model::last, "last"},
         {Model::first, "first"},
         {Model::linear, "linear"},
         {Model::position, "position"},
         {Model::decay, "decay"}}};
};

template <>
struct referral::Names<referral::programs::ProgramStatus> {
    using Status = programs::ProgramStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 2> list{
        {{Status::active, "active"}, {Status::closed, "closed"}}};
};
