#include "clicks/pages.hpp"

#include <stdexcept>

#include "base/text.hpp"

namespace referral::clicks {

PageTemplate::PageTemplate(std::string_view html) {
    for (;;) {
        const std::size_t open = html.find("{{");
        const std::size_t close = open == html.npos ? html.npos : html.find("}}", open);
        if (close == html.npos) break;
        const std::string_view name = html.substr(open + 2, close - open - 2);
        const Place place = name == "code"          ? Place::code
                            : name == "message"     ? Place::message
                            : name == "suggestions" ? Place::suggestions
                                                    : Place::none;
        if (place == Place::none)
            throw std::runtime_error("a page has the unknown place {{" + std::string(name) + "}}");
        pieces_.push_back({std::string(html.substr(0, open)), place});
        html.remove_prefix(close + 2);
    }
    pieces_.push_back({std::string(html), Place::none});
}

void PageTemplate::append(std::string& out, const PageValues& values) const {
    for (const Piece& piece : pieces_) {
        out += piece.text;
        switch (piece.then) {
            case Place::none: break;
            case Place::code: out += html_escaped(cleaned(values.code)); break;
            case Place::message: out += html_escaped(cleaned(values.message)); break;
            case Place::suggestions: out += values.suggestions; break;
        }
    }
}

std::string suggestions_html(const std::vector<std::string>& codes) {
    if (codes.empty()) return {};
    std::string html = "<ul class=\"suggestions\">";
    for (const std::string& code : codes) {
        const std::string text = html_escaped(code);
        html += "<li><a href=\"/r/" + text + "\">" + text + "</a></li>";
    }
    return html + "</ul>";
}

}  // namespace referral::clicks
