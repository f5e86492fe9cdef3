#include "platform/mail/smtp.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/text.hpp"

namespace referral::mail {

namespace {

constexpr std::size_t words_bytes_max = 500;
constexpr std::chrono::seconds connect_timeout_max{10};

/// What curl's callbacks work on.
struct Dialogue {
    std::string_view unsent;
    const std::function<bool()>& stopping;
    std::string refusal{};  // The server's last line with a 4xx or 5xx.
};

std::size_t read_message(char* to, std::size_t size, std::size_t count, void* of) {
    auto& dialogue = *static_cast<Dialogue*>(of);
    const std::size_t bytes = std::min(size * count, dialogue.unsent.size());
    std::memcpy(to, dialogue.unsent.data(), bytes);
    dialogue.unsent.remove_prefix(bytes);
    return bytes;
}

std::size_t note_line(char* from, std::size_t size, std::size_t count, void* of) {
    auto& dialogue = *static_cast<Dialogue*>(of);
    const std::string_view line(from, size * count);
    if (line.starts_with('4') || line.starts_with('5'))
        dialogue.refusal = cut(line, words_bytes_max);
    return size * count;
}

/// A message whose last byte is out may have been taken already: then the answer is waited for.
int ask_whether_to_stop(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& dialogue = *static_cast<Dialogue*>(of);
    return !dialogue.unsent.empty() && dialogue.stopping() ? 1 : 0;
}

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle, option, value);
    if (code != CURLE_OK)
        throw std::runtime_error(fmt::format("curl takes no option {}: {}",
                                             static_cast<int>(option), curl_easy_strerror(code)));
}

void set_server(CURL* handle, const Server& server, std::string_view our_name) {
    const bool is_v6 = server.host.find(':') != std::string::npos;
    const std::string url =
        fmt::format("{}://{}{}{}:{}/{}", server.security == Security::tls ? "smtps" : "smtp",
                    is_v6 ? "[" : "", server.host, is_v6 ? "]" : "", server.port, our_name);
    set(handle, CURLOPT_URL, url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(handle, CURLOPT_PROXY, "");
    if (server.security != Security::none) {
        set(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    }
    if (!server.authorities.empty()) set(handle, CURLOPT_CAINFO, server.authorities.c_str());
    if (!server.username.empty()) {
        set(handle, CURLOPT_USERNAME, server.username.c_str());
        set(handle, CURLOPT_PASSWORD, server.password.reveal().c_str());
    }
    const std::chrono::milliseconds timeout = server.timeout;
    const std::chrono::milliseconds connecting =
        std::min<std::chrono::milliseconds>(timeout, connect_timeout_max);
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connecting.count()));
    set(handle, CURLOPT_NOSIGNAL, 1L);
}

/// Refused for good is what the server says of this mail, with a 5xx: about the sender, the
/// recipient or the whole message. A greeting, a sign-in or TLS that fails is not the mail's fault.
Outcome outcome_of(CURLcode code, long reply, bool message_is_out) {
    if (code == CURLE_OK) return Outcome::accepted;
    constexpr long sign_in_wanted = 530;  // RFC 4954, section 6; RFC 3207, section 4.
    const bool is_about_the_mail =
        code == CURLE_SEND_ERROR ||
        (message_is_out && (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR));
    const bool is_final = reply >= 500 && reply < 600 && reply != sign_in_wanted;
    return is_about_the_mail && is_final ? Outcome::refused : Outcome::later;
}

std::string words_of(const char* error, CURLcode code, std::string_view refusal, long reply) {
    std::string words(*error ? error : curl_easy_strerror(code));
    if (reply >= 400 && !trimmed(refusal).empty()) words = trimmed(refusal);
    if (code == CURLE_ABORTED_BY_CALLBACK) words = "the program was told to stop";
    words = cleaned(words);
    for (char& c : words)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return std::string(cut(words, words_bytes_max));
}

}  // namespace

Receipt hand_over(const Server& server, const MailAddress& from, const MailAddress& to,
                  const std::string& message, const std::function<bool()>& stopping) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, Free> handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
    const std::string recipient = '<' + to.text() + '>', sender = '<' + from.text() + '>';
    const std::unique_ptr<curl_slist, Free> recipients(
        curl_slist_append(nullptr, recipient.c_str()));
    if (!handle || !recipients) throw std::runtime_error("curl cannot be used");

    Dialogue dialogue{.unsent = message, .stopping = stopping};
    char error[CURL_ERROR_SIZE] = "";
    set_server(handle.get(), server, from.domain());
    set(handle.get(), CURLOPT_MAIL_FROM, sender.c_str());
    set(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
    set(handle.get(), CURLOPT_UPLOAD, 1L);
    set(handle.get(), CURLOPT_READFUNCTION, &read_message);
    set(handle.get(), CURLOPT_READDATA, &dialogue);
    set(handle.get(), CURLOPT_HEADERFUNCTION, &note_line);
    set(handle.get(), CURLOPT_HEADERDATA, &dialogue);
    set(handle.get(), CURLOPT_XFERINFOFUNCTION, &ask_whether_to_stop);
    set(handle.get(), CURLOPT_XFERINFODATA, &dialogue);
    set(handle.get(), CURLOPT_NOPROGRESS, 0L);
    set(handle.get(), CURLOPT_ERRORBUFFER, &error[0]);

    const CURLcode code = curl_easy_perform(handle.get());
    long reply = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &reply);
    const Outcome outcome = outcome_of(code, reply, dialogue.unsent.empty());
    if (outcome == Outcome::accepted) return {outcome, ""};
    return {outcome, words_of(&error[0], code, dialogue.refusal, reply)};
}

}  // namespace referral::mail
