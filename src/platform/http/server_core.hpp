#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "platform/http/connection_admission.hpp"
#include "platform/http/connection_input.hpp"
#include "platform/http/connection_origin.hpp"
#include "platform/http/listener_descriptor.hpp"
#include "platform/http/parser.hpp"
#include "platform/http/pool.hpp"
#include "platform/http/server.hpp"
#include "platform/http/tls.hpp"

namespace referral::http {

class FrontLoop;
class ClickLoop;

/// A connection on its way from one loop to another, with what it sent that is not used up.
struct Arrival {
    Descriptor socket;
    InputBuffer input;
    Peer peer;
    Ticket ticket;
    std::size_t front = 0;  // The front loop that accepted it and takes it back.
};

/// What all loops share. Destroyed from the end: the pools first, whose work refers to the loops.
struct Core {
    Core(Settings given, Handler& answers);
    ~Core();

    /// Whether nothing is left that could bring another request.
    bool finished() const { return listening == 0 && admission.open() == 0; }

    const Settings settings;
    Handler& handler;
    HeadParser parser;
    Admission admission;
    std::atomic<std::size_t> listening = 0;  // Front loops that still accept.
    std::atomic<bool> cut_short = false;     // A drain ended with requests at work.
    std::unique_ptr<TlsContext> tls;         // None without Settings::tls.
    std::vector<std::unique_ptr<FrontLoop>> fronts;
    std::vector<std::unique_ptr<ClickLoop>> clicks;
    Pool pool;
    Pool costly;
};

}  // namespace referral::http
