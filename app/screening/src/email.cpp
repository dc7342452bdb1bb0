// E-mail addresses, as people write them: RFC 5321 without quoted local parts and address literals.
#include <algorithm>
#include <iterator>

#include <re2/re2.h>

#include "entity_rules.hpp"
#include "surroundings.hpp"

namespace app {

namespace {

// Letters beyond ASCII are those of alphabets whose words are parted by spaces (RFC 6531). %40 is how a URL
// says @.
constexpr auto address =
    R"([\p{Latin}\p{Greek}\p{Cyrillic}0-9_][\p{Latin}\p{Greek}\p{Cyrillic}0-9._%+'-]*(?:@|%40))"
    R"((?:[\p{Latin}\p{Greek}\p{Cyrillic}0-9](?:-*[\p{Latin}\p{Greek}\p{Cyrillic}0-9])*\.)+)"
    R"((?:xn--[a-zA-Z0-9-]+|[\p{Latin}\p{Greek}\p{Cyrillic}]{2,}))";

RE2 const& expression()
{
    static auto const* const compiled = [] {
        auto options = RE2::Options{};
        options.set_log_errors(false);
        options.set_longest_match(true);
        return new RE2{address, options};
    }();
    return *compiled;
}

// Ends of file names that no registry gives out as a top-level domain.
constexpr std::string_view file_endings[] = {
    "png", "jpg",  "jpeg", "gif", "svg", "webp", "bmp",   "ico", "tiff", "pdf",  "txt",
    "csv", "log",  "js",   "jsx", "ts",  "tsx",  "css",   "htm", "html", "json", "xml",
    "yml", "yaml", "toml", "cpp", "hpp", "java", "class", "exe", "dll",  "jar",  "gz",
    "tar", "tgz",  "mp3",  "mp4", "wav", "docx", "xlsx",  "pptx"};

bool ends_as_file(std::string_view found)
{
    auto const ending = found.substr(found.rfind('.') + 1);
    return std::find(std::begin(file_endings), std::end(file_endings), ending) != std::end(file_endings);
}

/// scheme://user:password@host: what comes before @ is no mailbox. No such part is longer than what is looked
/// at.
bool is_in_url(std::string_view text, std::size_t begin)
{
    constexpr auto look_size_max = std::size_t{256};
    auto const from = begin > look_size_max ? begin - look_size_max : 0;
    for (auto at = begin; at > from; --at) {
        switch (text[at - 1]) {
        case '/': return at >= 3 && text[at - 2] == '/' && text[at - 3] == ':';
        case ' ':
        case '?':
        case '#':
        case '"':
        case '<':
        case '>': return false;
        default: break;
        }
    }
    return false;
}

/// What follows says that this is a place on another computer (git@host:group/project, user@host:/path) or
/// code.
bool is_place_or_call(std::string_view found, std::string_view rest)
{
    return rest.starts_with(":/") || rest.starts_with(":~") || rest.starts_with("(") ||
           (found.starts_with("git@") && rest.starts_with(":"));
}

bool is_address(std::string_view text, text_range found)
{
    auto const address_text = text.substr(found.begin, found.end - found.begin);
    return ends_word(text, found.end) && !ends_as_file(address_text) && !is_in_url(text, found.begin) &&
           !is_place_or_call(address_text, text.substr(found.end));
}

} // namespace

std::vector<text_range> find_emails(folded_text const& folded)
{
    auto const text = std::string_view{folded.text()};
    auto const all = re2::StringPiece{text.data(), text.size()};
    auto found = std::vector<text_range>{};
    if (text.find('@') == std::string_view::npos && text.find("%40") == std::string_view::npos) {
        return found;
    }
    auto one = re2::StringPiece{};
    for (auto at = std::size_t{0}; expression().Match(all, at, all.size(), RE2::UNANCHORED, &one, 1);) {
        auto const begin = static_cast<std::size_t>(one.data() - all.data());
        at = begin + one.size();
        if (is_address(text, {begin, at})) {
            found.push_back({begin, at});
        }
    }
    return found;
}

std::optional<text_range> confirmed_email(folded_text const& folded, std::vector<text_range> const& found,
                                          text_range candidate)
{
    auto const one = std::partition_point(
        found.begin(), found.end(), [&](text_range const& each) { return each.end <= candidate.begin; });
    if (one != found.end() && one->begin < candidate.end) {
        return *one;
    }
    // The address of a host without a domain is one if somebody has a pattern for it.
    auto const inner =
        std::string_view{folded.text()}.substr(candidate.begin, candidate.end - candidate.begin);
    auto const at = inner.find('@');
    auto const is_local = at != std::string_view::npos && inner.find('.', at) == std::string_view::npos;
    return is_local && is_address(folded.text(), candidate) ? std::optional{candidate} : std::nullopt;
}

} // namespace app
