// A text that libpq refuses and that does not begin with its scheme: what is it, then?
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

struct foreign_scheme
{
    std::string_view scheme;
    std::string_view what;
};

constexpr auto foreign_schemes = std::array{
    foreign_scheme{"mysql", "a MySQL"},
    foreign_scheme{"mysql2", "a MySQL"},
    foreign_scheme{"mariadb", "a MariaDB"},
    foreign_scheme{"sqlserver", "a SQL Server"},
    foreign_scheme{"mssql", "a SQL Server"},
    foreign_scheme{"oracle", "an Oracle"},
    foreign_scheme{"mongodb", "a MongoDB"},
    foreign_scheme{"mongodb+srv", "a MongoDB"},
    foreign_scheme{"redis", "a Redis"},
    foreign_scheme{"rediss", "a Redis"},
    foreign_scheme{"sqlite", "an SQLite"},
    foreign_scheme{"sqlite3", "an SQLite"},
    foreign_scheme{"file", "a file's"},
    foreign_scheme{"libsql", "a libSQL"},
    foreign_scheme{"http", "a web"},
    foreign_scheme{"https", "a web"},
    foreign_scheme{"prisma", "a Prisma Accelerate"},
    foreign_scheme{"prisma+postgres", "a Prisma Accelerate"},
    foreign_scheme{"clickhouse", "a ClickHouse"},
    foreign_scheme{"tcp", "a service link's"},
};

// Other tools' names for PostgreSQL's scheme.
constexpr auto aliases =
    std::array<std::string_view, 6>{"pg", "psql", "pgsql", "ecto", "cockroachdb", "cockroach"};

bool nearly_libpqs(std::string const& scheme)
{
    for (auto const alias : aliases)
        if (scheme == alias)
            return true;
    return scheme.size() <= 14 &&
           std::min(edit_distance(scheme, "postgresql"), edit_distance(scheme, "postgres")) <= 2;
}

// The same text with libpq's scheme, masked.
std::string with_right_scheme(std::string_view text, std::size_t after)
{
    auto const right = secret{"postgresql://" + std::string{text.substr(after)}};
    return "Write " + redact(right.reveal());
}

