#include "partners/terms.hpp"

#include "audit/audit.hpp"
#include "base/problem.hpp"
#include "partners/queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::partners {

namespace {

void note(http::Call& call, std::string_view action, schema::json::object after) {
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = action,
                 .object_type = "terms",
                 .object_id = std::to_string(after.at("version").as_int64()),
                 .after = std::move(after)},
                call.now());
}

}  // namespace

Terms current_terms(db::Transaction& tx) {
    StoredTerms stored = tx.one(sql::current_terms);
    return {.version = stored.version,
            .text = std::move(stored.text),
            .published_at = stored.published_at,
            .applications_open = accounts::site_settings(tx).applications_open};
}

Terms publish_terms(http::Call& call, const NewTerms& wanted) {
    db::Transaction& tx = call.transaction();
    const auto stored = tx.maybe(sql::insert_terms, wanted.version.value, wanted.text, call.now());
    if (!stored) {
        const std::int64_t next = tx.one(sql::current_terms).version + 1;
        throw conflict("version", "must be " + std::to_string(next) + ", the one that is next");
    }
    // The text stays in its table for good; its hash in the chain shows that nobody changed it.
    note(call, "terms.publish",
         {{"version", stored->version},
          {"text_sha256", crypto::to_hex(crypto::sha256(stored->text))}});
    return current_terms(tx);
}

OwnTerms own_terms(http::Call& call) {
    return call.transaction().one(sql::own_terms, UserId{call.caller().user_id});
}

OwnTerms accept_terms(http::Call& call, std::int64_t version) {
    db::Transaction& tx = call.transaction();
    const UserId user{call.caller().user_id};
    if (version != tx.one(sql::own_terms, user).version)
        throw conflict("version", "must be that of the terms of today");
    if (tx.run_for_effect(sql::accept_terms, user, version, call.now(), call.request().client()))
        note(call, "terms.accept", {{"version", version}});
    return own_terms(call);
}

}  // namespace referral::partners
