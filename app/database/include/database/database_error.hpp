// Why a question to the database got no answer.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace app {

/// For the log and for the choice of an answer. The text is free of passwords, values and statements, but may
/// name hosts and objects, so it never goes to a client.
class database_error : public std::exception
{
public:
    enum class kind
    {
        lost,      ///< no connection can be had; nothing was done
        busy,      ///< the server lives but did not do it: a limit, a lock, a deadlock; nothing was done
        read_only, ///< the server is a standby or read-only; nothing was done
        unknown,   ///< the answer to COMMIT was lost: it may be done or not
        refused,   ///< what was to be stored: see sqlstate() and constraint()
        failed,    ///< the statement itself: a fault of ours or of the schema
    };

    database_error(kind what_kind, std::string text, std::string sqlstate = {}, std::string constraint = {})
        : kind_{what_kind}, text_{std::move(text)}, sqlstate_{std::move(sqlstate)}, constraint_{
                                                                                        std::move(constraint)}
    {}

    [[nodiscard]] kind reason() const noexcept { return kind_; }
    /// Five characters ("23505"), or empty where the server said nothing.
    [[nodiscard]] std::string const& sqlstate() const noexcept { return sqlstate_; }
    /// The constraint that a 23… is about ("uq_prompt_templates_name_version"), or empty.
    [[nodiscard]] std::string const& constraint() const noexcept { return constraint_; }
    [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }

private:
    kind kind_;
    std::string text_;
    std::string sqlstate_;
    std::string constraint_;
};

/// For metrics and logs: "lost", "busy", …
[[nodiscard]] std::string_view name(database_error::kind reason) noexcept;

/// What an SQLSTATE means (PostgreSQL documentation, "Appendix A. PostgreSQL Error Codes").
[[nodiscard]] database_error::kind kind_of_sqlstate(std::string_view sqlstate) noexcept;

} // namespace app
