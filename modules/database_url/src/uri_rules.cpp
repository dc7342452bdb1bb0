// A URI that libpq cannot read: escapes, brackets, the form of its query.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits brackets(inspection const& i);
hits escaped_nul(inspection const& i);
hits bare_percent(inspection const& i);
hits unescaped_password(inspection const& i);
hits shell_escape(inspection const& i);
hits second_question_mark(inspection const& i);
hits semicolon(inspection const& i);
hits shell_command(inspection const& i);
hits malformed_parameter(inspection const& i);
hits anything(inspection const& /*i*/)
{
    return when(true);
}

constexpr auto refuse = severity::refuse;

constexpr auto before_keywords = std::array{
    rule{"ipv6-brackets", refuse,
         "{name} has a host that begins with \"[\" but is not an IPv6 address in brackets.",
         "Write the address as [2001:db8::17], followed by :PORT, / or nothing. A \"[\" that belongs to the "
         "password is "
         "written %5B.",
         brackets},
    rule{"escape-of-nul", refuse,
         "A % at position {position} of the {part} in {name} is %00, which PostgreSQL cannot store.",
         "Remove it.", escaped_nul},
    rule{"percent-unescaped", refuse,
         "A % at position {position} of the {part} in {name} is not followed by two hexadecimal digits.",
         "Write a % that belongs to the value as %25.", bare_percent},
    rule{"password-unescaped", refuse, "{name} holds a password in its query that is not escaped.",
         "Percent-encode it: & is %26, = is %3D, # is %23, % is %25.", unescaped_password},
    rule{
        "escape-written-out", refuse,
        "{name} has a backslash before a ?, & or =, as one writes them for a shell: libpq takes it as a part "
        "of the value.",
        "Remove the backslashes; where a shell reads the value, put it in single quotes.", shell_escape},
    rule{"query-malformed", refuse, "{name} has a second ? in its query.",
         "Separate parameters with one &: …?sslmode=require&…", second_question_mark},
    rule{"query-malformed", refuse, "{name} has a ; between the parameters of its query.",
         "Separate parameters with one &: …?sslmode=require&…", semicolon},
    rule{"query-malformed", refuse, "{name} has a piece of a shell's command behind the URL.",
         "Remove what follows the URL.", shell_command},
    rule{"query-malformed", refuse,
         "Parameter {number} of the query in {name} is not of the form keyword=value.",
         "Separate parameters with one &, and write = as %3D and & as %26 inside a value.",
         malformed_parameter},
};

constexpr auto last = std::array{
    rule{"uri-malformed", refuse, "libpq cannot read {name}.",
         "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with everything but letters and digits "
         "percent-encoded in user and password.",
         anything},
};

hits brackets(inspection const& i)
{
    return when(std::any_of(i.uri->hosts.begin(), i.uri->hosts.end(),
                            [](auto const& host) { return host.bracket_fault; }));
}

// Where the first bad escape is, of %00 or of another kind.
hits bad_escapes(inspection const& i, bool of_nul)
{
    auto const hit_in = [&](std::string_view written, std::string const& part) -> hits {
        auto const at = bad_escape(written);
        return when(at && (written.substr(at.value_or(0), 3) == "%00") == of_nul,
                    {{"position", std::to_string(at.value_or(0) + 1)}, {"part", part}});
    };
    auto number = 0;
    for (auto const& part : i.parts) {
        number += part.parameter ? 1 : 0;
        auto const name =
            part.parameter ? "value of parameter " + std::to_string(number) : part_name(part.keyword);
        if (auto found = hit_in(part.written, name); !found.empty())
            return found;
    }
    number = 0;
    for (auto const& parameter : i.uri->parameters)
        if (auto found = hit_in(parameter.key, "name of parameter " + std::to_string(++number));
            !found.empty())
            return found;
    return {};
}

hits escaped_nul(inspection const& i)
{
    return bad_escapes(i, true);
}

hits bare_percent(inspection const& i)
{
    return bad_escapes(i, false);
}

// The number of the first parameter that is none, and whether a password stands before it, or in it.
struct bad_parameter
{
    int number = 0;
    bool of_password = false;
};

bad_parameter first_bad(inspection const& i)
{
    auto result = bad_parameter{};
    for (auto const& parameter : i.uri->parameters) {
        ++result.number;
        auto const keyword = percent_decoded(parameter.key).value_or("");
        result.of_password = result.of_password || secret_keyword(keyword);
        if (!parameter.well_formed || keyword.empty())
            return result;
    }
    return {};
}

hits unescaped_password(inspection const& i)
{
    auto const bad = first_bad(i);
    return when(bad.number != 0 && bad.of_password);
}

// Not in user and password, where a backslash may be meant.
hits shell_escape(inspection const& i)
{
    auto const begin = i.text.find('@') + 1;
    auto const rest = std::string_view{i.text}.substr(begin);
    return when(contains(rest, "\\?") || contains(rest, "\\&") || contains(rest, "\\="));
}

hits malformed_with(inspection const& i, std::initializer_list<char const*> marks)
{
    auto const query = i.uri->query.value_or("");
    auto const held = [&](auto const* one) { return contains(query, one); };
    auto const bad = first_bad(i);
    return when(bad.number != 0 && !bad.of_password && std::any_of(marks.begin(), marks.end(), held));
}

hits second_question_mark(inspection const& i)
{
    return malformed_with(i, {"?"});
}

hits semicolon(inspection const& i)
{
    return malformed_with(i, {";"});
}

hits shell_command(inspection const& i)
{
    return malformed_with(i, {" && ", " & ", " | ", " > "});
}

hits malformed_parameter(inspection const& i)
{
    auto const bad = first_bad(i);
    return when(bad.number != 0 && !bad.of_password, {{"number", std::to_string(bad.number)}});
}

} // namespace

std::span<rule const> uri_rules()
{
    return before_keywords;
}

std::span<rule const> last_uri_rules()
{
    return last;
}

} // namespace schemagate::url
