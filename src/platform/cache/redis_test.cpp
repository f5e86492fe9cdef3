#include "platform/cache/redis.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

namespace referral::cache {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Listens on the loopback and answers the same to everything; nothing while the answer is empty.
class Pretender {
public:
    explicit Pretender(std::string answer) : answer_(std::move(answer)) {
        signal(SIGPIPE, SIG_IGN);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        listen(listener_, 64);
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Pretender() {
        stopping_ = true;
        thread_.join();
        close(listener_);
    }
    Pretender(const Pretender&) = delete;
    Pretender& operator=(const Pretender&) = delete;

    int port() const { return port_; }
    void answer(std::string text) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(text);
    }

private:
    void serve() {
        std::set<int> clients;
        while (!stopping_) {
            std::vector<pollfd> ready{{listener_, POLLIN, 0}};
            for (const int client : clients) ready.push_back({client, POLLIN, 0});
            poll(ready.data(), ready.size(), 5);
            if (ready[0].revents) clients.insert(accept(listener_, nullptr, nullptr));
            for (std::size_t i = 1; i < ready.size(); ++i)
                if (ready[i].revents && !reply(ready[i].fd)) {
                    close(ready[i].fd);
                    clients.erase(ready[i].fd);
                }
        }
        for (const int client : clients) close(client);
    }
    bool reply(int client) {
        std::array<char, 4096> asked;
        if (recv(client, asked.data(), asked.size(), 0) <= 0) return false;
        const std::lock_guard lock(mutex_);
        return answer_.empty() || send(client, answer_.data(), answer_.size(), 0) > 0;
    }

    int listener_ = -1;
    int port_ = 0;
    std::mutex mutex_;
    std::string answer_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

Redis::Settings settings(const Pretender& server) {
    return {.address = {.host = "127.0.0.1", .port = server.port()},
            .connections = 4,
            .patience = 100ms,
            .pause = 10ms,
            .probe = [](RedisConnection& connection,
                        Deadline deadline) { connection.ask({"PING"}, deadline); },
            .beat = 50ms};
}

const Script script("return 1");

std::optional<std::vector<std::int64_t>> ask(Redis& redis) {
    return redis.run(script, "key", {"argument"},
                     [](const auto& numbers) { return numbers == std::vector<std::int64_t>{1}; });
}

/// Until `probe` holds; false when it does not within seconds.
template <class Probe>
bool eventually(Probe probe) {
    for (const auto end = steady_clock::now() + 20s; steady_clock::now() < end;) {
        if (probe()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

TEST(Scripts, AreCalledByTheirSha1) {
    EXPECT_EQ(Script("return 1").sha1, "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
}

TEST(Redis, IsAskedOnceItIsReached) {
    Pretender server(":1\r\n");
    Redis redis(settings(server));

    EXPECT_TRUE(eventually([&] { return ask(redis).has_value(); }));
    EXPECT_TRUE(redis.stats().reached);
}

TEST(Redis, IsLeftAloneAfterBadAnswersAndFoundAgain) {
    for (const std::string bad :
         {"+OK\r\n", "-ERR no\r\n", "nonsense\r\n", ":2\r\n", "*1\r\n+1\r\n", "$-1\r\n",
          "*2147483647\r\n", "-NOSCRIPT none\r\n", ""}) {
        Pretender server(":1\r\n");
        Redis redis(settings(server));
        ASSERT_TRUE(eventually([&] { return ask(redis).has_value(); }));

        server.answer(bad);
        EXPECT_TRUE(eventually([&] { return !ask(redis) && !redis.stats().reached; })) << bad;

        server.answer(":1\r\n");
        EXPECT_TRUE(eventually([&] { return ask(redis).has_value(); })) << bad;
    }
}

TEST(Redis, KeepsNobodyWaiting) {
    Pretender server(":1\r\n");
    Redis redis(settings(server));
    ASSERT_TRUE(eventually([&] { return ask(redis).has_value(); }));
    server.answer("");

    const auto begun = steady_clock::now();
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(ask(redis));

    // Three wait for their patience, the others not at all; the rest is the machine's.
    EXPECT_LT(steady_clock::now() - begun, 3s);
}

TEST(Redis, IsNotBelievedWhenItAnnouncesAGiantAnswer) {
    for (const std::string giant : {"*2147483647\r\n", "$2147483000\r\n"}) {
        Pretender server(giant);
        const auto begun = steady_clock::now();
        {
            RedisConnection connection({.host = "127.0.0.1", .port = server.port()}, "127.0.0.1",
                                       begun + 1s);
            EXPECT_THROW(connection.ask({"PING"}, begun + 200ms), RedisError);
        }
        EXPECT_LT(steady_clock::now() - begun, 3s) << giant;
    }
}

TEST(Redis, ServesManyThreadsWhateverItAnswers) {
    Pretender server(":1\r\n");
    Redis redis(settings(server));
    std::atomic<bool> stopping = false;
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            while (!stopping)
                if (ask(redis)) ++answered;
        });
    for (int turn = 0; turn < 5; ++turn) {
        const int before = answered;
        EXPECT_TRUE(eventually([&] { return answered > before + 20; })) << turn;
        server.answer(turn % 2 ? "+no\r\n" : "nonsense\r\n");
        EXPECT_TRUE(eventually([&] { return !redis.stats().reached; })) << turn;
        server.answer(":1\r\n");
    }
    stopping = true;
    for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace referral::cache
