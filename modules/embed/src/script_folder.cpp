#include "schemagate/script_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "canonical.hpp"
#include "foreign_names.hpp"
#include "release_lock.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/script_name.hpp"

namespace schemagate {
namespace {

namespace fs = std::filesystem;

/// The entries of a folder by name, so that the order of problems does not depend on the file system.
std::vector<fs::directory_entry> entries_of(fs::path const& folder)
{
    std::vector<fs::directory_entry> entries;
    std::error_code error;
    for (fs::directory_iterator each{folder, error}, end; !error && each != end; each.increment(error)) {
        entries.push_back(*each);
    }
    if (error) {
        throw failure{errc::script_refused,
                      "the folder " + folder.string() + " cannot be read: " + error.message() + ".",
                      "Check its name and its permissions."};
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

bool holds_scripts(fs::path const& folder)
{
    auto const entries = entries_of(folder);
    return std::any_of(entries.begin(), entries.end(),
                       [](auto const& each) { return each.path().extension() == ".sql"; });
}

/// What could be meant as a script. Notes, lock files and an editor's backups may lie beside the scripts.
bool looks_like_script(std::string const& name)
{
    if (name.starts_with('.') || name.ends_with('~')) {
        return false;
    }
    return name.ends_with(".sql") || name.starts_with("R_") || (name.front() >= '0' && name.front() <= '9');
}

class folder_reader
{
public:
    folder_reader(fs::path migrations, fs::path checks)
        : migrations_{std::move(migrations)}, checks_{std::move(checks)}
    {}

    folder_content run()
    {
        auto const entries = entries_of(migrations_);
        for (auto const& each : entries) {
            read_entry(each);
        }
        if (found_.empty() && content_.problems.empty()) {
            if (auto problem = foreign_names_problem(entries); !problem.empty()) {
                report(migrations_, 0, std::move(problem));
            }
        }
        if (!checks_.empty()) {
            for (auto const& each : entries_of(checks_)) {
                read_twin(each);
            }
        }
        std::stable_sort(found_.begin(), found_.end(), runs_before);
        report_duplicates();
        for (auto& each : found_) {
            content_.scripts.push_back(std::move(each.script));
        }
        return std::move(content_);
    }

private:
    struct found
    {
        std::optional<schemagate::version> version; ///< none: a repeatable script
        fs::path path;
        folder_script script;
    };

    // The repeatables come last; they stay in the order of their names, in which they were read.
    static bool runs_before(found const& a, found const& b)
    {
        return a.version && b.version ? *a.version < *b.version : a.version.has_value();
    }

    void report(fs::path const& path, std::size_t line, std::string message)
    {
        content_.problems.push_back({path.string(), line, std::move(message)});
    }

    problem_sink sink(fs::path const& path)
    {
        return
            [this, path](std::size_t line, std::string message) { report(path, line, std::move(message)); };
    }

    bool read_file(fs::directory_entry const& entry, std::string& bytes)
    {
        std::error_code error;
        // Asked first: to open a pipe waits for whoever writes to it.
        auto const regular = entry.is_regular_file(error);
        std::ifstream in;
        if (regular) {
            in.open(entry.path(), std::ios::binary);
        }
        if (!regular || !in) {
            report(entry.path(), 0,
                   "the file cannot be read. Check its permissions, or where the link leads.");
            return false;
        }
        // Its size at once, since growing step by step would need twice the memory.
        auto const size = entry.file_size(error);
        bytes.reserve(error ? 0 : static_cast<std::size_t>(size) + 1); // and the newline it may lack
        bytes.resize(error ? 0 : static_cast<std::size_t>(size));
        in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        bytes.resize(static_cast<std::size_t>(in.gcount()));
        in.clear(in.rdstate() & ~std::ios::failbit); // it has become shorter meanwhile
        bytes.append(std::istreambuf_iterator<char>{in}, {});
        if (in.bad()) {
            report(entry.path(), 0, "the file cannot be read to its end.");
            return false;
        }
        return true;
    }

    void read_entry(fs::directory_entry const& entry)
    {
        auto const file = entry.path().filename().string();
        std::error_code error;
        if (entry.is_directory(error)) {
            if (file.ends_with(".sql")) {
                report(entry.path(), 0, "a folder with the name of a script. Rename it.");
                return;
            }
            auto const is_checks = !checks_.empty() && fs::equivalent(entry.path(), checks_, error);
            if (!file.starts_with('.') && !is_checks && holds_scripts(entry.path())) {
                report(entry.path(), 0,
                       "a folder with scripts inside the folder of migrations would never be run. " +
                           std::string{file == "checks"
                                           ? "The twins' folder lies beside that of the migrations: move "
                                             "it there."
                                           : "Move its scripts up, or the folder out."});
            }
            return;
        }
        if (!looks_like_script(file)) {
            return;
        }
        auto const name = read_script_name(file);
        if (!name) {
            report(entry.path(), 0,
                   "the name has none of the forms <version>_<description>.sql, "
                   "<version>_<description>.down.sql, R_<description>.sql (version: digits; "
                   "description: letters, digits, _ - .). Rename it, for example to "
                   "0007_add_index.sql.");
            return;
        }
        if (name->role != script_role::down) {
            read_script(entry, *name);
        }
    }

    void read_script(fs::directory_entry const& entry, script_name const& name)
    {
        std::string bytes;
        if (!read_file(entry, bytes)) {
            return;
        }
        auto script = canonical_form(std::move(bytes), script_use::migration, sink(entry.path()));
        if (name.role == script_role::repeatable) {
            for (auto& each : unfit_for_repeatable(script.directives)) {
                report(entry.path(), 0, std::move(each) + " Remove the directive.");
            }
        }
        auto const& breaks = script.directives.breaks_older_than;
        if (breaks && name.version && *breaks > *name.version) {
            report(entry.path(), 0,
                   "breaks-older-than=" + breaks->text() +
                       " is above the script's own version: the "
                       "binary that ships it would refuse the database it made. Name the first version "
                       "whose binary still works.");
        }
        auto checksum = sha256_hex(script.text);
        found_.push_back({name.version,
                          entry.path(),
                          {.file = entry.path().filename().string(),
                           .text = std::move(script.text),
                           .checksum = std::move(checksum),
                           .check = {},
                           .transactional = script.transactional,
                           .released = {}}});
    }

    void read_twin(fs::directory_entry const& entry)
    {
        auto const file = entry.path().filename().string();
        std::error_code error;
        if (entry.is_directory(error) || !looks_like_script(file)) {
            return;
        }
        auto const owner = std::find_if(found_.begin(), found_.end(),
                                        [&](found const& each) { return each.script.file == file; });
        if (owner == found_.end()) {
            report(entry.path(), 0,
                   "this twin proves no migration: none in " + migrations_.string() +
                       " has the same file name. Rename it, or remove it.");
            return;
        }
        std::string bytes;
        if (read_file(entry, bytes)) {
            owner->script.check = canonical_form(std::move(bytes), script_use::twin, sink(entry.path())).text;
        }
    }

    void report_duplicates()
    {
        for (std::size_t i = 1; i < found_.size(); ++i) {
            if (found_[i].version && found_[i].version == found_[i - 1].version) {
                report(found_[i].path, 0,
                       "version " + found_[i].version->text() + " is also the version of " +
                           found_[i - 1].script.file +
                           ". Give the one that is not released yet "
                           "the next free version.");
            }
        }
    }

    fs::path migrations_;
    fs::path checks_;
    std::vector<found> found_;
    folder_content content_;
};

fs::path sibling(fs::path const& migrations, char const* name)
{
    auto folder = fs::absolute(migrations).lexically_normal();
    if (folder.filename().empty()) {
        folder = folder.parent_path();
    }
    return folder.parent_path() / name;
}

fs::path sibling_checks(fs::path const& migrations)
{
    std::error_code error;
    auto const checks = sibling(migrations, "checks");
    return fs::is_directory(checks, error) ? checks : fs::path{};
}

} // namespace

folder_content read_folder(fs::path const& migrations, fs::path const& checks)
{
    return folder_reader{migrations, checks}.run();
}

catalog catalog_of_folder(std::string name, fs::path const& migrations)
{
    auto const content =
        std::make_shared<folder_content>(read_folder(migrations, sibling_checks(migrations)));
    std::ifstream lock{sibling(migrations, "released.lock"), std::ios::binary};
    embed::note_released(*content, std::string{std::istreambuf_iterator<char>{lock}, {}});
    if (!content->problems.empty()) {
        auto const& first = content->problems.front();
        auto const more = content->problems.size() - 1;
        auto const line = first.line == 0 ? std::string{} : ":" + std::to_string(first.line);
        auto const rest = more == 0 ? std::string{} : " (and " + std::to_string(more) + " more)";
        throw failure{errc::script_refused, first.file + line + ": " + first.message + rest}.with_script(
            fs::path{first.file}.stem().string(), first.line);
    }
    std::vector<script> scripts;
    scripts.reserve(content->scripts.size());
    for (auto const& each : content->scripts) {
        scripts.push_back(
            {each.file, each.text, each.checksum, each.check, each.transactional, each.released});
    }
    return catalog{std::move(name), scripts, content};
}

} // namespace schemagate
