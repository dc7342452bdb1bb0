// Every error that a client sees: RFC 9457 problem details with a stable `code`. Holds no SQL, no host and no
// text of the server.
#pragma once

#include <boost/json/object.hpp>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/answer.hpp"

namespace app {

/// Thrown by handlers; answer_of() makes it an answer.
struct problem : std::exception
{
    problem(int with_status, std::string with_code, std::string with_detail,
            boost::json::object with_more = {})
        : status{with_status}, code{std::move(with_code)}, detail{std::move(with_detail)}, more{std::move(
                                                                                               with_more)}
    {}

    problem& header(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    [[nodiscard]] char const* what() const noexcept override { return detail.c_str(); }

    int status;
    std::string code;         ///< part of the contract
    std::string detail;       ///< what is wrong and what to do
    boost::json::object more; ///< extension members
    std::vector<std::pair<std::string, std::string>> headers;
};

[[nodiscard]] answer answer_of(problem const& p, std::string_view request_id);

/// A 503 that is worth trying again after `retry_after` seconds.
[[nodiscard]] problem unavailable(std::string code, std::string detail, int retry_after,
                                  boost::json::object more = {});
[[nodiscard]] problem bad_request(std::string detail);
[[nodiscard]] problem not_found(std::string detail);
[[nodiscard]] problem internal_error();

} // namespace app
