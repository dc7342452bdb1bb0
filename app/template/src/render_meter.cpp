#include "render_meter.hpp"

#include <string>

#include "template/render_error.hpp"

namespace app::jinja {

namespace {

[[noreturn]] void fail(std::uint32_t line, std::string const& message)
{
    throw render_error{render_error::limit, "line " + std::to_string(line) + ": " + message};
}

} // namespace

void meter::out_of_work() const
{
    fail(line_, "the rendering takes too long; use shorter values or fewer loops and filters");
}

void meter::out_of_output() const
{
    fail(line_, "the rendered text is longer than 4 MiB; use shorter values or loop over fewer");
}

void meter::out_of_passes() const
{
    fail(line_, "the loops of the template take more than 100000 passes together; loop over fewer elements");
}

void meter::too_long() const
{
    fail(line_, "a filter makes a text longer than 4 MiB; use shorter values");
}

void meter::too_deep() const
{
    fail(line_, "a value has more than " + std::to_string(deepest_value) + " levels; use flatter values");
}

} // namespace app::jinja
