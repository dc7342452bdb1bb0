#include "schemagate/report.hpp"

#include <boost/json.hpp>
#include <unistd.h>

namespace schemagate {

std::string closing_line(boot_report const& r)
{
    boost::json::object line;
    line["event"] = "boot_done";
    line["admission"] = name(r.admission().kind());
    line["mode"] = name(r.mode);
    line["applied"] = r.applied().size();
    line["lock_wait_ms"] = r.lock_wait.count();
    line["elapsed_ms"] = r.elapsed.count();
    line["schema_version"] = r.schema_version;
    line["catalog"] = "sha256:" + r.catalog_digest;
    return boost::json::serialize(line);
}

void announce(boot_report const& r) noexcept
{
    try {
        auto const line = closing_line(r) + '\n';
        [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
    }
    catch (...) { // out of memory: the boot is done all the same
    }
}

} // namespace schemagate
