#include "platform/db/transaction.hpp"

namespace referral::db {

Transaction::~Transaction() {
    if (!open_ || !lease_->is_alive()) return;
    try {
        lease_->run_script("rollback");
    } catch (const std::exception&) {
        lease_.discard();
    }
}

void Transaction::commit() {
    open_ = false;
    lease_->run_script("commit");
    if (announces_) lease_.announce();
}

}  // namespace referral::db
