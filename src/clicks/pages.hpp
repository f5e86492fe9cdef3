#pragma once

#include <string>
#include <string_view>
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

/// The pages that visitors of links can meet.
struct Pages {
    PageTemplate not_found;  // 404: no such code, or not active for now.
    PageTemplate gone;       // 410: the link is dead for good.
    PageTemplate password;   // Posts `code` and `password` to UnlockForm::path.
};

/// "Did you mean" with a link for each of `codes`; nothing for none.
std::string suggestions_html(const std::vector<std::string>& codes);

}  // namespace referral::clicks
