#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/http/connection_asio.hpp"
#include "platform/http/connection_deadline.hpp"
#include "platform/http/connection_input.hpp"
#include "platform/http/connection_origin.hpp"
#include "platform/http/parser_body.hpp"
#include "platform/http/server_core.hpp"

namespace referral::http {

/// A connection on a click loop. At most one read and one wait for room are under way; their
/// handlers keep it alive.
struct ClickConnection {
    ClickConnection(Context& context, Arrival arrival);

    /// Cuts the click ids of the answers that wait out of the output.
    void cut_click_ids();

    Socket socket;
    InputBuffer input;
    Peer peer;
    Ticket ticket;
    std::size_t front;
    std::string out;                          // Answers not sent yet.
    std::size_t sent = 0;                     // Bytes of `out` that are.
    std::size_t held_answers = 0;             // Of those in `out`, how many wait for the commit.
    std::vector<ByteRange> click_ids;         // Theirs, in `out`.
    std::optional<BodyDecoder> skipped_body;  // Of a request answered already.
    Deadline deadline;
    bool reading = false;
    bool ends = false;    // After the output.
    bool leaves = false;  // The next request is no click: back to the front loop.
    bool full = false;    // Answering stopped for the output's size.
    bool closed = false;
    std::list<std::shared_ptr<ClickConnection>>::iterator place;
    OperationMemory read_memory;
    OperationMemory write_memory;
};

}  // namespace referral::http
