#include "app/demo_partners.hpp"

#include <chrono>

#include "leads/leads.hpp"
#include "partners/partners.hpp"

namespace referral::app {

namespace {

using partners::EnrolmentStep;
using std::chrono::days;

constexpr const char* group_names[] = {"Brokers and agents", "Carriers", "Publishers"};

/// What a partner is beside its name. Places in the lists count from 0; -1: none.
struct Trait {
    const char* country;
    int group;
    int referred_by;
    const char* mc_number;
};
constexpr Trait traits[] = {
    {"US", 0, -1, "481020"}, {"US", 1, -1, "512207"}, {"US", 2, -1, ""}, {"CA", 0, 0, "633910"},
    {"US", 2, 0, ""},        {"US", 1, 1, "704415"},  {"US", 0, 3, ""},  {"US", 0, -1, "718822"},
    {"US", 2, -1, ""},       {"MX", 1, 5, "790031"},  {"US", 1, -1, ""}, {"US", 1, 1, "822654"},
    {"US", 0, 0, ""},        {"US", -1, -1, ""},      {"CA", 0, 7, ""},  {"US", 1, -1, "861190"},
    {"US", 1, 5, "873305"},  {"US", 0, -1, ""},       {"US", 0, 7, ""},  {"US", 2, -1, ""}};

/// What became of a partner since.
struct Turn {
    std::size_t partner;
    EnrolmentStep step;
    int days_ago;
    const char* reason;
};
constexpr Turn turns[] = {{15, EnrolmentStep::leave, 40, "Gave up the trucks"},
                          {17, EnrolmentStep::suspend, 30, "Clicks at night from one data centre"},
                          {18, EnrolmentStep::suspend, 22, "Asked where the visitors come from"},
                          {18, EnrolmentStep::reinstate, 20, ""},
                          {19, EnrolmentStep::ban, 12, "Advertised under our name, twice"}};

enum class Outcome { waits, accepted, rejected };

struct Deal {
    std::size_t partner;
    const char* company;
    const char* name;
    const char* email;
    const char* note;
    int days_ago;
    Outcome outcome;
};
constexpr Deal deals[] = {
    {0, "Hollis Paper Mills", "Grace Hollis", "grace@hollis-paper.example",
     "Twelve loads a week from Green Bay to Columbus, contract ends in spring.", 94,
     Outcome::accepted},
    {3, "Maple Ridge Foods", "Luc Tremblay", "luc@mapleridge.example",
     "Reefer, Toronto to Chicago, twice a week.", 41, Outcome::accepted},
    {7, "Sandstone Pavers", "Irene Cho", "icho@sandstone.example",
     "Flatbed in the season, about 300 loads a year.", 28, Outcome::accepted},
    {12, "Maple Ridge Foods", "Luc Tremblay", "l.tremblay@mapleridge.example",
     "Met them at the fair.", 25, Outcome::rejected},
    {0, "Bright Line Furniture", "Omar Reyes", "omar@brightline.example",
     "LTL to nine shops; asks for prices to Texas.", 6, Outcome::waits},
    {5, "Copper Kettle Brewing", "Anne Vogel", "anne@copperkettle.example",
     "Two trucks a week, wants a carrier with a lift gate.", 3, Outcome::waits},
    {14, "Northern Seed Company", "Paul Friesen", "pfriesen@northernseed.example",
     "Hopper bottoms in autumn.", 1, Outcome::waits}};

template <class T>
std::optional<T> parsed_if(std::string_view text) {
    return text.empty() ? std::nullopt : T::parse(text);
}

/// "Alder Freight Partners": "https://www.alder.example".
Url website_of(const std::string& name) {
    return parsed<Url>("https://www." + lower(name.substr(0, name.find(' '))) + ".example");
}

void register_deals(db::Transaction& tx, const DemoProgram& demo,
                    const std::vector<accounts::User>& partners, Instant now) {
    const audit::Actor manager{.user_id = demo.manager.value, .job = "demo"};
    for (const Deal& deal : deals) {
        const Instant at = now - days(deal.days_ago);
        const accounts::User& partner = partners.at(deal.partner);
        const auto email = parsed<accounts::Email>(deal.email);
        leads::NewLead wanted{
            {.company = parsed<Line<200>>(deal.company),
             .name = parsed<Line<100>>(deal.name),
             .email = email,
             .domain = parsed<customers::Domain>(email.text().substr(email.text().find('@') + 1)),
             .note = parsed<Prose<1'000>>(deal.note)},
            demo.program.id,
            partner.id};
        const audit::Actor self{.user_id = partner.id.value, .job = "demo"};
        const leads::Lead lead = leads::add(tx, self, wanted, at);
        const Instant decided_at = at + std::chrono::hours(20);
        if (deal.outcome == Outcome::accepted)
            leads::accept(tx, manager, lead.id, {}, decided_at);
        else if (deal.outcome == Outcome::rejected)
            leads::reject(tx, manager, lead.id,
                          parsed<Line<500>>("Another partner registered them before"), decided_at);
    }
    leads::expire(tx, now);
}

}  // namespace

DemoProgram make_demo_program(db::Transaction& tx, const std::string& password_hash, Instant since,
                              Instant now) {
    const auto program = programs::change(
        tx, programs::default_program(tx).id,
        {.name = parsed<Line<100>>("Logistics One Partner Program"),
         .timezone = parsed<Timezone>("America/Chicago"),
         .allowed_hosts = std::vector{parsed<HostPattern>("www.logisticsone.example")},
         .lock_days = std::optional(schema::Whole<1, 36'500>{365}),
         .four_eyes_above = std::optional(parsed<Decimal>("500.00"))},
        false, now);
    const auto manager =
        accounts::create(tx,
                         {.email = parsed<accounts::Email>("manager@logisticsone.example"),
                          .name = parsed<Line<100>>("Dana Whitfield"),
                          .role = accounts::Role::manager,
                          .timezone = parsed<Timezone>("America/Chicago"),
                          .password_hash = password_hash},
                         since);
    return {.program = program, .manager = manager.id};
}

void enrol_demo_partners(db::Transaction& tx, DemoProgram& demo,
                         const std::vector<accounts::User>& partners, Instant now) {
    const audit::Actor manager{.user_id = demo.manager.value, .job = "demo"};
    for (const char* name : group_names)
        demo.groups.push_back(
            partners::create_group(tx, manager,
                                   {.program_id = demo.program.id, .name = parsed<Line<100>>(name)},
                                   partners.front().created_at)
                .id);
    std::vector<partners::EnrolmentId> enrolments;
    for (std::size_t i = 0; i < partners.size(); ++i) {
        const accounts::User& user = partners[i];
        const Trait& trait = traits[i];
        partners::NewPartner profile{
            .email = user.email,
            .name = user.name,
            .company = user.name,
            .country = parsed<Country>(trait.country),
            .website = website_of(user.name.text()),
            .mc_number = parsed_if<partners::CarrierNumber>(trait.mc_number)};
        if (trait.referred_by >= 0)
            profile.referred_by = partners.at(static_cast<std::size_t>(trait.referred_by)).id;
        partners::add_profile(tx, user.id, profile, demo.manager, user.created_at);
        partners::NewMembership place{.partner = user.id, .program = demo.program.id};
        if (trait.group >= 0) place.group = demo.groups.at(static_cast<std::size_t>(trait.group));
        enrolments.push_back(partners::enrol(tx, place, demo.manager, user.created_at).id);
    }
    for (const Turn& turn : turns)
        partners::take_step(tx, manager, enrolments.at(turn.partner), turn.step,
                            parsed_if<Line<500>>(turn.reason), now - days(turn.days_ago));
    register_deals(tx, demo, partners, now);
}

}  // namespace referral::app
