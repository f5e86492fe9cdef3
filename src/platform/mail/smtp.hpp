#pragma once

#include <functional>
#include <string>

#include "platform/mail/mail.hpp"

namespace referral::mail {

/// What came of one try to hand a message over.
enum class Outcome {
    accepted,  ///< The server has it, and the duty to deliver it.
    refused,   ///< Another try would be refused as well.
    later,     ///< Nobody was there, or the server said so.
};

struct Receipt {
    Outcome outcome = Outcome::later;
    std::string
        words;  ///< Why not: the server's last line or what went wrong, at most 500 characters.
};

/// Hands `message` to the server within its timeout. Gives up early when `stopping` says so, unless
/// the message is with the server already.
Receipt hand_over(const Server& server, const MailAddress& from, const MailAddress& to,
                  const std::string& message, const std::function<bool()>& stopping);

}  // namespace referral::mail
