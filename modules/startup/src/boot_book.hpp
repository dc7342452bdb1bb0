// What the probes answer from: the boot's present state and its steps, behind one mutex, never the database.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/gate.hpp"

namespace schemagate {

class gate::book final : public observer
{
public:
    void on_event(event const& e) noexcept override;
    void admit(boot_report const& result);
    void refuse(failure const& why);
    void enter(boot_state state);
    void trouble(std::string reason, bool serves_on);

    [[nodiscard]] probe_answer livez() const;
    [[nodiscard]] probe_answer readyz() const;
    [[nodiscard]] probe_answer status(std::string_view authorization) const;
    void require_token(secret token);
    [[nodiscard]] bool is_unchecked() const;

private:
    struct finished_step
    {
        std::string name;
        std::string script;
        std::chrono::milliseconds elapsed;
    };
    [[nodiscard]] bool ready() const;
    [[nodiscard]] bool may_see_details(std::string_view authorization) const;
    [[nodiscard]] boost::json::value waiting_for(bool in_detail) const;
    [[nodiscard]] boost::json::value progress() const;
    void note_waiting(event const& e);
    [[nodiscard]] boost::json::object summary() const;

    mutable std::mutex mutex_;
    std::chrono::steady_clock::time_point const began_ = std::chrono::steady_clock::now();
    boot_state state_ = boot_state::reading;
    std::string migration_;
    std::size_t position_ = 0;
    std::size_t of_ = 0;
    secret token_;
    std::string waiting_for_; ///< the engine's sentence, for the token
    std::vector<std::pair<std::string, std::string>> waiting_details_; ///< the same
    std::vector<std::pair<std::string, std::string>> progress_;        ///< of the statement that runs
    std::string refusal_;                                              ///< the same
    std::string refusal_fix_;                                          ///< the same
    std::string mode_;
    std::optional<boot_report> admitted_;
    std::string code_;
    std::string trouble_;
    bool serves_on_ = false; // in spite of it
    std::vector<finished_step> steps_;
    std::size_t applied_ = 0;
};

} // namespace schemagate
