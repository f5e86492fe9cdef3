#include "clicks/pages.hpp"

#include <utility>

#include "base/text.hpp"

namespace referral::clicks {

namespace {

constexpr std::pair<std::string_view, PageTemplate::Place> places[] = {
    {"%CODE%", PageTemplate::Place::code},
    {"%MESSAGE%", PageTemplate::Place::message},
    {"%SUGGESTIONS%", PageTemplate::Place::suggestions},
};

}  // namespace

PageTemplate::PageTemplate(std::string_view html) {
    for (;;) {
        std::size_t first = html.npos, length = 0;
        Place place = Place::none;
        for (const auto& [mark, meaning] : places) {
            const std::size_t at = html.find(mark);
            if (at >= first) continue;
            first = at;
            length = mark.size();
            place = meaning;
        }
        if (place == Place::none) break;
        pieces_.push_back({std::string(html.substr(0, first)), place});
        html.remove_prefix(first + length);
    }
    pieces_.push_back({std::string(html), Place::none});
}

void PageTemplate::append(std::string& out, const PageValues& values) const {
    for (const Piece& piece : pieces_) {
        out += piece.text;
        switch (piece.then) {
            case Place::none:
                break;
            case Place::code:
                out += html_escaped(cleaned(values.code));
                break;
            case Place::message:
                out += html_escaped(cleaned(values.message));
                break;
            case Place::suggestions:
                out += values.suggestions;
                break;
        }
    }
}

std::string suggestions_html(const std::vector<std::string>& codes) {
    if (codes.empty()) return {};
    std::string html = "<p>Did you mean</p><ul class=\"suggestions\">";
    for (const std::string& code : codes) {
        const std::string text = html_escaped(code);
        html += "<li><a href=\"/r/" + text + "\">" + text + "</a></li>";
    }
    return html + "</ul>";
}

}  // namespace referral::clicks
