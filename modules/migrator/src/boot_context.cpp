#include "boot_context.hpp"

namespace schemagate {

boot_context::boot_context(settings const& with_settings, catalog const& carried,
                           std::shared_ptr<observer> listener, std::stop_token stop_when)
    : with{with_settings}, shipped{carried}, stop{std::move(stop_when)},
      table{with_settings.history_schema, carried.name(), with_settings.target_schema}, listener_{std::move(
                                                                                            listener)}
{}

void boot_context::tell(step s, outcome o, details d)
{
    if (listener_) {
        listener_->on_event({s, o, state_, std::move(d.script), d.position, d.of, d.elapsed,
                             std::move(d.message), std::move(d.fields)});
    }
}

std::string boot_context::application_name(std::string const& what) const
{
    return "schemagate/" + with.application + " " + what;
}

} // namespace schemagate
