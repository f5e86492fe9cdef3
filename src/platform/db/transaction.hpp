#pragma once

#include <optional>
#include <tuple>
#include <type_traits>
#include <vector>

#include "platform/db/connection.hpp"
#include "platform/db/pool.hpp"
#include "platform/db/query.hpp"

namespace referral::db {

namespace detail {

/// Reads rows of one result as Row.
template <class Row>
class Rows {
public:
    explicit Rows(const Result& result) : result_(result) {
        if constexpr (schema::Described<Row>)
            schema::Fields<Row>::list.apply(
                [&](const auto&... field) { (columns_.push_back(find(field.name)), ...); });
    }

    Row at(int row) const {
        if constexpr (schema::Described<Row>) {
            Row value{};
            std::size_t i = 0;
            schema::Fields<Row>::list.apply([&](const auto&... field) {
                (read(row, columns_[i++], value.*field.member), ...);
            });
            return value;
        } else if constexpr (requires { std::tuple_size<Row>::value; }) {
            Row value;
            int column = 0;
            std::apply([&](auto&... member) { (read(row, column++, member), ...); }, value);
            return value;
        } else {
            Row value;
            read(row, 0, value);
            return value;
        }
    }

private:
    int find(std::string_view name) const {
        const int column = result_.column(name);
        if (column < 0) throw Mismatch("no column " + std::string(name));
        return column;
    }
    template <class Member>
    void read(int row, int column, Member& to) const {
        to = Sql<Member>::read(result_.value(row, column));
    }

    const Result& result_;
    std::vector<int> columns_;
};

}  // namespace detail

/// A database transaction at READ COMMITTED. Rolls back unless committed.
class Transaction {
public:
    /// Begins on a pooled connection. Throws Error when the database is away.
    explicit Transaction(Pool& pool) : lease_(pool.begin()) {}
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Exactly one row; anything else is a bug and throws Mismatch.
    template <class Row, class... Params>
    Row one(const Query<Row(Params...)>& query, const std::type_identity_t<Params>&... params) {
        auto row = maybe(query, params...);
        if (!row) throw Mismatch("no row where one must be");
        return std::move(*row);
    }

    /// The row, or nothing.
    template <class Row, class... Params>
    std::optional<Row> maybe(const Query<Row(Params...)>& query,
                             const std::type_identity_t<Params>&... params) {
        const Result result = run(query, params...);
        if (result.rows() == 0) return std::nullopt;
        return detail::Rows<Row>(result).at(0);
    }

    /// Every row. The query carries a limit.
    template <class Row, class... Params>
    std::vector<Row> all(const Query<Row(Params...)>& query,
                         const std::type_identity_t<Params>&... params) {
        const Result result = run(query, params...);
        const detail::Rows<Row> rows(result);
        std::vector<Row> list;
        list.reserve(static_cast<std::size_t>(result.rows()));
        for (int i = 0; i < result.rows(); ++i) list.push_back(rows.at(i));
        return list;
    }

    /// For effect; how many rows were touched.
    template <class... Params>
    std::int64_t run_for_effect(const Query<Nothing(Params...)>& query,
                                const std::type_identity_t<Params>&... params) {
        return run(query, params...).affected();
    }

    /// Binary COPY of rows made by CopyRows.
    void copy(std::string_view statement, std::string_view data) { lease_->copy(statement, data); }

    /// Has the pool told, once this is committed, that there are rows which others wait for.
    void announce_commit() { announces_ = true; }

    /// Makes it all last. After an Error here the outcome is unknown.
    void commit();

private:
    template <class Row, class... Params>
    Result run(const Query<Row(Params...)>& query, const Params&... params) {
        return lease_->run(query.sql(), {Sql<Params>::write(params)...});
    }

    Pool::Lease lease_;
    bool open_ = true;
    bool announces_ = false;
};

}  // namespace referral::db
