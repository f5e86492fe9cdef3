#include "conversions/facts_hash.hpp"

#include "links/links.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::conversions {

namespace {

namespace json = schema::json;

/// A decimal without the zeros that mean nothing.
json::value plain(const std::optional<Decimal>& decimal) {
    constexpr int digits_max = 6;
    if (!decimal) return nullptr;
    if (const auto units = decimal->in_units(digits_max)) return *units;
    return json::string(decimal->text());
}

std::string hash_of(const json::object& facts) {
    return crypto::to_hex(crypto::sha256(json::serialize(facts)));
}

}  // namespace

std::string facts_hash(const NewConversion& report) {
    json::object facts = schema::Json<NewConversion>::write(report).as_object();
    facts["revenue"] = plain(report.revenue);
    facts["cost"] = plain(report.cost);
    facts["quantity"] = plain(report.quantity);
    if (report.code) facts["code"] = json::string(links::code_key(report.code->text()));
    return hash_of(facts);
}

std::string facts_hash(const NewAdjustment& report) {
    json::object facts = schema::Json<NewAdjustment>::write(report).as_object();
    facts["revenue_change"] = plain(report.revenue_change);
    facts["cost_change"] = plain(report.cost_change);
    facts["quantity_change"] = plain(report.quantity_change);
    return hash_of(facts);
}

}  // namespace referral::conversions
