#include "console.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace schemagate {
namespace {

// 0, or errno.
int write_all(int fd, std::string_view text) noexcept
{
    while (!text.empty()) {
        auto const written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written == 0 ? EIO : errno;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

void hold_standard_streams() noexcept
{
    int fd = 0;
    do {
        fd = ::open("/dev/null", O_RDWR); // the lowest number that is free
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        ::close(fd);
    }
}

void print(std::string_view text) noexcept
{
    auto const error = write_all(STDOUT_FILENO, text);
    if (error != 0 && error != EPIPE) {
        write_all(STDERR_FILENO,
                  "warning: stdout cannot be written; what was to be shown is not complete.\n");
    }
}

void print(boost::json::object const& line)
{
    print(boost::json::serialize(line) + '\n');
}

int print_whole(std::string_view text) noexcept
{
    return write_all(STDOUT_FILENO, text);
}

void complain(std::string_view program, std::string_view message) noexcept
{
    try {
        write_all(STDERR_FILENO, printable(program) + ": " + printable(message) + '\n');
    }
    catch (...) { // out of memory: the exit code still tells
    }
}

void complain_json(boost::json::object const& line)
{
    write_all(STDERR_FILENO, boost::json::serialize(line) + '\n');
}

bool colour_wanted()
{
    auto const* const no_color = std::getenv("NO_COLOR");
    auto const* const term = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
           (term == nullptr || std::string_view{term} != "dumb");
}

std::string shown(mark m, bool colour)
{
    switch (m) {
    case mark::good: return colour ? "\x1b[32m✔\x1b[0m" : "✔";
    case mark::bad: return colour ? "\x1b[31m✘\x1b[0m" : "✘";
    case mark::open: break;
    }
    return "–";
}

std::string table(std::vector<std::vector<std::string>> const& rows)
{
    std::vector<std::size_t> widths;
    for (auto const& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width(row[i]));
        }
    }
    std::string out;
    for (auto const& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            line.append(i + 1 < row.size() ? widths[i] - width(row[i]) + 2 : 0, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

} // namespace schemagate
