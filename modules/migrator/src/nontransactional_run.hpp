// Step 8 for one script outside a transaction: what an earlier attempt left, and what its words mean.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "batch.hpp"
#include "boot_context.hpp"
#include "history_writer.hpp"
#include "schemagate/plan.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate {

/// Remembers between attempts how far its script came.
class nontransactional_run
{
public:
    nontransactional_run(boot_context& boot, history_writer& writer) : boot_{boot}, history_{writer} {}

    /// Throws failure, postgres::script_error, postgres::sql_error, postgres::stop_requested.
    void apply(postgres::transaction_order const& order, batch const& what, plan const& planned,
               postgres::on_recorded const& recorded);

    /// What stays of a script that failed at this statement (from 1; 0: not known); "" where none runs so.
    [[nodiscard]] std::string remains(std::size_t statement) const;

private:
    boot_context& boot_;
    history_writer& history_;
    std::optional<postgres::script_progress> progress_;
};

/// Throws failure{pooler_refused} where a script of the plan needs one backend and there is none. Asked
/// before the history is made: a boot that cannot end well leaves nothing behind.
void require_one_backend(postgres::session const& on, plan const& planned, std::size_t adopted);

} // namespace schemagate
