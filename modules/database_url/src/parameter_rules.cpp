// Values that libpq would refuse when it connects, and values that are not the ones their author sees.
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

struct choice
{
    std::string_view keyword;
    std::string_view values; ///< each between blanks
};

constexpr auto choices = std::array{
    choice{"sslmode", " disable allow prefer require verify-ca verify-full "},
    choice{"channel_binding", " disable prefer require "},
    choice{"gssencmode", " disable prefer require "},
    choice{"target_session_attrs", " any read-write read-only primary standby prefer-standby "},
};

std::vector<std::string_view> split_at_blanks(std::string_view words)
{
    auto result = std::vector<std::string_view>{};
    for (auto end = words.find(' '); end != words.npos; end = words.find(' ')) {
        result.push_back(words.substr(0, end));
        words.remove_prefix(end + 1);
    }
    result.push_back(words);
    return result;
}

std::string variable_for(std::string_view keyword)
{
    auto const* known = find_keyword(keyword);
    return known && !known->variable.empty() ? known->variable : std::string{keyword};
}

// "DATABASE_URL" or "the environment variable PGSSLMODE": where the value has to be changed.
std::string said_by(inspection const& i, std::string_view keyword)
{
    switch (i.effective.from(keyword)) {
    case origin::environment: return "the environment variable " + variable_for(keyword);
    case origin::service: return "the connection service file";
    default: return i.name;
    }
}

void judge_choices(inspection& i)
{
    for (auto const& one : choices) {
        auto const& value = i.effective.value(one.keyword);
        if (value.empty() || contains(one.values, " " + value + " "))
            continue;
        auto const keyword = std::string{one.keyword};
        auto const words = std::string{one.values.substr(1, one.values.size() - 2)};
        auto fix = "Write one of: " + words + ".";
        if (auto const meant = nearest_word(value, split_at_blanks(words)); !meant.empty())
            fix = "Write " + keyword + "=" + std::string{meant} + " (or another of: " + words + ").";
        if (value == "no-verify")
            fix =
                "no-verify is node-postgres's word. Write sslmode=require: it encrypts and does not verify.";
        auto const shown =
            made_of_words(value, "-_") && value.size() <= 20 ? " (" + value + ")" : std::string{};
        i.refuse(one.keyword == "sslmode" ? "sslmode-invalid" : "value-invalid",
                 said_by(i, one.keyword) + " sets " + keyword + " to a value that libpq does not know" +
                     shown + ".",
                 fix);
    }
    auto const& wait = i.effective.value("connect_timeout");
    if (!wait.empty() && wait != "0" && port_number(wait) == 0)
        i.warn("connect-timeout-invalid",
               said_by(i, "connect_timeout") +
                   " sets connect_timeout to something that is not a number of seconds.",
               "Write connect_timeout=10, without a unit.");
}

// Percent-encoded keywords ("u%73er") are left alone: nobody writes them twice by mistake.
void judge_twice(inspection& i)
{
    if (!i.uri)
        return;
    auto said = std::string{};
    for (auto a = i.uri->parameters.begin(); a != i.uri->parameters.end(); ++a)
        for (auto b = a + 1; b != i.uri->parameters.end(); ++b)
            if (a->key == b->key && a->value != b->value && find_keyword(a->key) &&
                !contains(said, " " + std::string{a->key} + " ")) {
                said += " " + std::string{a->key} + " ";
                i.warn("parameter-given-twice",
                       i.name + " sets " + std::string{a->key} + " twice; libpq uses the last one.",
                       "Drop the other.");
            }
    auto const given = [&](std::string_view keyword) {
        for (auto const& parameter : i.uri->parameters)
            if (parameter.key == keyword)
                return true;
        return false;
    };
    if (!i.uri->authority.empty() && given("host"))
        i.warn("host-given-twice",
               i.name + " names a host before the / and another one after the ?; libpq uses host=" +
                   shown_value("host", i.effective.value("host")) + " of the query.",
               "Drop the one that is not meant.");
}

