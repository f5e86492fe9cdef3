#pragma once

/// What the business reports of shipments, in the words of the trade.

#include <array>
#include <string_view>
#include <utility>

#include "base/names.hpp"

namespace referral {

/// What kind of event the business reports.
enum class EventKind { lead, signup, booked, delivered, invoiced, paid, custom };

/// How goods travel or lie.
enum class Mode { ftl, ltl, intermodal, parcel, air, ocean, warehouse };

/// What a quantity counts.
enum class Unit { load, mile, truck, pallet, teu };

}  // namespace referral

template <>
struct referral::Names<referral::EventKind> {
    static constexpr std::array<std::pair<EventKind, std::string_view>, 7> list{
        {{EventKind::lead, "lead"},
         {EventKind::signup, "signup"},
         {EventKind::booked, "booked"},
         {EventKind::delivered, "delivered"},
         {EventKind::invoiced, "invoiced"},
         {EventKind::paid, "paid"},
         {EventKind::custom, "custom"}}};
};

template <>
struct referral::Names<referral::Mode> {
    static constexpr std::array<std::pair<Mode, std::string_view>, 7> list{
        {{Mode::ftl, "ftl"},
         {Mode::ltl, "ltl"},
         {Mode::intermodal, "intermodal"},
         {Mode::parcel, "parcel"},
         {Mode::air, "air"},
         {Mode::ocean, "ocean"},
         {Mode::warehouse, "warehouse"}}};
};

template <>
struct referral::Names<referral::Unit> {
    static constexpr std::array<std::pair<Unit, std::string_view>, 5> list{
        {{Unit::load, "load"},
         {Unit::mile, "mile"},
         {Unit::truck, "truck"},
         {Unit::pallet, "pallet"},
         {Unit::teu, "teu"}}};
};
