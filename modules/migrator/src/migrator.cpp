// The engine's doors: run(), look(), verify(). Behind them boot_flow.cpp does the work.
#include "schemagate/migrator.hpp"

#include <algorithm>

#include "boot_flow.hpp"
#include "engine_door.hpp"
#include "hidden_rows.hpp"
#include "renamed_catalog.hpp"
#include "schema_wait.hpp"

namespace schemagate {

boot_report run(settings const& with, catalog const& shipped, std::shared_ptr<observer> listener,
                std::stop_token stop)
{
    boot_context boot{with, shipped, std::move(listener), std::move(stop)};
    return with_failures(boot, [&] { return boot_flow{boot}.run(); });
}

survey look(settings const& with, catalog const& shipped, std::shared_ptr<observer> listener,
            std::stop_token stop)
{
    boot_context boot{with, shipped, std::move(listener), std::move(stop)};
    return with_failures(boot, [&] {
        auto const where = validate_url(boot);
        auto connection = connect_with_events(boot, where);
        boot.begin(step::check, boot_state::checking);
        auto const seen = check_idle(boot, connection);
        survey s;
        s.where = where.redacted;
        s.has_history = seen.has_history;
        s.verified = seen.newest && seen.newest->verified;
        s.missing_objects = seen.missing;
        if (seen.has_history) {
            s.recorded = read_history(boot, connection);
        }
        if (s.has_history && s.recorded.empty()) {
            refuse_renamed_catalog(boot, connection);
        }
        s.planned = make_plan(shipped, s.recorded, with.plan);
        for (auto const* const m : s.recorded.empty() ? s.planned.pending : std::vector<migration const*>{}) {
            if (m->directives.adopts && postgres::holds_adoptable_row(connection, *m->directives.adopts)) {
                s.adoptable.push_back(m);
            }
        }
        std::erase_if(s.planned.not_needed, [&s](migration const* m) { // what only an adopted database needs
            return std::any_of(s.adoptable.begin(), s.adoptable.end(), [m](migration const* adopted) {
                return adopted->version == *m->directives.only_if_adopted;
            });
        });
        if (auto const others = s.has_history ? boot.table.other_catalogs(connection) : "";
            s.recorded.empty() && !others.empty()) {
            s.planned.warnings.push_back(other_catalogs_warning(shipped.name(), others));
        }
        if (!seen.hold.empty()) {
            s.planned.warnings.push_back(held_words(seen) + ". New boots only wait.");
        }
        return s;
    });
}

} // namespace schemagate
