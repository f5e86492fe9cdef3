#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace referral::clicks {

/// What the places of a page stand for. `code` and `message` are escaped here; `suggestions` is
/// HTML already.
struct PageValues {
    std::string_view code;         // %CODE%
    std::string_view message;      // %MESSAGE%
    std::string_view suggestions;  // %SUGGESTIONS%
};

/// A page of HTML with places that are filled at each answer. Immutable: any thread may render.
class PageTemplate {
public:
    /// What a place stands for.
    enum class Place { none, code, message, suggestions };

    explicit PageTemplate(std::string_view html);

    /// Appends the page with its places filled.
    void append(std::string& out, const PageValues& values) const;

private:
    struct Piece {
        std::string text;
        Place then;
    };

    std::vector<Piece> pieces_;
};

/// Name and value of the header lines that every page has. Of scripts it has the one that sets
/// light or dark. Browsers hold a form's redirects against form-action too, and the password form
/// ends at the link's destination.
inline constexpr std::pair<std::string_view, std::string_view> page_headers[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; form-action 'self' https: http://localhost:* http://127.0.0.1:*; "
     "base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"X-Robots-Tag", "noindex"},
};

/// The one more that pages have when they come by TLS.
inline constexpr std::pair<std::string_view, std::string_view> secure_page_header{
    "Strict-Transport-Security", "max-age=31536000; includeSubDomains"};

/// The pages that visitors of links can meet.
struct Pages {
    PageTemplate not_found;  // 404: no such code, or not active for now.
    PageTemplate gone;       // 410: the link is dead for good.
    PageTemplate password;   // Posts `code` and `password` to UnlockForm::path.
};

/// "Did you mean" with a link for each of `codes`; nothing for none.
std::string suggestions_html(const std::vector<std::string>& codes);

}  // namespace referral::clicks
