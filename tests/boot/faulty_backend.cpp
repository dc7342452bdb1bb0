// The prompt service's boot without its HTTP server, and with a fault: at one event of the boot the process
// is killed. An event is told while the boot waits for the observer, so the fault strikes exactly there.
//
//   FAULT_AT=apply:done      the event's step and outcome, or its number from 1
//   (unset)                  no fault
//
// Each event is written to stdout as "event <number> <step>:<outcome>" before it strikes.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "schemagate/closing_line.hpp"
#include "schemagate/embedded_catalog.hpp"
#include "schemagate/migrator.hpp"

namespace {

class saboteur : public schemagate::observer
{
public:
    explicit saboteur(std::string where) : where_{std::move(where)} {}

    void on_event(schemagate::event const& e) noexcept override
    {
        ++number_;
        std::string const what = std::string{name(e.step)} + ":" + std::string{name(e.outcome)};
        std::printf("event %d %s\n", number_, what.c_str());
        std::fflush(stdout);
        if (where_ == what || where_ == std::to_string(number_)) {
            std::raise(SIGKILL);
        }
    }

private:
    std::string where_;
    int number_ = 0;
};

} // namespace

int main()
{
    try {
        auto with = schemagate::settings::from_environment();
        with.application = "faulty-backend";
        char const* const where = std::getenv("FAULT_AT");
        auto const done = schemagate::run(with, schemagate::embedded_catalog(),
                                          std::make_shared<saboteur>(where == nullptr ? "" : where));
        schemagate::announce(done);
        return EXIT_SUCCESS;
    }
    catch (schemagate::failure const& f) {
        return schemagate::report(f);
    }
}
