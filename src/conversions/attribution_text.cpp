/// Decisions in English.

#include "conversions/attribution.hpp"

namespace referral::conversions {

namespace {

/// "33.3333 %"
std::string percent(std::int64_t ppm) {
    std::string text = std::to_string(ppm / 10'000);
    if (ppm % 10'000 != 0) {
        std::string fraction = std::to_string(10'000 + ppm % 10'000).substr(1);
        fraction.erase(fraction.find_last_not_of('0') + 1);
        text += '.' + fraction;
    }
    return text + " %";
}

/// "35 d", "2 h 5 min": the two largest units.
std::string duration(std::int64_t seconds) {
    struct Unit {
        std::string_view name;
        std::int64_t seconds;
    };
    constexpr std::array<Unit, 4> units{{{"d", 86'400}, {"h", 3'600}, {"min", 60}, {"s", 1}}};
    for (std::size_t i = 0; i < units.size(); ++i) {
        const Unit& unit = units[i];
        if (seconds < unit.seconds && unit.seconds > 1) continue;
        std::string text = std::to_string(seconds / unit.seconds) + ' ' + std::string(unit.name);
        const std::int64_t rest =
            i + 1 < units.size() ? seconds % unit.seconds / units[i + 1].seconds : 0;
        if (rest > 0) text += ' ' + std::to_string(rest) + ' ' + std::string(units[i + 1].name);
        return text;
    }
    return "0 s";
}

std::string_view noun(Source source) {
    switch (source) {
        case Source::admin:
            return "an override";
        case Source::lead:
            return "a registered lead";
        case Source::lock:
            return "the customer's lock";
        case Source::code:
            return "a code";
        case Source::token:
            return "a signed token";
        case Source::click_id:
            return "the conversion's click";
        case Source::clicks:
            return "a click";
        case Source::match:
            return "a match";
        case Source::organic:
            return "nothing";
    }
    return "";
}

/// Follows "… of the partner".
std::string verdict(const Step& step) {
    const std::string outside = duration(step.outside_seconds.value_or(0));
    switch (step.reason) {
        case Reason::credited:
            return "credited with " + percent(step.weight_ppm.value_or(0));
        case Reason::not_enrolled:
            return "skipped, the partner was not in the program then";
        case Reason::applied:
        case Reason::invited:
        case Reason::rejected:
        case Reason::suspended:
        case Reason::banned:
            return "skipped, the partner was " + std::string(name_of(step.reason)) + " then";
        case Reason::left:
            return "skipped, the partner had left the program";
        case Reason::self:
            return step.click_class ? "skipped, the partner clicked"
                                    : "skipped, the partner is the customer";
        case Reason::not_human:
            return "skipped, its class is " +
                   std::string(name_of(step.click_class.value_or(clicks::Class::orphan)));
        case Reason::not_accepted:
            return "skipped, nobody accepted it";
        case Reason::not_yet:
            return "skipped, it was " + outside + " after the conversion";
        case Reason::outside_window:
            return "skipped, " + outside + " outside the window";
        case Reason::over:
            return "skipped, it had ended " + outside + " before";
        case Reason::existing_customer:
            return "skipped, the customer was known before anybody referred it";
        case Reason::outranked:
            return "lost to what is asked before it";
        case Reason::not_first:
            return "lost to an earlier one";
        case Reason::not_last:
            return "lost to a later one";
        case Reason::no_weight:
            return "lost, its share is no millionth";
        case Reason::for_review:
            return "a hint for review";
    }
    return "";
}

std::string line(const Step& step) {
    std::string text = std::string(noun(step.source)) + " of " + step.partner.text();
    if (!step.note.empty()) text += " (" + step.note + ')';
    text += " at " + to_text(step.made_at);
    if (step.until) text += " until " + to_text(*step.until);
    return text + ": " + verdict(step);
}

}  // namespace

std::string explained(const Trace& trace) {
    const Policy& policy = trace.policy;
    std::string text = "Conversion of " + to_text(trace.occurred_at) + ", version " +
                       std::to_string(policy.version) + " of the program: clicks by the model " +
                       std::string(name_of(policy.model)) + " within " +
                       std::to_string(policy.window_days) + " d" +
                       (policy.acquisition ? ", new customers only" : "") + ".\n";
    int number = 0;
    for (const Step& step : trace.steps)
        text += std::to_string(++number) + ". " + line(step) + ".\n";
    if (trace.denied) return text + "Decided by an override: nobody's (" + *trace.denied + ").\n";
    if (trace.source == Source::organic) return text + "Nobody is credited: organic.\n";
    return text + "Decided by " + std::string(noun(trace.source)) + ".\n";
}

std::string explained(const WhyNot& answer) {
    if (!answer.nearest) return "There is no claim of " + answer.partner.text() + ".";
    return "Nearest came " + line(*answer.nearest) + " (version " +
           std::to_string(answer.policy_version) + " of the program).";
}

}  // namespace referral::conversions
