#pragma once

#include <cstddef>
#include <string_view>

namespace referral::db {

/// The highest $n in `sql`. Queries are static text, so this runs in the compiler.
constexpr std::size_t placeholders(std::string_view sql) {
    std::size_t highest = 0;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] != '$') continue;
        std::size_t n = 0;
        while (i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9')
            n = n * 10 + static_cast<std::size_t>(sql[++i] - '0');
        if (n > highest) highest = n;
    }
    return highest;
}

/// The row type of a statement that gives no rows.
struct Nothing {};

template <class Signature>
class Query;

/// One SQL statement, typed like a function: Query<Link(LinkId)> takes $1 and its rows become
/// Links: a type with Fields by column name, a std::tuple by position, anything else by the only
/// column. A wrong number of parameters does not compile.
template <class Row, class... Params>
class Query<Row(Params...)> {
public:
    consteval Query(const char* sql) : sql_(sql) {
        if (placeholders(sql_) != sizeof...(Params)) throw "placeholders and parameters differ";
    }

    constexpr std::string_view sql() const { return sql_; }

private:
    std::string_view sql_;
};

}  // namespace referral::db
