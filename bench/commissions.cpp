/// Measures what a question "what if these rules had been in force" costs: selecting a rule for
/// each conversion, computing each alone, and replaying all with their caps and tiers.
///
///     bench_commissions [CONVERSIONS]

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <new>
#include <random>

#include "commissions/commissions.hpp"

namespace {
std::atomic<std::size_t> allocations = 0;
}

void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* memory = std::malloc(bytes)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace referral::commissions {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t partners = 1'000, customers = 20'000, groups = 10;

/// Prints what `work` cost for each of `count`.
template <class Work>
void measure(const char* name, std::size_t count, const Work& work) {
    const std::size_t before = allocations;
    const auto began = Steady::now();
    const std::int64_t sum = work();
    const double seconds = std::chrono::duration<double>(Steady::now() - began).count();
    fmt::print("{}: {:.2f} s, {:.0f} ns and {:.3f} allocations each; sum {}\n", name, seconds,
               seconds * 1e9 / static_cast<double>(count),
               static_cast<double>(allocations - before) / static_cast<double>(count), sum);
}

Condition heavy_or_new() {
    const Condition heavy{.field = Field::amount, .at_least = 500'00};
    const Condition fresh{.field = Field::customer, .values = {"new"}};
    const Condition equipment{.field = Field::metadata, .key = "equipment", .values = {"reefer"}};
    return {.joint = Joint::any,
            .parts = {heavy, {.joint = Joint::all, .parts = {fresh, equipment}}}};
}

/// 31 rules: one for the program, ten for groups, ten for partners, ten with conditions.
std::vector<RuleVersion> rules() {
    std::vector<RuleVersion> list;
    const auto add = [&](Scope scope) -> RuleVersion& {
        RuleVersion& added = list.emplace_back();
        added.id = {static_cast<std::int64_t>(list.size())};
        added.name = fmt::format("Rule {}", list.size());
        added.scope = scope;
        added.rate = {50'000 + 1'000 * static_cast<std::int64_t>(list.size())};
        added.cap_customer = 5'000'00;
        added.cap_partner_period = PartnerCap{50'000'00};
        added.duration_months = 12;
        return added;
    };
    add({ScopeKind::program, 1});
    for (std::int64_t i = 0; i < groups; ++i) {
        RuleVersion& tiered = add({ScopeKind::group, i});
        tiered.rate = {};
        tiered.basis = Basis::margin;
        tiered.tiers =
            Tiers{.mode = i % 2 ? TierMode::marginal : TierMode::whole,
                  .steps = {{0, {50'000}}, {5'000'00, {80'000}}, {20'000'00, {100'000}}}};
    }
    for (std::int64_t i = 0; i < 10; ++i) add({ScopeKind::enrolment, i}).budget = 100'000'00;
    for (std::int64_t i = 0; i < 10; ++i) {
        RuleVersion& conditional = add({ScopeKind::group, i});
        conditional.priority = -static_cast<int>(i % 2);
        conditional.conditions = heavy_or_new();
        conditional.max_amount = 90'00;
    }
    return list;
}

std::vector<Event> events(std::size_t count) {
    static constexpr Metadatum metadata[] = {{"equipment", "reefer"}, {"priority", "high"}};
    const Currency euro = Currency::parse("EUR").value();
    std::mt19937_64 random(1);
    const auto below = [&](std::int64_t end) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
    };
    std::vector<Event> list(count);
    for (std::size_t i = 0; i < count; ++i) {
        Event& event = list[i];
        event.conversion = static_cast<std::int64_t>(i) + 1;
        event.customer = below(customers);
        event.partner = event.customer % partners;
        event.facts = {.occurred_at = *parse_instant("2026-01-01T00:00:00Z") +
                                      std::chrono::seconds(below(365 * 86'400)),
                       .revenue = below(3'000'00),
                       .cost = below(2'500'00),
                       .mode = static_cast<Mode>(below(7)),
                       .lane = "CHI-DAL",
                       .customer_country = "US",
                       .is_returning = below(3) != 0,
                       .metadata = metadata};
        if (i % 5 != 0) continue;
        event.facts.currency = euro;
        event.facts.exchange_rate = ExchangeRate::parse("1.0837");
    }
    return list;
}

void run(std::size_t count) {
    const Zone zone(*Timezone::parse("America/Chicago"));
    const Rules all(rules());
    const std::vector<Event> history = events(count);
    std::vector<const RuleVersion*> chosen(count);
    fmt::print("{} conversions, {} rules, {} bytes a trace\n", count, rules().size(),
               sizeof(Trace));

    measure("select", count, [&] {
        std::int64_t found = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t group[] = {history[i].partner % groups};
            chosen[i] = all.select(
                history[i].facts, {.program = 1, .enrolment = history[i].partner, .groups = group});
            found += chosen[i] != nullptr;
        }
        return found;
    });
    measure("calculate", count, [&] {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < count; ++i)
            sum += calculate(history[i].facts, *chosen[i], {}, zone).amount;
        return sum;
    });
    measure("replay by rule", count, [&] {
        std::map<const RuleVersion*, std::vector<Event>> by_rule;
        for (std::size_t i = 0; i < count; ++i) by_rule[chosen[i]].push_back(history[i]);
        std::int64_t sum = 0;
        for (const auto& [version, part] : by_rule)
            for (const Earned& earned : replay(part, *version, zone)) sum += earned.amount;
        return sum;
    });
}

}  // namespace
}  // namespace referral::commissions

int main(int argc, char** argv) {
    referral::commissions::run(argc > 1 ? std::stoul(argv[1]) : 1'000'000);
}
