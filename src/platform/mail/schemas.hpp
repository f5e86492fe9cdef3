#pragma once

#include "platform/mail/mail.hpp"

namespace referral::mail {

/// A row that is being sent.
struct Outgoing {
    MailId id;
    std::string to_address;
    std::string template_name;
    schema::json::value details;
    bool secret = false;
    std::int64_t attempts = 0;  ///< With the one under way.
    Instant created_at;
};

}  // namespace referral::mail

namespace referral::schema {

template <>
struct Fields<mail::Outgoing> {
    using O = mail::Outgoing;
    static constexpr std::string_view name = "OutgoingMail";
    static constexpr auto list = FieldList{
        field("id", &O::id, "The mail."),
        field("to_address", &O::to_address, "Whom it goes to."),
        field("template", &O::template_name, "What it says."),
        field("details", &O::details, "What is filled in."),
        field("secret", &O::secret, "Whether that may hold a token."),
        field("attempts", &O::attempts, "How often it was tried."),
        field("created_at", &O::created_at, "When it was written."),
    };
};

}  // namespace referral::schema
