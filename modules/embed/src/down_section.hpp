// What other tools keep in one file with the migration: the statements that undo it.
#pragma once

#include <string_view>
#include <vector>

#include "problem_sink.hpp"
#include "schemagate/lexer.hpp"

namespace schemagate {

/// Reports a comment by which goose, dbmate, sql-migrate or rambler begin the section that undoes the one
/// above ("-- +goose Down", "-- migrate:down", "-- +migrate Down", "-- rambler down"): a file is run as a
/// whole here, so what it makes would be dropped again, and nobody would notice. Such words inside a
/// statement are none of this.
void report_down_section(std::string_view text, std::vector<lexer::statement> const& statements,
                         problem_sink const& report);

} // namespace schemagate
