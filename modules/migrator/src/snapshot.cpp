// The command `snapshot`: the schema as one text.
#include "boot_flow.hpp"
#include "engine_door.hpp"
#include "schemagate/migrator.hpp"
#include "schemagate/postgres/schema_snapshot.hpp"

namespace schemagate {

std::string schema_snapshot(settings const& with, catalog const& shipped, std::shared_ptr<observer> listener,
                            std::stop_token stop)
{
    boot_context boot{with, shipped, std::move(listener), std::move(stop)};
    return with_failures(boot, [&] {
        auto connection = connect_with_events(boot, validate_url(boot));
        connection.answers_within(std::nullopt);
        boot.begin(step::check, boot_state::checking);
        return postgres::schema_snapshot(connection, {with.history_schema, with.target_schema});
    });
}

} // namespace schemagate
