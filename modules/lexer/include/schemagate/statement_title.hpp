// How a statement is named in a sentence.
#pragma once

#include <string>
#include <string_view>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

/// The statement's first words on one line, at most about 60 bytes, without its comments; " …" where more
/// follows. The text of a string stands as '…', since it may be a password (CREATE SUBSCRIPTION, CREATE
/// ROLE). Never throws for its content.
[[nodiscard]] std::string statement_title(std::string_view script, statement const& of);

} // namespace schemagate::lexer
