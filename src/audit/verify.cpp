#include "audit/verify.hpp"

#include <algorithm>

#include "audit/queries.hpp"
#include "base/problem.hpp"
#include "platform/crypto/encoding.hpp"

namespace referral::audit {

namespace {

/// How many places lie between two searches for rows that are in no place.
constexpr std::int64_t search_step = 50'000;

/// One walk along the chain.
class Walk {
public:
    Walk(db::Transaction& tx, const AnchorList& list, const Part& part)
        : tx_(tx), list_(list), part_(part), anchor_(list.anchors.begin()) {}

    Proof run() {
        begin();
        bool ended = false;
        std::int64_t left = part_.rows_max > 0 ? part_.rows_max : INT64_MAX;
        while (!proof_.broken && !ended && left > 0) {
            const std::int64_t wanted = std::min(left, sql::chain_page_rows);
            const auto page =
                tx_.all(sql::chain_page, place_.sequence, part_.now - keep_days_min, wanted);
            for (const sql::ChainPageRow& row : page)
                if (!follow(row)) break;
            left -= wanted;
            ended = !proof_.broken && place_.sequence == head(tx_).sequence;
            if (ended || proof_.broken || left == 0 ||
                place_.sequence - searched_at_ >= search_step)
                search_smuggled(ended);
        }
        if (ended) check_end();
        finish();
        return std::move(proof_);
    }

private:
    void begin() {
        if (part_.after == 0) return;
        const auto start = tx_.maybe(sql::chain_place, part_.after);
        if (!start) throw invalid("after", "is beyond the chain's end");
        place_ = {.sequence = part_.after, .hash = db::digest_of(std::get<1>(*start))};
        searched_id_ = last_id_ = std::get<0>(*start);
        searched_at_ = part_.after;
        anchor_ = std::ranges::lower_bound(list_.anchors, part_.after, {},
                                           [](const Anchor& a) { return a.head.sequence; });
        check_anchors();
    }

    /// Steps to the next place; false when it is not as it was.
    bool follow(const sql::ChainPageRow& stored) {
        const auto& [sequence, id, created_at, row_hash, hash, old, canonical] = stored;
        const std::int64_t expected = place_.sequence + 1;
        if (sequence != expected) return broken(expected, "it is missing from the chain");
        const ChainedRow row{.sequence = sequence,
                             .row_id = id,
                             .created_at = created_at,
                             .row_hash = db::digest_of(row_hash)};
        if (!canonical && !old) return broken(sequence, "its audit row was deleted");
        if (!canonical) ++proof_.expired;
        if (canonical && crypto::sha256(*canonical) != row.row_hash)
            return broken(sequence, "its audit row was changed, or is another");
        const crypto::Digest now = chained(place_.hash, row);
        if (now != db::digest_of(hash)) return broken(sequence, "the chain was changed here");
        place_ = {.sequence = sequence, .hash = now};
        last_id_ = id;
        return check_anchors();
    }

    /// Compares the place with the anchors that name it.
    bool check_anchors() {
        for (; anchor_ != list_.anchors.end() && anchor_->head.sequence <= place_.sequence;
             ++anchor_)
            if (anchor_->head.sequence == place_.sequence && anchor_->head.hash != place_.hash)
                return broken(place_.sequence,
                              "the chain up to here is not the one that the anchor "
                              "of " +
                                  to_text(anchor_->at) + " was signed for");
        return true;
    }

    /// Looks for rows that neither are in the chain nor wait for it, among those up to where the
    /// walk came: a row put in beside the program.
    void search_smuggled(bool ended) {
        const std::int64_t to = ended ? INT64_MAX : last_id_;
        const auto id = tx_.maybe(sql::smuggled, searched_id_, to);
        searched_id_ = last_id_;
        searched_at_ = place_.sequence;
        if (!id) return;
        const std::int64_t place = tx_.one(sql::place_after, *id).value_or(place_.sequence + 1);
        if (!proof_.broken || place < proof_.broken->sequence) {
            proof_.broken.reset();
            broken(place, "before it stands an audit row that was never chained, number " +
                              std::to_string(*id));
        }
    }

    /// What lies beyond the end.
    void check_end() {
        if (const auto id = tx_.maybe(sql::vanished))
            broken(place_.sequence + 1,
                   "an audit row was deleted before it was chained, number " + std::to_string(*id));
        if (anchor_ == list_.anchors.end()) return;
        const Anchor& last = list_.anchors.back();
        broken(place_.sequence + 1, "the chain was cut off here: the anchor of " +
                                        to_text(last.at) + " was signed for sequence " +
                                        std::to_string(last.head.sequence));
    }

    void finish() {
        const Head end = head(tx_);
        proof_.sequence = end.sequence;
        proof_.hash = crypto::to_hex(end.hash);
        proof_.verified_up_to = proof_.broken
                                    ? std::min(place_.sequence, proof_.broken->sequence - 1)
                                    : place_.sequence;
        proof_.waiting = tx_.one(sql::count_unchained);
        proof_.anchors_unreadable = list_.unreadable;
        proof_.anchors = static_cast<std::int64_t>(list_.anchors.size());
        if (!list_.anchors.empty()) proof_.last_anchor = list_.anchors.back();
    }

    bool broken(std::int64_t sequence, std::string what) {
        if (!proof_.broken) proof_.broken = Broken{sequence, std::move(what)};
        return false;
    }

    db::Transaction& tx_;
    const AnchorList& list_;
    const Part part_;
    std::vector<Anchor>::const_iterator anchor_;  ///< The first that is not behind the walk.
    Proof proof_;
    Head place_;
    std::int64_t last_id_ = 0;      ///< Of the row at `place_`.
    std::int64_t searched_id_ = 0;  ///< Up to which row the search for smuggled ones came.
    std::int64_t searched_at_ = 0;
};

}  // namespace

Proof verify(db::Transaction& tx, const AnchorList& anchors, const Part& part) {
    return Walk(tx, anchors, part).run();
}

}  // namespace referral::audit
