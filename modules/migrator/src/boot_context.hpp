// What every part of one boot needs: its settings, its catalog, who listens, and when to stop.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "schemagate/catalog.hpp"
#include "schemagate/observer.hpp"
#include "schemagate/postgres/history_table.hpp"
#include "schemagate/postgres/wake.hpp"
#include "schemagate/settings.hpp"

namespace schemagate {

/// What an event says besides its step and outcome.
struct details
{
    std::string script{};
    std::size_t position = 0;
    std::size_t of = 0;
    std::chrono::milliseconds elapsed{0};
    std::string message{};
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// Who the statements of the present connection run as, and where: for the GRANT that an operator is told to
/// run.
struct acting_role
{
    std::string role;
    std::string database;
};

class boot_context
{
public:
    boot_context(settings const& with_settings, catalog const& carried, std::shared_ptr<observer> listener,
                 std::stop_token stop_when);

    settings const& with;
    catalog const& shipped;
    postgres::wake stop;
    postgres::history_table table;
    std::chrono::steady_clock::time_point const began = std::chrono::steady_clock::now();

    acting_role acting;
    bool undecided = false;        ///< a connection was lost while leading, and nothing was read since
    bool preflight_passed = false; ///< once per boot, however often it leads

    /// Tells the observers, in the present state.
    void tell(step s, outcome o, details d = {});
    /// The step that is being worked on, for failures, and the state that events carry from here on.
    void begin(step s, boot_state in) noexcept
    {
        step_ = s;
        state_ = in;
    }
    [[nodiscard]] step current_step() const noexcept { return step_; }

    /// "schemagate/<application> <what>": tells a DBA in pg_stat_activity who is doing what.
    [[nodiscard]] std::string application_name(std::string const& what) const;

private:
    std::shared_ptr<observer> listener_;
    step step_ = step::read;
    boot_state state_ = boot_state::reading;
};

/// Time of one step, told at its end.
class stopwatch
{
public:
    [[nodiscard]] std::chrono::milliseconds elapsed() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                     began_);
    }

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace schemagate
