#include <algorithm>
#include <memory>

#include "arguments.hpp"
#include "commands.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/script_folder.hpp"

namespace schemagate {
namespace {

// What the scripts of a shortened catalog point to.
struct shortened
{
    catalog whole;
    std::vector<std::string> files;
    std::vector<script> scripts;
};

version version_of(std::string const& text)
{
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) {
        throw usage_error{"--to takes a version, the digits before the first _ of a script's name."};
    }
    return version{text};
}

std::string nearest(catalog const& whole, version const& wanted)
{
    auto const& all = whole.migrations();
    auto const above =
        std::find_if(all.begin(), all.end(), [&](auto const& m) { return *m.version > wanted; });
    std::string below_text = above != all.begin() ? std::prev(above)->version->text() : "";
    std::string above_text = above != all.end() ? above->version->text() : "";
    if (below_text.empty() && above_text.empty()) {
        return "the catalog is empty.";
    }
    return "the nearest " +
           (below_text.empty() || above_text.empty() ? "is " + below_text + above_text
                                                     : "are " + below_text + " and " + above_text) +
           '.';
}

} // namespace

catalog catalog_up_to(catalog const& whole, std::string const& version_text)
{
    auto const last = version_of(version_text);
    if (whole.find(last) == nullptr) {
        throw usage_error{"--to " + version_text.substr(0, 40) + ": there is no such version; " +
                          nearest(whole, last)};
    }
    auto storage = std::make_shared<shortened>(shortened{whole, {}, {}});
    // The repeatable scripts describe the newest schema: they run only where --to names it.
    auto const is_newest = whole.newest()->version == last;
    auto const all = storage->whole.scripts();
    for (auto const* const m : all) {
        if (m->version ? *m->version <= last : is_newest) {
            storage->files.push_back(m->name + ".sql");
        }
    }
    for (std::size_t i = 0; i < storage->files.size(); ++i) { // in order, so the first ones are those kept
        auto const& m = *all[i];
        storage->scripts.push_back({storage->files[i], m.text, m.checksum, m.check, m.transactional});
    }
    return catalog{whole.name(), storage->scripts, storage};
}

catalog catalog_for(command_line const& host, arguments const& asked)
{
    auto whole = host.shipped != nullptr
                     ? *host.shipped
                     : catalog_of_folder(asked.catalog.value_or(host.program), asked.from.value());
    return asked.to ? catalog_up_to(whole, *asked.to) : whole;
}

} // namespace schemagate
