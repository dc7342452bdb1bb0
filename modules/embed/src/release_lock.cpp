#include "release_lock.hpp"

#include <algorithm>
#include <optional>

#include "schemagate/script_name.hpp"

namespace schemagate::embed {
namespace {

struct released
{
    std::size_t line = 0;
    std::string checksum;
    std::string file;
};

bool is_checksum(std::string_view text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::optional<released> read_line(std::string_view line, std::size_t number)
{
    if (line.size() < 67 || !is_checksum(line.substr(0, 64)) || line.substr(64, 2) != "  ") {
        return std::nullopt;
    }
    auto const name = read_script_name(line.substr(66));
    if (!name || name->role != script_role::versioned) {
        return std::nullopt;
    }
    return released{number, std::string{line.substr(0, 64)}, std::string{line.substr(66)}};
}

class lock_reader
{
public:
    explicit lock_reader(std::filesystem::path const& file) : file_{file.string()} {}

    std::vector<released> read(std::string_view text)
    {
        std::vector<released> lines;
        for (std::size_t begin = 0, number = 1; begin < text.size(); ++number) {
            auto const end = std::min(text.find('\n', begin), text.size());
            auto const line = text.substr(begin, end - begin);
            begin = end + 1;
            auto const entry = read_line(line, number);
            if (!entry) {
                report(number,
                       "this is no line \"<sha256>  <version>_<description>.sql\". Only ./dev release "
                       "writes this file; take it from version control again.");
            }
            else if (std::any_of(lines.begin(), lines.end(),
                                 [&](released const& each) { return each.file == entry->file; })) {
                report(number, entry->file + " is listed twice. Remove this line.");
            }
            else {
                lines.push_back(*entry);
            }
        }
        return lines;
    }

    void report(std::size_t line, std::string message)
    {
        problems.push_back({file_, line, std::move(message)});
    }

    std::vector<folder_problem> problems;

private:
    std::string file_;
};

version version_of(std::string const& file)
{
    return *read_script_name(file)->version;
}

// A repeatable script's text is meant to change, so a release fixes nothing of it.
bool is_released_once(folder_script const& script)
{
    auto const name = read_script_name(script.file);
    return name && name->role == script_role::versioned;
}

} // namespace

std::vector<folder_problem> lock_problems(folder_content const& content,
                                          std::filesystem::path const& lock_file, std::string_view lock_text)
{
    lock_reader reader{lock_file};
    auto const lines = reader.read(lock_text);
    std::optional<released> highest;
    for (auto const& each : lines) {
        auto const script = std::find_if(content.scripts.begin(), content.scripts.end(),
                                         [&](folder_script const& s) { return s.file == each.file; });
        if (script == content.scripts.end()) {
            reader.report(each.line, each.file +
                                         " was released, and is gone: databases that applied it would "
                                         "refuse this binary. Put the file back.");
        }
        else if (script->checksum != each.checksum) {
            reader.report(each.line, each.file +
                                         " was released, and was changed since: databases that applied "
                                         "it would refuse this binary. Restore the file, and write the "
                                         "change into a new migration.");
        }
        if (!highest || version_of(highest->file) < version_of(each.file)) {
            highest = each;
        }
    }
    for (auto const& script : content.scripts) {
        auto const listed = std::any_of(lines.begin(), lines.end(),
                                        [&](released const& each) { return each.file == script.file; });
        if (is_released_once(script) && !listed && highest &&
            version_of(script.file) < version_of(highest->file)) {
            reader.report(highest->line, script.file + " is not released, and its version is below " +
                                             highest->file +
                                             ", which is: a database that has that one would find "
                                             "it late. Give it a version above.");
        }
    }
    return std::move(reader.problems);
}

std::string with_all_released(folder_content const& content, std::string lock_text)
{
    if (!lock_text.empty() && !lock_text.ends_with('\n')) {
        lock_text += '\n';
    }
    for (auto const& script : content.scripts) {
        if (is_released_once(script) && lock_text.find("  " + script.file + '\n') == std::string::npos) {
            lock_text += script.checksum + "  " + script.file + '\n';
        }
    }
    return lock_text;
}

} // namespace schemagate::embed
