// A URL that is still a template: variables that nothing replaced, placeholders that nobody filled in.
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

bool holds_template(std::string_view part)
{
    return contains(part, "${") || contains(part, "$(") || contains(part, "{{") || contains(part, "<%");
}

// $NAME or %NAME%, as the whole part.
bool is_variable(std::string_view part)
{
    auto const name_like = [](std::string_view name) {
        return name.size() >= 3 && !is_digit(name.front()) &&
               all(name, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
    };
    if (part.starts_with('$'))
        return name_like(part.substr(1));
    return part.size() > 2 && part.front() == '%' && part.back() == '%' &&
           name_like(part.substr(1, part.size() - 2));
}

// "<host>", "[YOUR-PASSWORD]", "YOUR_DB_HOST": forms that documentation uses and nobody else.
bool is_placeholder(std::string_view part)
{
    auto const angled = part.size() > 2 && part.front() == '<' && part.back() == '>';
    if (part.size() > 2 && part.front() == '[' && part.back() == ']')
        part = part.substr(1, part.size() - 2);
    return angled || part.starts_with("YOUR_") || part.starts_with("YOUR-");
}

constexpr auto host_words = std::array<std::string_view, 8>{
    "HOST", "HOSTNAME", "PRIVATE_IP", "DB_HOST", "IP_ADDRESS", "SERVER", "IP", "ENDPOINT"};

bool is_host_word(std::string_view part)
{
    for (auto const word : host_words)
        if (part == word)
            return true;
    return false;
}

struct named_part
{
    std::string_view what;
    std::string_view written;
};

// Only parts in which a placeholder cannot be meant: an application_name may well be "{{x}}".
bool decides(std::string_view keyword)
{
    for (auto const one : {"host", "hostaddr", "port", "user", "dbname"})
        if (keyword == one)
            return true;
    return false;
}

std::string_view part_name(std::string_view keyword)
{
    return keyword == "dbname" ? "database" : keyword == "hostaddr" ? "address" : keyword;
}

// As written, in a URI: what was percent-encoded was meant.
std::vector<named_part> parts_but_password(inspection const& i)
{
    auto result = std::vector<named_part>{};
    if (!i.uri) {
        for (auto const& [keyword, value] : *i.set)
            if (decides(keyword))
                result.push_back({part_name(keyword), value.reveal()});
        return result;
    }
    result.push_back({"user", i.uri->user});
    for (auto const& host : i.uri->hosts) {
        result.push_back({"host", host.host});
        result.push_back({"port", host.port.value_or("")});
    }
    result.push_back({"database", i.uri->dbname.value_or("")});
    for (auto const& parameter : i.uri->parameters)
        if (decides(parameter.key))
            result.push_back({part_name(parameter.key), parameter.value});
    return result;
}

void say_variable(inspection& i, std::string_view what)
{
    i.refuse(
        "variable-not-replaced",
        i.name + " still holds a variable that nothing replaced, as its " + std::string{what} + ".",
        "Docker's --env-file and systemd do not expand variables; in Kubernetes define a variable before "
        "the one that uses it as $(NAME). Set the value itself.");
}

void say_placeholder(inspection& i, std::string_view what)
{
    auto const password = what == "password";
    i.refuse(password ? "password-placeholder" : "placeholder-left",
             i.name + " still has a placeholder as its " + std::string{what} +
                 (password ? ", such as [YOUR-PASSWORD]." : "."),
             password ? "Put the password itself there, percent-encoded and without brackets."
                      : "Put the real value there: postgresql://USER:PASSWORD@HOST:5432/DATABASE");
}

} // namespace

void judge_template(inspection& i)
{
    if (i.ambiguous)
        return; // its parts may be pieces of the password, in which every byte is right
    for (auto const& part : parts_but_password(i)) {
        if (holds_template(part.written) || is_variable(part.written))
            return say_variable(i, part.what);
        if (is_placeholder(part.written) || (part.what == "host" && is_host_word(part.written)) ||
            (part.what == "port" && part.written == "PORT"))
            return say_placeholder(i, part.what);
    }
    auto const password = i.uri ? i.uri->password.value_or("") : std::string_view{};
    if ((password.starts_with("${") && password.ends_with('}')) ||
        (password.starts_with("$(") && password.ends_with(')')) ||
        (password.starts_with("{{") && password.ends_with("}}")))
        return say_variable(i, "password");
    if (is_placeholder(password))
        return say_placeholder(i, "password");
    if (password == mask) // a strange password, but a possible one
        i.warn("password-masked",
               i.name + " has *** as its password, as a masked URL in a log or a message has.",
               "Put the password itself there, percent-encoded.");
}

} // namespace schemagate::url
