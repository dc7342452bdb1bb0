// Why a query of the service got no result.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace app {

/// For the log and for the choice of an answer; the text is scrubbed of the password, but may name hosts and
/// objects, so it never goes to a client.
class database_error : public std::exception
{
public:
    enum class kind
    {
        lost,   ///< no connection can be had: the service is not ready until one can
        busy,   ///< the server lives but did not do it in time; worth another try
        failed, ///< the statement itself: a fault of ours or of the schema
    };

    database_error(kind what_kind, std::string text) : kind_{what_kind}, text_{std::move(text)} {}

    [[nodiscard]] kind reason() const noexcept { return kind_; }
    [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }

private:
    kind kind_;
    std::string text_;
};

} // namespace app
