/// Many threads post at once, and what must be true of the ledger stays true.

#include <atomic>
#include <random>
#include <thread>

#include "base/problem.hpp"
#include "ledger/fixture_test.hpp"

namespace referral::ledger {
namespace {

constexpr int threads = 20;
constexpr int postings_each = 60;
constexpr std::int64_t partners = 4;

class ManyThreads : public LedgerTest {
protected:
    /// A posting of any kind, which there may or may not be the money for.
    Posting any(std::mt19937_64& random) {
        const auto kind = static_cast<PostingKind>(random() % 10);
        Posting any = posting(kind, 1 + static_cast<std::int64_t>(random() % 300), ++last_id_);
        any.partner = {1 + static_cast<std::int64_t>(random() % partners)};
        any.stage = random() % 2 == 0 ? Stage::pending : Stage::payable;
        if (kind == PostingKind::adjust && random() % 2 == 0) any.amount.minor *= -1;
        return any;
    }

    void work(db::Pool& pool, std::uint64_t seed) {
        std::mt19937_64 random(seed);
        for (int i = 0; i < postings_each; ++i) {
            try {
                db::Transaction tx(pool);
                post(tx, any(random), noon);
                if (random() % 10 == 0) continue;  // Rolls back.
                tx.commit();
                ++posted_;
            } catch (const Problem&) {
                ++refused_;
            }
        }
    }

    std::atomic<std::int64_t> last_id_ = 0;
    std::atomic<int> posted_ = 0, refused_ = 0;
};

constexpr db::Query<int()> count_transactions{"select count(*) from ledger_transactions"};

TEST_F(ManyThreads, KeepEveryInvariant) {
    const db::ConnectionSettings settings{.url = database_.conninfo(),
                                          .connect_timeout = std::chrono::minutes(1),
                                          .statement_timeout = std::chrono::minutes(1)};
    for (std::int64_t partner = 1; partner <= partners; ++partner) {
        Posting start = posting(PostingKind::accrue, 5'000, ++last_id_);
        start.partner = {partner};
        commit(start);
    }
    db::Pool pool(settings, threads + 1);

    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
        all.emplace_back([&, i] { work(pool, static_cast<std::uint64_t>(i)); });
    std::jthread chaining([&](std::stop_token stop) {
        while (!stop.stop_requested()) extend_chain(pool);
    });
    for (std::jthread& thread : all) thread.join();
    chaining.request_stop();
    chaining.join();
    extend_chain(pool);

    EXPECT_EQ(broken(), "");
    db::Transaction tx(pool);
    EXPECT_EQ(tx.one(count_transactions), posted_.load() + partners);
    EXPECT_GT(posted_.load(), 100);
    EXPECT_GT(refused_.load(), 10);
}

}  // namespace
}  // namespace referral::ledger
