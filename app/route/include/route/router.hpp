// From a request to its route: the gate, the key, the query and the body, in this order, then the handler.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <spdlog/logger.h>

#include "http/handler.hpp"
#include "http/problem.hpp"
#include "route/route_table.hpp"

namespace app {

/// What the router asks of the rest of the service. All are called from any thread.
struct router_hooks
{
    /// The problem to answer while no traffic may be served; nullopt once it may.
    std::function<std::optional<problem>()> shut;
    /// Who holds this key; nullopt if nobody does. Given the key itself.
    std::function<std::optional<principal>(std::string_view key)> holder_of;
    /// Whether requests without a key may read, where the route says so.
    bool anonymous_may_read = false;
    /// Runs work that blocks. False if there is no place for more.
    std::function<bool(std::function<void()>)> run_later;
    /// Makes a problem of an exception that a handler let out; nullopt if it is a fault of ours.
    std::function<std::optional<problem>(std::exception const&)> problem_of;
    /// As run_later, for analyses.
    std::function<bool(std::function<void()>)> run_analysis{};
    /// 0, or the seconds after which the holder of this key (an id; empty without a key) may ask again. Asked
    /// once for each request. Empty: no limit.
    std::function<int(std::string const& holder)> wait_of{};
};

class router final : public handler
{
public:
    router(route_table const& table, router_hooks hooks, std::shared_ptr<spdlog::logger> log);

    [[nodiscard]] admission admit(request const& head) const override;
    void handle(request asked, respond then) const override;

private:
    struct found;
    [[nodiscard]] found look_up(request const& asked) const;
    [[nodiscard]] principal authenticate(request const& asked, route const& to) const;
    void require_token(route const& to, principal const& who) const;
    void run_handler(route const& to, std::string const& id, call made, respond const& then) const;
    [[nodiscard]] answer guarded(route const& to, std::string_view request_id,
                                 std::function<answer()> const& work) const noexcept;

    route_table const& table_;
    router_hooks hooks_;
    std::shared_ptr<spdlog::logger> log_;
};

} // namespace app
