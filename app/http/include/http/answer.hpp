// What a handler answers. The connection adds Date, Content-Length, Connection and X-Request-Id.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace app {

struct answer
{
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    char const* route = ""; ///< the route's pattern, for log and metrics; static storage

    answer& with(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

} // namespace app
