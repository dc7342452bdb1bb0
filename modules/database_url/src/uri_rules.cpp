// A URI whose parts cannot be told apart, and a URI that libpq refuses.
#include <algorithm>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// The host that was meant: what follows the text's last "@", if that is in the authority.
std::string last_host(inspection const& i)
{
    auto authority = i.uri->authority;
    auto const at = i.text.rfind('@');
    if (i.text.data() + at >= authority.data() + authority.size())
        return std::string{mask};
    authority.remove_prefix(authority.rfind('@') + 1);
    return shown_host(authority.substr(0, authority.find_first_of(":,")));
}

bool is_iam_token(std::string_view text)
{
    return contains(text, "Action=connect") && (contains(text, "DBUser=") || contains(text, "X-Amz-"));
}

bool is_azure_user(uri_layout const& uri)
{
    // "admin@server:…@server.postgres.database.azure.com": libpq ends the user at the first "@".
    return uri.has_userinfo && !uri.password && contains(uri.authority, ".database.azure.com") &&
           contains(uri.authority, ':');
}

void refuse_iam_token(inspection& i)
{
    i.refuse("iam-token-unescaped",
             i.name + " holds an IAM token of Amazon RDS as it is: its / ? & and = end the parts of a URL.",
             "Percent-encode the token. It lives 15 minutes, so fetch it at start instead of storing it.");
}

// No "@" at all, and what follows the first colon is no port.
void refuse_first_port(inspection& i)
{
    auto const& host = i.uri->hosts.front();
    if (is_bare_ipv6(host))
        return i.refuse("ipv6-brackets",
                        i.must_have_port() +
                            ": it has an IPv6 address without brackets, so libpq ends the host at "
                            "the first colon.",
                        "Write the address in brackets: [2001:db8::17]:5432.");
    if (host.port && (host.port->starts_with("tcp:") || host.port->starts_with("udp:")))
        return i.refuse(
            "service-link-port", i.must_have_port() + ": its port is the URL of a Kubernetes service link.",
            "Kubernetes sets NAME_PORT to tcp://… for a service of that name: call your own variable "
            "differently, or set enableServiceLinks: false.");
    i.refuse("port-invalid",
             i.must_have_port() + ": what stands after its first colon is not a number from 1 to 65535.",
             "If that is a port, write HOST:5432. If a user and a password stand before the /, the @HOST is "
             "missing: USER:PASSWORD@HOST:5432.");
}

// "the password", "the host 2", … and the part, in the order of the text.
struct written_part
{
    std::string what;
    std::string_view written;
};

std::vector<written_part> all_parts(uri_layout const& uri)
{
    auto result =
        std::vector<written_part>{{"the user", uri.user}, {"the password", uri.password.value_or("")}};
    for (auto const& host : uri.hosts) {
        result.push_back({"the host", host.host});
        result.push_back({"the port", host.port.value_or("")});
    }
    result.push_back({"the database", uri.dbname.value_or("")});
    auto number = std::size_t{0};
    for (auto const& parameter : uri.parameters) {
        ++number;
        result.push_back({"parameter " + std::to_string(number), parameter.key});
        result.push_back({"the value of parameter " + std::to_string(number), parameter.value});
    }
    return result;
}

bool explain_brackets(inspection& i)
{
    for (auto const& host : i.uri->hosts)
        if (host.bracket_fault) {
            i.refuse(
                "ipv6-brackets",
                i.name + " has a host that begins with \"[\" but is not an IPv6 address in brackets.",
                "Write the address as [2001:db8::17], followed by :PORT, / or nothing. A \"[\" that belongs "
                "to the password is written %5B.");
            return true;
        }
    return false;
}

bool explain_escapes(inspection& i)
{
    for (auto const& part : all_parts(*i.uri))
        if (auto const at = bad_escape(part.written)) {
            auto const nul = part.written.substr(*at, 3) == "%00";
            i.refuse(nul ? "escape-of-nul" : "percent-unescaped",
                     "A % at position " + std::to_string(*at + 1) + " of " + part.what + " in " + i.name +
                         (nul ? " is %00, which PostgreSQL cannot store."
                              : " is not followed by two hexadecimal digits."),
                     nul ? "Remove it." : "Write a % that belongs to the value as %25.");
            return true;
        }
    return false;
}

bool explain_query(inspection& i)
{
    auto number = 0;
    auto after_secret = false;
    // "p@ss?word=x@host": with an "@" too many, even the query may be a piece of the password.
    auto const may_be_named = std::count(i.text.begin(), i.text.end(), '@') == (i.uri->has_userinfo ? 1 : 0);
    for (auto const& parameter : i.uri->parameters) {
        ++number;
        auto const keyword = percent_decoded(parameter.key).value_or("");
        auto const is_secret = secret_keyword(keyword);
        if (!parameter.well_formed || keyword.empty()) {
            if (after_secret || is_secret)
                i.refuse("password-unescaped", i.name + " holds a password in its query that is not escaped.",
                         "Percent-encode it: & is %26, = is %3D, # is %23, % is %25.");
            else
                i.refuse("query-malformed",
                         "Parameter " + std::to_string(number) + " of the query in " + i.name +
                             " is not of the form keyword=value.",
                         "Separate parameters with one &, and write = as %3D and & as %26 inside a value.");
            return true;
        }
        if (keyword == "ssl" && parameter.value != "true") {
            i.refuse("ssl-parameter", i.name + " has ssl=…, of which libpq knows only ssl=true.",
                     "Write sslmode=require instead (or sslmode=disable where there is no TLS).");
            return true;
        }
        if (keyword != "ssl" && keyword != "requiressl" && !find_keyword(keyword)) {
            explain_keyword(i, keyword, may_be_named && !after_secret);
            return true;
        }
        after_secret = after_secret || is_secret;
    }
    return false;
}

} // namespace

void judge_ambiguity(inspection& i)
{
    if (!i.ambiguous)
        return;
    auto const& uri = *i.uri;
    if (is_iam_token(i.text))
        return refuse_iam_token(i);
    if (is_azure_user(uri))
        return i.refuse("azure-user",
                        i.name +
                            " has an @ in its user, as Azure's single server asks for: libpq would end the "
                            "user there and look for the rest as a host.",
                        "Write the user as NAME%40SERVER.");
    if (contains(uri.authority, '@'))
        return i.refuse("password-has-at",
                        i.name +
                            " has more than one @ before its host: libpq would end the password at the "
                            "first and look for a host \"***@" +
                            last_host(i) + "\".",
                        "Write each @ that belongs to the password as %40.");
    if (!uri.has_userinfo && i.text.find('@', uri.scheme.size()) == i.text.npos)
        return refuse_first_port(i);
    i.refuse("password-has-slash",
             i.name +
                 " has a / before its last @: libpq ends user, password and host at the first / and would "
                 "take a piece of the password for a host, a port or a database.",
             "Write each / that belongs to the password as %2F (and an @ as %40). An @ that belongs to the "
             "database's name is written %40 too.");
}

void explain_uri(inspection& i)
{
    if (explain_brackets(i) || explain_escapes(i) || explain_query(i))
        return;
    i.refuse("uri-malformed", "libpq cannot read " + i.name + ".",
             "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with everything but letters and digits "
             "percent-encoded in user and password.");
}

} // namespace schemagate::url
