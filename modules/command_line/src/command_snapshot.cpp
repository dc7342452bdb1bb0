#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "commands.hpp"
#include "console.hpp"
#include "private_file.hpp"
#include "schemagate/failure.hpp"
#include "stop_on_signal.hpp"

namespace schemagate {
namespace {

// Half a snapshot, compared with a whole one, would look like a schema that lost its tables.
void print_or_fail(std::string const& text)
{
    if (auto const error = print_whole(text); error != 0) {
        throw failure{error == EPIPE ? errc::interrupted : errc::disk_full,
                      "stdout did not take the whole snapshot: " + std::string{std::strerror(error)} +
                          ".", // NOLINT(concurrency-mt-unsafe)
                      "Do not use what it took. Run it again where it can be written."};
    }
}

} // namespace

int command_snapshot(command_input const& in)
{
    auto const text = [&] {
        stop_on_signal const stop;
        return schema_snapshot(in.with, in.shipped, only_trouble(in.host.listener), stop.token());
    }();
    auto const& out = in.asked.out;
    if (out) {
        write_plain_file(*out, text);
    }
    if (in.asked.json) {
        boost::json::object line{{"sha256", sha256_hex(text)}, {"written", out ? printable(*out) : "stdout"}};
        if (!out) {
            line["snapshot"] = text;
        }
        print_or_fail(boost::json::serialize(line) + '\n');
    }
    else if (!out) {
        print_or_fail(text);
    }
    return 0;
}

} // namespace schemagate
