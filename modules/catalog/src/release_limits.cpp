#include "schemagate/release_limits.hpp"

namespace schemagate {

std::optional<std::string> not_run_yet(script_role role, directives const& wanted, bool transactional)
{
    auto const sentence = [](std::string const& what, std::string const& way_out) {
        return "this release does not run " + what + " yet; " + way_out + ".";
    };
    if (role == script_role::repeatable) {
        return sentence("repeatable scripts (R_…)",
                        "put the text into a new versioned migration whenever it changes");
    }
    if (wanted.own_transactions) {
        return sentence("scripts that hold their own transactions (own-transactions)",
                        "split it into one migration for each transaction");
    }
    if (wanted.no_transaction || !transactional) {
        return sentence(
            "scripts outside a transaction (no-transaction, or a statement that PostgreSQL refuses "
            "inside one)",
            "use the form that runs inside a transaction (CREATE INDEX without CONCURRENTLY, …), or "
            "run the statement by hand");
    }
    if (wanted.only_job) {
        return sentence("scripts that wait for a job (only-job)", "leave the directive out");
    }
    return std::nullopt;
}

} // namespace schemagate
