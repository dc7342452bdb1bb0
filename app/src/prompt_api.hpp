// GET /v1/prompts and GET /v1/prompts/{name}: from a request's text to the store and back to an answer.
#pragma once

#include <functional>
#include <memory>
#include <spdlog/logger.h>
#include <string>
#include <variant>

#include "answer.hpp"
#include "database/database_health.hpp"
#include "prompt_store.hpp"
#include "request_target.hpp"

namespace app {

/// Work that blocks on the database; runs on a worker thread. Never throws.
using database_work = std::function<answer()>;

/// An answer from memory, or the work that makes one.
using reply = std::variant<answer, database_work>;

/// The 503 of a request whose query could not be answered.
[[nodiscard]] answer database_unavailable();

/// May be used from any thread. Outlives the work it hands out.
class prompt_api
{
public:
    prompt_api(prompt_store& store, database_health& health, std::shared_ptr<spdlog::logger> log);

    /// ?category= ?limit=1..100 (50) ?cursor=
    [[nodiscard]] reply list(request const& asked, request_target const& target);

    /// ?version=N; without it the active version.
    [[nodiscard]] reply find(request const& asked, request_target const& target, std::string const& name);

private:
    [[nodiscard]] reply later(std::function<answer()> ask_store);
    [[nodiscard]] answer guarded(std::function<answer()> const& ask_store) noexcept;

    prompt_store& store_;
    database_health& health_;
    std::shared_ptr<spdlog::logger> log_;
};

} // namespace app
