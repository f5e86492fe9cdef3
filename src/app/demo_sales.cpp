#include "app/demo_sales.hpp"

#include <algorithm>
#include <random>

#include "commissions/commissions.hpp"

namespace referral::app {

namespace {

using commissions::Basis;
using commissions::RuleForm;
using conversions::AdjustmentKind;
using conversions::NewConversion;
using std::chrono::days;
using std::chrono::hours;

/// A customer. `partner` counts from 0; -1: nobody sent it, or a lead says who did.
struct Shipper {
    const char* company;
    const char* email;
    int partner;
    int from_day;
    int loads_in_two_months;
    Mode mode;
    const char* lane;
    int revenue;  ///< Of a usual load, in whole dollars.
};
constexpr Shipper shippers[] = {
    {"Hollis Paper Mills", "grace@hollis-paper.example", -1, 4, 34, Mode::ftl, "WI-OH", 1'640},
    {"Maple Ridge Foods", "luc@mapleridge.example", -1, 55, 9, Mode::ftl, "ON-IL", 2'350},
    {"Sandstone Pavers", "icho@sandstone.example", -1, 68, 22, Mode::ftl, "AZ-NV", 1'180},
    {"Orchard Valley Cider", "ship@orchardvalley.example", 0, 6, 12, Mode::ltl, "MI-NY", 620},
    {"Blue Heron Ceramics", "dock@blueheron.example", 0, 21, 8, Mode::ltl, "NC-TX", 540},
    {"Pioneer Tractor Parts", "parts@pioneertractor.example", 1, 3, 26, Mode::ftl, "IA-GA", 1'920},
    {"Cobalt Steel Works", "traffic@cobaltsteel.example", 2, 12, 18, Mode::ftl, "IN-TX", 2'480},
    {"Lakeside Bottling", "lakeside@bottling.example", 2, 40, 14, Mode::ftl, "MN-MO", 1'260},
    {"Granite State Doors", "doors@granitestate.example", 3, 9, 7, Mode::ltl, "NH-FL", 710},
    {"Harvest Moon Grains", "desk@harvestmoon.example", 4, 15, 16, Mode::intermodal, "KS-CA",
     3'150},
    {"Redwood Play Sets", "hello@redwoodplay.example", 5, 26, 6, Mode::ltl, "OR-CO", 830},
    {"Silver Creek Dairy", "cold@silvercreek.example", 6, 2, 30, Mode::ftl, "WI-IL", 980},
    {"Atlas Pump Company", "atlas@pumps.example", 7, 33, 5, Mode::air, "OK-NJ", 4'420},
    {"Clearwater Glass", "load@clearwater.example", 8, 18, 10, Mode::ltl, "OH-PA", 480},
    {"Sunbelt Solar Supply", "ops@sunbeltsolar.example", 10, 30, 11, Mode::ftl, "AZ-TX", 2'060},
    {"Wildflower Honey", "bees@wildflower.example", 11, 46, 20, Mode::parcel, "MT-WA", 95},
    {"Ridgeline Timber", "yard@ridgeline.example", 12, 8, 15, Mode::ftl, "OR-UT", 1'710},
    {"Bayou Seafood", "dock@bayou.example", 14, 60, 9, Mode::ftl, "LA-GA", 1'530},
    {"Ironbridge Machines", "export@ironbridge.example", 16, 38, 2, Mode::ocean, "SC-DE", 9'800},
    {"Capital City Books", "books@capitalcity.example", -1, 5, 8, Mode::ltl, "VA-TN", 390},
    {"Twin Oaks Nursery", "trees@twinoaks.example", -1, 50, 6, Mode::ftl, "OR-CA", 1'340}};

/// Something that happens; sorted by time, as the company would have told it.
struct Event {
    Instant at;
    NewConversion told;
    bool may_change;  ///< A delivery whose costs or price may become others.
};

std::string dollars(int whole, int cents) {
    return std::to_string(whole) + '.' + (cents < 10 ? "0" : "") + std::to_string(cents);
}

void make_rules(db::Transaction& tx, const DemoBusiness& business) {
    const DemoProgram& demo = business.demo;
    RuleForm standard{.program_id = demo.program.id,
                      .name = parsed<Line<100>>("Standard: a share of the margin"),
                      .basis = Basis::margin,
                      .tier_mode = commissions::TierMode::marginal,
                      .tier_measure = commissions::TierMeasure::basis,
                      .tier_period = commissions::Period::month,
                      .tiers = {{{.from = parsed<Decimal>("0"), .rate_ppm = {{100'000}}},
                                 {.from = parsed<Decimal>("5000"), .rate_ppm = {{120'000}}}}},
                      .duration_months = {{24}}};
    RuleForm carriers{.program_id = demo.program.id,
                      .scope = commissions::ScopeKind::group,
                      .scope_id = demo.groups.at(1).text(),
                      .name = parsed<Line<100>>("Carriers: an amount a load"),
                      .basis = Basis::quantity,
                      .unit = Unit::load,
                      .unit_amount = parsed<Decimal>("22.50"),
                      .cap_partner_period = parsed<Decimal>("2000.00"),
                      .cap_period = commissions::Period::month};
    RuleForm above{.program_id = demo.program.id,
                   .name = parsed<Line<100>>("For who brought the partner"),
                   .level = {{2}},
                   .basis = Basis::commission,
                   .rate_ppm = {{150'000}},
                   .duration_months = {{12}}};
    RuleForm small{.program_id = demo.program.id,
                   .name = parsed<Line<100>>("Parcels: a share of the price"),
                   .priority = {{10}},
                   .conditions = schema::json::object{{"field", "mode"}, {"is", "parcel"}},
                   .basis = Basis::revenue,
                   .rate_ppm = {{30'000}}};
    for (const RuleForm& form : {standard, carriers, above, small})
        commissions::create_rule(tx, form, demo.manager, business.since);
}

/// The loads of one customer, each booked and, some days later, delivered.
void add_loads(const Shipper& shipper, const DemoBusiness& business, std::mt19937& random,
               std::vector<Event>& events) {
    const auto below = [&](int bound) {
        return std::uniform_int_distribution<>(0, bound - 1)(random);
    };
    const std::string name = shipper.company;
    const hours pause(24 * 60 / shipper.loads_in_two_months);
    Instant at = business.since + days(shipper.from_day) + std::chrono::minutes(below(600));
    for (int number = 1; at < business.now; ++number, at += pause / 2 + pause * below(100) / 100) {
        const int revenue = shipper.revenue * (85 + below(31)) / 100;
        const int cost = revenue * (76 + below(13)) / 100;
        NewConversion told{
            .kind = EventKind::booked,
            .source = parsed<Line<50>>("tms"),
            .external_id = parsed<Line<200>>(name.substr(0, 3) + '-' +
                                             std::to_string(10'000 + number * 7 + below(7))),
            .occurred_at = at,
            .revenue = parsed<Decimal>(dollars(revenue, below(100))),
            .cost = parsed<Decimal>(dollars(cost, below(100))),
            .mode = shipper.mode,
            .lane = parsed<Line<200>>(shipper.lane),
            .customer = customers::Contact{.email = customers::Email::parse(shipper.email),
                                           .company = parsed<Line<200>>(name)}};
        if (number == 1 && shipper.partner >= 0)
            told.code =
                parsed<Line<64>>(business.codes.at(static_cast<std::size_t>(shipper.partner)));
        events.push_back({at, told, false});
        told.kind = EventKind::delivered;
        told.code.reset();
        const Instant delivered = at + hours(20 + below(70));
        told.occurred_at = delivered;
        if (delivered < business.now) events.push_back({delivered, std::move(told), true});
    }
}

/// Every 19th delivery cost more than was thought, every 31st was paid short.
void change_later(db::Transaction& tx, const DemoBusiness& business, conversions::ConversionId id,
                  int number, Instant delivered, const audit::Actor& actor) {
    const bool short_paid = number % 31 == 0;
    const Instant at = delivered + hours(30);
    if ((!short_paid && number % 19 != 0) || at >= business.now) return;
    conversions::NewAdjustment change{
        .kind = short_paid ? AdjustmentKind::short_pay : AdjustmentKind::cost_change,
        .external_id = parsed<Line<200>>("change-" + std::to_string(number)),
        .occurred_at = at,
        .reason = parsed<Line<500>>(short_paid ? "Two pallets were wet" : "Waited at the dock")};
    (short_paid ? change.revenue_change : change.cost_change) =
        parsed<Decimal>(short_paid ? "-40.00" : "35.00");
    business.conversions.adjust(tx, id, change, actor, at);
}

/// Those that people look at: some of the newest are held, one of these is rejected.
void decide(db::Transaction& tx, const std::vector<conversions::Earned>& earned,
            const DemoProgram& demo, Instant now) {
    const audit::Actor manager{.user_id = demo.manager.value, .job = "demo"};
    constexpr const char* reasons[] = {"The customer says that it knew us before",
                                       "The carrier's invoice is not here yet",
                                       "The same load was booked twice"};
    for (std::size_t i = 0; i < std::size(reasons) && earned.size() > 20 * (i + 1); ++i) {
        const auto id = parsed<commissions::CommissionId>(earned[earned.size() - 20 * (i + 1)].id);
        const Instant at = now - hours(50 - 10 * static_cast<int>(i));
        commissions::hold(tx, id, parsed<Line<500>>(reasons[i]), manager, at);
        if (i == 2)
            commissions::reject(tx, id, parsed<Line<500>>("Booked twice, indeed"), manager,
                                at + hours(3));
    }
}

}  // namespace

void make_demo_sales(db::Transaction& tx, const DemoBusiness& business) {
    make_rules(tx, business);
    std::mt19937 random{20'260'102};  // The same business every time.
    std::vector<Event> events;
    for (const Shipper& shipper : shippers) add_loads(shipper, business, random, events);
    std::ranges::stable_sort(events, {}, &Event::at);

    const audit::Actor actor{.job = "demo"};
    std::vector<conversions::Earned> earned;
    int deliveries = 0;
    Instant approved_at = business.since;
    for (const Event& event : events) {
        const auto recorded =
            business.conversions.record(tx, event.told, {.actor = actor}, event.at);
        earned.insert(earned.end(), recorded.earned.begin(), recorded.earned.end());
        if (event.may_change)
            change_later(tx, business, recorded.id, ++deliveries, event.at, actor);
        if (event.at - approved_at < days(1)) continue;
        commissions::approve_due(tx, business.demo.program, commissions::CommissionId{0}, 1'000,
                                 event.at);
        approved_at = event.at;
    }
    decide(tx, earned, business.demo, business.now);
}

}  // namespace referral::app
