#include "renamed_catalog.hpp"

#include <algorithm>

#include "schemagate/catalog_name.hpp"
#include "schemagate/postgres/reading_transaction.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate {

void refuse_renamed_catalog(boot_context const& boot, postgres::connection& on)
{
    postgres::reading_transaction const limits{on};
    auto elsewhere = boot.table.scripts_elsewhere(on);
    for (auto& each : elsewhere) { // one that was changed behind what is done is the same script
        auto const& all = boot.shipped.migrations();
        auto const mine = std::find_if(all.begin(), all.end(), [&each](migration const& m) {
            return !each.steps_digest.empty() && m.recorded_version() == each.version &&
                   postgres::has_begun(m.text, static_cast<std::size_t>(each.steps), each.steps_digest);
        });
        if (mine != all.end()) {
            each.checksum = mine->checksum;
        }
    }
    auto const found = applied_under_another_name(boot.shipped, boot.table.target_schema(), elsewhere);
    if (found) {
        throw *found;
    }
}

std::string other_catalogs_warning(std::string const& mine, std::string const& others)
{
    return "nothing is recorded for catalog \"" + mine + "\", but there is for: " + others +
           ". A wrong --catalog, or a renamed target?";
}

} // namespace schemagate
