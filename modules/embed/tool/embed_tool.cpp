// schemagate-embed: a folder of .sql → canonical copies and one manifest to compile.
//
// Runs in the build of every backend that links Schemagate. Speaks like a compiler, so that an editor jumps
// to the line; writes a file only if its bytes differ, so that nothing is compiled twice.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

#include "manifest.hpp"
#include "release_lock.hpp"
#include "schemagate/failure.hpp"

namespace {

namespace fs = std::filesystem;

constexpr auto usage = R"(usage: schemagate-embed --migrations DIR [--checks DIR] --name NAME
                        [--function NAME] [--lock FILE] --output DIR
       schemagate-embed --migrations DIR [--checks DIR] --release FILE

Writes into the output folder the canonical copies of the scripts (scripts/, checks/) and
<function>.cpp, which defines schemagate::<function>(): the catalog with the scripts embedded.

  --migrations DIR  the folder of <version>_<description>.sql
  --checks DIR      the folder of their twins
  --name NAME       the catalog's name: part of the history and of the lock's key
  --function NAME   embedded_catalog if not given
  --lock FILE       released.lock: a released script that changed or is gone is an error
  --output DIR      made if it is not there
  --release FILE    adds every script that is not in this released.lock yet, and does nothing else
)";

struct arguments
{
    fs::path migrations;
    fs::path checks;
    fs::path lock;
    bool release = false;
    schemagate::embed::manifest_settings settings;
};

bool is_identifier(std::string_view text)
{
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

[[noreturn]] void refuse_usage(std::string const& what)
{
    throw schemagate::failure{schemagate::errc::usage, what};
}

arguments read_arguments(std::span<char* const> words)
{
    arguments result;
    result.settings.function = "embedded_catalog";
    for (std::size_t i = 0; i < words.size(); i += 2) {
        auto const option = std::string_view{words[i]};
        if (i + 1 == words.size()) {
            refuse_usage(std::string{option} + " needs a value");
        }
        auto const* const value = words[i + 1];
        if (option == "--migrations") {
            result.migrations = value;
        }
        else if (option == "--checks") {
            result.checks = value;
        }
        else if (option == "--lock" || option == "--release") {
            result.lock = value;
            result.release = option == "--release";
        }
        else if (option == "--name") {
            result.settings.name = value;
        }
        else if (option == "--function") {
            result.settings.function = value;
        }
        else if (option == "--output") {
            result.settings.output = value;
        }
        else {
            refuse_usage("unknown option " + std::string{option});
        }
    }
    if (result.release && !result.migrations.empty()) {
        return result;
    }
    if (result.migrations.empty() || result.settings.name.empty() || result.settings.output.empty()) {
        refuse_usage("--migrations, --name and --output are needed");
    }
    if (!is_identifier(result.settings.function)) {
        refuse_usage("--function has to be a C++ identifier");
    }
    return result;
}

std::optional<std::string> bytes_of(fs::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

// Through a second file and a rename: a build that is stopped here leaves the old file or the new one.
void write_if_different(fs::path const& file, std::string_view bytes)
{
    if (bytes_of(file) == bytes) {
        return;
    }
    fs::create_directories(file.parent_path());
    auto const unfinished = fs::path{file.string() + ".tmp"};
    std::ofstream out{unfinished, std::ios::binary | std::ios::trunc};
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
        throw schemagate::failure{schemagate::errc::disk_full, unfinished.string() + " cannot be written.",
                                  "Check the space and the permissions of the build folder."};
    }
    fs::rename(unfinished, file);
}

void print_problems(std::vector<schemagate::folder_problem> const& problems)
{
    for (auto const& each : problems) {
        std::cerr << each.file << ':' << std::max<std::size_t>(each.line, 1) << ": error: " << each.message
                  << '\n';
    }
}

void write_all(arguments const& given, schemagate::folder_content const& content)
{
    namespace embed = schemagate::embed;
    auto const& settings = given.settings;
    for (auto const& each : content.scripts) {
        write_if_different(embed::copy_of(settings, each), each.text);
        if (!each.check.empty()) {
            write_if_different(embed::check_copy_of(settings, each), each.check);
        }
    }
    write_if_different(settings.output / (settings.function + "_literals.inc"),
                       embed::manifest_literals(settings, content));
    write_if_different(settings.output / (settings.function + ".cpp"), embed::manifest(settings, content));
}

int run(std::span<char* const> words)
{
    auto const given = read_arguments(words);
    auto content = schemagate::read_folder(given.migrations, given.checks);
    auto const lock = given.lock.empty() ? std::nullopt : bytes_of(given.lock);
    if (content.problems.empty() && lock) {
        content.problems = schemagate::embed::lock_problems(content, given.lock, *lock);
    }
    if (!content.problems.empty()) {
        print_problems(content.problems);
        return static_cast<int>(schemagate::exit_class::script_failed);
    }
    if (content.scripts.empty()) {
        std::cerr << given.migrations.string()
                  << ":1: warning: this folder holds no script, so the program opens on any database.\n";
    }
    if (given.release) {
        write_if_different(given.lock,
                           schemagate::embed::with_all_released(content, lock.value_or(std::string{})));
        return EXIT_SUCCESS;
    }
    schemagate::embed::note_released(content, lock.value_or(std::string{}));
    write_all(given, content);
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char* argv[])
{
    auto const words = std::span{argv, static_cast<std::size_t>(argc)}.subspan(1);
    if (words.size() == 1 && std::string_view{words[0]} == "--help") {
        std::cout << usage;
        return EXIT_SUCCESS;
    }
    try {
        return run(words);
    }
    catch (schemagate::failure const& f) {
        std::cerr << "schemagate-embed: error: " << f.what() << '\n';
        if (f.code() == schemagate::errc::usage) {
            std::cerr << usage;
        }
        return f.exit_code();
    }
    catch (std::exception const& e) {
        std::cerr << "schemagate-embed: error: " << e.what() << '\n';
        return static_cast<int>(schemagate::exit_class::internal);
    }
}
