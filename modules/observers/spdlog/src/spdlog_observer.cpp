#include "schemagate/spdlog_observer.hpp"

#include <map>
#include <utility>

#include "logfmt.hpp"

namespace schemagate {
namespace {

spdlog::level::level_enum level_of(outcome o)
{
    switch (o) {
    case outcome::started: return spdlog::level::debug;
    case outcome::done:
    case outcome::waiting:
    case outcome::retrying:
    case outcome::noted: return spdlog::level::info;
    case outcome::warned: return spdlog::level::warn;
    case outcome::failed: return spdlog::level::err;
    }
    return spdlog::level::err;
}

std::string line_of(event const& e)
{
    std::string line = "schemagate";
    append_field(line, "step", name(e.step));
    append_field(line, "outcome", name(e.outcome));
    if (!e.script.empty()) {
        append_field(line, "script", e.script);
    }
    if (e.position != 0) {
        append_field(line, "position", std::to_string(e.position));
        append_field(line, "of", std::to_string(e.of));
    }
    // 0 ms is worth a field only at an end: everywhere else it means that nobody measured.
    bool const ended = e.outcome == outcome::done || e.outcome == outcome::failed;
    if (ended || e.elapsed.count() != 0) {
        append_field(line, "elapsed_ms", std::to_string(e.elapsed.count()));
    }
    for (auto const& [name, value] : e.fields) {
        append_field(line, name, value);
    }
    if (!e.message.empty()) {
        append_field(line, "message", e.message);
    }
    return line;
}

class spdlog_observer final : public observer
{
public:
    spdlog_observer(std::shared_ptr<spdlog::logger> log,
                    std::function<std::chrono::steady_clock::time_point()> now)
        : log_{std::move(log)}, now_{std::move(now)}
    {}

    void on_event(event const& e) noexcept override
    {
        try {
            auto const level = level_of(e.outcome);
            if (!too_soon(e) && log_->should_log(level)) {
                // As a text, never as a format: a brace in a message is only a brace.
                log_->log(level, spdlog::string_view_t{line_of(e)});
            }
        }
        catch (...) { // a log that cannot be written must not end a boot
        }
    }

private:
    struct last_line
    {
        std::chrono::steady_clock::time_point when;
        std::string about;
    };

    // Another phase of an index build, or another session in the way, is news.
    static std::string what_is_waited_for(event const& e)
    {
        std::string about;
        for (auto const& [name, value] : e.fields) {
            if (name == "progress_phase" || (name == "holder_pid" && e.step == step::apply)) {
                about += value + ';';
            }
        }
        return about;
    }

    // 200 replicas that wait for one migration would otherwise fill the log with the same sentence.
    bool too_soon(event const& e)
    {
        auto const what = std::make_pair(e.step, e.script);
        auto const about = what_is_waited_for(e);
        if (e.outcome != outcome::waiting && e.outcome != outcome::retrying) {
            if (e.outcome == outcome::done || e.outcome == outcome::failed) {
                last_.erase(what); // the next wait is news again
            }
            return false;
        }
        auto const now = now_();
        auto const [entry, first] = last_.try_emplace(what, last_line{now, about});
        if (!first && about == entry->second.about && now - entry->second.when < std::chrono::minutes{1}) {
            return true;
        }
        entry->second = {now, about};
        return false;
    }

    std::shared_ptr<spdlog::logger> log_;
    std::function<std::chrono::steady_clock::time_point()> now_;
    std::map<std::pair<step, std::string>, last_line> last_;
};

} // namespace

std::shared_ptr<observer> log_to(std::shared_ptr<spdlog::logger> log,
                                 std::function<std::chrono::steady_clock::time_point()> now)
{
    return log ? std::make_shared<spdlog_observer>(std::move(log), std::move(now)) : nullptr;
}

} // namespace schemagate
