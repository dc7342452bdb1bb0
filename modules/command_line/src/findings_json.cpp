#include "findings_json.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "schemagate/safe_text.hpp"

namespace schemagate {

boost::json::array findings_json(std::vector<finding> const& findings)
{
    boost::json::array all;
    for (auto const& f : findings) {
        all.push_back(boost::json::object{{"code", printable(f.code)},
                                          {"severity", name(f.severity)},
                                          {"message", printable(f.message)},
                                          {"fix", printable(f.fix)}});
    }
    return all;
}

} // namespace schemagate
