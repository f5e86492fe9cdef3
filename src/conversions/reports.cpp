#include "conversions/reports.hpp"

#include "base/base32.hpp"

namespace referral::conversions {

std::optional<DocumentLine> DocumentLine::parse(std::string_view text) {
    const auto line = Line<50>::parse(text);
    if (!line) return std::nullopt;
    DocumentLine parsed;
    parsed.text_ = line->text();
    return parsed;
}

std::optional<VisitorCookie> VisitorCookie::parse(std::string_view text) {
    const auto visitor = clicks::visitor_of_cookie(text);
    if (!visitor || *visitor == clicks::Visitor{}) return std::nullopt;
    VisitorCookie cookie;
    cookie.visitor_ = *visitor;
    return cookie;
}

std::string VisitorCookie::text() const { return base32::encode(visitor_); }

}  // namespace referral::conversions

namespace referral::schema {

namespace {

constexpr std::size_t keys_max = 50, key_length_max = 50, value_length_max = 500;

/// A plain value as text; nothing for lists and objects.
std::optional<std::string> plain(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(*text);
    if (value.is_object() || value.is_array() || value.is_null()) return std::nullopt;
    return json::serialize(value);
}

}  // namespace

bool Json<conversions::DocumentLine>::read(const json::value& from, conversions::DocumentLine& to,
                                           Reading& reading) {
    std::optional<conversions::DocumentLine> read;
    if (const auto* text = from.if_string())
        read = conversions::DocumentLine::parse({text->data(), text->size()});
    else if (from.is_int64() || from.is_uint64())
        read = conversions::DocumentLine::parse(json::serialize(from));
    if (!read) return reading.refuse("must be " + std::string(conversions::DocumentLine::rule));
    to = std::move(*read);
    return true;
}

bool Json<conversions::GivenMetadata>::read(const json::value& from, conversions::GivenMetadata& to,
                                            Reading& reading) {
    const auto* object = from.if_object();
    if (!object) return reading.refuse("must be an object");
    if (object->size() > keys_max) return reading.refuse("must have at most 50 members");
    const std::size_t errors_before = reading.errors.size();
    for (const auto& member : *object) {
        const std::string key(member.key().data(), member.key().size());
        Reading inner = reading.at(key);
        const auto text = plain(member.value());
        if (key.empty() || code_points(key) > key_length_max || !is_prose(key))
            reading.refuse("must have names of 1 to 50 characters");
        else if (!text || code_points(*text) > value_length_max || !is_utf8(*text) ||
                 text->find('\0') != text->npos)
            inner.refuse("must be a text of at most 500 characters, a number, true or false");
        else
            to.values[key] = *text;
    }
    return reading.errors.size() == errors_before;
}

}  // namespace referral::schema
