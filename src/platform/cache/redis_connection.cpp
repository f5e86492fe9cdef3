#include "platform/cache/redis_connection.hpp"

#include <hiredis/hiredis.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

namespace referral::cache {

namespace {

/// More than any answer of ours by far; what is longer is none.
constexpr std::size_t answer_bytes_max = 64 * 1024;

struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

std::string text_of(const redisReply& reply) {
    constexpr std::size_t shown_max = 100;
    return reply.str ? std::string(reply.str, std::min(reply.len, shown_max)) : std::string();
}

/// A server that says it will send 2^31 elements must not make hiredis reserve 17 GB and walk
/// through them when it frees the answer.
void bound_arrays(redisReader& reader) {
    static auto* const create = reader.fn->createArray;
    static redisReplyObjectFunctions bounded = [&reader] {
        redisReplyObjectFunctions functions = *reader.fn;
        functions.createArray = [](const redisReadTask* task, int elements) -> void* {
            constexpr int elements_max = 16;
            return elements > elements_max ? nullptr : create(task, elements);
        };
        return functions;
    }();
    reader.fn = &bounded;
}

RedisAnswer numbers_of(const redisReply& reply) {
    RedisAnswer answer;
    if (reply.type == REDIS_REPLY_ERROR) {
        const std::string text = text_of(reply);
        if (!text.starts_with("NOSCRIPT")) throw RedisError("it refused: " + text);
        answer.script_missing = true;
    } else if (reply.type == REDIS_REPLY_INTEGER) {
        answer.numbers.push_back(reply.integer);
    } else if (reply.type == REDIS_REPLY_ARRAY) {
        for (std::size_t i = 0; i < reply.elements; ++i) {
            const redisReply& element = *reply.element[i];
            if (element.type != REDIS_REPLY_INTEGER) throw RedisError("it answered no numbers");
            answer.numbers.push_back(element.integer);
        }
    } else {
        throw RedisError("it answered no numbers");
    }
    return answer;
}

}  // namespace

void RedisConnection::Free::operator()(redisContext* context) const { redisFree(context); }

RedisConnection::RedisConnection(const RedisAddress& address, const std::string& numeric_host,
                                 Deadline deadline)
    : context_(redisConnectNonBlock(numeric_host.c_str(), address.port)) {
    if (!context_) throw RedisError("out of memory");
    if (context_->err) throw RedisError(context_->errstr);
    bound_arrays(*context_->reader);
    wait(POLLOUT, deadline);
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) throw RedisError(std::strerror(error));
    if (!address.password.empty()) {
        if (address.user.empty())
            expect_ok({"AUTH", address.password.reveal()}, deadline);
        else
            expect_ok({"AUTH", address.user, address.password.reveal()}, deadline);
    }
    if (address.database != 0) expect_ok({"SELECT", std::to_string(address.database)}, deadline);
}

RedisAnswer RedisConnection::ask(const std::vector<std::string_view>& words, Deadline deadline) {
    send(words, deadline);
    const Reply reply(static_cast<redisReply*>(receive(deadline)));
    return numbers_of(*reply);
}

void RedisConnection::expect_ok(const std::vector<std::string_view>& words, Deadline deadline) {
    send(words, deadline);
    const Reply reply(static_cast<redisReply*>(receive(deadline)));
    if (reply->type != REDIS_REPLY_STATUS) throw RedisError("it refused: " + text_of(*reply));
}

void RedisConnection::wait(short events, Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) throw RedisError("it is too slow");
        pollfd descriptor{.fd = context_->fd, .events = events, .revents = 0};
        const int ready = poll(&descriptor, 1, static_cast<int>(left.count()));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) throw RedisError(std::strerror(errno));
    }
}

void RedisConnection::send(const std::vector<std::string_view>& words, Deadline deadline) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string_view word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), texts.data(),
                           sizes.data());
    for (int done = 0;;) {
        if (redisBufferWrite(context_.get(), &done) != REDIS_OK) throw RedisError(context_->errstr);
        if (done) return;
        wait(POLLOUT, deadline);
    }
}

void* RedisConnection::receive(Deadline deadline) {
    for (;;) {
        void* reply = nullptr;
        if (redisGetReplyFromReader(context_.get(), &reply) != REDIS_OK)
            throw RedisError(context_->errstr);
        if (reply) return reply;
        if (context_->reader->len > answer_bytes_max) throw RedisError("its answer is too long");
        wait(POLLIN, deadline);
        if (redisBufferRead(context_.get()) != REDIS_OK) throw RedisError(context_->errstr);
    }
}

std::string resolve(const std::string& host) {
    struct FreeAddresses {
        void operator()(addrinfo* list) const { freeaddrinfo(list); }
    };
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    if (code != 0) throw RedisError(host + ": " + gai_strerror(code));
    const std::unique_ptr<addrinfo, FreeAddresses> list(found);
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(list->ai_addr, list->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0)
        throw RedisError(host + " has no address");
    return text.data();
}

}  // namespace referral::cache