void judge_address(inspection& i)
{
    auto const from = i.effective.from("hostaddr");
    if (from == origin::environment && i.effective.from("host") == origin::text)
        i.warn("hostaddr-from-environment",
               "The environment variable PGHOSTADDR is set: libpq connects to its address, not to the host "
               "that " +
                   i.name + " names.",
               "Unset PGHOSTADDR unless that is meant.");
    if (!i.ways.counts_match)
        i.refuse("host-count",
                 i.name + " (with PGHOST, PGHOSTADDR and PGPORT) names different numbers of hosts, addresses "
                          "and ports.",
                 "Name one port for all hosts, or as many ports as hosts: host1:5432,host2:5432.");
}

// A certificate matters to TCP alone: beside a socket, libpq may never come to need it.
struct transports
{
    bool tcp = false;
    bool socket = false;
};

transports transports_of(inspection const& i)
{
    auto result = transports{};
    for (auto const& one : i.ways.ways)
        (one.is_socket() ? result.socket : result.tcp) = true;
    return result;
}

void judge_root_certificate(inspection& i)
{
    auto const& mode = i.effective.value("sslmode");
    auto const [tcp, socket] = transports_of(i);
    if ((mode != "verify-ca" && mode != "verify-full") || !tcp)
        return;
    auto file = i.effective.value("sslrootcert");
    auto const named = !file.empty();
    if (file == "system" && libpq_version() >= 160000)
        return;
    if (!named) {
        auto const home = i.where.variable("HOME").value_or("");
        if (home.empty())
            return; // libpq would ask the account's entry
        file = home + "/.postgresql/root.crt";
    }
    if (i.where.kind_of(file) != file_kind::absent)
        return;
    auto const shown = contains(file, '@') || contains(file, '=') ? std::string{mask} : printable(file);
    i.findings.push_back({"root-certificate-missing", socket ? severity::warn : severity::refuse,
                          said_by(i, "sslmode") + " asks for sslmode=" + mode +
                              ", but the root certificate " + shown + " is not there.",
                          file == "system"
                              ? "sslrootcert=system needs libpq 16. Name a file: "
                                "sslrootcert=/etc/ssl/certs/ca-certificates.crt"
                              : "Put the provider's root certificate into the image and name it: "
                                "sslrootcert=/PATH/root.crt (Amazon RDS: global-bundle.pem; a public CA: "
                                "/etc/ssl/certs/ca-certificates.crt)."});
}

void judge_service(inspection& i)
{
    if (i.effective.service_refused())
        i.refuse("service-file-refused",
                 said_by(i, "service") +
                     " names a connection service, but libpq will not read its file: it is missing or "
                     "unreadable, or a line of the service is not KEYWORD=value with a keyword of libpq's.",
                 "Mend the file that PGSERVICEFILE names (else ~/.pg_service.conf), or name host, port, user "
                 "and dbname directly.");
    else if (i.effective.service_unknown())
        i.warn("service-not-found",
               said_by(i, "service") + " names a connection service that is in no service file known here.",
               "Set PGSERVICEFILE to the file that holds it, or name host, port, user and dbname directly.");
}

// A form encodes a blank as "+", a URL does not. A pooler may ignore options, so it is no refusal.
void judge_plus(inspection& i)
{
    auto const& options = i.effective.value("options");
    if (options.starts_with("-c+") || contains(options, "+-c"))
        i.warn("options-with-plus",
               said_by(i, "options") +
                   " has a + in options: libpq takes it as it is, not for a blank, and the "
                   "server refuses such an argument.",
               "Write %20 for a blank: options=-c%20search_path%3DNAME.");
}

void judge_token(inspection& i)
{
    auto const& password = i.effective.value("password");
    if (contains(password, "Action=connect&DBUser="))
        i.warn("iam-token",
               said_by(i, "password") + " holds an IAM token of Amazon RDS, which is good for 15 minutes.",
               "Fetch it at each start instead of storing it.");
}

} // namespace

void judge_parameters(inspection& i)
{
    judge_choices(i);
    judge_twice(i);
    judge_address(i);
    judge_root_certificate(i);
    judge_service(i);
    judge_plus(i);
    judge_token(i);
}

} // namespace schemagate::url
