// Writes executions as fast as it can, and prints the id of each durable one once it is told that it is
// committed: for the test that kills it.
#include <cstdio>
#include <cstdlib>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <thread>

#include "execution/uuid_v7.hpp"
#include "journal/journal.hpp"

namespace {

app::execution render()
{
    app::execution e;
    e.id = app::new_uuid_v7();
    e.prompt_name = "nlu_topic_extraction";
    e.prompt_version = 1;
    e.rendered = std::string(600, 'x');
    return e;
}

} // namespace

int main()
{
    schemagate::settings with;
    with.database_url =
        schemagate::database_url_text{schemagate::secret{std::getenv("DATABASE_URL")}, "the test", {}};
    app::database_target target{with};
    app::journal journal{target, {}, spdlog::null_logger_mt("none")};
    for (;;) {
        auto e = render();
        auto const id = e.id;
        journal.add_durable(std::move(e), [id](auto const& failure) {
            if (!failure) {
                std::printf("durable %s\n", id.c_str());
                std::fflush(stdout);
            }
        });
        auto other = render();
        std::printf("queued %s\n", other.id.c_str());
        std::fflush(stdout);
        journal.add(std::move(other));
        std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
}
