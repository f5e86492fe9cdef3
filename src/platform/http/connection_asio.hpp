#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstddef>
#include <new>

namespace referral::http {

namespace asio = boost::asio;

/// Asio's types with the executor spelled out: erasing its type costs a fifth of a request.
using Context = asio::io_context;
using Executor = Context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// The memory of one asynchronous operation at a time, kept from one to the next. Asio's own
/// recycling holds two blocks per thread, too few for a loop that arms many reads in a row.
class OperationMemory {
public:
    OperationMemory() = default;
    OperationMemory(const OperationMemory&) = delete;
    OperationMemory& operator=(const OperationMemory&) = delete;

    void* take(std::size_t size) {
        if (taken_ || size > sizeof bytes_) return ::operator new(size);
        taken_ = true;
        return bytes_;
    }
    void give(void* memory) {
        if (memory == bytes_)
            taken_ = false;
        else
            ::operator delete(memory);
    }

private:
    alignas(std::max_align_t) std::byte bytes_[256];
    bool taken_ = false;
};

/// Hands out an OperationMemory, which must outlive the operation.
template <class T>
class OperationAllocator {
public:
    using value_type = T;

    explicit OperationAllocator(OperationMemory& memory) noexcept : memory_(&memory) {}
    template <class U>
    OperationAllocator(const OperationAllocator<U>& other) noexcept : memory_(other.memory_) {}

    T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
    void deallocate(T* memory, std::size_t) { memory_->give(memory); }

    template <class U>
    bool operator==(const OperationAllocator<U>& other) const noexcept {
        return memory_ == other.memory_;
    }

private:
    template <class U>
    friend class OperationAllocator;

    OperationMemory* memory_;
};

}  // namespace referral::http
