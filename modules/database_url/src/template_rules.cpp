// A URL that is still a template: variables that nothing replaced, placeholders that nobody filled in.
#include <algorithm>
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

template <std::size_t count>
bool one_of(std::string_view part, std::array<std::string_view, count> const& words)
{
    return std::find(words.begin(), words.end(), part) != words.end();
}

// No machine is called so.
constexpr auto host_placeholders =
    std::array<std::string_view, 4>{"PRIVATE_IP", "DB_HOST", "IP_ADDRESS", "DATABASE_HOST"};
// A machine of the local network may be: in capital letters they are one and the same name.
constexpr auto host_words = std::array<std::string_view, 5>{"HOST", "HOSTNAME", "SERVER", "IP", "ENDPOINT"};
constexpr auto user_words = std::array<std::string_view, 3>{"USER", "USERNAME", "DB_USER"};
constexpr auto database_words =
    std::array<std::string_view, 4>{"DATABASE", "DBNAME", "DB_NAME", "DATABASE_NAME"};

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

bool others_are_words(std::vector<named_part> const& parts)
{
    return std::any_of(parts.begin(), parts.end(), [](named_part const& part) {
        return (part.what == "user" && one_of(part.written, user_words)) ||
               (part.what == "database" && one_of(part.written, database_words));
    });
}

// In a password every byte may be meant, so only a whole template with a name in it counts: "${DB_PASS}",
// "{{ secrets.db }}".
bool is_template_of_name(std::string_view password)
{
    for (auto const& [open, close] : {std::pair<std::string_view, std::string_view>{"${", "}"},
                                      std::pair<std::string_view, std::string_view>{"$(", ")"},
                                      std::pair<std::string_view, std::string_view>{"{{", "}}"}})
        if (password.size() > open.size() + close.size() && password.starts_with(open) &&
            password.ends_with(close))
            return made_of_words(password.substr(open.size(), password.size() - open.size() - close.size()),
                                 "_.-: ");
    return false;
}

// "[YOUR-PASSWORD]", "<password>", "YOUR_DB_PASSWORD": again, a generator makes "<Zq7w>" too.
bool is_password_template(std::string_view password)
{
    return is_placeholder(password) && contains(lowered(password), "password") &&
           made_of_words(password, "[]<>-_ ");
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
    auto const parts = parts_but_password(i);
    for (auto const& part : parts) {
        if (holds_template(part.written) || is_variable(part.written))
            return say_variable(i, part.what);
        auto const host = part.what == "host";
        if (is_placeholder(part.written) || (host && one_of(part.written, host_placeholders)) ||
            (host && one_of(part.written, host_words) && others_are_words(parts)) ||
            (part.what == "port" && part.written == "PORT"))
            return say_placeholder(i, part.what);
        if (host && one_of(part.written, host_words))
            i.warn("placeholder-left",
                   i.name + " has the host " + std::string{part.written} +
                       ", a word that documentation puts where the real name belongs.",
                   "Put the real name there, or write it in small letters if the machine is called so.");
    }
    auto const password = i.uri ? i.uri->password.value_or("") : std::string_view{};
    if (is_template_of_name(password))
        return say_variable(i, "password");
    if (is_password_template(password))
        return say_placeholder(i, "password");
    if (password == mask) // a strange password, but a possible one
        i.warn("password-masked",
               i.name + " has *** as its password, as a masked URL in a log or a message has.",
               "Put the password itself there, percent-encoded.");
}

} // namespace schemagate::url
