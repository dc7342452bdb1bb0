// Catalogs and settings for tests that call the engine as a library.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schemagate/catalog.hpp"
#include "schemagate/settings.hpp"

namespace support {

struct memory_script
{
    std::string file; ///< "0001_make_accounts.sql"
    std::string text;
    std::string check{};
    bool transactional = true; ///< and no statement of the text says otherwise
};

/// A catalog that owns its scripts.
[[nodiscard]] schemagate::catalog memory_catalog(std::vector<memory_script> scripts,
                                                 std::string const& name = "test");

/// Short limits, and this URL.
[[nodiscard]] schemagate::settings settings_for(std::string const& url);

/// The advisory lock's key (PROTOCOL.md, "The lock"), computed here once more.
[[nodiscard]] std::int64_t lock_key(std::string const& catalog,
                                    std::string const& history_schema = "schemagate");

} // namespace support
