#include "schemagate/migration.hpp"

namespace schemagate {

std::vector<std::string> unfit_for_repeatable(directives const& wanted)
{
    std::vector<std::string> problems;
    auto const judge = [&](bool is_there, std::string const& directive, std::string const& why) {
        if (is_there) {
            problems.push_back(directive + " makes no sense in a repeatable script: " + why + ".");
        }
    };
    judge(wanted.breaks_older_than.has_value(), "breaks-older-than",
          "it is run again with each new text, and has no version that binaries could be older than");
    judge(wanted.only_if_adopted.has_value(), "only-if-adopted",
          "it describes what every database holds, whatever tool made it");
    judge(wanted.adopts.has_value(), "adopts",
          "no row of an older tool's ledger can stand for a text that changes");
    judge(wanted.allow_out_of_order, "allow-out-of-order", "it has no version, so it never comes late");
    judge(wanted.only_job, "only-job",
          "every binary runs the text that it carries, and would wait for a job at each change");
    return problems;
}

} // namespace schemagate
