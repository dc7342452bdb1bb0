// A password that comes from a passfile: libpq passes over one that it does not trust or find, and then says
// only that no password was supplied (PostgreSQL documentation, "34.16 The Password File").
#include "inspection.hpp"
#include "shown.hpp"

namespace schemagate::url {

void judge_password_source(inspection& i)
{
    if (!i.effective.value("password").empty())
        return;
    auto file = i.effective.value("passfile");
    auto const named = !file.empty();
    if (!named) {
        auto const home = i.where.variable("HOME").value_or("");
        if (home.empty())
            return; // libpq would ask the account's entry
        file = home + "/.pgpass";
    }
    auto const shown = file.find_first_of("@=") == file.npos ? printable(file) : std::string{mask};
    auto const kind = i.where.kind_of(file);
    if (kind == file_kind::absent && named)
        i.warn("passfile-absent",
               "The passfile " + shown + " does not exist " + i.here() + ", and " + i.name +
                   " holds no password.",
               "Mount it there, or correct passfile= (or PGPASSFILE).");
    else if (kind == file_kind::regular && i.where.world_readable(file))
        i.warn("passfile-ignored",
               "The passfile " + shown + " may be read by every account, so libpq passes over it, and " +
                   i.name + " holds no password.",
               "chmod 0600 it; in Kubernetes mount the secret with defaultMode: 0600.");
}

} // namespace schemagate::url
