#include <boost/json.hpp>

#include "commands.hpp"
#include "console.hpp"
#include "schemagate/failure.hpp"
#include "stop_on_signal.hpp"

namespace schemagate {
namespace {

using result = verification_item::result;

std::string_view name(result r)
{
    switch (r) {
    case result::passed: return "passed";
    case result::failed: return "failed";
    case result::not_run: break;
    }
    return "not_run";
}

void print_json(std::vector<verification_item> const& items, bool passed)
{
    boost::json::array list;
    for (auto const& item : items) {
        boost::json::object line{{"name", printable(item.name)},
                                 {"result", name(item.outcome)},
                                 {"message", printable(item.message)}};
        if (item.expected) {
            line["expected"] = *item.expected;
            line["found"] = nullptr;
            if (item.found) {
                line["found"] = *item.found;
            }
        }
        list.push_back(std::move(line));
    }
    print(boost::json::object{{"passed", passed}, {"items", std::move(list)}});
}

// "  4/5", "  not run", or "" for an item that counts nothing.
std::string counts(verification_item const& item)
{
    if (!item.expected) {
        return "";
    }
    return item.found ? "  " + std::to_string(*item.found) + '/' + std::to_string(*item.expected)
                      : "  not run";
}

void print_text(std::vector<verification_item> const& items)
{
    auto const colour = colour_wanted();
    std::string text;
    for (auto const& item : items) {
        auto const m = item.outcome == result::passed   ? mark::good
                       : item.outcome == result::failed ? mark::bad
                                                        : mark::open;
        text += shown(m, colour) + ' ' + printable(item.name);
        text += counts(item);
        text += item.message.empty() ? "\n" : "  " + printable(item.message) + '\n';
    }
    print(text);
}

} // namespace

int command_verify(command_input const& in)
{
    auto const items = [&] {
        stop_on_signal const stop;
        return verify(in.with, in.shipped, only_trouble(in.host.listener), stop.token());
    }();
    std::string first;
    std::size_t failed = 0;
    for (auto const& item : items) {
        if (item.outcome == result::failed && failed++ == 0) {
            first = item.name;
        }
    }
    if (in.asked.json) {
        print_json(items, failed == 0);
    }
    else {
        print_text(items);
    }
    if (failed != 0) {
        throw failure{errc::check_failed,
                      std::to_string(failed) + " of " + std::to_string(items.size()) +
                          " checks failed, the first of them: " + printable(first) + '.',
                      "The list on stdout says what each of them found."};
    }
    return 0;
}

} // namespace schemagate
