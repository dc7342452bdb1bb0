// A diagnostic as data: its code, how much it weighs, its sentence and its fix, and the predicate that finds
// it.
//
// "{slot}" in a sentence or a fix is replaced with what the predicate found. These are always there:
//   {name}        the variable that the text came from: DATABASE_URL
//   {here}        "in this Cloud Run job", "here (Docker)", or "here"
//   {model HOST}  postgresql://app:***@HOST:5432/shop, with the text's own user and database where they may
//   be shown
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemagate/finding.hpp"

namespace schemagate::url {

struct inspection;

/// One occurrence of a mistake. Its words are safe to show.
struct hit
{
    std::vector<std::pair<std::string_view, std::string>> words{};
    std::optional<severity> as{}; ///< in place of the rule's own severity
    std::size_t endpoint = 0;     ///< the number of the endpoint that it is about
};
using hits = std::vector<hit>;

struct rule
{
    std::string_view code;
    schemagate::severity severity;
    std::string_view message;
    std::string_view fix;
    hits (*find)(inspection const&);
};

/// Words in the making, which are copied only where they are needed: most rules find nothing.
using word_list = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// One hit with these words, or none.
[[nodiscard]] inline hits when(bool found, word_list words = {})
{
    return found ? hits{{{words.begin(), words.end()}}} : hits{};
}

[[nodiscard]] finding made_of(rule const& one, hit const& found, inspection const& i);

/// Adds what every rule finds.
void apply_all(std::span<rule const> rules, inspection& i);
/// Adds what the first rule that fits finds; false if none does.
bool apply_first(std::span<rule const> rules, inspection& i);

/// Every code that a diagnostic may have, each once.
[[nodiscard]] std::vector<std::string_view> known_codes();

// The tables, each at the beginning of its file, in the order in which url_check.cpp asks them.
[[nodiscard]] std::span<rule const> text_rules();     ///< nothing that libpq could read
[[nodiscard]] std::span<rule const> template_rules(); ///< variables not replaced, placeholders not filled in
[[nodiscard]] std::span<rule const> doubtful_template_rules(); ///< … where they may be meant
[[nodiscard]] std::span<rule const>
ambiguity_rules();                               ///< unescaped "@" and "/": the password would go elsewhere
[[nodiscard]] std::span<rule const> uri_rules(); ///< a URI that libpq cannot read
[[nodiscard]] std::span<rule const> keyword_rules();     ///< parameters that libpq does not know
[[nodiscard]] std::span<rule const> last_uri_rules();    ///< a URI that libpq cannot read for another reason
[[nodiscard]] std::span<rule const> white_space_rules(); ///< what surrounds a value, and would belong to it
[[nodiscard]] std::span<rule const> character_rules();   ///< bytes that slipped in, escapes that are wrong
[[nodiscard]] std::span<rule const> value_rules();       ///< values that libpq refuses when it connects
[[nodiscard]] std::span<rule const> service_rules();     ///< a connection service
[[nodiscard]] std::span<rule const> repetition_rules();  ///< a value given twice, or added by the environment
[[nodiscard]] std::span<rule const> certificate_rules(); ///< files of TLS, and the passfile
[[nodiscard]] std::span<rule const> path_rules();        ///< a path that is no database
[[nodiscard]] std::span<rule const> host_rules();        ///< an endpoint that cannot be reached
[[nodiscard]] std::span<rule const> socket_rules();      ///< the same for a Unix socket, in this place
[[nodiscard]] std::span<rule const> doubtful_socket_rules(); ///< … where it may still come
[[nodiscard]] std::span<rule const> endpoint_rules();  ///< endpoints that are hardly the ones that were meant
[[nodiscard]] std::span<rule const> transport_rules(); ///< TLS (SCHEMAGATE_TLS)
[[nodiscard]] std::span<rule const> target_rules();    ///< the database and the user
[[nodiscard]] std::span<rule const> provider_rules();  ///< what Supabase, Neon, Azure, … ask for

} // namespace schemagate::url
