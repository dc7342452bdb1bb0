// Changing parts of a connection string, and nothing else of it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"

namespace schemagate {

/// What is to be different. Values are as libpq will use them; escaping is rewrite()'s affair.
struct url_change
{
    /// One host name, address or socket folder ("/…", or "@…" for an abstract one), in place of all that are
    /// there; hostaddr, which libpq would prefer, goes. If the way changes (TCP to socket or back), the port
    /// goes too, unless one is given: it belongs to the old way.
    std::optional<std::string> host;
    std::optional<std::string> port; ///< 1 to 65535, for every host
    std::optional<std::string> user;
    std::optional<std::string> dbname;
    std::optional<secret> password;         ///< any bytes but NUL
    std::map<std::string, std::string> set; ///< other keywords of libpq, but none that holds a secret
    std::set<std::string> unset;            ///< keywords; also such as libpq does not know
    bool doubt_accepted = false;            ///< the operator vouches for a text that check() calls doubtful
};

/// Safe to show: "***" for what is, or may hold, a secret; "" for what is not set.
struct changed_part
{
    std::string keyword;
    std::string before;
    std::string after;
};

struct rewritten_url
{
    secret text;
    std::vector<changed_part> changed; ///< also what followed from a change: the port, hostaddr, an escape
    std::vector<finding> findings;     ///< of reading the old text, and of repairing it
    std::string redacted;              ///< the new text, safe to show
};

/// The text with the change made, in the form it has (URI or keyword/value). Every byte that does not belong
/// to the change stays: order, spelling, percent-encoding. A TCP host goes before the path, a socket into
/// "?host="; other parts stay where they stand, and copies that they overrode go.
///
/// Nothing is written that was not understood: a doubtful text (url_diagnosis::hidden) and a template in the
/// password are refused.
///
/// Throws failure: errc::usage for a change that cannot be made; errc::url_refused, with check()'s finding,
/// for a text that libpq cannot read, or that is ambiguous; errc::internal if libpq reads the new text in any
/// way but the one asked for. Touches no network and no environment but for the findings' words.
[[nodiscard]] rewritten_url rewrite(database_url_text const& old, url_change const& change,
                                    place const& where);

} // namespace schemagate
