#include "page/page.hpp"

#include <array>
#include <map>

#include "http/cached_answer.hpp"
#include "http/problem.hpp"
#include "page_files.hpp"

namespace app {
namespace {

// Only what lies in the program is loaded, asked or shown: a prompt that holds a script is a text, whatever a
// mistake in the page does with it. W3C, Content Security Policy Level 3.
constexpr char const* content_policy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A strong tag is of the bytes that are sent, so the packed form has another (RFC 9110 §8.8.3).
struct served_file
{
    page_file content;
    std::string plain_tag;
    std::string packed_tag;
};

std::map<std::string_view, served_file> tagged_files()
{
    std::map<std::string_view, served_file> out;
    for (auto const& file : page_files()) {
        out.emplace(file.name, served_file{file, entity_tag_of(file.plain), entity_tag_of(file.packed)});
    }
    return out;
}

std::string type_of(std::string_view name)
{
    struct row
    {
        std::string_view ending;
        char const* type;
    };
    static constexpr std::array<row, 4> types{{{".html", "text/html; charset=utf-8"},
                                               {".css", "text/css; charset=utf-8"},
                                               {".js", "text/javascript; charset=utf-8"},
                                               {".svg", "image/svg+xml"}}};
    for (auto const& [ending, type] : types) {
        if (name.ends_with(ending)) {
            return type;
        }
    }
    return "application/octet-stream";
}

// RFC 9110 §12.5.3, as far as browsers use it: "gzip" among the codings, and not with a weight of 0.
bool takes_gzip(std::string_view accept_encoding)
{
    auto const at = accept_encoding.find("gzip");
    if (at == std::string_view::npos) {
        return false;
    }
    auto const weight = accept_encoding.substr(at + 4, accept_encoding.find(',', at) - at - 4);
    return weight.find("q=0") == std::string_view::npos || weight.find("q=0.") != std::string_view::npos;
}

} // namespace

answer page_answer(std::string_view file, request const& asked)
{
    static auto const files = tagged_files();
    auto const found = files.find(file);
    if (found == files.end()) {
        throw not_found("The page has no file of this name.");
    }
    auto const& [content, plain_tag, packed_tag] = found->second;
    bool const packed = takes_gzip(asked.accept_encoding);
    // Asked for again on every load and mostly 304: a new program's page is there with its first answer.
    auto a = cached_answer(std::string{packed ? content.packed : content.plain},
                           packed ? packed_tag : plain_tag, "no-cache", asked.if_none_match);
    a.content_type = type_of(file);
    if (packed && a.status == 200) {
        a.with("Content-Encoding", "gzip");
    }
    return a.with("Vary", "Accept-Encoding")
        .with("Content-Security-Policy", content_policy)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer");
}

} // namespace app
