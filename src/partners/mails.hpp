#pragma once

#include "partners/partners.hpp"

namespace referral::partners {

/// What applicants are mailed, each in the transaction of what it tells of.

/// A link that shows the mailbox to be theirs; to whom has an account already, that somebody tried
/// to apply with their address, and how to sign in; to whom waits for an answer, nothing.
void answer_application(const accounts::Mails& mails, db::Transaction& tx, ApplicationId id,
                        Instant now);

/// The link of the newest unverified application of the address, if there is one.
void send_link_again(const accounts::Mails& mails, db::Transaction& tx, const Email& email,
                     Instant now);

void mail_received(db::Transaction& tx, const Application& application, Instant now);
void mail_approved(const accounts::Mails& mails, db::Transaction& tx,
                   const Application& application, Instant now);
void mail_rejected(db::Transaction& tx, const Application& application, const Line<500>& reason,
                   Instant now);

}  // namespace referral::partners
