#pragma once

/// Offers that partners enrol in: where their links may lead, and by which rules clicks count.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/timezone.hpp"
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

/// An offer that partners enrol in.
struct Program {
    ProgramId id;
    Line<100> name;
    Kind kind = Kind::generic;
    Currency currency;
    Timezone timezone;
    AttributionModel attribution_model = AttributionModel::last;
    std::int64_t click_window_days = 90;            ///< How long a click earns.
    std::int64_t duplicate_window_seconds = 3'600;  ///< How long a visitor counts once; <= 86,400.
    std::string trigger;                            ///< The conversion that makes a commission due.
    std::int64_t hold_days = 30;
    std::int64_t minimum_payout = 0;  ///< Minor units of `currency`.
    std::vector<HostPattern> allowed_hosts;
    std::optional<Url> fallback_url;  ///< Where visitors of dead links go.
    ProgramStatus status = ProgramStatus::active;
    Instant created_at;
    Instant updated_at;

    /// Whether links may lead to `url`. Plain http only to this machine, for development.
    bool allows(const Url& url, bool development) const;
};

/// What may be changed. fallback_url: null removes it.
struct ProgramChange {
    std::optional<Line<100>> name;
    std::optional<Timezone> timezone;
    std::optional<std::vector<HostPattern>> allowed_hosts;
    std::optional<std::optional<Url>> fallback_url;
    std::optional<schema::Whole<1, 3'650>> click_window_days;
    std::optional<schema::Whole<0, 86'400>> duplicate_window_seconds;
};

/// Changes a program. Refuses: not_found, invalid, conflict (name).
Program change(db::Transaction& tx, ProgramId id, const ProgramChange& wanted, bool development,
               Instant now);

/// The program that new links go to when nothing else is said: the first one made.
Program default_program(db::Transaction& tx);

/// Creates the program "default" when there is none at all.
void ensure_default(db::Transaction& tx, Instant now);

/// The program. Refuses: not_found.
Program get(db::Transaction& tx, ProgramId id);

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
