#include "schemagate/catalog.hpp"

#include <algorithm>
#include <utility>

#include "schemagate/failure.hpp"
#include "schemagate/release_limits.hpp"
#include "schemagate/script_name.hpp"

namespace schemagate {
namespace {

std::string_view stem(std::string_view file) noexcept
{
    return file.ends_with(".sql") ? file.substr(0, file.size() - 4) : file;
}

migration make_migration(script const& from)
{
    auto const name = read_script_name(from.file);
    if (!name || name->role == script_role::down) {
        throw failure{errc::script_refused,
                      "\"" + std::string{from.file} +
                          "\" is no name of a migration: it has to be "
                          "<version>_<description>.sql.",
                      "Rename it, for example to 0007_add_index.sql."}
            .with_script(std::string{stem(from.file)});
    }
    auto wanted = read_directives(from.file, from.text);
    if (auto const limit = not_run_yet(name->role, wanted, from.transactional)) {
        throw failure{errc::script_refused, std::string{stem(from.file)} + ": " + *limit}.with_script(
            std::string{stem(from.file)});
    }
    if (wanted.breaks_older_than && *wanted.breaks_older_than > *name->version) {
        throw failure{errc::script_refused,
                      std::string{stem(from.file)} + " breaks binaries older than " +
                          wanted.breaks_older_than->text() +
                          ", which is above its own version: the binary "
                          "that ships it would refuse the database it made.",
                      "Name the first version whose binary still works, at most this script's own."}
            .with_script(std::string{stem(from.file)});
    }
    return migration{.version = *name->version,
                     .description = name->description,
                     .name = std::string{stem(from.file)},
                     .text = from.text,
                     .checksum = from.checksum.empty() ? sha256_hex(from.text) : std::string{from.checksum},
                     .check = from.check,
                     .transactional = from.transactional,
                     .directives = std::move(wanted)};
}

// Such a script can only ever run where the one it names can be adopted.
void require_adoptable(catalog const& all, migration const& each)
{
    auto const& wanted = each.directives.only_if_adopted;
    if (!wanted) {
        return;
    }
    auto const* const named = all.find(*wanted);
    if (named == nullptr || !named->directives.adopts || *wanted >= each.version) {
        throw failure{errc::script_refused,
                      each.name + ": only-if-adopted " + wanted->text() +
                          " names no earlier migration that carries the directive adopts.",
                      "Name the version of the script that carries \"-- schemagate: adopts …\"."}
            .with_script(each.name);
    }
}

bool by_version(migration const& a, migration const& b) noexcept
{
    return a.version < b.version;
}

} // namespace

catalog::catalog(std::string name, std::span<script const> scripts, std::shared_ptr<void const> storage)
    : name_{std::move(name)}, storage_{std::move(storage)}
{
    migrations_.reserve(scripts.size());
    for (auto const& each : scripts) {
        migrations_.push_back(make_migration(each));
    }
    std::stable_sort(migrations_.begin(), migrations_.end(), by_version);
    auto const same = [](migration const& a, migration const& b) { return a.version == b.version; };
    if (auto const twice = std::adjacent_find(migrations_.begin(), migrations_.end(), same);
        twice != migrations_.end()) {
        auto const& second = *std::next(twice);
        throw failure{errc::script_refused,
                      twice->name + " and " + second.name + " have one version, " + twice->version.text() +
                          ".",
                      "Give the one that is not released yet the next free version."}
            .with_script(second.name);
    }
    for (auto const& each : migrations_) {
        require_adoptable(*this, each);
    }
    std::vector<set_member> members;
    members.reserve(migrations_.size());
    for (auto const& each : migrations_) {
        members.push_back({each.version, each.checksum});
    }
    digest_ = set_digest(std::move(members));
}

migration const* catalog::newest() const noexcept
{
    return migrations_.empty() ? nullptr : &migrations_.back();
}

migration const* catalog::find(version const& v) const noexcept
{
    auto const found =
        std::lower_bound(migrations_.begin(), migrations_.end(), v,
                         [](migration const& m, version const& wanted) { return m.version < wanted; });
    return found != migrations_.end() && found->version == v ? &*found : nullptr;
}

} // namespace schemagate
