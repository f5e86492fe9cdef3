#include "platform/db/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>

namespace referral::db {

namespace {

using Steady = std::chrono::steady_clock;

/// PostgreSQL's own limits stand behind the client's: a client that died leaves no statement
/// running.
constexpr const char* session_options =
    "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c lock_timeout=5000 "
    "-c idle_in_transaction_session_timeout=30000 -c client_min_messages=warning";

const std::string unnamed;

/// How many statements stay prepared on one connection: more than the program has.
constexpr std::size_t prepared_max = 500;

std::string trimmed_message(const char* message) {
    return std::string(trimmed(message ? message : "no message"));
}

/// Whether no plan is good for all values: of lists with filters that may be absent
/// ("$2::bigint is null or …") and of reports over a span of time. Such a statement is planned anew
/// each time; all others keep their plan, for planning took as long as the work
/// (docs/decisions/0033).
bool has_no_plan_for_all(std::string_view sql) {
    constexpr std::string_view absent = " is null";
    for (auto at = sql.find(absent); at != sql.npos; at = sql.find(absent, at + 1)) {
        const auto before = sql.find_last_of(" (\n", at - 1);
        if (before != sql.npos && sql[before + 1] == '$') return true;
    }
    return sql.find("group by") != sql.npos;
}

}  // namespace

bool Error::is_unavailable() const {
    // 08: connection; 57P: stopping or starting; 53300: too many connections; 25006: read-only
    // standby; 53100: disk full.
    return code_.empty() || code_.starts_with("08") || code_.starts_with("57P") ||
           code_ == "53300" || code_ == "25006" || code_ == "53100";
}

Result::Result(pg_result* result) : result_(result) {}
void Result::Clear::operator()(pg_result* result) const { PQclear(result); }
int Result::rows() const { return PQntuples(result_.get()); }

View Result::value(int row, int column) const {
    if (PQgetisnull(result_.get(), row, column)) return std::nullopt;
    return std::string_view(PQgetvalue(result_.get(), row, column),
                            static_cast<std::size_t>(PQgetlength(result_.get(), row, column)));
}

int Result::column(std::string_view name) const {
    for (int i = 0; i < PQnfields(result_.get()); ++i)
        if (name == PQfname(result_.get(), i)) return i;
    return -1;
}

std::int64_t Result::affected() const { return parse_int(PQcmdTuples(result_.get())).value_or(0); }

void Connection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

Connection::Connection(const ConnectionSettings& settings) : settings_(settings) {
    connect(settings.connect_timeout);
}

Connection::~Connection() = default;

void Connection::connect(std::chrono::milliseconds timeout) {
    const auto deadline = Steady::now() + timeout;
    const char* names[] = {"dbname", "options", "application_name", "client_encoding", nullptr};
    const char* values[] = {settings_.url.c_str(), session_options, "referral", "UTF8", nullptr};
    connection_.reset(PQconnectStartParams(names, values, 1));
    if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD)
        lose(PQerrorMessage(connection_.get()));
    for (PostgresPollingStatusType state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;) {
        if (state == PGRES_POLLING_FAILED) lose(PQerrorMessage(connection_.get()));
        wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
        state = PQconnectPoll(connection_.get());
    }
    PQsetnonblocking(connection_.get(), 1);
    run_script("set statement_timeout = " + std::to_string(settings_.statement_timeout.count()));
}

Result Connection::run(std::string_view static_sql, const std::vector<Text>& parameters) {
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const Text& parameter : parameters)
        values.push_back(parameter ? parameter->c_str() : nullptr);
    const int count = static_cast<int>(values.size());
    const std::string& name = settings_.prepare ? prepared(static_sql) : unnamed;
    const int sent = name != unnamed
                         ? PQsendQueryPrepared(connection_.get(), name.c_str(), count,
                                               values.data(), nullptr, nullptr, 0)
                         : PQsendQueryParams(connection_.get(), std::string(static_sql).c_str(),
                                             count, nullptr, values.data(), nullptr, nullptr, 0);
    if (!sent) lose(PQerrorMessage(connection_.get()));
    return finish(settings_.statement_timeout);
}

Result Connection::run_script(const std::string& sql) {
    if (!PQsendQuery(connection_.get(), sql.c_str())) lose(PQerrorMessage(connection_.get()));
    return finish(settings_.statement_timeout);
}

