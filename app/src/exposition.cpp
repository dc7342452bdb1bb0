#include "exposition.hpp"

#include <prometheus/text_serializer.h>

namespace app {

std::string exposition(prometheus::Registry const& metrics)
{
    return prometheus::TextSerializer{}.Serialize(metrics.Collect());
}

} // namespace app
