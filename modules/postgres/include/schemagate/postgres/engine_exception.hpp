// The root of what the engine throws inside.
#pragma once

#include <exception>

namespace schemagate::postgres {

/// None of these leaves the engine: its door makes a `failure` of each (migrator/src/engine_door.hpp).
class engine_exception : public std::exception
{
public:
    [[nodiscard]] char const* what() const noexcept override { return "an exception inside the engine"; }
};

} // namespace schemagate::postgres