const std::string& Connection::prepared(std::string_view static_sql) {
    const auto known = std::ranges::find(prepared_, static_sql.data(),
                                         &std::pair<const char*, std::string>::first);
    if (known != prepared_.end()) return known->second;
    if (prepared_.size() >= prepared_max) {
        run_script("deallocate all");
        prepared_.clear();
    }
    if (has_no_plan_for_all(static_sql))
        return prepared_.emplace_back(static_sql.data(), unnamed).second;
    const std::string name = "s" + std::to_string(prepared_.size());
    if (!PQsendPrepare(connection_.get(), name.c_str(), std::string(static_sql).c_str(), 0,
                       nullptr))
        lose(PQerrorMessage(connection_.get()));
    finish(settings_.statement_timeout);
    return prepared_.emplace_back(static_sql.data(), name).second;
}

Result Connection::finish(std::chrono::milliseconds timeout) {
    // A little longer than the server's own statement_timeout, which gives the better message.
    const auto deadline = Steady::now() + timeout + std::chrono::milliseconds(500);
    flush(deadline);
    Result last(nullptr);
    std::optional<Error> error;
    while (pg_result* raw = next_result(deadline)) {
        Result result(raw);
        const ExecStatusType status = PQresultStatus(raw);
        if (status == PGRES_FATAL_ERROR && !error) {
            const char* code = PQresultErrorField(raw, PG_DIAG_SQLSTATE);
            const char* constraint = PQresultErrorField(raw, PG_DIAG_CONSTRAINT_NAME);
            error.emplace(code ? code : "", constraint ? constraint : "",
                          trimmed_message(PQresultErrorMessage(raw)));
        }
        if (status == PGRES_COPY_IN) return result;
        last = std::move(result);
    }
    if (PQstatus(connection_.get()) == CONNECTION_BAD) alive_ = false;
    if (error) {
        if (error->is_unavailable()) alive_ = false;
        throw *error;
    }
    if (!alive_) lose("the connection was closed");
    return last;
}

pg_result* Connection::next_result(Steady::time_point deadline) {
    while (PQisBusy(connection_.get())) {
        wait(POLLIN, deadline);
        if (!PQconsumeInput(connection_.get())) lose(PQerrorMessage(connection_.get()));
    }
    return PQgetResult(connection_.get());
}

void Connection::flush(Steady::time_point deadline) {
    for (;;) {
        const int left = PQflush(connection_.get());
        if (left == 0) return;
        if (left < 0) lose(PQerrorMessage(connection_.get()));
        wait(POLLIN | POLLOUT, deadline);
        if (!PQconsumeInput(connection_.get())) lose(PQerrorMessage(connection_.get()));
    }
}

void Connection::wait(short events, Steady::time_point deadline) {
    pollfd descriptor{PQsocket(connection_.get()), events, 0};
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
        if (left <= 0) lose("no answer in time");
        const int ready = poll(&descriptor, 1, static_cast<int>(left));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) lose("poll failed");
    }
}

void Connection::copy(std::string_view statement, std::string_view data) {
    constexpr std::size_t chunk_bytes = 1 << 20;
    const auto deadline = Steady::now() + settings_.statement_timeout;
    run_script(std::string(statement));
    for (std::size_t done = 0; done < data.size();) {
        const std::size_t length = std::min(chunk_bytes, data.size() - done);
        const int queued =
            PQputCopyData(connection_.get(), data.data() + done, static_cast<int>(length));
        if (queued < 0) lose(PQerrorMessage(connection_.get()));
        if (queued > 0) done += length;
        flush(deadline);
    }
    while (const int ended = PQputCopyEnd(connection_.get(), nullptr)) {
        if (ended > 0) break;
        lose(PQerrorMessage(connection_.get()));
    }
    finish(settings_.statement_timeout);
}

std::optional<std::string> Connection::wait_for_notification(std::chrono::milliseconds timeout) {
    struct Free {
        void operator()(PGnotify* notify) const { PQfreemem(notify); }
    };
    const auto take = [&]() -> std::optional<std::string> {
        const std::unique_ptr<PGnotify, Free> notify(PQnotifies(connection_.get()));
        if (!notify) return std::nullopt;
        return notify->relname;
    };
    if (auto channel = take()) return channel;
    pollfd descriptor{PQsocket(connection_.get()), POLLIN, 0};
    if (poll(&descriptor, 1, static_cast<int>(timeout.count())) <= 0) return std::nullopt;
    if (!PQconsumeInput(connection_.get())) lose(PQerrorMessage(connection_.get()));
    return take();
}

void Connection::lose(const std::string& why) {
    alive_ = false;
    throw Error("", "", "the database is away: " + trimmed_message(why.c_str()));
}

}  // namespace referral::db