bool explain_quotes(inspection& i)
{
    // Typographic quotes come from chats and documents.
    for (auto const quote : {"\"", "'", "`", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x98", "\xE2\x80\x99"})
        if (i.text.starts_with(quote)) {
            i.refuse("quotes-around",
                     i.name + " begins with a quotation mark: docker --env-file, systemd and Kubernetes keep "
                              "quotes as a part of the value.",
                     "Remove the quotes around the value.");
            return true;
        }
    return false;
}

bool explain_beginning(inspection& i)
{
    for (auto const& [bytes, what] : {std::pair{"\xEF\xBB\xBF", "U+FEFF, a byte order mark"},
                                      std::pair{"\xC2\xA0", "U+00A0, a no-break space"},
                                      std::pair{"\xE2\x80\x8B", "U+200B, a zero-width space"}})
        if (i.text.starts_with(bytes)) {
            i.refuse("invisible-character", i.name + " begins with an invisible character (" + what + ").",
                     "Type the beginning of the value anew, or save the file as UTF-8 without a BOM.");
            return true;
        }
    if (!is_blank(i.text.front()))
        return false;
    i.refuse("blank-at-start", i.name + " begins with white space: libpq does not see its scheme then.",
             "Remove what stands before postgresql://.");
    return true;
}

bool explain_secret_name(inspection& i)
{
    auto const path = i.text.starts_with("/") && !contains(i.text, "://") && !contains(i.text, '@');
    auto const store = i.text.starts_with("arn:aws:") || i.text.starts_with("sm://") ||
                       i.text.starts_with("op://") || i.text.starts_with("vault:") ||
                       i.text.starts_with("gcp-secret") || i.text.starts_with("@Microsoft.KeyVault") ||
                       (i.text.starts_with("projects/") && contains(i.text, "/secrets/"));
    if (!path && !store)
        return false;
    auto const harmless = path && i.text.size() <= 120 && made_of_words(i.text, "/_-.");
    i.refuse("secret-not-resolved",
             i.name + " says where the secret is, not what it is: it holds " +
                 (path ? "a file's path." : "the name of a secret in a store."),
             path ? "Pass the path as " + i.name +
                        "_FILE=" + (harmless ? i.text : std::string{"/PATH/OF/THE/FILE"})
                  : "Let the platform put the secret's value into the variable (Cloud Run: --set-secrets=" +
                        i.name + "=NAME:latest).");
    return true;
}

bool explain_variable(inspection& i)
{
    auto const& t = i.text;
    auto const whole = contains(t, "${") || contains(t, "$(") || contains(t, "{{") || contains(t, "<%") ||
                       (t.starts_with('$') && made_of_words(std::string_view{t}.substr(1))) ||
                       (t.size() > 2 && t.front() == '%' && t.back() == '%');
    if (!whole || contains(t, "://"))
        return false;
    i.refuse(
        "variable-not-replaced", i.name + " still holds a variable or template that nothing replaced.",
        "Docker's --env-file and systemd do not expand variables; in Kubernetes define a variable before "
        "the one that uses it as $(NAME). Set the value itself.");
    return true;
}

bool explain_assignment(inspection& i)
{
    auto const scheme = i.text.find("postgres");
    auto const before = std::string_view{i.text}.substr(0, scheme);
    auto const command = before == "psql " || before == "psql \"" || before == "psql '";
    if (scheme == i.text.npos || (!command && !contains(before, i.name + "=")))
        return false;
    i.refuse("name-inside-value",
             i.name + (command ? " holds a psql command, not only its URL."
                               : " holds its own name: the value begins with NAME=."),
             "Remove everything before postgresql://.");
    return true;
}

bool explain_scheme(inspection& i)
{
    auto const end = i.text.find("://");
    if (end == i.text.npos || end > 40)
        return false;
    auto const scheme = lowered(std::string_view{i.text}.substr(0, end));
    auto const after = end + 3;
    if (scheme.starts_with("jdbc:")) {
        i.refuse("scheme-jdbc", i.name + " is a JDBC URL, which libpq does not read.",
                 "Drop \"jdbc:\", and put user and password before the host: "
                 "postgresql://USER:PASSWORD@HOST:5432/DATABASE");
        return true;
    }
    if ((scheme.starts_with("postgres+") || scheme.starts_with("postgresql+"))) {
        i.refuse("scheme-sqlalchemy",
                 i.name + " names a Python driver after postgresql+, which only SQLAlchemy understands.",
                 with_right_scheme(i.text, after));
        return true;
    }
    for (auto const& foreign : foreign_schemes)
        if (scheme == foreign.scheme) {
            i.refuse("scheme-other-database",
                     i.name + " is " + std::string{foreign.what} + " URL; this program needs PostgreSQL.",
                     "Set " + i.name + " to postgresql://USER:PASSWORD@HOST:5432/DATABASE");
            return true;
        }
    if (nearly_libpqs(scheme)) {
        i.refuse("scheme-misspelt",
                 i.name + " begins with \"" + printable(i.text.substr(0, end)) +
                     "://\", but libpq takes only \"postgresql://\" and \"postgres://\", in lower case.",
                 with_right_scheme(i.text, after));
        return true;
    }
    return false;
}

// "postgresql:/app:…": what follows the "/" may also be the password of a user "postgres", so only what
// stands behind the last "@" is shown.
bool explain_one_slash(inspection& i)
{
    auto const text = std::string_view{i.text};
    auto const end = text.find(":/");
    if (end == text.npos || contains(text, "://"))
        return false;
    auto const scheme = lowered(text.substr(0, end));
    if (scheme != "postgresql" && scheme != "postgres")
        return false;
    auto const at = text.rfind('@');
    auto const rest = at == text.npos ? std::string_view{} : text.substr(at + 1);
    i.refuse("scheme-slash-missing",
             i.name + " begins with \"" + scheme + ":/\", with one slash; libpq asks for two, \"" + scheme +
                 "://\".",
             "Write " + scheme + "://USER:PASSWORD@" +
                 (made_of_words(rest, "_-.:/") ? std::string{rest} : std::string{"HOST:5432/DATABASE"}));
    return true;
}

bool explain_missing_scheme(inspection& i)
{
    if (contains(i.text, "://") || !contains(i.text, '@'))
        return false;
    i.refuse("scheme-missing", i.name + " has no scheme, so libpq looks for keyword=value pairs in it.",
             "Put postgresql:// in front: postgresql://USER:PASSWORD@HOST:5432/DATABASE");
    return true;
}

bool explain_ado(inspection& i)
{
    auto const folded = lowered(i.text);
    if (!contains(folded, ';') || (!contains(folded, "server=") && !contains(folded, "host=")))
        return false;
    i.refuse("ado-style",
             i.name + " is in the style of .NET (Server=…;Database=…), which libpq does not read.",
             "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE");
    return true;
}

} // namespace

void explain_text(inspection& i)
{
    // The most telling first; one answer is enough.
    for (auto* const explain :
         {explain_quotes, explain_beginning, explain_variable, explain_secret_name, explain_assignment,
          explain_scheme, explain_one_slash, explain_missing_scheme, explain_ado})
        if (explain(i))
            return;
    i.refuse("not-a-connection-string",
             i.name + " is neither a postgresql:// URL nor a list of libpq's keyword=value pairs.",
             "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE. In keyword/value form, put a value with "
             "blanks in single quotes.");
}

} // namespace schemagate::url
