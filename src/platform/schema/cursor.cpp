#include "platform/schema/cursor.hpp"

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/schema/json.hpp"

namespace referral::schema {

std::optional<Cursor> Cursor::parse(std::string_view text) {
    if (text.empty() || text.size() > length_max) return std::nullopt;
    const auto bytes = crypto::from_base64url(text);
    if (!bytes) return std::nullopt;
    json::error_code error;
    const json::value list = json::parse(
        json::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), error);
    if (error || !list.is_array()) return std::nullopt;
    Cursor cursor;
    for (const json::value& part : list.get_array()) {
        const json::string* known = part.if_string();
        if (!known || known->find('\0') != json::string::npos) return std::nullopt;
        cursor.parts_.emplace_back(known->data(), known->size());
    }
    return cursor;
}

std::string Cursor::text() const {
    json::array list;
    for (const std::string& part : parts_) list.emplace_back(json::string(part));
    return crypto::to_base64url(crypto::bytes_of(json::serialize(list)));
}

}  // namespace referral::schema
