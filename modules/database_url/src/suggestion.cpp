#include "suggestion.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "foreign_keyword.hpp"
#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "shown.hpp"
#include "tls_word.hpp"

namespace schemagate::url {

namespace {

std::string_view without_wrapping(std::string_view text)
{
    constexpr auto wrappings = std::array<std::string_view, 21>{"\"",
                                                                "'",
                                                                "`",
                                                                "\\",
                                                                " ",
                                                                "\n",
                                                                "\r",
                                                                "\t",
                                                                "\xEF\xBB\xBF",
                                                                "\xC2\xA0",
                                                                "\xE2\x80\x8B",
                                                                ";",
                                                                "<",
                                                                ">",
                                                                "\xE2\x80\x9C",
                                                                "\xE2\x80\x9D",
                                                                "\xE2\x80\x9E",
                                                                "\xE2\x80\x98",
                                                                "\xE2\x80\x99",
                                                                "\xC2\xAB",
                                                                "\xC2\xBB"};
    for (auto again = true; again;) {
        again = false;
        for (auto const one : wrappings) {
            if (text.starts_with(one)) {
                text.remove_prefix(one.size());
                again = true;
            }
            if (text.ends_with(one)) {
                text.remove_suffix(one.size());
                again = true;
            }
        }
    }
    return text;
}

// What a foreign parameter becomes, collected: options of several of them are one.
class query_builder
{
public:
    /// False if the value may not be shown.
    bool add(std::string const& written_keyword, std::string const& value)
    {
        auto const keyword =
            lowered(written_keyword.starts_with("amp;") ? written_keyword.substr(4) : written_keyword);
        if (keyword == "sslmode")
            return keep_mode(sslmode_of(value));
        if (find_keyword(keyword))
            return keep(keyword, choice(keyword) ? lowered(value) : value);
        auto const* const foreign = find_foreign(keyword);
        if (!foreign)
            return leave_out("a parameter that no driver has") && !secret_keyword(keyword);
        auto const own = translated(*foreign, value);
        if (foreign->how == translation::tls)
            return keep_mode(own ? std::string_view{own->value.reveal()} : std::string_view{});
        if (!own)
            return leave_out(std::string{foreign->keyword});
        auto const file = foreign->how == translation::folder ? value.rfind("/.s.PGSQL.") : value.npos;
        return keep(own->keyword, own->value.reveal()) &&
               (file == value.npos || keep("port", value.substr(file + 10)));
    }

    [[nodiscard]] std::vector<connection_parameter> const& kept() const { return kept_; }

    /// " (without …)", or "".
    [[nodiscard]] std::string without() const
    {
        return left_out_.empty() ? std::string{} : " (without " + left_out_ + ")";
    }

private:
    static bool choice(std::string_view keyword)
    {
        return keyword == "target_session_attrs" || keyword == "channel_binding" || keyword == "gssencmode";
    }

    bool leave_out(std::string const& what)
    {
        if (!contains(left_out_, what))
            left_out_ += (left_out_.empty() ? "" : ", ") + what;
        return true;
    }

    // Of two, the one that asks for more: no verification is dropped. False for a word that is nobody's.
    bool keep_mode(std::string_view mode)
    {
        for (auto const& one : kept_)
            if (one.keyword == "sslmode" && !mode.empty())
                mode = stricter_sslmode(one.value.reveal(), mode);
        auto const held = std::string{mode};
        return !held.empty() && keep("sslmode", held);
    }

    bool keep(std::string const& keyword, std::string const& value)
    {
        auto const path = keyword == "sslkey" || keyword == "passfile";
        if (secret_keyword(keyword) && !path) {
            kept_.push_back({keyword, secret{std::string{mask}}});
            return true;
        }
        for (auto& one : kept_)
            if (one.keyword == keyword) {
                one.value = secret{keyword == "options" ? one.value.reveal() + " " + value : value};
                return true;
            }
        kept_.push_back({keyword, secret{value}});
        return plausible(keyword, value) && (path ? shown_path(value) : shown_value(keyword, value)) == value;
    }

    std::vector<connection_parameter> kept_;
    std::string left_out_;
};

bool names_user(uri_layout const& layout)
{
    return std::any_of(layout.parameters.begin(), layout.parameters.end(), [](auto const& one) {
        auto const* const foreign = find_foreign(one.key);
        return one.key == "user" || one.key == "service" || (foreign && foreign->becomes == "user");
    });
}

std::string suggested_uri(std::string_view text, std::size_t scheme_end, bool user_elsewhere)
{
    auto const layout = scan_uri_after(text, scheme_end);
    if (hidden_in(text, layout, parts_of(layout)) != hidden_parts{})
        return {};
    for (auto const& part : parts_of(layout))
        if (!part.parameter && !part.is_password() && shown_value(part.keyword, part.value.reveal()) == mask)
            return {};
    auto result = std::string{"postgresql://"};
    if (layout.has_userinfo)
        result += std::string{layout.user} + (layout.password ? ":***@" : "@");
    else if (!user_elsewhere && !layout.authority.empty() && !names_user(layout))
        result += "USER:PASSWORD@";
    for (auto const& host : layout.hosts) {
        result += &host == &layout.hosts.front() ? "" : ",";
        result += host.whole;
    }
    if (layout.dbname)
        result += "/" + std::string{*layout.dbname};
    auto query = query_builder{};
    for (auto const& one : layout.parameters)
        if (!query.add(percent_decoded(one.key).value_or(""), percent_decoded(one.value).value_or("")))
            return {};
    auto separator = '?';
    for (auto const& one : query.kept()) {
        auto const masked = one.value.reveal() == mask;
        result += separator + one.keyword + "=" +
                  (masked ? one.value.reveal() : percent_encoded(one.value.reveal(), "/:,"));
        separator = '&';
    }
    return printable(result) == result ? result + query.without() : std::string{};
}

std::string suggested_keywords(std::string_view text)
{
    auto const layout = scan_keywords(text);
    if (hidden_in(parts_of(layout)) != hidden_parts{})
        return {};
    auto query = query_builder{};
    for (auto const& one : layout.pieces)
        if (!contains(one.equals, '=') || !query.add(std::string{one.keyword}, unquoted(one.value)))
            return {};
    auto result = std::string{};
    for (auto const& one : query.kept()) {
        auto const& value = one.value.reveal();
        auto const bare = !value.empty() && value.find_first_of(" '\\") == value.npos;
        result += (result.empty() ? "" : " ") + one.keyword + "=" + (bare ? value : "'" + value + "'");
    }
    return result + query.without();
}

} // namespace

std::string suggestion(inspection const& i)
{
    auto const text = without_wrapping(i.text);
    auto const scheme = text.find("://");
    if (scheme != text.npos && scheme <= 40)
        return suggested_uri(text, scheme + 3, i.where.variable("PGUSER").has_value());
    return suggested_keywords(text);
}

} // namespace schemagate::url
