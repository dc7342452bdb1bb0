// The ledgers of other migration tools, recognised by their shape.
#pragma once

#include <string>
#include <vector>

namespace schemagate::postgres {

/// A table in which another tool writes down what it applied.
struct foreign_ledger
{
    std::string tool; ///< "Flyway", "Rails", …
    std::string schema;
    std::string table;

    friend bool operator==(foreign_ledger const&, foreign_ledger const&) = default;
};

/// The names that the tools give their ledgers unless they are told another: what to look for.
[[nodiscard]] std::vector<std::string> ledger_names();

/// Whose ledger a table is, by its name and its columns; "" if it is none that we know. Rails and dbmate make
/// the same table: the first has ar_internal_metadata beside it, in the same schema.
[[nodiscard]] std::string ledger_tool(std::string const& table, std::vector<std::string> const& columns,
                                      bool beside_ar_internal_metadata);

} // namespace schemagate::postgres
