#include <boost/json.hpp>

#include "commands.hpp"
#include "console.hpp"
#include "stop_on_signal.hpp"
#include "survey_report.hpp"

namespace schemagate {

int command_plan(command_input const& in)
{
    stop_on_signal const stop;
    auto const found = look(in.with, in.shipped, only_trouble(in.host.listener), stop.token());
    if (in.asked.json) {
        print(plan_json(found));
    }
    else {
        print(plan_text(found));
    }
    return 0;
}

} // namespace schemagate
