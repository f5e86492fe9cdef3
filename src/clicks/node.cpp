#include "clicks/node.hpp"

#include <bit>

#include "clicks/click_id.hpp"
#include "clicks/queries.hpp"
#include "platform/crypto/random.hpp"
#include "platform/db/transaction.hpp"
#include "platform/log/log.hpp"

namespace referral::clicks {

Node::Node(std::uint64_t node, std::uint32_t epoch, std::string directory)
    : node_(node),
      epoch_(epoch),
      directory_(std::move(directory)),
      instance_(ClickId{crypto::random_bytes<16>()}.uuid()) {}

void Node::hold(db::Pool& pool) {
    db::Transaction tx(pool);
    const auto id = tx.maybe(sql::register_node, std::bit_cast<std::int64_t>(node_),
                             std::int64_t{epoch_}, instance_, directory_);
    tx.commit();
    if (!id && !fenced_.exchange(true))
        log::error("journal_fenced", "another process loads a copy of this journal",
                   {{"directory", directory_}});
    if (id && fenced_.exchange(false))
        log::info("journal_unfenced", "this process loads the journal again");
    id_.store(id.value_or(0));
}

std::optional<std::int64_t> Node::id() const {
    const std::int64_t id = id_.load();
    if (id == 0) return std::nullopt;
    return id;
}

}  // namespace referral::clicks
