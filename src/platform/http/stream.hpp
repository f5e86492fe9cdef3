#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace referral::http {

/// An answer that goes on: one side writes from any thread, the server sends. A handler makes it,
/// returns it in `Response::stream` and keeps a shared pointer to write by. What is sent before
/// the answer has left is kept. The server closes it when the client goes, when the client reads
/// too slowly and when the server drains.
class Stream {
public:
    static constexpr std::size_t unsent_bytes_max_default = 256 * 1024;

    /// A stream whose client may be at most `unsent_bytes_max` bytes behind.
    explicit Stream(std::size_t unsent_bytes_max = unsent_bytes_max_default)
        : unsent_bytes_max_(unsent_bytes_max) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream();

    /// Queues `bytes` as they are (for server-sent events: whole events). Never blocks. False
    /// when the stream is closed, or closes now because the client is too far behind.
    bool send(std::string_view bytes);

    /// Ends the stream after what is queued; more than once is no harm.
    void close();

    bool closed() const;

    /// Calls `told` once when the stream closes, on the thread that closes it, or here and now when
    /// it is closed already. Only one at a time; `told` must not call back into the stream.
    void on_close(std::function<void()> told);

    /// For the server: `wake` is called, on any thread, when there is something to take.
    void attach(std::function<void()> wake);
    /// For the server: lets go of `wake`, closes and drops what is unsent.
    void detach();
    /// For the server: moves what is queued to the end of `into`; false when no more will come.
    bool take(std::string& into);
    /// Whether the client was too far behind, so that the connection ends without a proper end.
    bool overrun() const;

private:
    /// Closes under `lock` and tells who wants to know without it.
    void close(std::unique_lock<std::mutex> lock, bool overrun);

    const std::size_t unsent_bytes_max_;
    mutable std::mutex mutex_;
    std::string unsent_;
    std::function<void()> wake_;
    std::function<void()> told_;
    bool closed_ = false;
    bool overrun_ = false;
};

}  // namespace referral::http
