// An HTTP exchange as the routes see it: no socket and no Beast, so that routing is tested as plain
// functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace app {

/// What a route may know of a request.
struct request
{
    std::string method; ///< "GET"
    std::string target; ///< "/v1/prompts/a%20b?version=2", as the client sent it
    std::string if_none_match;
    std::string authorization;
};

/// What a route answers. The connection adds Date, Content-Length and Connection.
struct answer
{
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    answer& with(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

} // namespace app
