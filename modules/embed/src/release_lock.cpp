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
    if (!name || name->role == script_role::down) {
        return std::nullopt;
    }
    return released{number, std::string{line.substr(0, 64)}, std::string{line.substr(66)}};
}

// A versioned script is released once, a repeatable one with each of its texts.
bool is_versioned(std::string const& file)
{
    auto const name = read_script_name(file);
    return name && name->role == script_role::versioned;
}

bool is_listed(std::vector<released> const& lines, released const& entry)
{
    return std::any_of(lines.begin(), lines.end(), [&](released const& each) {
        return each.file == entry.file && (is_versioned(entry.file) || each.checksum == entry.checksum);
    });
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
                       "this is no line \"<sha256>  <file>\" of a versioned or repeatable script. Only "
                       "./dev release writes this file; take it from version control again.");
            }
            else if (is_listed(lines, *entry)) {
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

} // namespace

std::vector<folder_problem> lock_problems(folder_content const& content,
                                          std::filesystem::path const& lock_file, std::string_view lock_text)
{
    lock_reader reader{lock_file};
    auto const lines = reader.read(lock_text);
    std::optional<released> highest;
    for (auto const& each : lines) {
        if (!is_versioned(each.file)) {
            continue;
        }
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
        auto const of_script = [&](released const& each) { return each.file == script.file; };
        auto const newest = std::find_if(lines.rbegin(), lines.rend(), of_script);
        if (is_versioned(script.file)) {
            if (newest == lines.rend() && highest && version_of(script.file) < version_of(highest->file)) {
                reader.report(highest->line, script.file + " is not released, and its version is below " +
                                                 highest->file +
                                                 ", which is: a database that has that one would find "
                                                 "it late. Give it a version above.");
            }
        }
        else if (newest != lines.rend() && newest->checksum != script.checksum &&
                 is_listed(lines, {0, script.checksum, script.file})) {
            reader.report(newest->line, script.file +
                                            " has a text again that this line's replaced: a database "
                                            "does not run the same text twice. Change a comment in it.");
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
        auto const line = script.checksum + "  " + script.file + '\n';
        if (lock_text.find(is_versioned(script.file) ? line.substr(64) : line) == std::string::npos) {
            lock_text += line;
        }
    }
    return lock_text;
}

void note_released(folder_content& content, std::string_view lock_text)
{
    auto const lines = lock_reader{{}}.read(lock_text);
    for (auto& script : content.scripts) {
        std::string texts;
        for (auto const& each : lines) {
            if (is_versioned(script.file) || each.file != script.file) {
                continue;
            }
            texts += each.checksum + '\n';
            if (each.checksum == script.checksum) {
                script.released = texts;
                break;
            }
        }
    }
}

} // namespace schemagate::embed
