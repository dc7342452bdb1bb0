// One judgement of one text, while it is being made: what the rules see, and where they put their findings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/database_url.hpp"

#include "effective_values.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

struct inspection
{
    std::string const& text;
    std::string name; ///< "DATABASE_URL", the variable that messages speak of
    place const& where;
    url_policy const& policy;
    std::string redacted;

    std::optional<uri_layout> uri;                        ///< unless it is (or should be) keyword/value
    bool ambiguous = false;                               ///< see uri_layout.hpp
    std::optional<std::vector<connection_parameter>> set; ///< nullopt: libpq refuses the text
    effective_values effective;                           ///< with `set` only, as are the ways
    way_list ways;
    std::vector<finding> findings;

    void refuse(std::string code, std::string message, std::string fix)
    {
        findings.push_back({std::move(code), severity::refuse, std::move(message), std::move(fix)});
    }
    void warn(std::string code, std::string message, std::string fix)
    {
        findings.push_back({std::move(code), severity::warn, std::move(message), std::move(fix)});
    }
    void note(std::string code, std::string message, std::string fix)
    {
        findings.push_back({std::move(code), severity::note, std::move(message), std::move(fix)});
    }
    [[nodiscard]] bool refused() const;
    [[nodiscard]] bool has(std::string_view code) const;

    /// "DATABASE_URL must have a port, or be a Unix socket", the contract's words.
    [[nodiscard]] std::string must_have_port() const
    {
        return name + " must have a port, or be a Unix socket";
    }
    /// "in this Cloud Run job", "here (Docker)", or "here".
    [[nodiscard]] std::string here() const;
    /// "postgresql://app:***@HOST:5432/shop", with the text's own user and database where they may be shown.
    [[nodiscard]] std::string model(std::string_view host) const;
};

// The rules, each file about one thing. explain_…: why libpq refuses the text. judge_…: what libpq makes of
// it.
void explain_text(inspection& i);   ///< neither URI nor keyword/value form: wrong scheme, quotes, a path, …
void explain_uri(inspection& i);    ///< a URI that libpq refuses: escapes, brackets, parameters
void judge_template(inspection& i); ///< variables not replaced, placeholders not filled in
void judge_ambiguity(inspection& i);  ///< unescaped "@" and "/": the password would go to a wrong host
void judge_characters(inspection& i); ///< newlines, blanks, quotes, invisible characters, doubtful escapes
void judge_parameters(inspection& i); ///< sslmode and the like, values given twice
void judge_path(inspection& i); ///< a path that is no database: a socket's folder, or parameters without "?"
void judge_ways(inspection& i); ///< host, port and socket of every endpoint, in this place
void judge_transport(inspection& i); ///< TCP to a host that is not local, without TLS (SCHEMAGATE_TLS)
void judge_database(inspection& i);
void judge_password_source(inspection& i); ///< a passfile that libpq will pass over without a word
void judge_provider(inspection& i);        ///< what Supabase, Neon, Railway, … ask for

/// Why this way, which is a socket, cannot work, if it cannot; otherwise findings about it may be added.
[[nodiscard]] std::optional<finding> socket_problem(inspection& i, way const& one);

/// Why this TCP host can only be a socket's folder without its leading "/", if it can; the finding shows it
/// only where it cannot hold a piece of the password.
[[nodiscard]] std::optional<finding> misnamed_socket(inspection const& i, std::string_view host);

/// The same for PROJECT:REGION:INSTANCE before the path, which libpq cuts at its first ":".
[[nodiscard]] finding instance_in_authority(inspection const& i);

/// PROJECT:REGION:INSTANCE, of which PROJECT may be "example.com:project". No host and port has this form.
[[nodiscard]] bool is_cloudsql_instance(std::string_view text);

/// For explain_uri: what to say of a keyword that libpq does not know.
void explain_keyword(inspection& i, std::string_view keyword, bool may_be_named);

} // namespace schemagate::url
