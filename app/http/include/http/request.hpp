// What a handler may know of an HTTP request: no socket and no Beast, so that handlers are tested as
// functions.
#pragma once

#include <string>

namespace app {

struct request
{
    std::string method; ///< "GET"
    std::string target; ///< "/v1/prompts/a%20b?version=2", as the client sent it
    std::string body;
    std::string id; ///< X-Request-Id: the client's, if it is sane, else one of ours (request_id.hpp)
    // The fields of the header that some route reads; empty where the client sent none.
    std::string authorization;
    std::string content_type;
    std::string if_match;
    std::string if_none_match;
    std::string accept_encoding;
    std::string idempotency_key; ///< as the client sent it; the router takes off its quotes
    std::string traceparent;     ///< W3C Trace Context, passed on as it came
};

} // namespace app
