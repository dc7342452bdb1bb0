// Which database would be migrated, and as whom: the ones that were meant?
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "cloudsql.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "numeric_address.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits folder_in_path(inspection const& i);
hits instance_in_path(inspection const& i);
hits mask_of_network(inspection const& i);
hits query_as_database(inspection const& i);
hits no_user(inspection const& i);
hits empty_user(inspection const& i);
hits user_of_account(inspection const& i);
hits odd_user(inspection const& i);
hits empty_password(inspection const& i);
hits no_database(inspection const& i);
hits url_as_database(inspection const& i);
hits slash(inspection const& i);
hits odd(inspection const& i);
hits template0(inspection const& i);
hits template1(inspection const& i);
hits long_name(inspection const& i);
hits doubtful(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto paths = std::array{
    rule{"socket-in-path", refuse,
         "{name} has a socket's folder after the @ as it is; libpq takes it for the database.",
         "Write it as a parameter: {url}", folder_in_path},
    // A machine may have that name, and a database the other.
    rule{"socket-slash-missing", warn,
         "{name} names a host cloudsql and a database that is called like a Cloud SQL instance: a Unix "
         "socket's folder "
         "does not stand between the @ and the database.",
         "Write it as a parameter: postgresql://USER:***@/DATABASE?host=/cloudsql/{instance}.",
         instance_in_path},
    rule{"address-with-mask", refuse,
         "{name} has a network's mask behind its address: libpq ends the host at the /, and takes the rest "
         "for "
         "the database.",
         "Write the address alone, HOST:5432.", mask_of_network},
    rule{"query-without-question-mark", refuse,
         "{name} has parameters, but no ? before them: libpq takes it all for the database.",
         "Begin the parameters with a ?: …/DATABASE?sslmode=require&…", query_as_database},
};

constexpr auto table = std::array{
    rule{"user-missing", refuse,
         "{name} names no user, PGUSER is not set, and this process's account has no name.",
         "Write postgresql://USER:PASSWORD@…", no_user},
    rule{"user-empty", warn, "{name} has an empty user: libpq takes the name of this process's account.",
         "Write postgresql://USER:PASSWORD@….", empty_user},
    rule{"user-empty", warn, "{name} names no user: libpq takes the name of this process's account.",
         "Write postgresql://USER:PASSWORD@…, unless the server knows this account's name.", user_of_account},
    rule{
        "user-odd", warn,
        "{name} has a : or ; in its user, and no password: libpq takes all of it for the user.",
        "Between user and password write a : as it is, not %3A and not ;. If it belongs to the user, nothing "
        "has to be done.",
        odd_user},
    rule{"password-empty", warn, "{name} has an empty password: libpq takes that for none.",
         "Write the password after the user, percent-encoded. A variable that was empty when the URL was "
         "made leaves it "
         "so. Where none is needed, drop the : before the @.",
         empty_password},
    // libpq's own rule, and where the database is called like its user, a boot that works.
    rule{"database-missing", warn,
         "{name} names no database: libpq takes \"{user}\", the user's name, and that will be migrated.",
         "Write its name after the host: postgresql://USER:PASSWORD@HOST:5432/DATABASE. If it is really "
         "called like the "
         "user, write that.",
         no_database},
    rule{"database-is-url", refuse,
         "The database that {name} names is itself a URL; libpq would not open it.",
         "Set {name} to that URL.", url_as_database},
    rule{"database-has-slash", warn,
         "{name} has a / in its database's name: libpq asks for a database \"{database}\".",
         "If the part after the / is a schema, write ?options=-c%20search_path%3DNAME instead. If the / is "
         "meant, write "
         "it as %2F.",
         slash},
    rule{"database-odd", warn,
         "{name} has an unescaped # ; @ & or = in its database's name: libpq asks for a database "
         "\"{database}\".",
         "If it is meant, percent-encode it; otherwise drop it.", odd},
    rule{"template-database", refuse, "{name} names template0, which takes no connections.",
         "Name the database that is to be migrated.", template0},
    rule{"template-database", warn,
         "{name} names template1: what is migrated there is in every database that is created later.",
         "Name the database that is to be migrated.", template1},
    rule{"name-too-long", warn,
         "The {part} in {name} has {length} bytes: PostgreSQL's names have at most 63, and the server may "
         "take the "
         "first 63 of them.",
         "Compare it with the server's name.", long_name},
    rule{"doubtful-reading", severity::note,
         "Nothing of {name} is shown: a part of it holds a delimiter, or a word like \"password\", that does "
         "not belong "
         "there, so that it may be a piece of the password.",
         "If the text is right, nothing has to be done; url rewrite asks for --accept doubtful-reading.",
         doubtful},
};

// "db&sslmode=require": the "?" is missing, and what follows is not read at all.
bool holds_parameter(std::string_view dbname)
{
    for (auto rest = dbname;;) {
        auto const equals = rest.find('=');
        auto const before = rest.substr(0, equals);
        auto const keyword = before.substr(before.find_last_of(" ;,") + 1); // "shop sslmode=require"
        if (equals != rest.npos && (find_keyword(keyword) || keyword == "ssl"))
            return true;
        auto const next = rest.find('&');
        if (next == rest.npos)
            return false;
        rest.remove_prefix(next + 1);
    }
}

// "/cloudsql/P:R:I" of "@/cloudsql/P:R:I/db" and of "@//cloudsql/…", where libpq ends the host at the first
// "/".
struct path_pieces
{
    std::string folder; ///< "" if it is none
    std::string database;
};

// Without ".s.PGSQL.5432", and without the ":5432" of a Cloud SQL instance.
std::string_view without_port(std::string_view folder)
{
    if (auto const file = folder.rfind("/.s.PGSQL."); file != folder.npos)
        folder = folder.substr(0, file);
    auto const name = folder.substr(folder.rfind('/') + 1);
    auto const port = names_cloudsql_instance(name) && !is_cloudsql_instance(name);
    return port ? folder.substr(0, folder.rfind(':')) : folder;
}

path_pieces pieces_of(std::string_view written)
{
    while (written.starts_with('/'))
        written.remove_prefix(1);
    auto const slash = written.rfind('/');
    auto const path = without_port(written.substr(0, slash == written.npos ? 0 : slash));
    for (auto const* const folder : {"var/", "run/", "tmp/", "cloudsql/", "private/"})
        if (written.starts_with(folder) && slash != written.npos) {
            auto const whole = is_cloudsql_instance(written.substr(slash + 1)); // no database follows
            return {"/" + std::string{whole ? written : path},
                    whole ? "" : std::string{written.substr(slash + 1)}};
        }
    auto const first = written.substr(0, written.find('/'));
    if (first.size() < written.size() && std::count(first.begin(), first.end(), ':') >= 2)
        return {"/cloudsql/" + std::string{path}, std::string{written.substr(slash + 1)}};
    return {};
}

std::string_view written_path(inspection const& i)
{
    return i.uri ? i.uri->dbname.value_or("") : std::string_view{};
}

// Behind a whole user and password nothing is a piece of them.
bool path_is_safe(inspection const& i)
{
    return i.uri->has_userinfo && !i.uri->user.empty() && !i.uri->password.value_or("").empty() &&
           std::count(i.text.begin(), i.text.end(), '@') == 1 && !contains(*i.uri->password, '=');
}

hits folder_in_path(inspection const& i)
{
    auto const pieces = pieces_of(written_path(i));
    // A host from the environment or a service serves; then the odd database is only a warning.
    auto const has_host = !i.effective.value("host").empty() || !i.effective.value("hostaddr").empty() ||
                          i.effective.service_unknown();
    auto const sure = pieces.folder.starts_with("/cloudsql/") && contains(written_path(i), "cloudsql/");
    if (pieces.folder.empty() || (has_host && !sure))
        return {};
    auto const shown = path_is_safe(i) && shown_host(pieces.folder) == pieces.folder;
    auto const database = shown && made_of_words(pieces.database, "_-.") ? pieces.database : "DATABASE";
    auto const user = shown && shown_user(i.effective.user()) == i.effective.user() &&
                              made_of_words(i.effective.user(), "_-.")
                          ? i.effective.user()
                          : "USER";
    auto const url =
        "postgresql://" + user + ":***@/" + database + "?host=" + (shown ? pieces.folder : "/FOLDER");
    return {{{{"url", url}}, has_host ? std::optional{warn} : std::nullopt}};
}

hits instance_in_path(inspection const& i)
{
    auto const first = written_path(i).substr(0, written_path(i).find('/'));
    return when(i.uri && i.uri->authority == "cloudsql" && is_cloudsql_instance(first),
                {{"instance", std::string{first}}});
}

// "@10.240.0.3/32:5432/shop", as gcloud and the AWS console write an address.
hits mask_of_network(inspection const& i)
{
    if (!i.uri || i.uri->hosts.front().port || !read_address(i.uri->hosts.front().host))
        return {};
    auto const path = written_path(i);
    auto const bits = path.substr(0, path.find(':'));
    auto const port = path.substr(bits.size(), path.find('/') - bits.size());
    return when(bits.size() < path.size() && bits.size() <= 3 && all(bits, is_digit) && !bits.empty() &&
                port_number(port.substr(1)) != 0);
}

hits query_as_database(inspection const& i)
{
    auto const named = std::any_of(i.parts.begin(), i.parts.end(), [](auto const& part) {
        return part.parameter && part.keyword == "dbname";
    });
    auto const port = i.uri ? i.uri->hosts.back().port.value_or("") : std::string_view{};
    return when(!named && (holds_parameter(written_path(i)) || holds_parameter(port)));
}

hits no_user(inspection const& i)
{
    return when(i.effective.user().empty());
}

bool has_empty(inspection const& i, std::string_view keyword)
{
    return std::any_of(i.parts.begin(), i.parts.end(),
                       [&](auto const& part) { return part.keyword == keyword && part.value.empty(); });
}

bool path_misread(inspection const& i)
{
    return i.has("socket-in-path") || i.has("query-without-question-mark") || i.has("address-with-mask");
}

hits empty_user(inspection const& i)
{
    return when(has_empty(i, "user") && i.effective.value("user").empty());
}

// Beside a socket the server may ask for the account's name itself (peer).
hits user_of_account(inspection const& i)
{
    auto const socket = std::any_of(i.endpoints.all.begin(), i.endpoints.all.end(),
                                    [](auto const& one) { return one.is_socket(); });
    auto const named = i.effective.from("user") != origin::nowhere || i.effective.service_unknown();
    if (named || i.refused() || i.effective.user().empty())
        return {};
    return {{{}, socket ? std::optional{severity::note} : std::nullopt}};
}

hits odd_user(inspection const& i)
{
    return when(i.uri && i.uri->has_userinfo && !i.uri->password &&
                i.effective.value("user").find_first_of(":;") != std::string::npos);
}

hits empty_password(inspection const& i)
{
    return when(has_empty(i, "password") && i.effective.value("password").empty() &&
                i.effective.value("passfile").empty() && i.effective.value("sslcert").empty());
}

hits no_database(inspection const& i)
{
    return when(!path_misread(i) && i.effective.value("dbname").empty() && !i.effective.service_unknown(),
                {{"user", i.shown_user(i.effective.user())}});
}

hits url_as_database(inspection const& i)
{
    return when(!path_misread(i) && contains(i.effective.value("dbname"), "://"));
}

hits with_bytes(inspection const& i, std::string_view bytes)
{
    auto const elsewhere = !i.uri || path_misread(i) || i.has("database-is-url") ||
                           i.has("database-has-slash") || contains(i.uri->query.value_or(""), "dbname=") ||
                           i.has("separator-at-end") || i.has("comment-at-end");
    return when(!elsewhere && written_path(i).find_first_of(bytes) != std::string_view::npos,
                {{"database", i.shown_dbname(i.effective.value("dbname"))}});
}

hits slash(inspection const& i)
{
    return with_bytes(i, "/");
}

hits odd(inspection const& i)
{
    return with_bytes(i, "#;@&=");
}

hits template0(inspection const& i)
{
    return when(i.effective.dbname() == "template0");
}

hits template1(inspection const& i)
{
    return when(i.effective.dbname() == "template1");
}

hits long_name(inspection const& i)
{
    constexpr auto name_max = std::size_t{63}; // NAMEDATALEN less its NUL
    auto result = hits{};
    for (auto const* const keyword : {"user", "dbname"})
        if (auto const length = i.effective.value(keyword).size(); length > name_max)
            result.push_back({{{"part", keyword == std::string_view{"user"} ? "user" : "database"},
                               {"length", std::to_string(length)}}});
    return result;
}

hits doubtful(inspection const& i)
{
    return when(i.hidden == hidden_parts::all() && !i.refused());
}

} // namespace

std::span<rule const> path_rules()
{
    return paths;
}

std::span<rule const> target_rules()
{
    return table;
}

} // namespace schemagate::url
