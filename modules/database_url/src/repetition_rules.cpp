// A value that is given more than once, and one that the environment adds to a text without it.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits host_twice(inspection const& i);
hits parameter_twice(inspection const& i);
hits part_twice(inspection const& i);
hits address_beside_host(inspection const& i);
hits address_from_environment(inspection const& i);
hits host_from_environment(inspection const& i);
hits port_from_environment(inspection const& i);
hits database_from_environment(inspection const& i);
hits user_from_environment(inspection const& i);
hits counts(inspection const& i);

constexpr auto warn = severity::warn;
constexpr auto note = severity::note;

constexpr auto table = std::array{
    rule{"host-count", severity::refuse,
         "{name} (with PGHOST, PGHOSTADDR and PGPORT) names different numbers of hosts, addresses and ports.",
         "Name one port for all hosts, or as many ports as hosts: host1:5432,host2:5432.", counts},
    rule{"host-given-twice", warn,
         "{name} names a host before the / and another one after the ?; libpq uses host={host} of the query.",
         "Drop the one that is not meant.", host_twice},
    rule{"parameter-given-twice", warn, "{name} sets {keyword} twice; libpq uses the last one.",
         "Drop the other.", parameter_twice},
    rule{"parameter-given-twice", warn,
         "{name} sets {keyword} twice, in its place and as a parameter; libpq uses the parameter.",
         "Drop the other.", part_twice},
    rule{"hostaddr-beside-host", warn,
         "{name} sets hostaddr beside a host: libpq connects to the address, and uses the host's name only "
         "to verify a "
         "certificate and to find a password.",
         "Drop hostaddr unless that is meant: an address that changes is not noticed.", address_beside_host},
    rule{"hostaddr-from-environment", warn,
         "The environment variable PGHOSTADDR is set: libpq connects to its address, not to the host that "
         "{name} names.",
         "Unset PGHOSTADDR unless that is meant.", address_from_environment},
    rule{"host-from-environment", note, "{name} names no host; libpq takes the one of {variable}.",
         "Write the host into {name}, unless that is meant.", host_from_environment},
    rule{"port-from-environment", note, "{name} names no port; libpq takes {port} from PGPORT.",
         "Write HOST:PORT into {name}, unless that is meant.", port_from_environment},
    rule{"database-from-environment", note,
         "{name} names no database; libpq takes {database} from PGDATABASE.",
         "Write the database into {name}, unless that is meant.", database_from_environment},
    rule{"user-from-environment", note, "{name} names no user; libpq takes {user} from PGUSER.",
         "Write the user into {name}, unless that is meant.", user_from_environment},
};

hits counts(inspection const& i)
{
    return when(!i.endpoints.counts_match);
}

hits host_twice(inspection const& i)
{
    auto const given =
        i.uri && !i.uri->authority.empty() &&
        std::any_of(i.parts.begin(), i.parts.end(), [&](auto const& part) {
            return part.parameter && part.keyword == "host" && part.value.reveal() != i.uri->authority;
        });
    return when(given, {{"host", i.hidden.hosts ? std::string{mask}
                                                : shown_value("host", i.effective.value("host"))}});
}

// The value that libpq would read from the list of hosts, in the place of a parameter of that name.
bool differs_from_earlier(inspection const& i, std::size_t number, bool of_parameter)
{
    auto const& later = i.parts[number];
    auto earlier = std::string{};
    auto found = false;
    for (auto at = std::size_t{0}; at < number; ++at) {
        auto const& one = i.parts[at];
        if (one.keyword != later.keyword || one.parameter != of_parameter || one.value.empty())
            continue;
        found = true;
        earlier += (earlier.empty() || of_parameter ? "" : ",") + one.value.reveal();
        if (of_parameter)
            earlier = one.value.reveal();
    }
    auto const held = secret{std::move(earlier)};
    return found && held.reveal() != later.value.reveal();
}

// "sslmode=verify-full&ssl=true": the alias sets sslmode too, and the last one wins.
hits alias_twice(inspection const& i)
{
    auto seen = std::string{};
    for (auto const& part : i.parts) {
        auto const alias = part.keyword == "ssl" || part.keyword == "requiressl";
        if (!part.parameter || (part.keyword != "sslmode" && !alias))
            continue;
        if (!seen.empty() && seen != part.keyword)
            return when(true, {{"keyword", "sslmode"}});
        seen = part.keyword;
    }
    return {};
}

hits twice(inspection const& i, bool of_parameter)
{
    auto result = hits{};
    auto said = std::string{};
    for (auto at = std::size_t{0}; at < i.parts.size(); ++at) {
        auto const& part = i.parts[at];
        auto const other_rule = !of_parameter && part.keyword == "host"; // host_twice
        if (!part.parameter || other_rule || !differs_from_earlier(i, at, of_parameter) ||
            !find_keyword(part.keyword))
            continue;
        auto const marked = " " + part.keyword + " ";
        if (contains(said, marked))
            continue;
        said += marked;
        result.push_back({{{"keyword", part.keyword}}});
    }
    return result;
}

hits parameter_twice(inspection const& i)
{
    auto result = twice(i, true);
    for (auto& one : alias_twice(i))
        result.push_back(std::move(one));
    return result;
}

hits part_twice(inspection const& i)
{
    return twice(i, false);
}

hits address_beside_host(inspection const& i)
{
    return when(i.effective.from("hostaddr") == origin::text && !i.effective.value("hostaddr").empty() &&
                !i.effective.value("host").empty());
}

hits address_from_environment(inspection const& i)
{
    return when(i.effective.from("hostaddr") == origin::environment &&
                !i.effective.value("hostaddr").empty() && i.effective.from("host") == origin::text);
}

hits host_from_environment(inspection const& i)
{
    auto const host = i.effective.from("host") == origin::environment && !i.effective.value("host").empty();
    auto const address =
        i.effective.from("hostaddr") == origin::environment && i.effective.from("host") != origin::text;
    return when(host || address, {{"variable", host ? "PGHOST" : "PGHOSTADDR"}});
}

hits port_from_environment(inspection const& i)
{
    return when(i.effective.from("port") == origin::environment && !i.effective.value("port").empty(),
                {{"port", shown_port(i.effective.value("port"))}});
}

hits database_from_environment(inspection const& i)
{
    return when(i.effective.from("dbname") == origin::environment && !i.effective.value("dbname").empty(),
                {{"database", shown_database(i.effective.value("dbname"))}});
}

hits user_from_environment(inspection const& i)
{
    return when(i.effective.from("user") == origin::environment && !i.effective.value("user").empty(),
                {{"user", shown_user(i.effective.value("user"))}});
}

} // namespace

std::span<rule const> repetition_rules()
{
    return table;
}

} // namespace schemagate::url
