// A connection string that is still a template: variables that nothing replaced, placeholders that nobody
// filled in.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "percent_code.hpp"
#include "placeholder.hpp"
#include "rule.hpp"

namespace schemagate::url {

namespace {

hits command_in_password(inspection const& i);
hits template_in_password(inspection const& i);
hits variables(inspection const& i);
hits placeholders(inspection const& i);
hits password_placeholder(inspection const& i);
hits password_variable(inspection const& i);
hits password_word(inspection const& i);
hits password_mask(inspection const& i);
hits wrapped_names(inspection const& i);
hits wrapped_password(inspection const& i);
hits unmeant_names(inspection const& i);
hits host_word(inspection const& i);
hits template_in_parameter(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto expand =
    "Docker's --env-file and systemd do not expand variables; in Kubernetes define a variable before "
    "the one that uses it as $(NAME). Set the value itself.";

constexpr auto refusing = std::array{
    rule{"variable-not-replaced", refuse,
         "{name} still holds a variable that nothing replaced, as its {part}.", expand, variables},
    rule{"variable-not-replaced", refuse,
         "{name} still holds a command that no shell has run, as its password.",
         "Pass the secret itself, or the file that holds the whole URL: {name}_FILE=/PATH/OF/THE/FILE.",
         command_in_password},
    rule{"variable-not-replaced", refuse,
         "{name} still holds a variable that nothing replaced, as its password.", expand,
         template_in_password},
    rule{"placeholder-left", refuse, "{name} still has a placeholder as its {part}.",
         "Put the real value there: postgresql://USER:PASSWORD@HOST:5432/DATABASE", placeholders},
    rule{"password-placeholder", refuse,
         "{name} still has a placeholder as its password, such as [YOUR-PASSWORD].",
         "Put the password itself there, percent-encoded and without brackets.", password_placeholder},
    rule{"quotes-around-part", refuse,
         "The {part} in {name} has quotes or brackets around it, which would belong to it.",
         "Write it without them.", wrapped_names},
};

constexpr auto warning = std::array{
    rule{"variable-not-replaced", warn, "The whole password in {name} has the form of a variable, $NAME.",
         "If nothing replaced it: Docker's --env-file and systemd do not expand variables; in Kubernetes "
         "write $(NAME). "
         "Otherwise write the $ as %24.",
         password_variable},
    rule{"password-placeholder", warn,
         "The password in {name} is a word that documentation puts in its place.",
         "Put the password itself there, percent-encoded.", password_word},
    rule{"password-masked", warn,
         "{name} has *** or the like as its password, as a masked URL in a log or a message has.",
         "Put the password itself there, percent-encoded.", password_mask},
    rule{"quotes-around-part", warn,
         "The password in {name} has quotes or brackets around it, which libpq takes as a part of it.",
         "Write it without them, unless they belong to it.", wrapped_password},
    rule{"placeholder-left", warn,
         "The {part} in {name} is a word that documentation puts in the place of a real one.",
         "Put the real name there.", unmeant_names},
    rule{"placeholder-left", warn,
         "{name} has the host {host}, a word that documentation puts where the real name belongs.",
         "Put the real name there, or write it in small letters if the machine is called so.", host_word},
    rule{"variable-not-replaced", warn,
         "The value of {part} in {name} holds a variable that nothing replaced.", expand,
         template_in_parameter},
};

// In these a placeholder cannot be meant; an application_name may well be "{{x}}".
bool names_something(text_part const& part)
{
    constexpr auto keywords = std::array<std::string_view, 5>{"host", "hostaddr", "port", "user", "dbname"};
    return std::find(keywords.begin(), keywords.end(), part.keyword) != keywords.end();
}

// As it was written in a URI: what is percent-encoded there was meant.
std::string_view as_written(inspection const& i, text_part const& part)
{
    return i.uri ? part.written : std::string_view{part.value.reveal()};
}

template <class Test>
hits names_that(inspection const& i, Test test)
{
    auto parts = std::string{};
    if (!i.ambiguous) // else they may be pieces of the password, in which every byte is right
        for (auto const& part : i.parts)
            if (names_something(part) && test(part, as_written(i, part)))
                parts += (parts.empty() ? "" : ", ") + part_name(part.keyword);
    return when(!parts.empty(), {{"part", parts}});
}

hits password_that_is(inspection const& i, stand_in what)
{
    if (!i.ambiguous)
        for (auto const& part : i.parts)
            if (part.is_password() && part.stands == what)
                return when(true);
    return {};
}

constexpr auto host_placeholders =
    std::array<std::string_view, 4>{"PRIVATE_IP", "DB_HOST", "IP_ADDRESS", "DATABASE_HOST"};
// A machine of the local network may be called so: in capital letters they are one and the same name.
constexpr auto host_words = std::array<std::string_view, 4>{"HOST", "SERVER", "IP", "ENDPOINT"};
constexpr auto other_words = std::array<std::string_view, 7>{"USER",   "USERNAME", "DB_USER",      "DATABASE",
                                                             "DBNAME", "DB_NAME",  "DATABASE_NAME"};

template <std::size_t count>
bool one_of(std::string_view part, std::array<std::string_view, count> const& words)
{
    return std::find(words.begin(), words.end(), part) != words.end();
}

bool others_are_words(inspection const& i)
{
    return std::any_of(i.parts.begin(), i.parts.end(), [&](auto const& part) {
        return (part.keyword == "user" || part.keyword == "dbname") &&
               one_of(as_written(i, part), other_words);
    });
}

// "user:password@host:5432/dbname", as pages of documentation have it.
bool user_is_word(inspection const& i)
{
    return std::any_of(i.parts.begin(), i.parts.end(), [&](auto const& part) {
        return part.keyword == "user" && (part.written == "user" || part.written == "username");
    });
}

hits variables(inspection const& i)
{
    return names_that(i, [](auto const& part, auto) { return part.stands == stand_in::variable; });
}

// "$(cat /run/secrets/password)", of which the "/" ends the password for libpq.
hits command_in_password(inspection const& i)
{
    if (!contains(i.text, ' '))
        return {};
    for (auto const& [open, close] : {std::pair{":$(", ")@"}, std::pair{":`", "`@"}}) {
        auto const begin = i.text.find(open);
        auto const end = i.text.rfind(close);
        if (begin != i.text.npos && end != i.text.npos && begin < end &&
            contains(std::string_view{i.text}.substr(begin, end - begin), ' '))
            return when(true);
    }
    return {};
}

// "%NAME%" and "%(NAME)s", which libpq takes for wrong escapes.
bool percent_template(inspection const& i)
{
    return !i.set && std::any_of(i.parts.begin(), i.parts.end(), [](auto const& part) {
        return part.is_password() && part.written.starts_with('%') && bad_escape(part.written) &&
               stand_in_for(part.written) == stand_in::variable;
    });
}

// Of an ambiguous text: "{{resolve:…/…}}" has a "/" in it, which ends the password for libpq.
hits template_in_password(inspection const& i)
{
    if (!i.ambiguous)
        return percent_template(i) ? when(true) : password_that_is(i, stand_in::variable);
    auto const open = i.text.find(":{{");
    auto const close = i.text.rfind("}}@");
    return when(open != i.text.npos && close != i.text.npos && open < close);
}

hits placeholders(inspection const& i)
{
    return names_that(i, [&](auto const& part, auto value) {
        auto const host = part.keyword == "host" && i.effective.value("hostaddr").empty();
        if (part.keyword == "host" && !host)
            return false; // a label: hostaddr decides where it goes
        auto const what = part.stands;
        auto const address = contains(value, ':'); // "[2001:db8::1]" is another mistake
        return (what == stand_in::placeholder && !address) || (host && one_of(value, host_placeholders)) ||
               (host && (what == stand_in::word || what == stand_in::masked)) ||
               (host && one_of(value, host_words) && others_are_words(i)) ||
               (host && contains(value, "PROJECT:REGION:INSTANCE")) ||
               (part.keyword == "port" && value == "PORT");
    });
}

hits password_placeholder(inspection const& i)
{
    return password_that_is(i, stand_in::placeholder);
}

hits password_variable(inspection const& i)
{
    return i.ambiguous ? hits{} : when(std::any_of(i.parts.begin(), i.parts.end(), [&](auto const& part) {
        return part.is_password() && as_written(i, part).starts_with('$') && part.stands == stand_in::word;
    }));
}

hits password_word(inspection const& i)
{
    return password_variable(i).empty() ? password_that_is(i, stand_in::word) : hits{};
}

hits password_mask(inspection const& i)
{
    return password_that_is(i, stand_in::masked);
}

hits wrapped_names(inspection const& i)
{
    return names_that(i, [](auto const& part, auto value) {
        auto const bracketed = value.starts_with('['); // a host in them: host_rules.cpp
        return part.stands == stand_in::wrapped && !(bracketed && part.keyword.starts_with("host"));
    });
}

hits wrapped_password(inspection const& i)
{
    return password_that_is(i, stand_in::wrapped);
}

hits unmeant_names(inspection const& i)
{
    return names_that(i, [](auto const& part, auto value) {
        auto const name = part.keyword == "user" || part.keyword == "dbname";
        return part.keyword != "host" && (part.stands == stand_in::word || part.stands == stand_in::masked ||
                                          (name && one_of(value, other_words)));
    });
}

hits host_word(inspection const& i)
{
    if (i.ambiguous || others_are_words(i))
        return {};
    for (auto const& part : i.parts)
        if (part.keyword == "host" &&
            (one_of(part.written, host_words) || (part.written == "host" && user_is_word(i))))
            return when(true, {{"host", std::string{part.written}}});
    return {};
}

hits template_in_parameter(inspection const& i)
{
    auto result = hits{};
    if (!i.ambiguous)
        for (auto const& part : i.parts)
            if (!names_something(part) && !part.is_password() && part.keyword != "application_name" &&
                part.stands == stand_in::variable)
                result.push_back({{{"part", part_name(part.keyword)}}});
    return result;
}

} // namespace

std::span<rule const> template_rules()
{
    return refusing;
}

std::span<rule const> doubtful_template_rules()
{
    return warning;
}

} // namespace schemagate::url
