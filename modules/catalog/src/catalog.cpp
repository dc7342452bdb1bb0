#include "schemagate/catalog.hpp"

#include <algorithm>
#include <utility>

#include "schemagate/failure.hpp"
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
                          "<version>_<description>.sql or R_<description>.sql.",
                      "Rename it, for example to 0007_add_index.sql."}
            .with_script(std::string{stem(from.file)});
    }
    auto wanted = read_directives(from.file, from.text);
    if (auto const unfit = unfit_for_repeatable(wanted); !name->version && !unfit.empty()) {
        throw failure{errc::script_refused, std::string{stem(from.file)} + ": " + unfit.front(),
                      "Remove the directive, or write the change into a versioned migration."}
            .with_script(std::string{stem(from.file)});
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
    auto const outside = wanted.no_transaction || wanted.own_transactions;
    return migration{.version = name->version,
                     .description = name->description,
                     .name = std::string{stem(from.file)},
                     .text = from.text,
                     .checksum = from.checksum.empty() ? sha256_hex(from.text) : std::string{from.checksum},
                     .check = from.check,
                     .transactional = from.transactional && !outside,
                     .released = from.released,
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
    if (named == nullptr || !named->directives.adopts || *wanted >= *each.version) {
        throw failure{errc::script_refused,
                      each.name + ": only-if-adopted " + wanted->text() +
                          " names no earlier migration that carries the directive adopts.",
                      "Name the version of the script that carries \"-- schemagate: adopts …\"."}
            .with_script(each.name);
    }
}

bool by_version(migration const& a, migration const& b) noexcept
{
    return *a.version < *b.version;
}

bool by_description(migration const& a, migration const& b) noexcept
{
    return a.description < b.description;
}

void require_single_versions(std::vector<migration> const& sorted)
{
    auto const same = [](migration const& a, migration const& b) { return *a.version == *b.version; };
    auto const twice = std::adjacent_find(sorted.begin(), sorted.end(), same);
    if (twice != sorted.end()) {
        auto const& second = *std::next(twice);
        throw failure{errc::script_refused,
                      twice->name + " and " + second.name + " have one version, " + twice->version->text() +
                          ".",
                      "Give the one that is not released yet the next free version."}
            .with_script(second.name);
    }
}

void require_single_names(std::vector<migration> const& sorted)
{
    auto const same = [](migration const& a, migration const& b) { return a.description == b.description; };
    auto const twice = std::adjacent_find(sorted.begin(), sorted.end(), same);
    if (twice != sorted.end()) {
        throw failure{errc::script_refused, "there are two repeatable scripts " + twice->name + ".",
                      "Put both texts into one script, or rename one."}
            .with_script(twice->name);
    }
}

} // namespace

catalog::catalog(std::string name, std::span<script const> scripts, std::shared_ptr<void const> storage)
    : name_{std::move(name)}, storage_{std::move(storage)}
{
    migrations_.reserve(scripts.size());
    for (auto const& each : scripts) {
        auto made = make_migration(each);
        (made.repeatable() ? repeatables_ : migrations_).push_back(std::move(made));
    }
    std::stable_sort(migrations_.begin(), migrations_.end(), by_version);
    std::stable_sort(repeatables_.begin(), repeatables_.end(), by_description);
    require_single_versions(migrations_);
    require_single_names(repeatables_);
    for (auto const& each : migrations_) {
        require_adoptable(*this, each);
    }
    std::vector<set_member> members;
    members.reserve(migrations_.size());
    for (auto const& each : migrations_) {
        members.push_back({*each.version, each.checksum});
    }
    std::vector<repeatable_member> repeatables;
    repeatables.reserve(repeatables_.size());
    for (auto const& each : repeatables_) {
        repeatables.push_back({each.description, each.checksum});
    }
    digest_ = set_digest(std::move(members), std::move(repeatables));
}

std::vector<migration const*> catalog::scripts() const
{
    std::vector<migration const*> all;
    all.reserve(migrations_.size() + repeatables_.size());
    for (auto const* const kind : {&migrations_, &repeatables_}) {
        for (auto const& each : *kind) {
            all.push_back(&each);
        }
    }
    return all;
}

migration const* catalog::newest() const noexcept
{
    return migrations_.empty() ? nullptr : &migrations_.back();
}

migration const* catalog::find(version const& v) const noexcept
{
    auto const found =
        std::lower_bound(migrations_.begin(), migrations_.end(), v,
                         [](migration const& m, version const& wanted) { return *m.version < wanted; });
    return found != migrations_.end() && *found->version == v ? &*found : nullptr;
}

migration const* catalog::find_repeatable(std::string_view description) const noexcept
{
    auto const found =
        std::lower_bound(repeatables_.begin(), repeatables_.end(), description,
                         [](migration const& m, std::string_view wanted) { return m.description < wanted; });
    return found != repeatables_.end() && found->description == description ? &*found : nullptr;
}

} // namespace schemagate
